import type { Account } from '../kit/accounts.ts'
import { createPlatform } from '../kit/create-platform.ts'
import type { Answer, Failing, Platform } from '../platform.ts'
import { DEFAULT_ACCOUNT, readAccount } from './accounts.ts'
import { emptyAnswer, readMeasurement } from './endpoint.ts'
import { hashedEmail, hashedPhone } from './person-forms.ts'
import { revenuePanel, transactionsOf } from './revenue.ts'
import { readTag } from './tag.ts'

export interface Ga4Options {
  readonly accounts?: readonly Account[]
  /** How many conversions are kept before the oldest are forgotten. */
  readonly remember?: number
}

/**
 * The Measurement Protocol words no failure of its own: what is not 2xx comes from a server in front of it. These are
 * for the fault switches.
 */
const failing = (status: Failing): Answer => ({
  status,
  headers: { 'content-type': 'text/html; charset=UTF-8' },
  body: `<!DOCTYPE html><html lang=en><title>Error ${status}</title><p>That’s an error.`,
})

/** GA4: the Measurement Protocol with its validation server, gtag’s hits, and what the reports make of both. */
export const createGa4 = (options: Ga4Options = {}): Platform => {
  const platform = createPlatform({
    slug: 'ga4',
    name: 'Google Analytics 4',
    hosts: ['www.google-analytics.com', 'region1.google-analytics.com', 'www.googletagmanager.com'],
    browserPaths: [
      'www.google-analytics.com/g/collect',
      'region1.google-analytics.com/g/collect',
      'www.googletagmanager.com/',
    ],
    // Larger than GA4’s own limit, which it passes in silence: that one is kept among the refusals.
    largestBody: 8 * 1024 * 1024,
    accounts: options.accounts ?? [DEFAULT_ACCOUNT],
    readAccount,
    // Only purchases have a key; everything else counts as often as it comes.
    merging: { key: ({ name, orderId }) => (name === 'purchase' ? orderId : undefined) },
    purchase: 'purchase',
    identifiers: [
      ['client_id', 'Client id'],
      ['session_id', 'Session id'],
      ['user_id', 'User id'],
      ['sha256_email_address', 'Email'],
      ['sha256_phone_number', 'Phone'],
      ['ip_override', 'IP address'],
      ['user_agent', 'User agent'],
    ],
    recognises: {
      sha256_email_address: hashedEmail,
      sha256_phone_number: hashedPhone,
    },
    server: readMeasurement,
    tag: readTag,
    notFound: { status: 404, headers: { 'content-type': 'text/html; charset=UTF-8' }, body: '' },
    failing,
    refuseAll: emptyAnswer,
    remember: options.remember,
  })
  return {
    ...platform,
    // Refunds are events of their own and are subtracted here, where merchants would look.
    query: (list, params) =>
      list === 'revenue'
        ? transactionsOf(platform.conversions(params.get('account') ?? undefined))
        : platform.query(list, params),
    adsManager: (now) => platform.adsManager(now) + revenuePanel(transactionsOf(platform.conversions())).html,
  }
}
