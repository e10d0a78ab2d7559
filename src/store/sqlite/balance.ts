import type { DatabaseSync } from 'node:sqlite'

/** The byte of an event that is parked (outcomes.ts; a number never changes its meaning). */
const PARKED = 1

interface Connection {
  readonly shop: number
  readonly domain: string
  readonly id: number
  readonly destination: string
  readonly head: number
}

/**
 * Whether the books of a store balance, one sentence for each fault: a log without gaps; every event since a connection
 * was made either has its outcome there or waits in a lane; and what is parked says so in the ledger. Reads all of it.
 */
export const imbalances = (db: DatabaseSync): readonly string[] => {
  const shops = db
    .prepare(
      `SELECT s.domain, h.head, (SELECT count(*) FROM events e WHERE e.shop = s.id) AS stored
       FROM shops s JOIN heads h ON h.shop = s.id`,
    )
    .all() as unknown as readonly { domain: string; head: number; stored: number }[]
  const connections = db
    .prepare(
      `SELECT c.shop, s.domain, c.id, c.destination, h.head
       FROM connections c JOIN shops s ON s.id = c.shop JOIN heads h ON h.shop = c.shop`,
    )
    .all() as unknown as readonly Connection[]
  return [
    ...shops
      .filter(({ head, stored }) => head !== stored)
      .map(({ domain, head, stored }) => `${domain} has ${stored} events and should have ${head}`),
    ...connections.flatMap((connection) => faultsOf(db, connection)),
  ]
}

const faultsOf = (db: DatabaseSync, { shop, domain, id, destination, head }: Connection): readonly string[] => {
  const lanes = db
    .prepare('SELECT kind, first, last, position FROM lanes WHERE shop = ? AND connection = ?')
    .all(shop, id) as unknown as readonly { kind: string; first: number; last: number | null; position: number }[]
  const first = lanes.find(({ kind }) => kind === 'live')?.first ?? head + 1
  const told = new Uint8Array(Math.max(0, head - first + 1))
  let parkedBytes = 0
  const rows = db
    .prepare('SELECT first, outcomes FROM ledger WHERE shop = ? AND connection = ?')
    .all(shop, id) as unknown as readonly { first: number; outcomes: Uint8Array }[]
  for (const row of rows)
    for (const [place, byte] of row.outcomes.entries()) {
      if (byte === PARKED) parkedBytes++
      if (byte !== 0 && row.first + place >= first) told[row.first + place - first] = 1
    }
  for (const { last, position } of lanes)
    told.fill(1, Math.max(0, position + 1 - first), Math.max(0, (last ?? head) - first + 1))
  const { parked } = db
    .prepare(`SELECT count(*) AS parked FROM parked WHERE shop = ? AND connection = ? AND kind <> 'dead'`)
    .get(shop, id) as { parked: number }
  const lost = told.filter((one) => one === 0).length
  const who = `${domain} to ${destination} (${id})`
  return [
    ...(lost === 0 ? [] : [`${who} has ${lost} events without an outcome that nothing waits for`]),
    ...(parked === parkedBytes ? [] : [`${who} has ${parked} parked events, and ${parkedBytes} in its ledger`]),
  ]
}
