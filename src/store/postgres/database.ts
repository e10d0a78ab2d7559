import pg from 'pg'
import { type Log, whatFailed } from '../../lib/log.ts'
import { StoreFault } from '../store.ts'
import { asked } from './faults.ts'

type Scalar = string | number | null | Uint8Array

/** What goes into a statement; an array is one value, for `unnest` or `= ANY`. */
export type Value = Scalar | readonly Scalar[]

/** A statement that each connection prepares once. `Row` is what the columns of its tables give. */
export interface Statement<Row> {
  get(...values: Value[]): Promise<Row | undefined>
  all(...values: Value[]): Promise<Row[]>
  /** The number of rows that it changed. */
  run(...values: Value[]): Promise<number>
}

/** The server's own clock in ms since 1970, in SQL: what processes agree on about time. */
export const NOW = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint'

/** Where statements run: any connection, or the one of a transaction. */
export interface Sql {
  sql<Row = unknown>(text: string): Statement<Row>
  /** Several statements that give nothing back. */
  exec(text: string): Promise<void>
}

export interface Database extends Sql {
  /** All of it or nothing. When the answer to the COMMIT is lost it rejects, though the work may have been written. */
  transaction<Result>(work: (tx: Sql) => Promise<Result>): Promise<Result>
  /** Runs statements that no transaction takes, on a connection that is closed afterwards. */
  alone(...texts: string[]): Promise<void>
  /** Waits for running calls. */
  close(): Promise<void>
}

export interface DatabaseOptions {
  readonly url: string
  /** Connections that it opens at most; each is a process of the server. */
  readonly connections: number
  /** Prepares a new connection, before anything else uses it; what it throws is what the caller gets. */
  readonly greet: (client: pg.ClientBase) => Promise<void>
  readonly log: Log
}

/** How long a connection may take to come about or to become free, ms. */
const CONNECT_WITHIN = 5000
/** Beyond the server's own limit (session.ts): for a server that does not answer at all. */
const ANSWER_WITHIN = 40_000

/** The type's number in every PostgreSQL; the driver knows no name for it. */
const INT8_ARRAY = 1016

const types = new pg.TypeOverrides()
// bigint: instants and sequence numbers, all below 2^53.
types.setTypeParser(pg.types.builtins.INT8, Number)
// bigint[]
types.setTypeParser(INT8_ARRAY, (text) => text.slice(1, -1).split(',').filter(Boolean).map(Number))

/** Options of every connection to a server, whatever it is for. */
export const clientOptions = (url: string): pg.ClientConfig => ({
  connectionString: url,
  application_name: 'converlay',
  connectionTimeoutMillis: CONNECT_WITHIN,
  query_timeout: ANSWER_WITHIN,
  keepAlive: true,
  types,
})

/** PostgreSQL has no text with NUL in it; texts of strangers may have. */
const clean = (value: Value): Value => {
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value
  return isList(value) ? value.map((one) => clean(one) as Scalar) : value
}

const isList = (value: Value): value is readonly Scalar[] => Array.isArray(value)

const names = new Map<string, string>()
const nameOf = (text: string): string => {
  let name = names.get(text)
  if (!name) {
    name = `c${names.size}`
    names.set(text, name)
  }
  return name
}

type Run = (query: pg.QueryConfig<unknown[]>) => Promise<pg.QueryResult>

const statements = (run: Run): Sql => ({
  sql<Row>(text: string): Statement<Row> {
    const ask = (values: readonly Value[]): Promise<pg.QueryResult> =>
      asked(run({ name: nameOf(text), text, values: values.map(clean) }))
    // The one place where SQL's untyped rows get the type that the statement beside it declares.
    return {
      get: async (...values) => (await ask(values)).rows[0] as Row | undefined,
      all: async (...values) => (await ask(values)).rows as Row[],
      run: async (...values) => (await ask(values)).rowCount ?? 0,
    }
  },
  async exec(text) {
    await asked(run({ text }))
  },
})

const rolledBack = (client: pg.ClientBase): Promise<boolean> =>
  client.query('ROLLBACK').then(
    () => true,
    () => false,
  )

/** Connects when it is first used, and again by itself whenever connections were lost. */
export const connectDatabase = ({ url, connections, greet, log }: DatabaseOptions): Database => {
  const pool = new pg.Pool({ ...clientOptions(url), max: connections, onConnect: greet })
  pool.on('error', (error) => log.warn('a connection to PostgreSQL was lost', { fault: whatFailed(error) }))
  // One that is lost while a transaction holds it shows at the transaction's next statement.
  pool.on('connect', (client) => client.on('error', () => {}))
  let closed = false

  const connect = async (): Promise<pg.PoolClient> => {
    if (closed) throw new StoreFault('broken', 'The store is closed.')
    return asked(pool.connect())
  }

  return {
    ...statements(async (query) => {
      const client = await connect()
      try {
        const result = await client.query(query)
        client.release()
        return result
      } catch (error) {
        client.release(!(error instanceof pg.DatabaseError))
        throw error
      }
    }),
    async transaction(work) {
      const client = await connect()
      try {
        await asked(client.query('BEGIN ISOLATION LEVEL READ COMMITTED'))
        const result = await work(statements((query) => client.query(query)))
        const { command } = await asked(client.query('COMMIT'))
        if (command !== 'COMMIT') throw new Error('A transaction that had failed was to be committed.')
        client.release()
        return result
      } catch (error) {
        // A connection whose state nobody knows is not used again; closing it rolls back too.
        const lost = error instanceof StoreFault && error.kind === 'away'
        client.release(lost || !(await rolledBack(client)))
        throw error
      }
    },
    async alone(...texts) {
      const client = await connect()
      try {
        for (const text of texts) await asked(client.query(text))
      } finally {
        client.release(true)
      }
    },
    async close() {
      if (closed) return
      closed = true
      await pool.end()
    },
  }
}
