/**
 * Names of the cookies in which platforms keep their browser and click ids. Apart from browser-ids.ts because the web
 * pixel's bundle imports it: it must drag nothing along.
 */
export const COOKIES = {
  epik: '_epik',
  fbc: '_fbc',
  fbp: '_fbp',
  ttp: '_ttp',
  scid: '_scid',
  rdtUuid: '_rdt_uuid',
  ga: '_ga',
  klaviyo: '__kla_id',
  gum: 'crto_mapped_user_id',
  gumOptOut: 'crto_is_user_optout',
  klaOff: '__kla_off',
  gclid: '_gcl_aw',
  gclidFirstParty: 'FPGCLAW',
  gbraid: '_gcl_ag',
  gbraidFirstParty: 'FPGCLAG',
  wbraid: '_gcl_gb',
  wbraidFirstParty: 'FPGCLGB',
  // Of no platform: tools that keep the clicks of landing pages name them so.
  ttclid: 'ttclid',
  sccid: '_scclid',
  rdtCid: '_rdt_cid',
} as const

/** The cookies that the pixel reads by name. */
export const BROWSER_ID_COOKIES: readonly string[] = Object.values(COOKIES)

/** Google Analytics keeps one more cookie per measurement id, `_ga_<id without "G-">`. */
const GA_SESSION_COOKIE = /^_ga_([A-Z0-9]{4,20})$/

/** The measurement id, without "G-", whose session a cookie of this name keeps; undefined for any other cookie. */
export const gaSessionOf = (cookie: string): string | undefined =>
  cookie.startsWith('_ga_') ? GA_SESSION_COOKIE.exec(cookie)?.[1] : undefined
