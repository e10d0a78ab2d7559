import { purchaseId } from '../event/event-ids.ts'
import { blindIndex } from '../lib/seal.ts'

/** A person appears as a bare id (a subject) and with its kind in front (an identity key); erasing finds both. */
const KINDS = ['client', 'checkout', 'cart', 'customer'] as const
const WITH_KIND = /^(?:client|checkout|cart|customer):/

export const bareSubject = (subject: string): string => subject.replace(WITH_KIND, '')

/** What a merchant knows a person by. In links it stands only as a keyed index, and leads to people but never on from them. */
const CONTACT = /^(email|phone):/

export const emailName = (email: string): string => `email:${email}`
export const phoneName = (phone: string): string => `phone:${phone}`

/** The address of a name that is one. */
export const emailOf = (name: string): string | undefined =>
  name.startsWith('email:') ? name.slice('email:'.length) : undefined

export const isContact = (name: string): boolean => CONTACT.test(name)

/** How a name stands in links: bare, a contact as its index under the shop's key. */
export const linkName = (shopKey: Uint8Array, name: string): string => {
  const kind = CONTACT.exec(name)?.[0]
  return kind === undefined ? bareSubject(name) : kind + blindIndex(shopKey, name).toString('hex')
}

/** Seals raw messages that name nobody we know of: whoever they speak of, they end with the next person who is erased. */
export const NOBODY = 'nobody'

/** The orders among names. */
export const ordersAmong = (names: readonly string[]): string[] =>
  names.flatMap((name) => (name.startsWith(PURCHASE) ? [name.slice(PURCHASE.length)] : []))
const PURCHASE = purchaseId('')

/** Every way in which a subject may be written. */
export const spellings = (subject: string): string[] => {
  const bare = bareSubject(subject)
  return [bare, ...KINDS.map((kind) => `${kind}:${bare}`)]
}
