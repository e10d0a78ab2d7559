/**
 * An imitation of Google's gtag.js: events of Analytics (G-…) and conversions of Ads (AW-…/label) out of the page's
 * dataLayer, under what the page's consent allows, and the cookies _ga and _gcl_aw.
 */
;(() => {
  const origin = new URL(document.currentScript.src).origin
  const layer = window.dataLayer
  if (layer.isThere) return
  layer.isThere = true
  const consent = {}

  const cookie = (name) =>
    document.cookie
      .split('; ')
      .find((pair) => pair.startsWith(`${name}=`))
      ?.slice(name.length + 1)
  const keep = (name, value, seconds) => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that runs the demo
    document.cookie = `${name}=${value}; path=/; max-age=${seconds}; SameSite=Lax`
  }
  const made = `${Math.floor(Math.random() * 2 ** 31)}.${Math.floor(Date.now() / 1000)}`
  /** In a sandboxed frame, which has no cookies, a client of its own and no click. */
  const visitor = () => {
    try {
      const click = new URLSearchParams(location.search).get('gclid')
      if (click) keep('_gcl_aw', `GCL.${Math.floor(Date.now() / 1000)}.${click}`, 7776000)
      if (!cookie('_ga')) keep('_ga', `GA1.1.${made}`, 63072000)
      return { client: cookie('_ga').slice('GA1.1.'.length), click: cookie('_gcl_aw')?.split('.').slice(2).join('.') }
    } catch {
      return { client: made }
    }
  }

  const send = (address) =>
    fetch(`${origin}/${address}`, { method: 'POST', mode: 'no-cors', keepalive: true }).catch(() => {})
  const npa = () => (consent.ad_personalization === 'denied' ? { npa: '1' } : {})

  const analytics = (tid, name, { items = [], transaction_id: order, value, currency }) => {
    const query = new URLSearchParams({
      v: '2',
      tid,
      cid: visitor().client,
      sid: made.split('.')[1],
      en: name,
      ...npa(),
    })
    if (order !== undefined) query.set('ep.transaction_id', order)
    if (value !== undefined) query.set('epn.value', String(value))
    if (currency !== undefined) query.set('cu', currency)
    for (const [index, item] of items.entries())
      query.set(`pr${index + 1}`, `id${item.item_id}~nm${item.item_name}~pr${item.price}`)
    send(`www.google-analytics.com/g/collect?${query}`)
  }
  const conversion = (target, { transaction_id: order, value, currency }) => {
    const [id, label] = target.slice('AW-'.length).split('/')
    const query = new URLSearchParams({ label, ...npa() })
    if (order !== undefined) query.set('oid', order)
    if (value !== undefined) query.set('value', String(value))
    if (currency !== undefined) query.set('currency_code', currency)
    const { click } = visitor()
    if (click) query.set('gclaw', click)
    send(`www.googleadservices.com/pagead/conversion/${id}/?${query}`)
  }

  const commands = {
    consent: (_when, choices) => Object.assign(consent, choices),
    config: () => visitor(),
    event: (name, data = {}) => {
      const target = data.send_to ?? ''
      if (target.startsWith('AW-')) conversion(target, data)
      else if (target.startsWith('G-')) analytics(target, name, data)
    },
  }
  const run = ([command, ...rest]) => commands[command]?.(...rest)
  for (const call of layer) run(call)
  layer.push = (call) => run(call)
})()
