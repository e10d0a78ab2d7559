/**
 * An imitation of Meta's pixel: init, track and trackSingle, limited use, and the cookies _fbp and _fbc. It takes over
 * the waiting line of the page's fbq by its member callMethod, as Meta's does.
 */
;(() => {
  const origin = new URL(document.currentScript.src).origin
  const fbq = window.fbq
  if (fbq.callMethod) return
  const QUARTER = 7776000
  const pixels = new Map()
  let limited = false

  const cookie = (name) =>
    document.cookie
      .split('; ')
      .find((pair) => pair.startsWith(`${name}=`))
      ?.slice(name.length + 1)
  const keep = (name, value) => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that runs the demo
    document.cookie = `${name}=${value}; path=/; max-age=${QUARTER}; SameSite=Lax`
  }
  /** undefined in a sandboxed frame, which has no cookies. */
  const cookies = () => {
    try {
      const click = new URLSearchParams(location.search).get('fbclid')
      if (click) keep('_fbc', `fb.1.${Date.now()}.${click}`)
      if (!cookie('_fbp')) keep('_fbp', `fb.1.${Date.now()}.${Math.floor(Math.random() * 1e10)}`)
      return { fbp: cookie('_fbp'), fbc: cookie('_fbc') }
    } catch {
      return {}
    }
  }

  const flat = (value) => (typeof value === 'object' ? JSON.stringify(value) : String(value))
  const hit = (id, name, data = {}, { eventID } = {}) => {
    const form = new URLSearchParams({ id, ev: name, v: '2.9.200' })
    if (eventID) form.set('eid', eventID)
    if (limited) form.set('dpo', 'LDU')
    for (const [key, value] of Object.entries(data)) form.set(`cd[${key}]`, flat(value))
    for (const [key, value] of Object.entries(pixels.get(id) ?? {})) form.set(`ud[${key}]`, value)
    for (const [key, value] of Object.entries(cookies())) if (value) form.set(key, value)
    fetch(`${origin}/www.facebook.com/tr/`, { method: 'POST', body: form, mode: 'no-cors', keepalive: true }).catch(
      () => {},
    )
  }

  const commands = {
    dataProcessingOptions: (options) => {
      limited = options.includes('LDU')
    },
    init: (id, person = {}) => {
      pixels.set(id, person)
      cookies()
    },
    track: (name, data, options) => {
      for (const id of pixels.keys()) hit(id, name, data, options)
    },
    trackSingle: hit,
    trackCustom: (name, data, options) => commands.track(name, data, options),
    trackSingleCustom: hit,
  }
  fbq.callMethod = (command, ...rest) => commands[command]?.(...rest)
  for (const call of fbq.queue.splice(0)) fbq.callMethod(...call)
})()
