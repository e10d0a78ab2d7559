import { type Html, html, trusted } from './html.ts'

const STYLE = `
:root{color-scheme:light;--ink:#1b1f24;--soft:#59626d;--line:#e3e6ea;--paper:#fff;--ground:#f5f6f8;--accent:#b3122b;--good:#17693b;--warn:#8a5300;--bad:#b3122b}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
main{max-width:1180px;margin:0 auto;padding:28px 24px 56px}
.platforms{background:var(--paper);border-bottom:1px solid var(--line)}
.platforms ul{list-style:none;display:flex;flex-wrap:wrap;gap:4px;max-width:1180px;margin:0 auto;padding:8px 24px}
.platforms a{display:block;padding:6px 12px;border-radius:8px;color:var(--soft);text-decoration:none}
.platforms a:hover{background:var(--ground);color:var(--ink)}.platforms a[aria-current]{background:var(--ground);color:var(--ink);font-weight:600}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
h1{font-size:24px;line-height:1.2;margin:0}h2{font-size:15px;margin:0 0 12px}
.top{display:flex;justify-content:space-between;align-items:flex-start;gap:12px;flex-wrap:wrap;margin-bottom:20px}
.top p{margin:4px 0 0;color:var(--soft)}
.cards{display:grid;grid-template-columns:repeat(4,1fr);gap:16px;margin-bottom:16px}
.card,.panel{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:18px 20px;min-width:0}
.panel{margin-bottom:16px}
.card p{margin:0}.label,.note,.when,.empty{color:var(--soft)}.note,.when{font-size:13px}
.figure{font-size:30px;font-weight:650;line-height:1.25;font-variant-numeric:tabular-nums}
.columns{display:grid;grid-template-columns:1.2fr 1fr;gap:16px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:8px 12px 8px 0;border-bottom:1px solid var(--line);white-space:nowrap}
thead th{font-size:13px;font-weight:500;color:var(--soft)}tbody th{font-weight:500}
tbody tr:last-child>*{border-bottom:0}
code{font:13px ui-monospace,"Liberation Mono",monospace;overflow-wrap:anywhere}
.badge{display:inline-block;padding:1px 8px;margin-right:6px;border-radius:999px;font-size:12.5px;border:1px solid var(--line);background:var(--ground);color:var(--soft)}
.tag{background:#eef2ff;border-color:#d5dcfa;color:#2f3f8f}.server,.good{background:#e9f6ee;border-color:#cbe7d6;color:var(--good)}
.warn{background:#fff5e3;border-color:#f2dfb8;color:var(--warn)}.bad{background:#fdecee;border-color:#f6cfd5;color:var(--bad)}
.bars,.notes{list-style:none;margin:0;padding:0}
.bars li{display:grid;grid-template-columns:130px 1fr 48px;align-items:center;gap:12px;padding:4px 0}
.bar{height:8px;border-radius:4px;background:var(--ground);overflow:hidden}.bar i{display:block;height:100%;background:var(--accent)}
.share{text-align:right;font-variant-numeric:tabular-nums}
.notes li{display:grid;grid-template-columns:auto 1fr auto;gap:8px;align-items:baseline;padding:7px 0;border-bottom:1px solid var(--line)}
.notes li:last-child{border-bottom:0}.notes .badge{overflow-wrap:anywhere}.said{min-width:0;overflow-wrap:break-word}
.empty{margin:0}
@media(max-width:820px){.notes li{grid-template-columns:1fr auto}.notes .badge{justify-self:start}.notes .said{grid-column:1/-1;grid-row:2}main{padding:20px 16px 40px}.platforms ul{padding:8px 16px}.cards{grid-template-columns:1fr 1fr;gap:12px}.columns{grid-template-columns:1fr;gap:0}.card{padding:14px 16px}.figure{font-size:25px}}`

/** Fetches the page again every 3 s while somebody looks at it and puts the new inside in place. */
const POLL = `
setInterval(async () => {
  if (document.hidden) return
  const answer = await fetch(location.href).catch(() => undefined)
  if (!answer?.ok) return
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main')
  const main = document.querySelector('main')
  if (next && next.innerHTML !== main.innerHTML) main.innerHTML = next.innerHTML
}, 3000)`

interface Linked {
  readonly slug: string
  readonly name: string
}

const navigation = (platforms: readonly Linked[], shown: Linked): Html =>
  html`<nav class="platforms" aria-label="Platforms"><ul>${platforms.map(
    ({ slug, name }) =>
      html`<li><a href="/${slug}"${slug === shown.slug && trusted(' aria-current="page"')}>${name}</a></li>`,
  )}</ul></nav>`

/** The page of one platform, linked with the others, around the inside of its <main>, which is HTML already. */
export const page = (platforms: readonly Linked[], shown: Linked, main: string): string =>
  html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${shown.name} sandbox</title><link rel="icon" href="data:,"><style>${trusted(STYLE)}</style></head>
<body>${navigation(platforms, shown)}<main>${trusted(main)}</main><script>${trusted(POLL)}</script></body></html>`.html
