import pino from 'pino'

/** What may be logged about a happening: short names, counts and ids; never bodies, headers, URLs or personal data. */
export type Fields = Readonly<Record<string, string | number | boolean | undefined>>

export interface Log {
  info(what: string, fields?: Fields): void
  warn(what: string, fields?: Fields): void
  error(what: string, fields?: Fields): void
}

/** One JSON line per happening on standard error, so that standard output stays for the command's own words. */
export const jsonLog = (level: string): Log => {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2))
  return {
    info: (what, fields) => logger.info(fields ?? {}, what),
    warn: (what, fields) => logger.warn(fields ?? {}, what),
    error: (what, fields) => logger.error(fields ?? {}, what),
  }
}

export const silentLog: Log = { info() {}, warn() {}, error() {} }
