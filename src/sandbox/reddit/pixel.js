/**
 * An imitation of Reddit's pixel: init and track, and the cookie _rdt_uuid. It takes over the waiting line of the page's
 * rdt by its member sendEvent, as Reddit's does.
 */
;(() => {
  const origin = new URL(document.currentScript.src).origin
  const rdt = window.rdt
  if (rdt.sendEvent) return
  const pixels = new Map()

  /** undefined in a sandboxed frame, which has no cookies. */
  const visitor = () => {
    try {
      const kept = document.cookie.split('; ').find((pair) => pair.startsWith('_rdt_uuid='))
      if (kept) return kept.slice(10)
      const made = `${Date.now()}.${crypto.randomUUID()}`
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that runs the demo
      document.cookie = `_rdt_uuid=${made}; path=/; max-age=7776000; SameSite=Lax`
      return made
    } catch {
      return undefined
    }
  }

  const hit = (id, event, data) => {
    const { customEventName, products, ...rest } = data
    const { externalId, dpm } = pixels.get(id) ?? {}
    const query = new URLSearchParams({ id, event, ts: String(Date.now()) })
    for (const [key, value] of Object.entries(rest))
      query.set(`m.${key === 'value' ? 'valueDecimal' : key}`, String(value))
    if (customEventName) query.set('m.customEventName', customEventName)
    if (products) query.set('m.products', JSON.stringify(products))
    if (externalId) query.set('external_id', externalId)
    if (dpm) query.set('dpm', dpm)
    const uuid = visitor()
    if (uuid) query.set('uuid', uuid)
    fetch(`${origin}/alb.reddit.com/rp.gif?${query}`, { mode: 'no-cors', keepalive: true }).catch(() => {})
  }

  const commands = {
    init: (id, person = {}) => {
      pixels.set(id, person)
      visitor()
    },
    track: (name, data = {}) => {
      for (const id of pixels.keys()) hit(id, name, data)
    },
  }
  rdt.sendEvent = (command, ...rest) => commands[command]?.(...rest)
  for (const call of rdt.callQueue.splice(0)) rdt.sendEvent(...call)
})()
