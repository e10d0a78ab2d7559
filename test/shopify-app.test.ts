import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ASSETS, assetFile, assetText } from '../extensions/tags-source/build.ts'
import { BEACON_PATH, PROXY_PATH, WEBHOOK_PATH } from '../src/http/capture.ts'
import { decodeWebhook } from '../src/sources/shopify-webhook/decode.ts'
import { appCopy, shopify } from './shopify-cli.ts'

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const extensions = readdirSync(new URL('../extensions', import.meta.url)).filter((name) => name !== 'tags-source')

describe('Shopify’s command line', { timeout: 60_000 }, () => {
  let app: Awaited<ReturnType<typeof appCopy>>
  beforeAll(async () => {
    app = await appCopy()
  })
  afterAll(() => app?.remove())

  it('builds the app with every extension', async () => {
    const { code, text } = await shopify(
      ['app', 'build', '--skip-dependencies-installation', '--path', app.folder],
      app.folder,
    )
    expect(text).toContain('converlay built!')
    expect(code, text).toBe(0)
    for (const name of extensions)
      expect(text).toContain(/handle = "(.+)"/.exec(read(`extensions/${name}/shopify.extension.toml`))?.[1])
  })

  // `app build` prints what it finds in a theme extension and reports success all the same.
  it.each(extensions.filter((name) => /type = "theme"/.test(read(`extensions/${name}/shopify.extension.toml`))))(
    'finds no fault in the theme extension %s',
    async (name) => {
      const path = join(app.folder, 'extensions', name)
      const { code, text } = await shopify(['theme', 'check', '--path', path, '-o', 'json'], app.folder)
      expect(text.trim()).toBe('[]')
      expect(code).toBe(0)
    },
  )
})

describe('what Shopify’s command line does not check', () => {
  const toml = read('shopify.app.toml')
  const listAt = (key: string): string[] =>
    [...toml.matchAll(new RegExp(`^${key} = \\[([^\\]]*)\\]`, 'gm'))].flatMap(([, list = '']) =>
      [...list.matchAll(/"([^"]+)"/g)].map(([, item = '']) => item),
    )
  const textAt = (key: string, from = toml): string => new RegExp(`^${key} = "([^"]*)"`, 'm').exec(from)?.[1] ?? ''

  it('subscribes to topics that are decoded, each once, and to all that compliance asks for', () => {
    const topics = [...listAt('topics'), ...listAt('compliance_topics')]
    expect(new Set(topics).size).toBe(topics.length)
    const unknown = topics.filter((topic) =>
      decodeWebhook({ source: 'shopify-webhook', shop: 'demo.myshopify.com' as never, topic }, {}).nothing?.startsWith(
        'No event is made of the topic',
      ),
    )
    expect(unknown).toEqual([])
    expect(listAt('compliance_topics')).toEqual(['customers/data_request', 'customers/redact', 'shop/redact'])
    expect(topics).toEqual(expect.arrayContaining(['app/uninstalled', 'app/scopes_update', 'shop/update']))
  })

  it('speaks one version of the API, and one that is made of a year and a quarter’s first month', () => {
    expect(textAt('api_version')).toBe('2026-10')
    expect(toml.match(/api_version/g)).toHaveLength(1)
  })

  it('asks for scopes that Shopify knows, and none twice', () => {
    // Shopify's page of access scopes, as far as this app could need them.
    const known = new Set([
      ...['read_orders', 'read_all_orders', 'read_customers', 'read_products', 'read_inventory'],
      ...['write_pixels', 'read_customer_events', 'read_privacy_settings', 'write_app_proxy'],
    ])
    const asked = [...textAt('scopes').split(','), ...listAt('optional_scopes')]
    expect(asked.filter((scope) => !known.has(scope))).toEqual([])
    expect(new Set(asked).size).toBe(asked.length)
  })

  it('leads to paths that are there, and says what to replace', () => {
    expect([...toml.matchAll(/^uri = "([^"]+)"/gm)].map(([, uri]) => uri)).toEqual([WEBHOOK_PATH, WEBHOOK_PATH])
    expect(textAt('client_id')).toMatch(/^0{32}$/)
    for (const line of toml.split('\n').filter((line) => /0{32}|converlay\.example\.com/.test(line)))
      expect(line).toContain('# replace')
    expect(read('shopify.web.toml')).toContain(`webhooks_path = "${WEBHOOK_PATH}"`)
  })

  it('passes on what the capture embed posts below the store’s address to where it is taken', () => {
    expect(textAt('url')).toBe(PROXY_PATH)
    expect(read('extensions/capture-embed/assets/converlay-visits.js')).toContain(
      `const ADDRESS = '/${textAt('prefix')}/${textAt('subpath')}'`,
    )
  })

  it('runs the web pixel in the strict sandbox, with one setting and all four purposes declared', () => {
    const pixel = read('extensions/web-pixel/shopify.extension.toml')
    expect(textAt('type', pixel)).toBe('web_pixel_extension')
    expect(textAt('runtime_context', pixel)).toBe('strict')
    for (const purpose of ['analytics = true', 'marketing = true', 'preferences = false', 'sale_of_data = "ldu"'])
      expect(pixel).toContain(`\n${purpose}\n`)
    expect([...pixel.matchAll(/^\[settings\.fields\.(\w+)\]/gm)].map(([, name]) => name)).toEqual(['beaconUrl'])
    expect([...pixel.matchAll(/^type = "(\w+)"/gm)].map(([, type]) => type)).toEqual([
      'web_pixel_extension',
      'object',
      'single_line_text_field',
    ])
    expect(pixel).toContain(`<your Converlay>${BEACON_PATH}.`)
  })

  it.each(Object.entries(ASSETS))(
    'packs %s as its source says (npm run build:tags), at most 10,000 bytes',
    async (name, source) => {
      const packed = readFileSync(assetFile(name), 'utf8')
      expect(packed).toBe(await assetText(source))
      expect(Buffer.byteLength(packed)).toBeLessThanOrEqual(10_000)
    },
  )
})
