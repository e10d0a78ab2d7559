/** A market's prefix, such as `/en-ch`. Languages of three letters are rare, and `/app` is none. */
const MARKET = '(?:/[a-z]{2}(?:-[a-z0-9]{2,4})?)?'

/** Origin and path. A name or password before an @ leaves nothing to read. */
const ADDRESS = /^(https?:\/\/[^/?#@\s]+)(\/[^?#\s]*)?(?:[?#]|$)/i
const HOME = new RegExp(`^${MARKET}/?$`, 'i')
/** Pages that look alike to everybody: their paths name things, not people. */
const SHELVES = new RegExp(`^${MARKET}/(?:products|collections|pages|blogs|policies)(?:/|$)`, 'i')
/** The first word of a path, behind the market. */
const FIRST_WORD = new RegExp(`^${MARKET}/[^/]*`, 'i')

/** Whether a URL is the store's front page, or that of one of its markets. */
export const isHomePage = (url: string | undefined): boolean => {
  const found = url === undefined ? null : ADDRESS.exec(url)
  return found !== null && HOME.test(found[2] ?? '/')
}

/**
 * A page's address as far as it can hold nothing personal. No parameter is kept: Criteo names none that it reads, and
 * any may carry an address or a key. Of a checkout, an order, an account or a page that is not known only the first word
 * stays, since tokens follow it.
 */
export const bareAddress = (url: string): string | undefined => {
  const [, origin, path = '/'] = ADDRESS.exec(url) ?? []
  if (origin === undefined) return undefined
  const kept = SHELVES.test(path) ? path : (FIRST_WORD.exec(path)?.[0] ?? '/')
  return kept.includes('@') || kept.includes('%40') ? `${origin}/` : origin + kept
}

/** The page before: of the store's own pages the bare address, of strangers' only whose they are. */
export const bareReferrer = (url: string, store: string | undefined): string | undefined => {
  const origin = ADDRESS.exec(url)?.[1]
  if (origin === undefined) return undefined
  const own = store === undefined ? undefined : ADDRESS.exec(store)?.[1]
  return origin === own ? bareAddress(url) : `${origin}/`
}
