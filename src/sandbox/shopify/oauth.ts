import { SECOND } from '../../lib/duration.ts'
import { html } from '../html.ts'
import { type Answer, json, type PlatformRequest } from '../platform.ts'
import type { Accounts, TokenAnswer } from './accounts.ts'
import { sessionTokenFault, signedQuery } from './session-tokens.ts'

export const TOKEN_PATH = '/admin/oauth/access_token'
export const AUTHORIZE_PATH = '/admin/oauth/authorize'

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token'
const OFFLINE = 'urn:shopify:params:oauth:token-type:offline-access-token'

const refused = (status: number, error: string, description: string): Answer =>
  json(status, { error, error_description: description })

/** A store's token endpoint: authorization code, token exchange, refresh and client credentials. */
export const answerToken = (
  accounts: Accounts,
  { host: shop, method, headers, body, now }: PlatformRequest,
): Answer => {
  if (!accounts.has(shop)) return { status: 404, headers: { 'content-type': 'text/html' }, body: 'Not Found' }
  if (method !== 'POST') return refused(405, 'invalid_request', 'Use POST.')
  if (!String(headers['content-type'] ?? '').startsWith('application/json'))
    return refused(400, 'invalid_request', 'Send application/json.')
  let asked: Readonly<Record<string, string>>
  try {
    asked = JSON.parse(body) as typeof asked
  } catch {
    return refused(400, 'invalid_request', 'The body is not JSON.')
  }
  const { app } = accounts
  if (asked.client_id !== app.clientId || asked.client_secret !== app.secret)
    return refused(401, 'invalid_client', 'Client authentication failed.')
  return granted(accounts, shop, asked, now)
}

const given = (answer: TokenAnswer | undefined, error: string): Answer =>
  answer ? json(200, answer) : refused(400, error, 'The app is not installed on this store, or the grant is not good.')

const granted = (accounts: Accounts, shop: string, asked: Readonly<Record<string, string>>, now: number): Answer => {
  // Since April 2026 new apps get no others.
  const expiring = () =>
    asked.expiring === '1' ? undefined : refused(400, 'invalid_request', 'Non-expiring tokens are no longer given.')
  switch (asked.grant_type) {
    case EXCHANGE: {
      if (asked.subject_token_type !== ID_TOKEN || asked.requested_token_type !== OFFLINE)
        return refused(400, 'invalid_request', 'Unsupported token type.')
      const fault = sessionTokenFault(accounts.app, shop, asked.subject_token ?? '', now)
      if (fault !== undefined) return refused(400, 'invalid_subject_token', fault)
      return expiring() ?? given(accounts.newOfflineLine(shop), 'application_not_installed')
    }
    case 'refresh_token':
      return given(accounts.refresh(shop, asked.refresh_token ?? ''), 'invalid_grant')
    case 'client_credentials':
      return given(accounts.clientCredentials(shop), 'shop_not_permitted')
    case undefined:
      if (!accounts.takeCode(shop, asked.code ?? ''))
        return refused(400, 'invalid_request', 'The authorization code was not found or was already used.')
      return expiring() ?? given(accounts.newOfflineLine(shop), 'application_not_installed')
    default:
      return refused(400, 'unsupported_grant_type', 'There is no such grant.')
  }
}

const page = (title: string, text: string, link?: { readonly to: string; readonly label: string }): string =>
  html`<!doctype html><title>${title}</title><h1>${title}</h1><p>${text}</p>${link && html`<p><a href="${link.to}">${link.label}</a></p>`}`
    .html

const shown = (status: number, body: string): Answer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body,
})

/**
 * The page on which a merchant says yes: its link leads through `?agree=1` back to the app, with code, state and
 * Shopify's signature.
 */
export const answerAuthorize = (accounts: Accounts, { host: shop, path, query, now }: PlatformRequest): Answer => {
  const { app } = accounts
  if (!accounts.has(shop)) return shown(404, page('Not found', 'There is no such store.'))
  const redirect = query.get('redirect_uri') ?? ''
  if (query.get('client_id') !== app.clientId) return shown(400, page('Oauth error', 'There is no such app.'))
  if (!app.redirectUrls().includes(redirect))
    return shown(400, page('Oauth error', 'invalid_request: The redirect_uri is not whitelisted'))
  const scopes = (query.get('scope') ?? '').split(',').filter(Boolean)
  if (query.get('agree') !== '1') {
    const yes = new URLSearchParams([...query, ['agree', '1']])
    return shown(
      200,
      page(`Install the app on ${shop}`, `It asks for: ${scopes.join(', ')}.`, {
        to: `/${shop}${path}?${yes}`,
        label: 'Install',
      }),
    )
  }
  accounts.agree(shop, scopes)
  const back = signedQuery(app, {
    code: accounts.newCode(shop),
    host: Buffer.from(`${shop}/admin`).toString('base64url'),
    shop,
    state: query.get('state') ?? '',
    timestamp: String(Math.floor(now / SECOND)),
  })
  return { status: 302, headers: { location: `${redirect}?${back}` }, body: '' }
}
