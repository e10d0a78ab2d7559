import type { EventId } from './event.ts'

/**
 * Event ids are pure functions of facts that all sides own, so a webhook and a pixel that tell of the same purchase
 * give the same id in any order of arrival, and platforms merge what reaches them twice.
 */
const id = (text: string): EventId => text as EventId

export const purchaseId = (orderId: string) => id(`pur_${orderId}`)
export const paidId = (orderId: string) => id(`paid_${orderId}`)
export const cancelId = (orderId: string) => id(`can_${orderId}`)
export const refundId = (refund: string) => id(`ref_${refund}`)
export const customerId = (customer: string) => id(`cus_${customer}`)
export const checkoutId = (checkoutToken: string) => id(`ic_${checkoutToken}`)
export const paymentInfoId = (checkoutToken: string) => id(`pi_${checkoutToken}`)
export const contactId = (checkoutToken: string) => id(`ct_${checkoutToken}`)
/** Opting in to marketing is not once for ever: the moment is part of the fact. */
export const subscriptionId = (customer: string, at: string) => id(`sub_${customer}_${Date.parse(at) || 0}`)
/** A cart line that grew without the pixel seeing it. */
export const cartAddId = (cartToken: string, variantId: string, updatedAt: string) =>
  id(`atc_${cartToken}_${variantId}_${Date.parse(updatedAt) || 0}`)
/** A state of a cart; never sent. */
export const cartStateId = (cartToken: string, updatedAt: string) =>
  id(`cart_${cartToken}_${Date.parse(updatedAt) || 0}`)

/** The pixel's own event id, kept as it is so that a browser tag that shares it is merged. */
export const pixelId = (pixelEventId: string) => id(pixelEventId)

const SEVERAL_SIDES = /^(?:pur|paid|can|ref|cus|ic|pi|ct|sub)_/

/** Whether several sides can tell of this fact; its id is then remembered for 13 months, else for 30 days. */
export const seenFromSeveralSides = (eventId: string): boolean => SEVERAL_SIDES.test(eventId)

/**
 * The longest event id that is taken. Also keeps a beacon from claiming an id of a fact that only signed messages
 * may create: pixelIdFrom refuses those prefixes.
 */
const PIXEL_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{5,99}$/

/** A pixel event's id when it is well formed and does not pose as another fact's id. */
export const pixelIdFrom = (text: string | undefined): EventId | undefined =>
  text !== undefined && PIXEL_ID.test(text) && !SEVERAL_SIDES.test(text) && !/^(?:atc|cart|con)_/.test(text)
    ? pixelId(text)
    : undefined

/** A browser's choice of consent that came without an event; there is no fact of this id, only sightings. */
export const consentId = (clientId: string, at: string): EventId => `con_${clientId}_${at}` as EventId
