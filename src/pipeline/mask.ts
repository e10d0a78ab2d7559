/**
 * Personal data made unreadable for people who look, while its form stays visible. Applied to everything that leaves
 * for the dashboard.
 */
const PERSONAL = new Set(
  (
    'email phone firstName lastName first_name last_name name company birthDate gender street address1 address2 city ' +
    'postalCode zip ip browser_ip client_ip_address userAgent user_agent contact_email smsMarketingPhone em ph fn ln ge db ct zp ' +
    'external_id click_id epik fbclid fbc fbp ttclid ttp sccid scid rdtCid rdtUuid gclid gbraid wbraid gaClientId kx klaCid ' +
    'klaExchangeId gum customerId clientId latitude longitude order_status_url abandoned_checkout_url landing_site ' +
    'client_user_agent st authorization'
  ).split(' '),
)

/** Names that are personal only inside certain objects; a product has a name too. */
const NAME_OF_PERSON = /(?:address|customer|identity)$/i

/** "maya@example.com" -> "ma…(16)": the first letters and the length tell a support engineer enough. */
const masked = (text: string): string => (text.length <= 4 ? '…' : `${text.slice(0, 2)}…(${text.length})`)

/** A copy of JSON with personal values masked, however deep. URLs lose the values of their parameters. */
export const mask = (value: unknown, key = '', inside = ''): unknown => {
  if (Array.isArray(value)) return value.map((one) => mask(one, key, inside))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mask(inner, name, key)]))
  if (typeof value === 'number') return PERSONAL.has(key) && key !== 'name' ? '…' : value
  if (typeof value !== 'string') return value
  if (key === 'name' || key === 'city') return NAME_OF_PERSON.test(inside) ? masked(value) : value
  if (PERSONAL.has(key)) return masked(value)
  return /^https?:\/\//.test(value) || value.startsWith('/') ? value.replace(/([?&][^=&#]+=)[^&#]*/g, '$1…') : value
}

/** Credentials and addresses taken out of a platform's answer before it is stored. */
export const redactAnswer = (text: string): string =>
  text
    .slice(0, 2048)
    .replace(/[\w.+-]+@[\w-]+\.[\w.]+/g, '<email>')
    .replace(/\b(?:Bearer\s+)?(?:pina|shp[a-z]{2}|ya29)[_.][\w.-]{6,}/gi, '<token>')
    .replace(/\b[0-9a-f]{64}\b/gi, '<hash>')
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '<ip>')
