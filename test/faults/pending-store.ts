import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { EventId, Shop } from '../../src/event/event.ts'
import { MINUTE } from '../../src/lib/duration.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import type { NewEvent, Store } from '../../src/store/store.ts'
import { ACCOUNT } from '../harness.ts'

const SHOPS = 200
const CONNECTIONS_EACH = 5
/** Events in one append: one commit. */
const BATCH = 500
/** Appends under way at a time. */
const IN_FLIGHT = 4

export const CONNECTIONS = SHOPS * CONNECTIONS_EACH

const shopNamed = (n: number): Shop => `pending-${n}.myshopify.com` as Shop

/**
 * Fills a folder with so many events of which nothing was sent yet, in shops with a thousand connections, as a process
 * leaves it that was killed.
 */
export const seedPending = async (path: string, masterKey: Buffer, events: number): Promise<void> => {
  const store = await openSqlite({ path, masterKey })
  for (let n = 0; n < SHOPS; n++) {
    const shop = shopNamed(n)
    await store.saveShop({ shop, facts: { country: 'US', currency: 'USD' }, installedAt: 1 })
    for (let c = 0; c < CONNECTIONS_EACH; c++)
      await store.addConnection({ shop, destination: 'pinterest', settings: ACCOUNT, createdAt: 1 })
  }
  await appendAll(store, events)
  const projected = (await store.shops()).map(({ shop, head }) => ({ shop, seq: head }))
  await store.saveProjection({ changes: [], links: [], arrivals: [], projected })
  await store.close()
  const db = new DatabaseSync(join(path, 'converlay.db'))
  db.exec(`DELETE FROM meta WHERE name = 'clean_stop'`)
  db.close()
}

const appendAll = async (store: Store, events: number): Promise<void> => {
  const began = Date.now() - 30 * MINUTE
  let made = 0
  const sender = async (): Promise<void> => {
    while (made < events) {
      const first = made
      made += BATCH
      const shop = shopNamed((first / BATCH) % SHOPS)
      const arrived = Array.from({ length: BATCH }, (_, n) =>
        view(shop, first + n, began + Math.floor((first + n) / 1000)),
      )
      await store.append({ shop, events: arrived, parts: [], orders: [] })
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, sender))
}

const view = (shop: Shop, n: number, at: number): NewEvent => {
  const clientId = `client-${Math.floor(n / 8)}`
  return {
    subject: clientId,
    receivedAt: at,
    event: {
      schema: 1,
      id: `sh-pending-${n}` as EventId,
      shop,
      name: 'product_viewed',
      occurredAt: new Date(at).toISOString(),
      origin: 'live',
      seenBy: ['web-pixel:product_viewed'],
      flags: [],
      page: { url: `https://northfern.example/products/${n % 500}` },
      identity: {
        clientId,
        ip: '203.0.113.7',
        userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/143.0',
      } as NonNullable<NewEvent['event']['identity']>,
      consent: { marketing: true, analytics: true, preferences: true, saleOfData: true },
    },
  }
}
