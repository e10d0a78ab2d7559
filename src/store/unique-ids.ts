import { hash } from 'node:crypto'
import { DAY, MINUTE, SECOND } from '../lib/duration.ts'

/**
 * How an event's id is remembered. Ids that several sides can bring are few and live 13 months under (shop, id). Ids of
 * pixel-only events are many: their key begins with the second of the event's own timestamp, which a resend repeats, so
 * that inserts stay at the hot end of the table (a random key makes the log fall to 0.4 of its speed, and a minute of a
 * busy server is still 600 pages: docs/decisions/0007-small-pages-ids-by-second.md).
 */

/** 16 bytes of SHA-256: ids of strangers have any length, keys have one. */
export const shortHash = (text: string): Buffer => Buffer.from(hash('sha256', text, 'hex').slice(0, 32), 'hex')

/**
 * The second under which a pixel event's id is kept: that of its own timestamp, clamped to receipt -7 d .. +5 min so that
 * a wrong clock cannot write far from the hot end. Seconds since 1970.
 */
export const idSecond = (occurredAt: number, receivedAt: number): number =>
  Math.floor(Math.min(Math.max(occurredAt, receivedAt - 7 * DAY), receivedAt + 5 * MINUTE) / SECOND)
