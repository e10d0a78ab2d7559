import { fromMinor, toMinor } from '../../lib/money.ts'
import { type Html, html } from '../html.ts'
import type { Account } from './accounts.ts'
import type { Refusal } from './endpoint.ts'
import type { MatchedConversion } from './platform.ts'

export interface AdsManagerState {
  readonly accounts: readonly Account[]
  readonly conversions: readonly MatchedConversion[]
  readonly tested: readonly {
    readonly at: string
    readonly name: string
    readonly eventId: string
    readonly problem: string
  }[]
  readonly refusals: readonly Refusal[]
  readonly unknownTags: number
  readonly people: number
  readonly now: number
}

const IDENTIFIERS: readonly (readonly [field: string, label: string])[] = [
  ['em', 'Email'],
  ['ph', 'Phone'],
  ['click_id', 'Click id (epik)'],
  ['external_id', 'External id'],
  ['client_ip_address', 'IP address'],
  ['client_user_agent', 'User agent'],
  ['fn', 'First name'],
  ['ln', 'Last name'],
  ['ct', 'City'],
  ['zp', 'Post code'],
]

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

const card = (label: string, value: string | number, note: string): Html => html`
  <section class="card"><p class="label">${label}</p><p class="figure">${value}</p><p class="note">${note}</p></section>`

const badge = (text: string, kind: string): Html => html`<span class="badge ${kind}">${text}</span>`

const sourceBadges = (conversion: MatchedConversion): Html =>
  html`${conversion.sources.map((source) =>
    badge(source, source),
  )}${conversion.offline && badge('offline', 'quiet')}${conversion.limited && badge('limited', 'quiet')}`

const byName = (conversions: readonly MatchedConversion[]): Html => {
  const names = [...new Set(conversions.map(({ name }) => name))].toSorted()
  const rows = names.map((name) => {
    const own = conversions.filter((conversion) => conversion.name === name)
    const tag = own.filter(({ sources }) => sources.includes('tag')).length
    const server = own.filter(({ sources }) => sources.includes('server')).length
    return html`<tr><th scope="row">${name}</th><td>${tag}</td><td>${server}</td><td>${
      tag + server - own.length
    }</td><td><strong>${own.length}</strong></td></tr>`
  })
  if (rows.length === 0)
    return html`<p class="empty">No events yet. Walk through the demo store, or send simulated shoppers from its footer.</p>`
  return html`<div class="scroll" role="region" aria-label="Events by source" tabindex="0"><table><thead><tr><th scope="col">Event</th><th scope="col">Tag</th><th scope="col">Server</th><th scope="col">Deduplicated</th><th scope="col">Counted</th></tr></thead><tbody>${rows}</tbody></table></div>`
}

const coverage = (conversions: readonly MatchedConversion[]): Html =>
  html`<ul class="bars">${IDENTIFIERS.map(([field, label]) => {
    const share = percent(
      conversions.filter(({ identifiers }) => identifiers.includes(field)).length,
      conversions.length,
    )
    return html`<li><span>${label}</span><span class="bar" aria-hidden="true"><i style="width:${share}%"></i></span><span class="share">${share}%</span></li>`
  })}</ul>`

const recent = (conversions: readonly MatchedConversion[], now: number): Html => {
  const rows = conversions
    .filter(({ name }) => name === 'checkout')
    .slice(-12)
    .toReversed()
    .map(
      (conversion) =>
        html`<tr><td><code>${conversion.eventId ?? 'no event id'}</code></td><td>${
          conversion.value === undefined ? '' : `${conversion.value} ${conversion.currency ?? ''}`
        }</td><td>${sourceBadges(conversion)}</td><td>${
          conversion.matched.length > 0 ? badge('person found', 'good') : badge('nobody found', 'quiet')
        }</td><td class="when">${ago(conversion.receivedAt, now)}</td></tr>`,
    )
  if (rows.length === 0) return html`<p class="empty">No purchase yet.</p>`
  return html`<div class="scroll" role="region" aria-label="Latest purchases" tabindex="0"><table><thead><tr><th scope="col">Event id</th><th scope="col">Value</th><th scope="col">Seen by</th><th scope="col">Match</th><th scope="col">Received</th></tr></thead><tbody>${rows}</tbody></table></div>`
}

const problems = ({ refusals, conversions, now }: AdsManagerState): Html => {
  const warned = new Map<string, number>()
  for (const { warnings } of conversions)
    for (const warning of warnings) warned.set(warning, (warned.get(warning) ?? 0) + 1)
  const refused = refusals
    .slice(-8)
    .toReversed()
    .map(
      (refusal) =>
        html`<li>${badge(String(refusal.status), 'bad')}<span>${refusal.message}${
          refusal.eventId !== undefined && html` <code>${refusal.eventId}</code>`
        }</span><span class="when">${ago(refusal.at, now)}</span></li>`,
    )
  const hints = [...warned]
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, 6)
    .map(
      ([text, count]) =>
        html`<li>${badge('warning', 'warn')}<span>${text}</span><span class="when">${count}x</span></li>`,
    )
  if (refused.length + hints.length === 0) return html`<p class="empty">Nothing refused, nothing to warn about.</p>`
  return html`<ul class="notes">${refused}${hints}</ul>`
}

const testEvents = ({ tested, now }: AdsManagerState): Html =>
  tested.length === 0
    ? html`<p class="empty">No test events. "Test connection" in Converlay sends one; it is never counted.</p>`
    : html`<ul class="notes">${tested
        .slice(-6)
        .toReversed()
        .map(
          (one) =>
            html`<li>${badge(one.name, 'quiet')}<span>${one.problem || 'accepted'} <code>${one.eventId}</code></span><span class="when">${ago(one.at, now)}</span></li>`,
        )}</ul>`

/** The inside of the ads manager's page. */
export const adsManager = (state: AdsManagerState): string => {
  const { conversions } = state
  const purchases = conversions.filter(({ name }) => name === 'checkout')
  const both = purchases.filter(({ sources }) => sources.length === 2).length
  const serverOnly = purchases.filter(({ sources }) => sources.length === 1 && sources[0] === 'server').length
  const found = purchases.filter(({ matched }) => matched.length > 0).length
  return html`
<header class="top"><div><h1>Ads manager</h1><p>Pinterest sandbox, ad account ${state.accounts.map(({ id }) => id).join(', ')}</p></div>${badge('imitation, nothing leaves this machine', 'quiet')}</header>
<div class="cards">
  ${card('Purchases', purchases.length, totals(purchases))}
  ${card('Seen by tag and server', both, 'merged by event id, counted once')}
  ${card('Seen by the server only', serverOnly, 'lost without the server')}
  ${card('Match rate', `${percent(found, purchases.length)}%`, `purchases whose email or phone belongs to one of ${state.people} people`)}
</div>
<div class="columns">
  <section class="panel"><h2>Events by source</h2>${byName(conversions)}</section>
  <section class="panel"><h2>Identifiers on purchases</h2>${
    purchases.length === 0 ? html`<p class="empty">No purchase yet.</p>` : coverage(purchases)
  }</section>
</div>
<section class="panel"><h2>Latest purchases</h2>${recent(conversions, state.now)}</section>
<div class="columns">
  <section class="panel"><h2>Refusals and warnings</h2>${problems(state)}</section>
  <section class="panel"><h2>Test events</h2>${testEvents(state)}</section>
</div>
${state.unknownTags > 0 && html`<p class="empty">${state.unknownTags} tag hits named a tag that no account owns.</p>`}`
    .html
}
