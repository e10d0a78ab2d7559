/**
 * An imitation of Pinterest's browser tag: load, page, track, set. The event id stands in the data object. The click
 * id of the landing page's URL is kept in the first-party cookie _epik for a year, as the tag does.
 */
;(() => {
  const origin = new URL(document.currentScript.src).origin
  const YEAR = 31536000
  let tagId
  let person = {}
  let always = {}

  /** undefined in a sandboxed frame, which has no cookies. */
  const cookie = (name) => {
    try {
      const found = document.cookie.split('; ').find((pair) => pair.startsWith(`${name}=`))
      return found && decodeURIComponent(found.slice(name.length + 1))
    } catch {
      return undefined
    }
  }

  const keepClickId = () => {
    const epik = new URLSearchParams(location.search).get('epik')
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that runs the demo
    if (epik) document.cookie = `_epik=${encodeURIComponent(epik)}; path=/; max-age=${YEAR}; SameSite=Lax`
  }

  const hashed = async (text) => {
    if (!text || /^[0-9a-f]{64}$/.test(text)) return text || undefined
    const bytes = new TextEncoder().encode(text.trim().toLowerCase())
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  }

  const hit = async (event, data) => {
    if (!tagId) return
    const [em, externalId] = await Promise.all([hashed(person.em), person.external_id])
    const form = new URLSearchParams({
      tid: tagId,
      event,
      ed: JSON.stringify({ ...always, ...data }),
      pd: JSON.stringify({ em, external_id: externalId, epik: cookie('_epik') }),
      cb: String(Date.now()),
    })
    const sent = fetch(`${origin}/ct.pinterest.com/v3/`, {
      method: 'POST',
      body: form,
      mode: 'no-cors',
      keepalive: true,
    })
    await sent.catch(() => {})
  }

  const commands = {
    load: (id, data = {}) => {
      tagId = id
      person = data
      if (data.fp_cookie !== false) keepClickId()
    },
    page: () => hit('page', {}),
    track: (event, data = {}) => hit(event, data),
    set: (data) => {
      always = { ...always, ...data }
    },
  }
  const run = (command, ...rest) => commands[command]?.(...rest)

  const waiting = window.pintrk?.queue ?? []
  window.pintrk = run
  for (const call of waiting) run(...call)
})()
