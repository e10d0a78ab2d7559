import { arrayAt, numberAt, textAt } from '../../lib/json.ts'
import { identifiersIn } from '../kit/conversions.ts'
import { type Known, type Reading, refuse } from '../kit/reading.ts'
import type { PlatformRequest } from '../platform.ts'
import type { Partner } from './accounts.ts'
import { nothing, objectOf, swallow, total } from './endpoint.ts'

/**
 * The paths of the tag manager's server container: /gtm/event ("v1") names the visitor by GUM id, /fpm/event
 * ("S2S v2") by an id of the first party. The body is whatever the container had, with Criteo's own keys; Criteo maps
 * the names of events on its side. The sandbox maps each to itself, because it is configured for nobody.
 */
export const readMapped = (request: PlatformRequest, known: Known<Partner>): Reading => {
  if (request.method !== 'POST')
    return refuse(nothing(405), '', { code: 405, message: `${request.method} is not allowed` })
  const body = objectOf(request.body)
  if (!body) return refuse(nothing(400), '', { code: 400, message: 'the body is no JSON object' })
  const account = textAt(body, 'partner_id') ?? ''
  const partner = known.accounts.find(({ id }) => id === account)
  if (!partner) return swallow(account, `no partner has the partner_id ${account}`)
  const missing = ['version', 'an', 'cn', 'ln'].find((field) => textAt(body, field) === undefined)
  if (missing !== undefined) return swallow(account, `'${missing}' is a required property`)
  const application = `${textAt(body, 'an')}.`
  const mapping = request.query.get('mappingId') ?? ''
  if (!mapping.startsWith(application) || mapping === application)
    return swallow(account, `mappingId '${mapping}' is not ${application}<event>`)
  const name = mapping.slice(application.length)
  const person = personOf(request, body, partner)
  if (typeof person === 'string') return swallow(account, person, { name })
  const items = arrayAt(body, 'items')
  return {
    answer: nothing(200),
    account,
    sighted: [
      {
        name,
        orderId: textAt(body, 'transaction_id'),
        value:
          textAt(body, 'value') ??
          total(
            items.map((item) => ({ price: numberAt(item, 'price') ?? 0, quantity: numberAt(item, 'quantity') ?? 1 })),
          ),
        currency: textAt(body, 'currency'),
        contentIds: items.flatMap((item) => textAt(item, 'item_id') ?? []),
        occurredAt: request.now,
        identifiers: identifiersIn(person, ['mapped_user_id', 'first_party_id']),
      },
    ],
  }
}

/** Who it was, or why that is nobody. */
const personOf = (
  request: PlatformRequest,
  body: unknown,
  partner: Partner,
): Readonly<Record<string, string>> | string => {
  if (request.path === '/gtm/event') {
    const user = textAt(body, 'mapped_user_id')
    if (textAt(body, 'mapping_key') !== partner.callerId)
      return `mapping_key is not the caller id of partner ${partner.id}`
    return user === undefined ? 'mapped_user_id is missing' : { mapped_user_id: user }
  }
  const firstParty = request.query.get('first_party_id') ?? ''
  if (!/^fpid-\d{13}-\d{6}$/.test(firstParty))
    return `first_party_id '${firstParty}' is not that of the cookie crto_fpid`
  return request.query.get('first_party_domain') ? { first_party_id: firstParty } : 'first_party_domain is missing'
}
