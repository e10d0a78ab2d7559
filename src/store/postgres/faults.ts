import pg from 'pg'
import { type FaultKind, StoreFault } from '../store.ts'

const AWAY = 'PostgreSQL cannot be reached. It is tried again; look whether the server runs and the address is right.'

/** What PostgreSQL's codes mean here; the first prefix that fits counts. */
const KINDS: readonly (readonly [code: string, kind: FaultKind, message: string])[] = [
  ['08', 'away', AWAY],
  ['57P', 'away', AWAY],
  ['25P03', 'away', 'PostgreSQL ended a transaction that stood still for too long.'],
  ['25006', 'away', 'PostgreSQL only reads here: this server is a standby. Connect to the primary.'],
  ['28', 'away', 'PostgreSQL refuses the user or its password.'],
  ['3D', 'away', 'PostgreSQL has no database of this name.'],
  ['40', 'busy', 'Two writers of PostgreSQL were in each other’s way. Try again.'],
  ['55P03', 'busy', 'Another writer holds the shop for too long. Try again.'],
  ['57014', 'busy', 'PostgreSQL took too long. Try again.'],
  ['53100', 'full', 'The disk of PostgreSQL is full. Make room there.'],
  ['53', 'busy', 'PostgreSQL has no connection or memory left. Try again, or raise max_connections.'],
  ['58', 'broken', 'PostgreSQL cannot read or write its files. Look at its log and its disk.'],
  ['XX001', 'broken', 'PostgreSQL found damaged data. Look at its log.'],
  ['XX002', 'broken', 'PostgreSQL found a damaged index. Look at its log.'],
]

/** This database cannot be worked with, and trying again does not help: a sentence for people. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}

/** What PostgreSQL or the way to it did, as the port tells it; undefined for a bug of ours. */
const faultOf = (error: unknown): StoreFault | undefined => {
  if (error instanceof StoreFault) return error
  if (error instanceof Refusal) return undefined
  if (error instanceof pg.DatabaseError) {
    const code = error.code ?? ''
    const known = KINDS.find(([prefix]) => code.startsWith(prefix))
    return known && new StoreFault(known[1], known[2])
  }
  // Wrong use throws these; whatever else comes out of the driver is about its connection.
  if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) return undefined
  return new StoreFault('away', AWAY)
}

/** Waits for the driver; what it throws about PostgreSQL becomes a StoreFault. */
export const asked = async <Result>(answer: Promise<Result>): Promise<Result> => {
  try {
    return await answer
  } catch (error) {
    throw faultOf(error) ?? error
  }
}
