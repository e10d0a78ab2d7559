import { type Identity, identityFrom } from '../../event/identity.ts'
import { isObject, type Json, objectAt, textAt } from '../../lib/json.ts'
import { firstEmail, firstPhone } from '../person.ts'
import type { Message } from '../source.ts'

/**
 * Who did it: traits of the context (where Segment's libraries put them), else the properties' own. A merchant's server
 * says where the shopper is; of a page's call the request itself tells.
 */
export const personOf = (message: Message, raw: Json, flags: Set<string>): Identity | undefined => {
  const context = objectAt(raw, 'context')
  const traits = objectAt(context, 'traits')
  const properties = objectAt(raw, 'properties')
  const address = isObject(traits.address) ? traits.address : objectAt(properties, 'address')
  const country = textAt(address, 'country')
  const both = (...keys: readonly string[]): readonly (string | undefined)[] =>
    [traits, properties].flatMap((where) => keys.map((key) => textAt(where, key)))
  const phones = both('phone', 'phone_number').map((text) => ({ text, country }))
  const [first, last] = nameOf(textAt(traits, 'name'))
  return identityFrom({
    email: firstEmail(both('email'), flags),
    phone: firstPhone(phones, flags),
    firstName: found(both('firstName', 'first_name')) ?? first,
    lastName: found(both('lastName', 'last_name')) ?? last,
    company: textAt(objectAt(traits, 'company'), 'name') ?? textAt(traits, 'company'),
    birthDate: textAt(traits, 'birthday'),
    gender: textAt(traits, 'gender'),
    street: textAt(address, 'street'),
    city: textAt(address, 'city'),
    region: textAt(address, 'state') ?? textAt(address, 'region'),
    postalCode: textAt(address, 'postalCode') ?? textAt(address, 'postal_code') ?? textAt(address, 'zip'),
    country,
    customerId: textAt(raw, 'userId'),
    clientId: textAt(raw, 'anonymousId'),
    ip: message.trusted ? textAt(context, 'ip') : message.ip,
    userAgent: message.trusted ? textAt(context, 'userAgent') : (message.userAgent ?? textAt(context, 'userAgent')),
    language: textAt(context, 'locale'),
  })
}

const found = (texts: readonly (string | undefined)[]): string | undefined => texts.find((text) => text !== undefined)

/** "Ada Lovelace": the last word is the family's name; one word alone is nobody's for sure. */
const nameOf = (name: string | undefined): readonly [string?, string?] => {
  const words = name?.split(/\s+/) ?? []
  const last = words.at(-1)
  return words.length < 2 || last === undefined ? [] : [words.slice(0, -1).join(' '), last]
}
