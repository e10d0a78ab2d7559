import { fromMinor, toMinor } from '../../lib/money.ts'
import { type Html, html } from '../html.ts'
import type { Conversion, Identifiers } from '../kit/conversions.ts'

/** By which of its identifiers a profile is known here: the first that is told. */
const STRENGTH = ['id', 'email', 'phone_number', 'external_id', '_kx', 'anonymous_id']

/**
 * The profile of an event. Profiles that Klaviyo merges afterwards are not imitated: twins that name their profile
 * differently count twice, because nobody may rely on their becoming one.
 */
const profileOf = (identifiers: Identifiers): string => {
  const field = STRENGTH.find((name) => identifiers[name] !== undefined) ?? ''
  // Klaviyo lower-cases addresses.
  return `${field} ${field === 'email' ? identifiers.email?.[0]?.toLowerCase() : identifiers[field]?.[0]}`
}

interface Keyed extends Pick<Conversion, 'name' | 'identifiers'> {
  readonly eventId?: string | undefined
  readonly occurredAt: string | number
}

/** What Klaviyo takes for one event, without end in time: profile, metric and unique_id, else the second. */
export const eventKey = ({ name, eventId, identifiers, occurredAt }: Keyed): string =>
  JSON.stringify([
    profileOf(identifiers),
    name,
    ...(eventId === undefined ? ['at', new Date(occurredAt).toISOString()] : ['id', eventId]),
  ])

/** A metric as the profile view shows it. */
export interface MetricSum {
  readonly name: string
  readonly count: number
  /** Sum by currency, decimal text. */
  readonly value: Readonly<Record<string, string>>
}

export interface ProfileView {
  readonly account: string
  readonly identifiers: Identifiers
  readonly metrics: readonly MetricSum[]
}

/** Events grouped by name, with the sum of their values. */
export const metricsOf = (conversions: readonly Conversion[]): readonly MetricSum[] =>
  [...Map.groupBy(conversions, ({ name }) => name)].map(([name, own]) => ({
    name,
    count: own.length,
    value: Object.fromEntries(
      [...Map.groupBy(own, ({ currency }) => currency)].flatMap(([currency, some]) =>
        currency === undefined
          ? []
          : [
              [
                currency,
                fromMinor(
                  some.reduce((sum, { value = '0' }) => sum + (toMinor(value, currency) ?? 0n), 0n),
                  currency,
                ),
              ],
            ],
      ),
    ),
  }))

/** Every profile with its metrics, in the order of arrival. */
export const profilesOf = (conversions: readonly Conversion[]): readonly ProfileView[] =>
  [
    ...Map.groupBy(conversions, ({ account, identifiers }) =>
      JSON.stringify([account, profileOf(identifiers)]),
    ).values(),
  ].map((own) => ({
    account: own[0]?.account ?? '',
    identifiers: Object.assign({}, ...own.map(({ identifiers }) => identifiers)),
    metrics: metricsOf(own),
  }))

const amounts = ({ value }: MetricSum): string =>
  Object.entries(value)
    .map(([currency, sum]) => `${sum} ${currency}`)
    .join(' + ')

const cells = (metric: MetricSum): Html =>
  html`<th scope="row">${metric.name}</th><td>${metric.count}</td><td>${amounts(metric)}</td>`

/** The page’s part that is Klaviyo’s own: what the newest profiles show. */
export const profilesPanel = (conversions: readonly Conversion[]): string => {
  const profiles = profilesOf(conversions).slice(-8).toReversed()
  const rows = profiles.flatMap(({ identifiers, metrics }) =>
    metrics.map(
      (metric) => html`<tr>${cells(metric)}<td><code>${profileOf(identifiers).split(' ')[1]}</code></td></tr>`,
    ),
  )
  const body: Html =
    rows.length === 0
      ? html`<p class="empty">No profile yet.</p>`
      : html`<div class="scroll" role="region" aria-label="Metrics by profile" tabindex="0"><table><thead><tr><th scope="col">Metric</th><th scope="col">Events</th><th scope="col">Value</th><th scope="col">Profile</th></tr></thead><tbody>${rows}</tbody></table></div>`
  return html`<section class="panel"><h2>Latest profiles</h2>${body}</section>`.html
}
