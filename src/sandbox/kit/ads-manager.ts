import { fromMinor, toMinor } from '../../lib/money.ts'
import { type Html, html } from '../html.ts'
import type { MatchedConversion } from './conversions.ts'
import type { Refusal, TestedEvent } from './reading.ts'

/** What a platform's page shows. */
export interface AdsManagerState {
  readonly platform: string
  readonly accounts: readonly { readonly id: string }[]
  readonly conversions: readonly MatchedConversion[]
  readonly tested: readonly TestedEvent[]
  readonly refusals: readonly Refusal[]
  /** Tag hits that named a tag which no account owns. */
  readonly unknownTags: number
  /** The platform's name of a purchase. */
  readonly purchase: string
  /** Fields of identifiers in the order of the page, with words for people. */
  readonly identifiers: readonly (readonly [field: string, label: string])[]
  /** How many people the platform knows. */
  readonly people: number
  readonly now: number
}

const percent = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((100 * part) / whole))

/** "12 s ago", "3 min ago", else the clock. */
const ago = (at: string, now: number): string => {
  const seconds = Math.max(0, Math.round((now - Date.parse(at)) / 1000))
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`
  return at.slice(11, 16)
}

/** Sum per currency of decimal texts, e.g. "USD 120.00". */
const totals = (conversions: readonly MatchedConversion[]): string => {
  const sums = new Map<string, bigint>()
  for (const { value, currency = '' } of conversions) {
    const minor = value === undefined ? undefined : toMinor(value, currency)
    if (minor !== undefined) sums.set(currency, (sums.get(currency) ?? 0n) + minor)
  }
  return [...sums].map(([currency, minor]) => `${currency} ${fromMinor(minor, currency)}`).join(' + ') || 'none yet'
}

const onlyTag = ({ sources }: MatchedConversion): boolean => sources.server === 0
const onlyServer = ({ sources }: MatchedConversion): boolean => sources.tag === 0
const both = ({ merged }: MatchedConversion): boolean => merged

/** Without a tag there is nothing to compare with. */
const serverOnlyNote = (conversions: readonly MatchedConversion[]): string =>
  conversions.some(({ sources }) => sources.tag > 0)
    ? 'lost without the server'
    : 'no browser tag of this platform runs in the demo'

/** Sightings that repeated one of the same source. */
const repeats = ({ sources }: MatchedConversion): number =>
  Math.max(0, sources.tag - 1) + Math.max(0, sources.server - 1)

const card = (label: string, value: string | number, note: string): Html => html`
  <section class="card"><p class="label">${label}</p><p class="figure">${value}</p><p class="note">${note}</p></section>`

const badge = (text: string, kind: string): Html => html`<span class="badge ${kind}">${text}</span>`

const empty = (text: string): Html => html`<p class="empty">${text}</p>`

const table = (label: string, columns: readonly string[], rows: readonly Html[]): Html =>
  html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table><thead><tr>${columns.map(
    (column) => html`<th scope="col">${column}</th>`,
  )}</tr></thead><tbody>${rows}</tbody></table></div>`

const bySource = (conversions: readonly MatchedConversion[]): Html => {
  const names = [...new Set(conversions.map(({ name }) => name))].toSorted()
  if (names.length === 0)
    return empty('No events yet. Walk through the demo store, or send simulated shoppers from its footer.')
  const rows = names.map((name) => {
    const own = conversions.filter((conversion) => conversion.name === name)
    const figures = [
      own.filter(onlyTag).length,
      own.filter(onlyServer).length,
      own.filter(both).length,
      own.reduce((sum, conversion) => sum + repeats(conversion), 0),
    ]
    return html`<tr><th scope="row">${name}</th>${figures.map((figure) => html`<td>${figure}</td>`)}<td><strong>${
      own.length
    }</strong></td></tr>`
  })
  return table('Events by source', ['Event', 'Tag only', 'Server only', 'Both, merged', 'Repeats', 'Counted'], rows)
}

const coverage = (conversions: readonly MatchedConversion[], identifiers: AdsManagerState['identifiers']): Html =>
  conversions.length === 0
    ? empty('No purchase yet.')
    : html`<ul class="bars">${identifiers.map(([field, label]) => {
        const share = percent(conversions.filter((one) => one.identifiers[field]).length, conversions.length)
        return html`<li><span>${label}</span><span class="bar" aria-hidden="true"><i style="width:${share}%"></i></span><span class="share">${share}%</span></li>`
      })}</ul>`

const traits = ({ sources, limited, marks }: MatchedConversion): Html =>
  html`${sources.tag > 0 && badge('tag', 'tag')}${sources.server > 0 && badge('server', 'server')}${
    limited && badge('limited', 'quiet')
  }${marks.map((mark) => badge(mark, 'quiet'))}`

const recent = (label: string, conversions: readonly MatchedConversion[], now: number): Html => {
  if (conversions.length === 0) return empty('None yet.')
  const rows = conversions
    .slice(-8)
    .toReversed()
    .map(
      (conversion) =>
        html`<tr><td>${conversion.name}</td><td><code>${
          conversion.eventId ?? conversion.orderId ?? 'no id'
        }</code></td><td>${
          conversion.value === undefined ? '' : `${conversion.value} ${conversion.currency ?? ''}`
        }</td><td>${traits(conversion)}</td><td>${
          conversion.matched.length > 0 ? badge('person found', 'good') : badge('nobody found', 'quiet')
        }</td><td class="when">${ago(conversion.receivedAt, now)}</td></tr>`,
    )
  return table(label, ['Event', 'Event id', 'Value', 'Seen by', 'Match', 'Received'], rows)
}

const problems = ({ refusals, conversions, now }: AdsManagerState): Html => {
  const warned = new Map<string, number>()
  for (const { warnings } of conversions)
    for (const warning of warnings) warned.set(warning, (warned.get(warning) ?? 0) + 1)
  const refused = refusals
    .slice(-8)
    .toReversed()
    .map(
      ({ status, code, message, eventId, at }) =>
        html`<li>${badge(code === undefined ? String(status) : `${status} · ${code}`, 'bad')}<span class="said">${message}${
          eventId !== undefined && html` <code>${eventId}</code>`
        }</span><span class="when">${ago(at, now)}</span></li>`,
    )
  const hints = [...warned]
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, 6)
    .map(
      ([text, count]) =>
        html`<li>${badge('warning', 'warn')}<span class="said">${text}</span><span class="when">${count}x</span></li>`,
    )
  if (refused.length + hints.length === 0) return empty('Nothing refused, nothing to warn about.')
  return html`<ul class="notes">${refused}${hints}</ul>`
}

const testEvents = ({ tested, now }: AdsManagerState): Html =>
  tested.length === 0
    ? empty('No test events. “Test connection” in Converlay sends one where the platform has a way.')
    : html`<ul class="notes">${tested
        .slice(-6)
        .toReversed()
        .map(
          ({ name, problem, eventId, at }) =>
            html`<li>${badge(name, 'quiet')}<span class="said">${problem || 'accepted'}${
              eventId !== undefined && html` <code>${eventId}</code>`
            }</span><span class="when">${ago(at, now)}</span></li>`,
        )}</ul>`

/** The inside of a platform's page. */
export const adsManager = (state: AdsManagerState): string => {
  const { conversions, now } = state
  const purchases = conversions.filter(({ name }) => name === state.purchase)
  const others = conversions.filter(({ name }) => name !== state.purchase)
  const found = purchases.filter(({ matched }) => matched.length > 0).length
  return html`
<header class="top"><div><h1>Ads manager</h1><p>${state.platform} sandbox, account ${state.accounts
    .map(({ id }) => id)
    .join(', ')}</p></div>${badge('imitation, nothing leaves this machine', 'quiet')}</header>
<div class="cards">
  ${card('Purchases', purchases.length, totals(purchases))}
  ${card('Seen by tag and server', purchases.filter(both).length, 'merged, counted once')}
  ${card('Seen by the server only', purchases.filter(onlyServer).length, serverOnlyNote(conversions))}
  ${card('Match rate', `${percent(found, purchases.length)}%`, `purchases whose email or phone belongs to one of ${state.people} people`)}
</div>
<div class="columns">
  <section class="panel"><h2>Events by source</h2>${bySource(conversions)}</section>
  <section class="panel"><h2>Identifiers on purchases</h2>${coverage(purchases, state.identifiers)}</section>
</div>
<section class="panel"><h2>Latest purchases</h2>${recent('Latest purchases', purchases, now)}</section>
<section class="panel"><h2>Latest other events</h2>${recent('Latest other events', others, now)}</section>
<div class="columns">
  <section class="panel"><h2>Refusals and warnings</h2>${problems(state)}</section>
  <section class="panel"><h2>Test events</h2>${testEvents(state)}</section>
</div>
${state.unknownTags > 0 && html`<p class="empty">${state.unknownTags} tag ${state.unknownTags === 1 ? 'hit' : 'hits'} named a tag that no account owns.</p>`}`
    .html
}
