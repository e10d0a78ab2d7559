/**
 * Personal data made unreadable for people who look, while its form stays visible. Applied to everything that leaves
 * for the dashboard.
 */
const PERSONAL = new Set(
  (
    'email phone firstName lastName first_name last_name name company birthDate gender street address1 address2 city ' +
    'postalCode zip ip browser_ip client_ip_address userAgent user_agent contact_email smsMarketingPhone ' +
    'sms_marketing_phone em ph fn ln ge db ct zp st ' +
    'external_id click_id epik fbclid fbc fbp ttclid ttp sccid scid rdtCid rdtUuid gclid gbraid wbraid gaClientId kx klaCid ' +
    'klaExchangeId gum customerId customer_id clientId latitude longitude order_status_url abandoned_checkout_url ' +
    'checkoutUrl landing_site client_user_agent authorization token cart_token checkout_token cartToken checkoutToken ' +
    'reference source_identifier note credit_card_name ' +
    // Platforms' spellings of the same.
    'phone_number phoneNumber external_id anonymous_id _kx organization zip address1 address2 region latitude longitude ' +
    'ip_address ip_override sc_click_id sc_cookie1 uuid client_id user_id clientId userId useragent mapped_user_id ' +
    'retailer_visitor_id emailAddress givenName familyName postal_code postalCode ipAddress'
  ).split(' '),
)

/** Names that are personal only inside certain objects; a product has a name too. */
const NAME_OF_PERSON = /(?:address|customer|identity|location)$/i

/** What shoppers, themes and platforms put in here is anything at all. */
const FREE = new Set(['note_attributes', 'attributes', 'properties', 'cookies', 'gaSessions'])

/** "maya@example.com" -> "ma…(16)": the first letters and the length tell a support engineer enough. */
const shortened = (text: string): string => (text.length <= 4 ? '…' : `${text.slice(0, 2)}…(${text.length})`)

const EMAIL = /[\p{L}\p{N}_.+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu
const IPV4 = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g
const IPV6 =
  /(?<![\w:])(?:(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,6}:(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?)(?![\w:])/gi
const PHONE = /(?<!\d)\+\d{8,15}(?!\d)/g
/** Hashes and checkout tokens; whoever holds a checkout's token can claim its order. */
const HEX = /(?<![0-9a-z])[0-9a-f]{32,}(?![0-9a-z])/gi
/** Cart tokens, "hWN7k2QmZr4TtXb9LcVfPdSa": long, with digits and letters of both cases. */
const TOKEN = /(?<![A-Za-z0-9])(?=[A-Za-z]*\d)(?=[A-Z0-9]*[a-z])(?=[a-z0-9]*[A-Z])[A-Za-z0-9]{20,}(?![A-Za-z0-9])/g
const PARAMETER = /([?&][^=&#\s]+=)[^&#\s]*/g
/** The token in the address of a checkout, "/checkouts/cn/hWN7k2…/en-us". */
const CHECKOUT = /(\/checkouts\/(?:[a-z]{2}\/)?)[\w-]+/gi
const CUSTOMER = /(gid:\/\/shopify\/Customer\/)\d+/g

/** Text that is not personal by its name, without what is personal by its form. */
const concealed = (text: string): string =>
  text
    .replace(CHECKOUT, '$1…')
    .replace(CUSTOMER, '$1…')
    .replace(/^[?/]|^https?:\/\//.test(text) ? PARAMETER : /(?!)/g, '$1…')
    .replace(EMAIL, shortened)
    .replace(PHONE, shortened)
    .replace(IPV4, shortened)
    .replace(IPV6, shortened)
    .replace(HEX, shortened)
    .replace(TOKEN, shortened)

/** A copy of JSON with personal values masked, however deep. URLs lose the values of their parameters. */
export const mask = (value: unknown): unknown => masked(value, FREE)

/** The same for a request that we made: what Shopify calls properties and attributes is ours there, and tells nobody. */
export const maskRequest = (value: unknown): unknown => masked(value, NOTHING)

const NOTHING: ReadonlySet<string> = new Set()

const masked = (
  value: unknown,
  anything: ReadonlySet<string>,
  key = '',
  inside = '',
  free: Free = undefined,
): unknown => {
  if (Array.isArray(value))
    return value.map((one) => masked(one, anything, key, inside, anything.has(key) ? 'entries' : free))
  if (typeof value === 'object' && value !== null) {
    const within = free ?? (anything.has(key) ? 'values' : undefined)
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, masked(inner, anything, name, key, within)]),
    )
  }
  const personal = isPersonal(key, inside, free)
  if (typeof value === 'number') return personal ? '…' : value
  if (typeof value !== 'string') return value
  return personal ? shortened(value) : concealed(value)
}

/** Inside free content: entries of a name (or key) and a value, or values under any key. */
type Free = 'entries' | 'values' | undefined

const isPersonal = (key: string, inside: string, free: Free): boolean => {
  if (free) return free === 'values' || (key !== 'name' && key !== 'key')
  if (key === 'name' || key === 'city' || key === 'id')
    return NAME_OF_PERSON.test(inside) && (key !== 'id' || inside === 'customer')
  return PERSONAL.has(key)
}

/** Longest answer that is kept. */
const LONGEST_ANSWER = 2048

/** Credentials and addresses taken out of a platform's answer before it is stored; at most 2,048 characters of it. */
export const redactAnswer = (text: string): string => {
  // What the cut left half could no longer be told for what it was.
  const kept = text.length > LONGEST_ANSWER ? text.slice(0, LONGEST_ANSWER).replace(/[\w.+@:-]+$/, '') : text
  return kept
    .replace(EMAIL, '<email>')
    .replace(/\b(?:Bearer\s+)?(?:pina|shp[a-z]{2}|ya29)[_.][\w.-]{6,}/gi, '<token>')
    .replace(/(?<![0-9a-z])[0-9a-f]{64}(?![0-9a-z])/gi, '<hash>')
    .replace(PHONE, '<phone>')
    .replace(IPV4, '<ip>')
    .replace(IPV6, '<ip>')
}
