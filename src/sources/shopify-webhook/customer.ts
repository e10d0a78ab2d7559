import { customerId, subscriptionId } from '../../event/event-ids.ts'
import { type Identity, identityFrom } from '../../event/identity.ts'
import { type Json, objectAt, textAt } from '../../lib/json.ts'
import { shopifyIdAt } from '../ids.ts'
import { firstEmail, firstPhone, firstPlace } from '../person.ts'
import { eventOf, type Sighting } from '../sighting.ts'
import { type Decoded, nothing } from '../source.ts'
import { placeOf } from './order-identity.ts'
import { when } from './when.ts'

const NO_ID = 'The customer has no id.'
const NO_TIME = 'Nothing in the message tells when it happened.'

/** customers/create: somebody signed up, or bought for the first time. */
export const customerCreated = (sighting: Sighting, body: Json): Decoded => {
  const customer = shopifyIdAt(body, 'id')
  if (customer === undefined) return nothing(NO_ID)
  const occurredAt = when(sighting.message, textAt(body, 'created_at'))
  if (occurredAt === undefined) return nothing(NO_TIME)
  const event = eventOf(sighting, {
    id: customerId(customer),
    name: 'signed_up',
    occurredAt,
    identity: customerIdentity(body, customer, sighting.flags),
  })
  return { events: [event], parts: [], orders: [] }
}

const customerIdentity = (body: Json, customer: string, flags: Set<string>): Identity | undefined => {
  const address = objectAt(body, 'default_address')
  const usual = placeOf(address)
  return identityFrom({
    email: firstEmail([textAt(body, 'email')], flags),
    phone: firstPhone(
      [
        { text: textAt(body, 'phone'), country: usual.country },
        { text: textAt(address, 'phone'), country: usual.country },
      ],
      flags,
    ),
    ...firstPlace([usual, { firstName: textAt(body, 'first_name'), lastName: textAt(body, 'last_name') }]),
    customerId: customer,
  })
}

/** customers_email_marketing_consent/update: a newsletter sign-up, when the new state is subscribed. */
export const marketingConsentUpdated = (sighting: Sighting, body: Json): Decoded => {
  const consent = objectAt(body, 'email_marketing_consent')
  const state = textAt(consent, 'state') ?? textAt(body, 'state')
  if (state?.toLowerCase() !== 'subscribed')
    return nothing('The customer did not subscribe: the new state of the email consent is another one.')
  const customer = shopifyIdAt(body, 'customer_id') ?? shopifyIdAt(body, 'id')
  if (customer === undefined) return nothing(NO_ID)
  const occurredAt = when(sighting.message, textAt(consent, 'consent_updated_at'), textAt(body, 'consent_updated_at'))
  if (occurredAt === undefined) return nothing(NO_TIME)
  const event = eventOf(sighting, {
    id: subscriptionId(customer, occurredAt),
    name: 'subscribed',
    occurredAt,
    identity: identityFrom({
      email: firstEmail([textAt(body, 'email_address'), textAt(body, 'email')], sighting.flags),
      customerId: customer,
    }),
  })
  return { events: [event], parts: [], orders: [] }
}
