/**
 * An imitation of Snap's pixel: init and track, with the short names that its hits use, and the cookie _scid. It takes
 * over the waiting line of the page's snaptr by its member handleRequest, as Snap's does.
 */
;(() => {
  const origin = new URL(document.currentScript.src).origin
  const snaptr = window.snaptr
  if (snaptr.handleRequest) return
  const people = new Map()

  /** undefined in a sandboxed frame, which has no cookies. */
  const visitor = () => {
    try {
      const kept = document.cookie.split('; ').find((pair) => pair.startsWith('_scid='))
      if (kept) return kept.slice(6)
      const made = crypto.randomUUID()
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that runs the demo
      document.cookie = `_scid=${made}; path=/; max-age=33696000; SameSite=Lax`
      return made
    } catch {
      return undefined
    }
  }

  const SHORT = { price: 'e_pr', currency: 'e_cur', transaction_id: 'e_tid', client_dedup_id: 'cdid' }
  const hit = (pid, name, data) => {
    const form = new URLSearchParams({ pid, ev: name, pl: location.href })
    for (const [key, value] of Object.entries(data)) form.set(SHORT[key] ?? key, String(value))
    if (data.item_ids) form.set('e_iids', data.item_ids.join(';'))
    const email = people.get(pid)?.user_hashed_email
    if (email) form.set('u_hem', email)
    const id = visitor()
    if (id) form.set('u_c1', id)
    fetch(`${origin}/tr.snapchat.com/p`, { method: 'POST', body: form, mode: 'no-cors', keepalive: true }).catch(
      () => {},
    )
  }

  const commands = {
    init: (id, person = {}) => {
      people.set(id, person)
      visitor()
    },
    track: (name, data = {}) => {
      for (const id of people.keys()) hit(id, name, data)
    },
  }
  snaptr.handleRequest = (command, ...rest) => commands[command]?.(...rest)
  for (const call of snaptr.queue.splice(0)) snaptr.handleRequest(...call)
})()
