/**
 * The strict sandbox of a web pixel: a worker without a document. What the pixel may touch of the page it gets as
 * promises that the top frame answers.
 */
let render
globalThis.shopify = {
  extend: (point, callback) => {
    if (point === 'WebPixel::Render') render = callback
  },
}

const waiting = new Map()
let asked = 0
const ask = (area, method, ...args) =>
  new Promise((resolve) => {
    asked++
    waiting.set(asked, resolve)
    postMessage({ kind: 'ask', id: asked, area, method, args })
  })

const storage = (area) => ({
  getItem: (key) => ask(area, 'getItem', key),
  setItem: (key, value) => ask(area, 'setItem', key, value),
  removeItem: (key) => ask(area, 'removeItem', key),
  clear: () => ask(area, 'clear'),
  key: (index) => ask(area, 'key', index),
  length: () => ask(area, 'length'),
})

const subscribers = []
const privacySubscribers = []
const wants = (name, event) =>
  name === event.name ||
  name === 'all_events' ||
  (name === 'all_standard_events' && event.type === 'standard') ||
  (name === 'all_custom_events' && event.type === 'custom')

const start = async ({ pixelUrl, init, settings }) => {
  await import(pixelUrl)
  render?.({
    analytics: {
      subscribe: async (name, callback) => {
        subscribers.push([name, callback])
      },
    },
    browser: {
      cookie: { get: (name) => ask('cookie', 'get', name), set: (...args) => ask('cookie', 'set', ...args) },
      localStorage: storage('localStorage'),
      sessionStorage: storage('sessionStorage'),
      sendBeacon: async (url, body) => (await fetch(url, { method: 'POST', body, keepalive: true })).ok,
    },
    init,
    customerPrivacy: {
      subscribe: async (name, callback) => {
        if (name === 'visitorConsentCollected') privacySubscribers.push(callback)
      },
    },
    settings,
  })
  postMessage({ kind: 'ready' })
}

const handle = async (event) => {
  const calls = subscribers.filter(([name]) => wants(name, event)).map(async ([, callback]) => callback(event))
  await Promise.allSettled(calls)
  postMessage({ kind: 'handled', id: event.id })
}

addEventListener('message', ({ data }) => {
  if (data.kind === 'start') start(data)
  else if (data.kind === 'event') handle(data.event)
  else if (data.kind === 'privacy')
    for (const callback of privacySubscribers) callback({ customerPrivacy: data.privacy })
  else if (data.kind === 'answer') {
    waiting.get(data.id)?.(data.value)
    waiting.delete(data.id)
  }
})
