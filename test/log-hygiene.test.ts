import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jsonLog } from '../src/lib/log.ts'
import type { Clock } from '../src/pipeline/runtime.ts'
import { systemClock } from '../src/runtimes/clock.ts'
import { FAULT_MODES } from '../src/sandbox/faults.ts'
import { ACCOUNT, sample, settled, startWorld, until, type World } from './harness.ts'

/** What must never be found in a log, a metric or an answer to somebody else; all of it invented. */
const CANARIES = {
  email: 'canary.lindqvist@example.com',
  phone: '+4915198765432',
  firstName: 'Canaryfirst',
  lastName: 'Canarylast',
  street: 'Canarystrasse 17',
  ip: '203.0.113.199',
  userAgent: 'CanaryBrowser/9.9',
  clickId: 'canary-click-77aa',
  clientId: 'canary-client-0123456789',
  token: 'pina_canary_token_0123456789',
}

const person = {
  email: CANARIES.email,
  phone: CANARIES.phone,
  first_name: CANARIES.firstName,
  last_name: CANARIES.lastName,
  address1: CANARIES.street,
  country_code: 'US',
}

const anOrder = (n: number) => ({
  ...sample('order_create'),
  id: 6_990_000_000_000 + n,
  checkout_token: `canarycheckout${n}`,
  email: CANARIES.email,
  contact_email: CANARIES.email,
  phone: CANARIES.phone,
  created_at: new Date().toISOString(),
  processed_at: new Date().toISOString(),
  landing_site: `/?epik=${CANARIES.clickId}`,
  client_details: { browser_ip: CANARIES.ip, user_agent: CANARIES.userAgent },
  customer: { ...person, id: 77 },
  billing_address: person,
})

const aBeacon = (n: number) => ({
  consent: { analytics: true, marketing: true, preferences: true, saleOfData: true },
  events: [
    {
      id: `sh-canary-${n}-000000`,
      clientId: CANARIES.clientId,
      name: 'page_viewed',
      timestamp: new Date().toISOString(),
      context: { document: { location: { href: `https://northfern.example/?epik=${CANARIES.clickId}` } } },
    },
  ],
})

/** Waits after failures pass quickly: a second of the machine is a minute. */
const began = Date.now()
const hurried: Clock = {
  ...systemClock,
  now: () => began + (Date.now() - began) * 60,
  sleep: (ms, signal) => systemClock.sleep(ms / 60, signal),
}

describe('canaries', () => {
  let world: World
  let told = ''
  const hear = async (answer: Promise<Response>): Promise<number> => {
    const response = await answer
    told += `${[...response.headers].join('\n')}\n${await response.text()}\n`
    return response.status
  }
  const from = { 'x-forwarded-for': CANARIES.ip, 'user-agent': CANARIES.userAgent }

  beforeAll(async () => {
    world = await startWorld({
      hold: 0,
      clock: hurried,
      metrics: { host: '127.0.0.1', port: 0 },
      log: jsonLog('debug', {
        write(line: string) {
          told += line
        },
      }),
    })
  })
  afterAll(() => world.stop())

  test('that came in, were refused, sent, and failed to be sent are in no log, no metric and no answer', async () => {
    expect(await hear(world.webhook('orders/create', anOrder(0)))).toBe(200)
    expect(await hear(world.beacon(aBeacon(0), from))).toBe(204)
    // Refused, or dropped with a word in the log.
    expect(await hear(world.webhook('orders/create', anOrder(1), { 'x-shopify-hmac-sha256': CANARIES.token }))).toBe(
      401,
    )
    expect(await hear(world.webhook('orders/create', `{"email":"${CANARIES.email}"`))).toBe(400)
    expect(await hear(world.webhook(CANARIES.email, anOrder(2), { 'x-shopify-shop-domain': 'x.myshopify.com' }))).toBe(
      200,
    )
    expect(await hear(fetch(world.engine.addresses.beacon, { method: 'POST', body: CANARIES.email }))).toBe(400)
    const api = new URL(`/api/shops/${world.shop}/connections`, world.engine.addresses.dashboard)
    const wrong = { adAccountId: CANARIES.email, conversionToken: CANARIES.token }
    for (const settings of [wrong, { ...ACCOUNT, conversionToken: CANARIES.token }])
      await hear(
        fetch(api, {
          method: 'POST',
          headers: { 'content-type': 'application/json', origin: api.origin },
          body: JSON.stringify({ destination: 'pinterest', settings }),
        }),
      )
    // Every way in which a platform can fail, with events of the person on the way.
    await settled(world)
    let n = 10
    for (const mode of FAULT_MODES) {
      if (mode === 'hang' || mode === 'slow') continue
      world.sandbox.faults.set('pinterest', { mode, times: 1 })
      expect(await hear(world.webhook('orders/create', anOrder(n++)))).toBe(200)
      await until(`the platform to fail with ${mode}`, () => world.sandbox.faults.fired().pinterest?.[mode])
      await settled(world)
    }
    await hear(fetch(world.engine.addresses.metrics ?? ''))
    await hear(fetch(new URL(`/api/shops/${world.shop}/overview`, world.engine.addresses.dashboard)))
    expect(told).toContain('a webhook of a shop that is not known here was dropped')
    expect(told).toContain('converlay_requests_total')
    expect(Object.entries(CANARIES).filter(([, canary]) => told.includes(canary))).toEqual([])
  }, 120_000)

  test('in an error that nobody caught are not printed; the process ends with status 1', async () => {
    const crash = `
      const { endOnCrash } = await import(${JSON.stringify(fileURLToPath(new URL('../src/cli/end-on-crash.ts', import.meta.url)))})
      const { jsonLog } = await import(${JSON.stringify(fileURLToPath(new URL('../src/lib/log.ts', import.meta.url)))})
      endOnCrash(jsonLog('info'))
      setTimeout(() => { throw new Error(${JSON.stringify(JSON.stringify(CANARIES))}) }, 0)
    `
    const { status, text } = await new Promise<{ status: unknown; text: string }>((resolve) =>
      execFile(process.execPath, ['--input-type=module', '-e', crash], (fault, out, err) =>
        resolve({ status: fault?.code, text: out + err }),
      ),
    )
    expect(status).toBe(1)
    expect(text).toContain('"msg":"crashed"')
    expect(Object.values(CANARIES).filter((canary) => text.includes(canary))).toEqual([])
  }, 60_000)
})
