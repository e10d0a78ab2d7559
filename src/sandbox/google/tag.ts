import { hitFields, imageAnswer, visitorIp } from '../kit/browser-hit.ts'
import { identifiersIn } from '../kit/conversions.ts'
import type { Known, TagReading } from '../kit/reading.ts'
import type { PlatformRequest } from '../platform.ts'
import type { GoogleAccount } from './accounts.ts'

/**
 * The conversion of gtag: /pagead/conversion/<tag id>/?label=…&value=…&currency_code=…&oid=<transaction id>&gclaw=<gclid>.
 * The sheet does not describe it; these are the fields that gtag is commonly seen to send.
 */
export const readTag = (request: PlatformRequest, known: Known<GoogleAccount>): TagReading | undefined => {
  const tagId = /^\/pagead\/conversion\/(\d+)\/?$/.exec(request.path)?.[1]
  if (tagId === undefined) return undefined
  const fields = hitFields(request)
  const actions = known.accounts.flatMap((account) =>
    account.accountType === 'GOOGLE_ADS' && account.tagId === tagId ? account.conversionActions : [],
  )
  const action = actions.find(({ label, type }) => label === fields.get('label') && type === 'WEBPAGE')
  if (!action) return { answer: imageAnswer(), hits: [{ tagId }] }
  return {
    answer: imageAnswer(),
    hits: [
      {
        tagId,
        sighted: {
          name: action.name,
          orderId: fields.get('oid') || undefined,
          value: fields.get('value') || undefined,
          currency: fields.get('currency_code') || undefined,
          occurredAt: request.now,
          identifiers: identifiersIn(
            {
              gclid: fields.get('gclaw'),
              ipAddress: visitorIp(request),
              userAgent: request.headers['user-agent'],
            },
            ['gclid', 'ipAddress', 'userAgent'],
          ),
          limited: fields.get('npa') === '1',
        },
      },
    ],
  }
}
