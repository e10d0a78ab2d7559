import { hash } from 'node:crypto'
import type { Event } from '../../event/event.ts'

/**
 * The end of a client id is, in seconds since 1970, when the tag first saw the browser. Ids of our own end in a time from
 * 2001 to 2010, before Google Analytics 4 existed, so that they can be told from the tag's.
 */
const OURS_FROM = 1_000_000_000
const OURS_UNTIL = OURS_FROM + 2 ** 28

/**
 * The browser as Google Analytics knows it: the tag's client id, else one of our own for the visitor, in the same shape.
 * Undefined when nothing tells visitors apart.
 *
 * Our own id is derived from what is known of the visitor and therefore needs no storing: the same visitor has the same
 * id in every event, after a restart, in a replay and on a refund weeks later. One made per event would show a new user
 * for every page.
 */
export const clientIdOf = ({ ids, identity, commerce }: Event): string | undefined => {
  if (ids?.gaClientId !== undefined) return ids.gaClientId
  if (identity?.clientId !== undefined) return derived(`client ${identity.clientId}`)
  if (identity?.customerId !== undefined) return derived(`customer ${identity.customerId}`)
  if (commerce?.checkoutToken !== undefined) return derived(`checkout ${commerce.checkoutToken}`)
  // Orders of the counter and of staff have no browser and no checkout. Of the address only bits of a hash go out.
  if (identity?.email !== undefined) return derived(`email ${identity.email}`)
  if (commerce?.orderId !== undefined) return derived(`order ${commerce.orderId}`)
  return undefined
}

/** 31 bits, as the tag's random number has, and 28 more as seconds. */
const derived = (visitor: string): string => {
  const digits = hash('sha256', visitor, 'hex')
  const random = Number.parseInt(digits.slice(0, 8), 16) >>> 1
  const seconds = OURS_FROM + (Number.parseInt(digits.slice(8, 16), 16) >>> 4)
  return `${random}.${seconds}`
}

/** Whether a client id was derived by us, so that no tag knows its browser. */
export const isDerived = (clientId: string): boolean => {
  const seconds = Number(clientId.slice(clientId.indexOf('.') + 1))
  return seconds >= OURS_FROM && seconds < OURS_UNTIL
}
