import { type Html, html } from '../html.ts'
import type { Answer, PlatformRequest } from '../platform.ts'
import type { Accounts } from './accounts.ts'
import type { Delivery } from './deliver.ts'

/** A store's admin, as far as it is about the app: `GET` shows it, each button posts to a path of its own. */
export const ADMIN_PAGE = '/admin'

/** What a merchant can do there. */
export interface Merchant {
  install(shop: string): void
  uninstall(shop: string): unknown
  changeScopes(shop: string, scopes: readonly string[]): unknown
  /** Webhooks about the app that have ended, oldest first. */
  deliveries(): readonly Delivery[]
}

/** Deliveries shown, the newest. */
const SHOWN = 8
/** The permission that the page takes away and gives back: without it the pixel cannot be connected. */
const OPTIONAL = 'write_pixels'

export const answerAdminPage = (accounts: Accounts, merchant: Merchant, request: PlatformRequest): Answer => {
  const { host: shop, path, method, headers } = request
  if (method === 'GET') return shown(shop, accounts, merchant)
  // Another site's page must not press these buttons.
  const from = headers['sec-fetch-site']
  if (method !== 'POST' || (from !== undefined && from !== 'same-origin' && from !== 'none'))
    return { status: 403, headers: {}, body: 'Not from here.' }
  const { scopes } = accounts.installation(shop) ?? accounts.app
  switch (path) {
    case `${ADMIN_PAGE}/install`:
      merchant.install(shop)
      break
    case `${ADMIN_PAGE}/uninstall`:
      merchant.uninstall(shop)
      break
    case `${ADMIN_PAGE}/permissions`:
      merchant.changeScopes(
        shop,
        scopes.includes(OPTIONAL) ? scopes.filter((scope) => scope !== OPTIONAL) : accounts.app.scopes,
      )
      break
    default:
      return { status: 404, headers: {}, body: 'Not found.' }
  }
  return { status: 303, headers: { location: `/${shop}${ADMIN_PAGE}` }, body: '' }
}

const button = (shop: string, path: string, label: string): Html =>
  html`<form method="post" action="/${shop}${ADMIN_PAGE}/${path}"><button>${label}</button></form>`

const shown = (shop: string, accounts: Accounts, merchant: Merchant): Answer => {
  const installation = accounts.installation(shop)
  const state = installation
    ? html`<p>The app is installed. It may: ${installation.scopes.join(', ')}.</p>
<p>Its web pixel is ${installation.pixel ? html`connected: <code>${installation.pixel.settings}</code>` : 'disconnected'}.</p>
${button(shop, 'permissions', installation.scopes.includes(OPTIONAL) ? `Take ${OPTIONAL} away` : `Allow ${OPTIONAL} again`)}
${button(shop, 'uninstall', 'Uninstall the app')}`
    : html`<p>The app is not installed.</p>${button(shop, 'install', 'Install the app')}`
  const told = merchant.deliveries().slice(-SHOWN).toReversed()
  const body = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${shop}: the app</title><link rel="icon" href="data:,">
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:640px;margin:40px auto;padding:0 20px;color:#1b1f24;overflow-wrap:anywhere}h1{font-size:22px}button{font:inherit;padding:6px 14px;margin:4px 0;cursor:pointer}</style></head>
<body><main><h1>Admin of ${shop}</h1>${state}
<h2>Told to the app</h2>${told.length === 0 ? html`<p>Nothing yet.</p>` : html`<ul>${told.map(({ topic, status, tries }) => html`<li>${topic}: ${status === 0 ? 'no answer' : `answered ${status}`}${tries > 1 && ` after ${tries} tries`}</li>`)}</ul>`}
</main></body></html>`.html
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }, body }
}
