/**
 * The lax sandbox of a merchant's custom pixel: a frame without an origin, which may load scripts and has no cookies.
 * Its globals are those that Shopify gives; the page outside sends the events.
 */
;(() => {
  const { init } = JSON.parse(document.querySelector('#frame-data').textContent)
  const subscribers = []
  const privacySubscribers = []
  window.init = init
  window.analytics = { subscribe: (name, take) => subscribers.push([name, take]) }
  window.customerPrivacy = {
    subscribe: (name, take) => {
      if (name === 'visitorConsentCollected') privacySubscribers.push(take)
    },
  }
  addEventListener('message', ({ data }) => {
    if (data.kind === 'event') for (const [name, take] of subscribers) if (name === data.event.name) take(data.event)
    if (data.kind === 'privacy') for (const take of privacySubscribers) take({ customerPrivacy: data.privacy })
  })
  addEventListener('load', () => parent.postMessage({ kind: 'custom-pixel-ready' }, '*'))
})()
