import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSpool } from '../store/spool/spool.ts'
import { StoreFault } from '../store/store.ts'
import { createKey, revokeKey } from './api-keys.ts'
import { NOW, SHOP, type Small, smallWorld } from './double.ts'
import { type Intake, takeBeacon, takeTrack, takeWebhook } from './intake.ts'
import { type Spool, spoolIn } from './spool.ts'

const SECRET = 'test-client-secret'
const KEY = Buffer.alloc(32, 7)
const ORDER = readFileSync(new URL('../sources/samples/order_create.json', import.meta.url))
const VIEW = {
  v: 1,
  shop: SHOP,
  events: [
    { id: 'sh-000001', clientId: 'phone', name: 'page_viewed', timestamp: '2026-11-22T10:00:00.000Z', context: {} },
  ],
}

describe('while the store is away', () => {
  let world: Small
  let folder: string
  let spool: Spool
  let intake: Intake
  let away: boolean
  const open = () => {
    spool = spoolIn(openSpool({ folder, masterKey: KEY }))
    intake = { ...intake, spool }
  }
  const unlessAway = async <T>(work: () => Promise<T>): Promise<T> => {
    if (away) throw new StoreFault('away', 'The database cannot be reached.')
    return work()
  }
  beforeEach(async () => {
    world = await smallWorld()
    away = false
    folder = mkdtempSync(join(tmpdir(), 'converlay-spooled-'))
    intake = {
      runtime: {
        ...world.runtime,
        store: {
          shop: (shop) => unlessAway(() => world.store.shop(shop)),
          saveShop: (shop) => unlessAway(() => world.store.saveShop(shop)),
          append: (arrival) => unlessAway(() => world.store.append(arrival)),
          entry: (shop, kind, key) => unlessAway(() => world.store.entry(shop, kind, key)),
          saveEntry: (shop, kind, key, value, change) =>
            unlessAway(() => world.store.saveEntry(shop, kind, key, value, change)),
          health: () => unlessAway(() => world.store.health()),
          entries: (...asked) => unlessAway(() => world.store.entries(...asked)),
        },
      },
      projector: { take() {}, choose: async () => {}, behind: false },
      carts: { take() {} },
      secrets: [SECRET],
      dropped: { count: 0 },
      shops: new Map(),
      keys: new Map(),
    }
    open()
  })
  afterEach(() => {
    spool.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const beacon = (body: object = VIEW) =>
    takeBeacon(intake, { body: Buffer.from(JSON.stringify(body)), ip: '203.0.113.7', userAgent: 'Phone/1.0' })
  const webhook = (id = 'delivery-1', body = ORDER, shop: string = SHOP, secret = SECRET) =>
    takeWebhook(intake, {
      headers: {
        'x-shopify-topic': 'orders/create',
        'x-shopify-shop-domain': shop,
        'x-shopify-webhook-id': id,
        'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
      },
      body,
    })
  const forward = async () => {
    const forwarding = spool.forward(intake)
    await world.clock.turn(5_000)
    await forwarding.stop()
  }
  const log = async () => (await world.store.read(SHOP, 0, 100)).map(({ event, receivedAt }) => [event?.id, receivedAt])

  it('webhooks and beacons are answered with success, and taken when it is back, as of the moment they came', async () => {
    away = true
    expect(await beacon()).toEqual({ status: 204 })
    await world.clock.turn(60_000)
    expect(await webhook()).toEqual({ status: 200 })
    await forward()
    expect(await log()).toEqual([])
    away = false
    await world.clock.turn(3_600_000)
    await forward()
    expect(await log()).toEqual([
      ['sh-000001', NOW],
      ['pur_6120000000001', NOW + 60_000],
    ])
    const [view] = await world.store.read(SHOP, 0, 1)
    expect(view?.event?.identity).toMatchObject({ ip: '203.0.113.7', userAgent: 'Phone/1.0' })
  })

  it('a restart in between loses nothing, and what was forwarded before a kill is not doubled', async () => {
    away = true
    await beacon()
    await webhook()
    spool.close()
    away = false
    // Killed when the store had them and the spool had not forgotten them yet.
    const file = openSpool({ folder, masterKey: KEY })
    spool = spoolIn({
      ...file,
      drop() {
        throw new Error('killed')
      },
    })
    await forward()
    spool.close()
    open()
    await forward()
    expect((await log()).map(([id]) => id)).toEqual(['sh-000001', 'pur_6120000000001'])
  })

  it('what the store was asked and did not answer for is kept too, and counted once', async () => {
    const { append } = intake.runtime.store
    const lost: Intake = {
      ...intake,
      runtime: {
        ...intake.runtime,
        store: {
          ...intake.runtime.store,
          append: async (arrival) => {
            await append(arrival)
            throw new StoreFault('away', 'The connection broke.')
          },
        },
      },
    }
    expect(
      await takeBeacon(lost, { body: Buffer.from(JSON.stringify(VIEW)), ip: undefined, userAgent: undefined }),
    ).toEqual({ status: 204 })
    await forward()
    expect((await log()).map(([id]) => id)).toEqual(['sh-000001'])
  })

  it('calls of the tracking API are kept too, each decided by its key when that can be looked up', async () => {
    const made = await Promise.all([1, 2].map(() => createKey(world.store, SHOP, 'secret', NOW)))
    const [key, revoked] = made.map((one) => one?.text ?? '')
    const order = (orderId: string, text = key) =>
      takeTrack(intake, {
        call: 'track',
        key: text,
        body: Buffer.from(
          JSON.stringify({ event: 'Order Completed', properties: { order_id: orderId, paid: false, total: 5 } }),
        ),
        ip: undefined,
        userAgent: undefined,
      })
    away = true
    expect(await order('1')).toEqual({ status: 200 })
    expect(await order('2', revoked)).toEqual({ status: 200 })
    expect(await order('3', revoked?.replace(/.{4}$/, '0000'))).toEqual({ status: 200 })
    expect(await order('4', 'no key')).toMatchObject({ status: 401 })
    away = false
    await revokeKey(world.store, SHOP, made[1]?.key.id ?? '', NOW)
    await forward()
    await forward()
    expect(await log()).toEqual([['pur_1', NOW]])
  })

  it('no key stands in what is kept', async () => {
    away = true
    const text = (await createKey(world.store, SHOP, 'secret', NOW))?.text ?? ''
    const kept: Buffer[] = []
    const file = openSpool({ folder: join(folder, 'looked-at'), masterKey: KEY })
    const keeping = spoolIn({
      ...file,
      keep: async (content) => {
        kept.push(Buffer.from(content))
      },
    })
    const request = { call: 'page' as const, key: text, body: Buffer.from('{}'), ip: undefined, userAgent: undefined }
    expect(await takeTrack({ ...intake, spool: keeping }, request)).toEqual({ status: 200 })
    keeping.close()
    expect(kept).toHaveLength(1)
    expect(kept.toString()).not.toContain(text.slice(-32))
  })

  it('a false signature is refused as ever, and no JSON is', async () => {
    away = true
    expect(await webhook('delivery-1', ORDER, SHOP, 'another-secret')).toMatchObject({ status: 401 })
    expect(await takeBeacon(intake, { body: Buffer.from('{'), ip: undefined, userAgent: undefined })).toMatchObject({
      status: 400,
    })
  })

  it('a shop that nobody can look up now is decided about later', async () => {
    away = true
    expect(await beacon({ ...VIEW, shop: 'stranger.myshopify.com' })).toEqual({ status: 204 })
    expect(await webhook('delivery-2', ORDER, 'newcomer.myshopify.com')).toEqual({ status: 200 })
    away = false
    await forward()
    expect(intake.dropped.count).toBe(1)
    expect(await log()).toEqual([])
    away = true
    await beacon()
    away = false
    await forward()
    expect(await log()).toHaveLength(1)
  })

  it('without a spool senders are asked to come back', async () => {
    const { spool: _, ...without } = intake
    intake = without
    away = true
    await expect(beacon()).rejects.toMatchObject({ kind: 'away' })
  })

  it('a message that trips over a bug of ours is set aside, and the others go on', async () => {
    away = true
    await beacon()
    await webhook()
    away = false
    const { append } = world.store
    intake = {
      ...intake,
      runtime: {
        ...intake.runtime,
        store: {
          ...intake.runtime.store,
          append: (arrival) =>
            arrival.message ? append(arrival) : Promise.reject(new Error('a bug in what a beacon becomes')),
        },
      },
    }
    await forward()
    expect((await log()).map(([id]) => id)).toEqual(['pur_6120000000001'])
  })
})
