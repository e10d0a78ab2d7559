import { type Html, html, scriptData, trusted } from '../html.ts'
import { COUNTRIES, MARKETS, type Market } from '../shopify/markets.ts'
import type { Choice, CustomerPrivacy, PixelPurposes } from './consent.ts'

export type Blocker = 'none' | 'tag' | 'all'

/** An event that a page publishes to the pixels. */
export interface PageEvent {
  readonly name: string
  readonly data: unknown
}

/** What storefront.js reads on every page. */
export interface PageData {
  readonly events: readonly PageEvent[]
  readonly privacy: CustomerPrivacy
  readonly declared: PixelPurposes
  readonly blocker: Blocker
  readonly init: unknown
  readonly settings: Readonly<Record<string, string>>
  /** Path of the merchant's custom pixel, on pages where it has something to do. */
  readonly customPixel?: string
}

export interface Frame {
  readonly title: string
  readonly path: string
  readonly market: Market
  readonly choice: Choice
  readonly blocker: Blocker
  readonly cartCount: number
  readonly links: readonly { readonly label: string; readonly url: string }[]
  readonly data: PageData
  /** What apps' embeds write into the head. */
  readonly embeds: Html | undefined
}

const STYLE = `
:root{--ink:#1f2a24;--soft:#56625b;--line:#dcdfd6;--paper:#fffefa;--ground:#f6f4ec;--pine:#2d5a43;--pine-dark:#214433}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
a{color:inherit}h1,h2{font-family:Georgia,"Liberation Serif",serif;font-weight:600;line-height:1.2;margin:0}
.site{display:flex;align-items:center;gap:24px;max-width:1160px;margin:0 auto;padding:18px 24px;flex-wrap:wrap}
.site .name{font:600 22px Georgia,"Liberation Serif",serif;text-decoration:none;margin-right:auto}
.site form{display:flex}.site nav{display:flex;gap:20px}.site nav a{text-decoration:none;padding:8px 0}
input,select{font:inherit;color:inherit;background:var(--paper);border:1px solid #b9bfb2;border-radius:8px;padding:9px 12px;min-width:0}
button{font:inherit;font-weight:600;color:#fff;background:var(--pine);border:0;border-radius:8px;padding:10px 20px;cursor:pointer}
button:hover{background:var(--pine-dark)}button:disabled{opacity:.6}button.plain{color:var(--ink);background:transparent;border:1px solid #b9bfb2}
:focus-visible{outline:3px solid #d9a441;outline-offset:2px}
main{max-width:1160px;margin:0 auto;padding:8px 24px 64px}
.hero{background:var(--pine);color:#f7f4e8;border-radius:16px;padding:40px 44px;margin-bottom:28px}.hero h1{font-size:36px}.hero p{margin:10px 0 0;max-width:44em;color:#dbe6dc}
.grid{display:grid;grid-template-columns:repeat(4,1fr);gap:20px}
.item{background:var(--paper);border:1px solid var(--line);border-radius:12px;overflow:hidden;text-decoration:none;display:block}
.item svg{display:block;width:100%;height:auto;aspect-ratio:4/3}.item div{padding:14px 16px 18px}.item h2{font-size:17px}.item p{margin:4px 0 0;color:var(--soft)}
.product{display:grid;grid-template-columns:1.1fr 1fr;gap:40px;align-items:start}.product svg{display:block;width:100%;border-radius:16px;height:auto}
.product h1{font-size:32px}.price{font-size:21px;margin:8px 0 16px}
fieldset{border:0;padding:0;margin:20px 0}legend{padding:0;margin-bottom:8px;font-weight:600}
.choices{display:flex;flex-wrap:wrap;gap:10px}.choices label{border:1px solid #b9bfb2;border-radius:8px;padding:9px 14px;background:var(--paper);cursor:pointer}
.choices label:has(:checked){border-color:var(--pine);box-shadow:inset 0 0 0 1px var(--pine)}
[role=status]{min-height:1.6em;margin:10px 0 0;color:var(--pine)}
table{width:100%;border-collapse:collapse;background:var(--paper);border:1px solid var(--line);border-radius:12px;overflow:hidden}
th,td{padding:12px 16px;text-align:left;border-bottom:1px solid var(--line)}td:last-child,th:last-child{text-align:right;font-variant-numeric:tabular-nums}tr:last-child>*{border-bottom:0}
.title{font-size:28px;margin:12px 0 20px}.actions{display:flex;gap:12px;margin-top:20px;justify-content:flex-end;flex-wrap:wrap}
.button{display:inline-block;background:var(--pine);color:#fff;text-decoration:none;font-weight:600;border-radius:8px;padding:10px 20px}
.checkout .title{font-size:20px;margin:0 0 12px}.checkout{display:grid;grid-template-columns:1.3fr 1fr;gap:32px;align-items:start}
.step{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:18px 22px;margin-bottom:14px}.step h2{font-size:18px}
.step form{display:none;margin-top:14px}.step.open form{display:block}
.fields{display:grid;grid-template-columns:1fr 1fr;gap:12px;margin-bottom:14px}.fields label{display:flex;flex-direction:column;font-size:14px;gap:4px}.wide{grid-column:1/-1}
.soft{color:var(--soft)}
.banner{position:fixed;left:16px;right:16px;bottom:16px;max-width:620px;margin:0 auto;background:var(--paper);border:1px solid #b9bfb2;border-radius:14px;padding:18px 20px;box-shadow:0 12px 40px #1f2a2433}
.banner p{margin:0 0 12px}.banner div{display:flex;gap:10px;flex-wrap:wrap}.banner form{display:inline}
footer{background:#e9e6da;border-top:1px solid var(--line)}footer .in{max-width:1160px;margin:0 auto;padding:28px 24px 90px;display:grid;grid-template-columns:repeat(3,1fr);gap:28px}
footer h2{font-size:16px;margin-bottom:10px}footer p{margin:0 0 10px;color:var(--soft);font-size:15px}footer label{display:flex;flex-direction:column;gap:4px;font-size:14px;margin-bottom:10px}footer ul{list-style:none;padding:0;margin:0}footer li{padding:3px 0}
@media(max-width:900px){.grid{grid-template-columns:repeat(2,1fr)}.product,.checkout{grid-template-columns:1fr;gap:24px}footer .in{grid-template-columns:1fr}}
@media(max-width:560px){.site{padding:14px 16px;gap:10px 18px}.site form{order:3;width:100%}.site form input{flex:1}main{padding:4px 16px 48px}.grid{gap:12px}.item div{padding:10px 12px 14px}.hero{padding:26px 22px}.hero h1{font-size:27px}.fields{grid-template-columns:1fr}th,td{padding:10px}}`

const withParam = (path: string, name: string, value: string): string => {
  const url = new URL(path, 'http://store')
  url.searchParams.set(name, value)
  return url.pathname + url.search
}

const option = (label: string, value: string, chosen: boolean): Html =>
  html`<option value="${value}"${chosen && trusted(' selected')}>${label}</option>`

const CONSENT_LABELS: readonly (readonly [Choice, string])[] = [
  ['unset', 'Not asked yet'],
  ['accept', 'Everything accepted'],
  ['optout', 'Accepted, but no sale of data'],
  ['refuse', 'Everything refused'],
]
const BLOCKER_LABELS: readonly (readonly [Blocker, string])[] = [
  ['none', 'No blocker'],
  ['tag', 'Blocks the browser tag'],
  ['all', 'Blocks the tag and the web pixel'],
]

const banner = (): Html => html`<aside class="banner" aria-label="Cookies">
<p><strong>May we remember this visit?</strong> With your consent the store tells ad platforms which products were bought.</p>
<div><form data-live method="post" action="/consent"><input type="hidden" name="choice" value="accept"><button>Accept</button></form><form data-live method="post" action="/consent"><input type="hidden" name="choice" value="refuse"><button class="plain">Refuse</button></form></div></aside>`

/** A page of the demo store. */
export const layout = (frame: Frame, main: Html): string =>
  html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${frame.title} - North Fern Supply</title><link rel="icon" href="data:,"><style>${trusted(STYLE)}</style>${frame.embeds}</head>
<body>
<header class="site"><a class="name" href="/">North Fern Supply</a><form action="/search" role="search"><input name="q" type="search" placeholder="Search gear" aria-label="Search gear"></form><nav><a href="/collections/all">All gear</a><a href="/cart">Cart (<span id="cart-count">${frame.cartCount}</span>)</a></nav></header>
<main>${main}</main>
<footer><div class="in">
<section><h2>This is a demo</h2><p>An invented store on this machine. Nothing is sold and nothing leaves the machine: the ad platforms are imitations too.</p><ul>${frame.links.map(
    ({ label, url }) => html`<li><a href="${url}">${label}</a></li>`,
  )}</ul></section>
<section><h2>Who is shopping?</h2>
<label>Country<select data-go>${COUNTRIES.map((country) =>
    option(MARKETS[country].name, withParam(frame.path, 'country', country), country === frame.market.country),
  )}</select></label>
<label>Consent<select data-go>${CONSENT_LABELS.map(([choice, label]) =>
    option(label, withParam(frame.path, 'consent', choice), choice === frame.choice),
  )}</select></label>
<label>Ad blocker<select data-go>${BLOCKER_LABELS.map(([blocker, label]) =>
    option(label, withParam(frame.path, 'blocker', blocker), blocker === frame.blocker),
  )}</select></label></section>
<section><h2>More shoppers</h2><p>Simulated shoppers browse, abandon and buy, with all kinds of consent, devices and blockers.</p><form data-live data-busy="50 shoppers are on their way. This takes some seconds." method="post" action="/shoppers"><input type="hidden" name="count" value="50"><button>Send 50 shoppers</button><p role="status"></p></form></section>
</div></footer>
${frame.choice === 'unset' && frame.market.consentRequired && banner()}
<script type="application/json" id="page-data">${scriptData(frame.data)}</script>
<script src="/assets/storefront.js"></script>
</body></html>`.html
