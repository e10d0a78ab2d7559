/**
 * What Shopify's own script does on a store's pages: it keeps the client id, publishes the standard events to the web
 * pixel's worker and to the custom pixel's frame, answers the worker's questions about cookies and storage, and honours
 * the visitor's consent.
 */
;(() => {
  const page = JSON.parse(document.querySelector('#page-data').textContent)
  const YEAR = 31536000
  let privacy = page.privacy
  let seq = 0

  const readCookies = (name) => {
    if (name === undefined) return document.cookie
    const found = document.cookie.split('; ').find((pair) => pair.startsWith(`${name}=`))
    return found ? decodeURIComponent(found.slice(name.length + 1)) : ''
  }
  const writeCookie = (text) => {
    // biome-ignore lint/suspicious/noDocumentCookie: the pixel's own call is a cookie text
    document.cookie = text
    return ''
  }
  const clientId = () => {
    const known = readCookies('_demo_client')
    if (known) return known
    const made = crypto.randomUUID()
    writeCookie(`_demo_client=${made}; path=/; max-age=${YEAR}; SameSite=Lax`)
    return made
  }

  const placeOf = ({ href, hash, host, hostname, origin, pathname, port, protocol, search }) => ({
    href,
    hash,
    host,
    hostname,
    origin,
    pathname,
    port,
    protocol,
    search,
  })
  const context = () => ({
    document: {
      characterSet: document.characterSet,
      location: placeOf(location),
      referrer: document.referrer,
      title: document.title,
    },
    navigator: {
      cookieEnabled: navigator.cookieEnabled,
      language: navigator.language,
      languages: navigator.languages,
      userAgent: navigator.userAgent,
    },
    window: {
      innerHeight,
      innerWidth,
      location: placeOf(location),
      origin: location.origin,
      outerHeight,
      outerWidth,
      pageXOffset: scrollX,
      pageYOffset: scrollY,
      screen: { height: screen.height, width: screen.width },
      screenX,
      screenY,
      scrollX,
      scrollY,
    },
  })

  // The pixel in its worker

  let worker
  let ready
  const handled = new Map()

  const areas = {
    cookie: { get: readCookies, set: (name, value) => writeCookie(value === undefined ? name : `${name}=${value}`) },
    localStorage,
    sessionStorage,
  }
  const answer = ({ id, area, method, args }) => {
    const target = areas[area]
    const member = target[method]
    worker.postMessage({
      kind: 'answer',
      id,
      value: typeof member === 'function' ? member.apply(target, args) : member,
    })
  }

  const pixelMayLoad = () =>
    page.blocker !== 'all' &&
    (!page.declared.analytics || privacy.analyticsProcessingAllowed) &&
    (!page.declared.marketing || privacy.marketingAllowed) &&
    (!page.declared.preferences || privacy.preferencesProcessingAllowed) &&
    (page.declared.saleOfData !== 'enabled' || privacy.saleOfDataAllowed)

  const loadPixel = () => {
    if (worker || !pixelMayLoad()) return
    worker = new Worker('/assets/pixel-worker.js', { type: 'module' })
    ready = new Promise((resolve) => {
      worker.onmessage = ({ data }) => {
        if (data.kind === 'ready') resolve()
        else if (data.kind === 'ask') answer(data)
        else if (data.kind === 'handled') handled.get(data.id)?.()
      }
    })
    const init = { context: context(), data: page.init, customerPrivacy: privacy }
    worker.postMessage({ kind: 'start', pixelUrl: `${location.origin}/assets/pixel.js`, init, settings: page.settings })
  }

  // The merchant's custom pixel, in a frame

  let frame
  let frameReady
  const loadCustomPixel = () => {
    if (frame || !page.customPixel || page.blocker === 'all' || !privacy.marketingAllowed) return
    const init = { context: context(), data: page.init, customerPrivacy: privacy }
    const data = JSON.stringify({ init }).replaceAll('<', '\\u003c')
    const script = (path) => `<script src="${location.origin}${path}"></script>`
    frame = document.createElement('iframe')
    frame.hidden = true
    frame.setAttribute('sandbox', 'allow-scripts allow-forms')
    frame.srcdoc = `<script type="application/json" id="frame-data">${data}</script>${script('/assets/custom-pixel-frame.js')}${script(page.customPixel)}`
    frameReady = new Promise((resolve) => {
      addEventListener('message', ({ data }) => {
        if (data?.kind === 'custom-pixel-ready') resolve()
      })
    })
    document.body.append(frame)
  }

  // What themes and apps find on the page

  window.Shopify = {
    routes: { root: '/' },
    analytics: { publish: (name, customData) => publish({ name, customData }) },
    loadFeatures: (_features, done) => {
      // Blockers' lists have Shopify's consent script too.
      if (page.blocker === 'all') return done(new Error('The script is blocked.'))
      const allowed = (purpose) => () => privacy[purpose]
      window.Shopify.customerPrivacy = Object.fromEntries(
        Object.keys(privacy).map((purpose) => [purpose, allowed(purpose)]),
      )
      done()
    },
  }

  // Events

  /** Publishes an event to the pixels; resolves when the web pixel is done with it, after a second at the latest. */
  const publish = async ({ name, data, customData }) => {
    seq++
    const id = `sh-${crypto.randomUUID().toUpperCase()}`
    const event = {
      id,
      clientId: clientId(),
      name,
      type: customData === undefined ? 'standard' : 'custom',
      seq,
      timestamp: new Date().toISOString(),
      context: context(),
      ...(customData === undefined ? { data } : { customData }),
    }
    if (frame) frameReady.then(() => frame.contentWindow.postMessage({ kind: 'event', event }, '*'))
    if (!worker) return
    await Promise.race([
      (async () => {
        await ready
        const done = new Promise((resolve) => handled.set(id, resolve))
        worker.postMessage({ kind: 'event', event })
        await done
        handled.delete(id)
      })(),
      new Promise((resolve) => setTimeout(resolve, 1000)),
    ])
  }
  const publishAll = (events) => Promise.all(events.map(publish))

  // Forms: each answers with the events to publish and where to go

  const say = (form, text) => {
    const place = form.querySelector('[role=status]')
    if (place) place.textContent = text
  }

  const submit = async (form) => {
    const button = form.querySelector('button')
    button.disabled = true
    if (form.dataset.busy) say(form, form.dataset.busy)
    try {
      const response = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) })
      const result = await response.json()
      if (!response.ok) return say(form, result.error)
      if (result.privacy) {
        privacy = result.privacy
        worker?.postMessage({ kind: 'privacy', privacy })
        document.dispatchEvent(new CustomEvent('visitorConsentCollected', { detail: privacy }))
        form.closest('.banner')?.remove()
        frame?.contentWindow.postMessage({ kind: 'privacy', privacy }, '*')
        loadCustomPixel()
        loadPixel()
      }
      if (result.cartCount !== undefined) document.querySelector('#cart-count').textContent = result.cartCount
      if (result.message) say(form, result.message)
      const published = publishAll(result.events ?? [])
      const step = form.closest('[data-step]')
      if (step && !result.goTo) openStep(Number(step.dataset.step) + 1)
      if (result.goTo) {
        await published
        location.assign(result.goTo)
      }
    } catch {
      say(form, 'The demo store does not answer. Is it still running?')
    } finally {
      button.disabled = false
    }
  }

  const openStep = (number) => {
    for (const step of document.querySelectorAll('[data-step]'))
      step.classList.toggle('open', Number(step.dataset.step) <= number)
    document.querySelector(`[data-step="${number}"] input:not([type=hidden]), [data-step="${number}"] button`)?.focus()
  }

  for (const form of document.querySelectorAll('form[data-live]'))
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      submit(form)
    })
  for (const choice of document.querySelectorAll('select[data-go]'))
    choice.addEventListener('change', () => location.assign(choice.value))

  loadCustomPixel()
  loadPixel()
  publishAll(page.events)
})()
