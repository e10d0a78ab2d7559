/** What an identifier is, whatever a platform calls it. */
export type IdentifierKind = 'click' | 'email' | 'phone' | 'cookie' | 'person' | 'device' | 'own'

/**
 * The names that destinations use in `matchesOn` and `carries`, by what they are: an ad click's id, an address for mail,
 * a telephone number, a platform's own browser id, name and address of a person, a device, and ids of the shop's own.
 */
const NAMES: Readonly<Record<IdentifierKind, string>> = {
  click: 'click_id fbc gclid gbraid wbraid ttclid sc_click_id _kx',
  email: 'em email emailAddress sha256_email_address',
  phone: 'ph phone phone_number phoneNumber sha256_phone_number',
  cookie: 'fbp ttp sc_cookie1 uuid client_id session_id mapped_user_id retailer_visitor_id sessionAttributes',
  person:
    'fn ln ct st zp country db ge address first_name last_name firstName lastName company birthDate gender street city ' +
    'state region zip_code postalCode',
  device:
    'client_ip_address client_user_agent ip user_agent useragent userAgent ip_address ipAddress ip_override ' +
    'screen_dimensions language',
  own: 'external_id user_id customer_id customerId clientId anonymous_id',
}

const KINDS: ReadonlyMap<string, IdentifierKind> = new Map(
  (Object.entries(NAMES) as [IdentifierKind, string][]).flatMap(([kind, names]) =>
    names.split(' ').map((name) => [name, kind] as const),
  ),
)

/** An id that the shop made up counts as its own, whatever it is called. */
export const kindOf = (name: string): IdentifierKind => KINDS.get(name) ?? 'own'
