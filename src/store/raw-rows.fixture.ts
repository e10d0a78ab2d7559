import { pixelId, purchaseId } from '../event/event-ids.ts'
import { type Key, subjectKey, unwrapKey } from '../lib/seal.ts'
import type { EntryKind } from './entry.ts'
import { entryName } from './entry-rows.ts'
import { parkedName } from './parked-rows.ts'
import { partName } from './part-rows.ts'
import { openText, type SealedTable } from './sealing.ts'
import type { Store } from './store.ts'
import {
  added,
  aMessage,
  anArrival,
  anEvent,
  aParked,
  aPart,
  DELIVERED,
  NOW,
  REJECTED,
  SHOP,
  stretch,
} from './testing.ts'

type Row = Readonly<Record<string, unknown>> & { readonly sealed: Uint8Array }
/** Reads rows out of a database's tables, past the store. */
export type ReadRows = (text: string) => Promise<readonly object[]>

const hex = (bytes: unknown): string => Buffer.from(bytes as Uint8Array).toString('hex')

const PLACES: Readonly<Record<SealedTable, (row: Row) => string | number>> = {
  events: ({ seq }) => Number(seq),
  parts: ({ event, n }) => partName(event as Uint8Array, Number(n)),
  parked: ({ connection, seq }) => parkedName(Number(connection), Number(seq)),
  messages: ({ webhook_id: id }) => String(id),
  identities: ({ key }) => hex(key),
  connections: ({ id }) => Number(id),
  tokens: ({ connection }) => Number(connection),
  entries: ({ kind, key }) => entryName(kind as EntryKind, String(key)),
}

/**
 * All that somebody can read who has the rows of a database and its master key: every sealed row is tried with every key
 * that can still be made.
 */
export const readable = async (read: ReadRows, masterKey: Uint8Array): Promise<readonly string[]> => {
  const wrapped = (await read('SELECT wrapped FROM shop_keys')) as readonly { wrapped: Uint8Array }[]
  const shopKeys = wrapped.flatMap((row) => unwrapKey(masterKey, row.wrapped, SHOP) ?? [])
  const salts = (await read('SELECT salt FROM subjects WHERE salt IS NOT NULL')) as readonly { salt: Uint8Array }[]
  const keys: Key[] = shopKeys.flatMap((key) => [key, ...salts.map(({ salt }) => subjectKey(key, salt))])
  const texts: string[] = []
  for (const [table, place] of Object.entries(PLACES) as [SealedTable, (row: Row) => string | number][])
    for (const row of (await read(`SELECT * FROM ${table} WHERE sealed IS NOT NULL`)) as readonly Row[])
      for (const key of keys) texts.push(openText(key, row.sealed, SHOP, table, place(row)) ?? '')
  return texts.filter((text) => text !== '')
}

/** Puts a person into every table that can hold one, and another one beside; how that person can be asked for. */
export const fillWithAda = async (store: Store): Promise<readonly string[]> => {
  const told = (subject: string) => ({ subject, email: 'ada@example.com' })
  await store.saveShop({ shop: SHOP, facts: {}, installedAt: NOW })
  const { id } = await store.addConnection({
    shop: SHOP,
    destination: 'pinterest',
    settings: { token: 'settings-of-the-shop' },
    createdAt: NOW,
  })
  await store.saveToken(SHOP, id, { token: 'token-of-the-shop', expiresAt: NOW, settingsVersion: 1 })
  await store.append({
    ...anArrival(purchaseId('1'), told('77')),
    message: aMessage('w-1'),
    orders: [{ orderId: '1', email: 'ada@example.com' }],
  })
  await store.append(anArrival(pixelId('page-1'), told('phone')))
  await store.append(aPart(purchaseId('1'), { ...told('checkout-1'), seenBy: 'web-pixel:checkout_completed' }))
  await store.append(anArrival(pixelId('page-2'), { subject: 'bob', email: 'bob@example.com' }))
  await store.saveProjection({
    changes: [
      { shop: SHOP, key: 'client:phone', record: { userAgent: 'ada@example.com', seenAt: NOW } },
      { shop: SHOP, key: 'customer:77', record: { clients: ['ada@example.com'], seenAt: NOW } },
    ],
    links: [
      { shop: SHOP, a: 'checkout-1', b: 'phone' },
      { shop: SHOP, a: 'checkout-1', b: '77' },
      { shop: SHOP, a: purchaseId('1'), b: '77' },
      { shop: SHOP, a: 'email:ada@example.com', b: '77' },
      { shop: SHOP, a: 'request:1', b: '77' },
    ],
    arrivals: [],
    projected: [],
  })
  await store.saveEntry(SHOP, 'data_export', '1', 'of ada@example.com', { at: NOW, subject: 'request:1' })
  await store.settle({
    shop: SHOP,
    connection: id,
    stretch: stretch(1, DELIVERED, REJECTED),
    park: [aParked(2, { kind: 'dead', copy: anEvent(pixelId('page-1'), told('phone')) })],
    overwrite: [],
    attempts: [],
    rollups: [],
    joined: [added(purchaseId('1'), told('77'))],
  })
  return ['email:ada@example.com']
}
