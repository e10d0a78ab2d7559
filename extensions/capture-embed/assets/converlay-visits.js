/**
 * Tells of page and product views where the store's web pixel is kept from running: the common lists block the sandbox
 * that Shopify runs pixels in. It waits whether the pixel comes, so that nothing is told twice, and tells only what the
 * visitor allowed, or what nobody need be asked about.
 */
;(() => {
  const page = JSON.parse(document.querySelector('#converlay-visits').textContent)
  /** Passed on by Shopify to Converlay, signed. */
  const ADDRESS = '/apps/visit'
  /** What the pixel leaves in the session when it starts. */
  const PIXEL_WAS_HERE = 'converlay_landing'
  /** Longest wait for the pixel, which begins after the page; who leaves earlier is told of when leaving. */
  const PATIENCE = 5000

  /** What is stored under a name, else made and stored. A browser may keep its storage shut. */
  const kept = (area, key, made) => {
    try {
      const known = window[area].getItem(key)
      if (known) return known
      window[area].setItem(key, made)
    } catch {}
    return made
  }
  const pixelRuns = () => {
    try {
      return sessionStorage.getItem(PIXEL_WAS_HERE) !== null
    } catch {
      return false
    }
  }

  /** Shopify's answer about this visitor; undefined while its script is not there, and it may be blocked too. */
  const consent = () => {
    const privacy = window.Shopify?.customerPrivacy
    if (typeof privacy?.marketingAllowed !== 'function') return undefined
    return {
      analytics: privacy.analyticsProcessingAllowed(),
      marketing: privacy.marketingAllowed(),
      preferences: privacy.preferencesProcessingAllowed(),
      saleOfData: privacy.saleOfDataAllowed(),
    }
  }
  /** Where the market of the page is, or where the clock of the browser is set. */
  const mustBeAsked = () => {
    const asked = page.asked.toUpperCase().split(/[^A-Z*]+/)
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
    return asked.includes('*') || asked.includes(page.country) || (asked.length > 1 && /^Europe\//.test(timeZone))
  }

  const uuid = () => `cv-${crypto.randomUUID()}`
  const at = new Date().toISOString()
  const eventOf = (clientId) => (name, seq) => ({
    id: uuid(),
    clientId,
    name,
    type: 'standard',
    seq,
    timestamp: at,
    context: {
      document: { location: { href: location.href }, referrer: document.referrer, title: document.title },
      navigator: { userAgent: navigator.userAgent, language: navigator.language },
      window: { screen: { width: screen.width, height: screen.height } },
    },
    data: name === 'product_viewed' ? { productVariant: page.variant } : {},
  })

  const cartToken = async () => {
    const answer = await fetch('/cart.js', { headers: { accept: 'application/json' } })
    const { token } = await answer.json()
    return typeof token === 'string' ? token.split('?')[0] : undefined
  }

  let over = false
  const tell = async (leaving) => {
    if (over || pixelRuns()) return
    const allowed = consent()
    const gpc = navigator.globalPrivacyControl
    if (allowed ? !(allowed.analytics && allowed.marketing) : mustBeAsked()) return
    over = true
    // Who leaves is not kept for a question.
    const token = page.hasCart && !leaving ? await cartToken().catch(() => undefined) : undefined
    const first = JSON.stringify({ url: location.href, referrer: document.referrer, at })
    const names = ['page_viewed', ...(page.variant ? ['product_viewed'] : [])]
    const body = {
      v: 1,
      sentAt: new Date().toISOString(),
      country: page.country,
      events: names.map(eventOf(kept('localStorage', 'converlay_visitor', uuid()))),
      landing: JSON.parse(kept('sessionStorage', 'converlay_visits_landing', first)),
      store: page.store,
      ...(allowed || gpc ? { consent: { ...allowed, ...(gpc ? { gpc } : {}) } } : {}),
      ...(token ? { cart: { token } } : {}),
    }
    await fetch(ADDRESS, { method: 'POST', body: JSON.stringify(body), keepalive: true }).catch(() => {})
  }

  // The answer is known only when Shopify's script is loaded. It says nothing where that is blocked.
  window.Shopify?.loadFeatures?.([{ name: 'consent-tracking-api', version: '0.1' }], () => {})
  setTimeout(tell, PATIENCE)
  addEventListener('pagehide', () => tell(true))
  // A visitor who is asked on this page, and agrees.
  document.addEventListener('visitorConsentCollected', () => setTimeout(tell, PATIENCE))
})()
