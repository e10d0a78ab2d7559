import pino from 'pino'

/**
 * What may be logged of a happening, and nothing else: names, counts and ids of ours. Never a body, a header, a URL or
 * anything about a shopper; a library's error may quote all of them, so a fault is told by `whatFailed`.
 */
export interface Fields {
  readonly shop?: string | undefined
  readonly destination?: string | undefined
  readonly connection?: number | undefined
  /** A replay or a backfill. */
  readonly task?: number | undefined
  readonly kind?: string | undefined
  /** An event's number in its shop's log. */
  readonly seq?: number | undefined
  /** Of a webhook. */
  readonly topic?: string | undefined
  readonly dropped?: number | undefined
  readonly messages?: number | undefined
  readonly events?: number | undefined
  /** Of a message in the spool. */
  readonly id?: number | undefined
  /** Of an answer. */
  readonly status?: number | undefined
  /** A route, as the program names it. */
  readonly path?: string | undefined
  /** An instant, ISO 8601. */
  readonly since?: string | undefined
  readonly fault?: string | undefined
}

export interface Log {
  info(what: string, fields?: Fields): void
  warn(what: string, fields?: Fields): void
  error(what: string, fields?: Fields): void
}

/** Longer than any name of ours: what came in from outside (a topic) is cut. */
const LONGEST = 200

/**
 * One JSON line per happening, on standard error unless told, so that standard output stays for the command's own words.
 * The forms of what is personal are taken out of every text: a net below the list of fields, not in its place.
 */
export const jsonLog = (level: string, to: pino.DestinationStream = pino.destination(2)): Log => {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, to)
  return {
    info: (what, fields) => logger.info(clean(fields), what),
    warn: (what, fields) => logger.warn(clean(fields), what),
    error: (what, fields) => logger.error(clean(fields), what),
  }
}

export const silentLog: Log = { info() {}, warn() {}, error() {} }

const PERSONAL =
  /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}|(?<!\d)\+\d{8,15}(?!\d)|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|(?<![0-9a-z])[0-9a-f]{32,}(?![0-9a-z])/gi

const clean = (fields: Fields = {}): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.slice(0, LONGEST).replace(PERSONAL, '…') : value,
    ]),
  )

/** Errors of ours whose message is a sentence that we wrote, with nothing in it from outside. */
const TOLD = new Set(['StoreFault'])

/**
 * A fault for the log: its name, its code and where in our code it happened. Not its message: one about text that is no
 * JSON quotes the text, one about a row quotes the row.
 */
export const whatFailed = (fault: unknown): string => {
  if (!(fault instanceof Error)) return 'unknown'
  if (TOLD.has(fault.name)) return fault.message
  const code = 'code' in fault && /^\w{2,40}$/.test(String(fault.code)) ? ` ${fault.code}` : ''
  const place = /\n\s+at [^\n]*\/(src\/[^\n():]+\.ts:\d+)/.exec(fault.stack ?? '')?.[1]
  return `${fault.name}${code}${place === undefined ? '' : ` at ${place}`}`
}
