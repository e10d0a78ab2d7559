import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from './config.ts'
import { SCOPES } from './shopify/app.ts'

const HEX = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'
const KEY = { CONVERLAY_MASTER_KEY: HEX }

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'converlay-config-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const keyOf = (env: Record<string, string>, data = join(folder, 'data')) =>
  readConfig({ data }, env).masterKey.toString('hex')

describe('without any setting', () => {
  it('everything listens on this machine only, and no shop can sign', () => {
    const { dataDir, ...config } = readConfig({ data: join(folder, 'data') }, KEY)
    expect(dataDir).toBe(join(folder, 'data'))
    expect(config).toEqual({
      masterKey: Buffer.from(HEX, 'hex'),
      port: 3000,
      dashboardHost: '127.0.0.1',
      captureHost: '127.0.0.1',
      captureUrl: undefined,
      shopifySecrets: [],
      trustedProxies: [],
      logLevel: 'info',
      metrics: { host: '127.0.0.1', port: 3004 },
    })
  })

  it('a variable that is set to nothing counts as not set', () => {
    const names = [
      'DATA PORT HOST CAPTURE_HOST CAPTURE_URL TRUSTED_PROXIES LOG MASTER_KEY_FILE METRICS_PORT METRICS_HOST'
        .split(' ')
        .map((one) => `CONVERLAY_${one}`),
      'API_SECRET API_SECRET_OLD API_KEY APP_URL SHOP SCOPES'.split(' ').map((one) => `SHOPIFY_${one}`),
    ].flat()
    const empty = Object.fromEntries(names.map((name) => [name, '']))
    expect(readConfig({}, { ...empty, ...KEY })).toEqual(readConfig({}, KEY))
  })
})

describe('settings', () => {
  it('flags win over the environment', () => {
    const env = { ...KEY, CONVERLAY_DATA: join(folder, 'other'), CONVERLAY_PORT: '4000' }
    expect(readConfig({}, env)).toMatchObject({ dataDir: join(folder, 'other'), port: 4000 })
    expect(readConfig({ data: folder, port: '5000' }, env)).toMatchObject({ dataDir: folder, port: 5000 })
  })

  it('the data folder is absolute', () => {
    expect(readConfig({ data: 'somewhere' }, KEY).dataDir).toBe(join(process.cwd(), 'somewhere'))
  })

  it('both secrets count while one is being rotated', () => {
    const env = { ...KEY, SHOPIFY_API_SECRET: 'new', SHOPIFY_API_SECRET_OLD: 'old' }
    expect(readConfig({}, env).shopifySecrets).toEqual(['new', 'old'])
  })

  it('lists and addresses are taken as people write them', () => {
    const env = {
      ...KEY,
      CONVERLAY_TRUSTED_PROXIES: ' 10.0.0.1, ,10.0.0.2,',
      CONVERLAY_CAPTURE_URL: 'https://events.example.com//',
    }
    expect(readConfig({}, env)).toMatchObject({
      trustedProxies: ['10.0.0.1', '10.0.0.2'],
      captureUrl: 'https://events.example.com',
    })
  })

  it.each(['-1', '65532', '80.5', 'http', '1e9'])('the port "%s" is refused', (port) => {
    expect(() => readConfig({ port }, KEY)).toThrow(ConfigError)
  })

  it('a proxy may be a range; what is neither address nor range is named and refused', () => {
    const read = (text: string) => readConfig({}, { ...KEY, CONVERLAY_TRUSTED_PROXIES: text }).trustedProxies
    expect(read('10.0.0.0/8, ::1')).toEqual(['10.0.0.0/8', '::1'])
    expect(() => read('10.0.0.1,localhost')).toThrow(ConfigError)
    expect(() => read('10.0.0.1,localhost')).toThrow(/CONVERLAY_TRUSTED_PROXIES: "localhost" is neither an address/)
  })

  it('metrics follow the port, have one of their own, or none', () => {
    const port = (text?: string) => readConfig({ port: '4000' }, { ...KEY, CONVERLAY_METRICS_PORT: text }).metrics?.port
    expect([port(), port('9100'), port('off')]).toEqual([4004, 9100, undefined])
    expect(() => port('everywhere')).toThrow('CONVERLAY_METRICS_PORT must be a number')
  })

  it('port 0 picks free ones', () => {
    expect(readConfig({ port: '0' }, KEY).port).toBe(0)
  })
})

describe('the app in Shopify', () => {
  const app = (env: Record<string, string>) => readConfig({}, { ...KEY, SHOPIFY_API_SECRET: 'new', ...env }).shopifyApp

  it('is there with a client id, and asks for what it needs unless told', () => {
    expect(app({})).toBeUndefined()
    expect(app({ SHOPIFY_API_KEY: 'id' })).toEqual({ clientId: 'id', secrets: ['new'], scopes: SCOPES })
    const all = {
      SHOPIFY_API_KEY: 'id',
      SHOPIFY_API_SECRET_OLD: 'old',
      SHOPIFY_APP_URL: 'https://converlay.example.com/',
      SHOPIFY_SHOP: 'Demo.myshopify.com',
      SHOPIFY_SCOPES: 'read_orders, write_pixels',
    }
    expect(app(all)).toEqual({
      clientId: 'id',
      secrets: ['new', 'old'],
      url: 'https://converlay.example.com',
      shop: 'demo.myshopify.com',
      scopes: ['read_orders', 'write_pixels'],
    })
  })

  it.each([
    ['a client id without a secret', { SHOPIFY_API_KEY: 'id', SHOPIFY_API_SECRET: '' }, 'SHOPIFY_API_SECRET'],
    ['a client id that would end the page’s tag', { SHOPIFY_API_KEY: '"><script>' }, 'SHOPIFY_API_KEY'],
    ['an address in clear', { SHOPIFY_API_KEY: 'id', SHOPIFY_APP_URL: 'http://a.example' }, 'SHOPIFY_APP_URL'],
    ['an address with a path', { SHOPIFY_API_KEY: 'id', SHOPIFY_APP_URL: 'https://a.example/x' }, 'SHOPIFY_APP_URL'],
    ['a store that is none', { SHOPIFY_API_KEY: 'id', SHOPIFY_SHOP: 'demo.example.com' }, 'SHOPIFY_SHOP'],
    ['a store without an app', { SHOPIFY_SHOP: 'demo.myshopify.com' }, 'SHOPIFY_API_KEY'],
  ])('is refused with %s', (_, env, named) => {
    expect(() => app(env)).toThrow(ConfigError)
    expect(() => app(env)).toThrow(named)
  })
})

describe('the master key', () => {
  it('is read from hex or base64', () => {
    expect(keyOf(KEY)).toBe(HEX)
    expect(keyOf({ CONVERLAY_MASTER_KEY: Buffer.from(HEX, 'hex').toString('base64') })).toBe(HEX)
  })

  it.each(['short', HEX.slice(2), `${HEX}00`])(
    'that is not 32 bytes (%s) is refused with the command that makes one',
    (text) => {
      expect(() => keyOf({ CONVERLAY_MASTER_KEY: text })).toThrow(/openssl rand -hex 32/)
    },
  )

  it('is made at the first start, beside the data folder, readable by its owner only, and used again', () => {
    const first = keyOf({})
    const file = join(folder, 'data.key')
    expect(readFileSync(file, 'utf8')).toBe(`${first}\n`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(existsSync(join(folder, 'data'))).toBe(false)
    expect(keyOf({})).toBe(first)
  })

  it('is made in a folder that does not exist yet', () => {
    const data = join(folder, 'not', 'there', 'yet', 'data')
    expect(keyOf({}, data)).toBe(keyOf({}, data))
  })

  it('is made when it is asked for, not by reading the settings', () => {
    const { keyFile, ...config } = Object.getOwnPropertyDescriptors(readConfig({ data: join(folder, 'data') }, {}))
    expect(keyFile?.value).toBe(join(folder, 'data.key'))
    expect(existsSync(join(folder, 'data.key'))).toBe(false)
    expect(config.masterKey.get?.()).toHaveLength(32)
    expect(existsSync(join(folder, 'data.key'))).toBe(true)
  })

  it('may stand in a file elsewhere', () => {
    const file = join(folder, 'elsewhere')
    writeFileSync(file, HEX)
    expect(keyOf({ CONVERLAY_MASTER_KEY_FILE: file })).toBe(HEX)
  })

  it('is not made anew where a store is: without its own key that store could never be opened', () => {
    writeFileSync(join(folder, 'converlay.db'), '')
    expect(() => keyOf({}, folder)).toThrow(/Put it back/)
  })

  it('in a file that was damaged is refused', () => {
    writeFileSync(join(folder, 'data.key'), `${HEX.slice(0, 60)}\n`)
    expect(() => keyOf({})).toThrow(/64 hex digits/)
  })
})
