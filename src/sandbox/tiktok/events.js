/**
 * An imitation of TikTok's pixel: it works off the array ttq, in which the page's snippet left its calls and, by pixel,
 * its options, and keeps the cookie _ttp.
 */
;(() => {
  const origin = new URL(document.currentScript.src).origin
  const ttq = window.ttq
  if (ttq.isThere) return
  ttq.isThere = true
  const user = {}

  /** undefined in a sandboxed frame, which has no cookies. */
  const visitor = () => {
    try {
      const kept = document.cookie.split('; ').find((pair) => pair.startsWith('_ttp='))
      if (kept) return kept.slice(5)
      const made = `2${crypto.randomUUID().replaceAll('-', '').slice(0, 26)}`
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that runs the demo
      document.cookie = `_ttp=${made}; path=/; max-age=33696000; SameSite=Lax`
      return made
    } catch {
      return undefined
    }
  }

  const hit = (event, properties, eventId) => {
    for (const code of Object.keys(ttq._i ?? {})) {
      const body = JSON.stringify({
        event,
        event_id: eventId,
        properties,
        limited_data_use: ttq._o?.[code]?.limited_data_use ?? false,
        context: {
          pixel: { code },
          user: { ...user, anonymous_id: visitor() },
          ad: { callback: new URLSearchParams(location.search).get('ttclid') ?? undefined },
          page: { url: location.href },
        },
      })
      const address = `${origin}/analytics.tiktok.com/api/v2/pixel`
      fetch(address, { method: 'POST', body, mode: 'no-cors', keepalive: true }).catch(() => {})
    }
  }

  const commands = {
    page: () => hit('Pageview', {}, ''),
    identify: (person) => Object.assign(user, person),
    track: (name, properties = {}, { event_id: eventId } = {}) => hit(name, properties, eventId),
  }
  const waiting = ttq.splice(0)
  for (const name of Object.keys(commands)) ttq[name] = commands[name]
  for (const [name, ...call] of waiting) commands[name]?.(...call)
})()
