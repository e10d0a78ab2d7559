const orders = (count: number) => `${count.toLocaleString()} ${count === 1 ? 'order' : 'orders'}`

/** The words of the first page. */
export const H = {
  allWell: 'Everything is working.',
  noPlatform: 'Events are collected. No platform is connected yet.',
  look: (platforms: string) => `${platforms} ${platforms.includes(',') ? 'need' : 'needs'} a look.`,
  stopped: (platforms: string) =>
    `${platforms} ${platforms.includes(',') ? 'need' : 'needs'} you: nothing is sent there.`,
  lights: { ok: 'Working', look: 'Needs a look', paused: 'Paused', stopped: 'Needs you' },

  ordersToday: 'Orders today',
  orders,
  accounted: 'Accounted for',
  accountedHelp: 'Of today’s orders, at every platform: delivered, waiting, or not sent for a reason that is known.',
  sentToday: 'Value delivered',
  sentHelp: 'The platform with the most.',
  recovered: { tag: 'Recovered by the server', browser: 'Orders with no browser signal' },
  recoveredHelp: {
    tag: 'Delivered today although our tag in the browser failed or reported nothing. Orders not sent for want of consent count neither here nor as lost.',
    browser:
      'Delivered today although no browser told of them: a blocker or a closed tab kept the pixel silent. Orders not sent for want of consent count neither here nor as lost.',
  },
  lag: 'Time to acceptance',
  lagHelp: 'For 95 % of what was accepted in the last 24 hours.',

  platformsToday: 'Today’s orders at every platform',
  delivered: (count: number, value: string) =>
    count === 0 ? 'None delivered' : `${count.toLocaleString()} delivered · ${value}`,
  waits: (count: number) => `${count.toLocaleString()} waiting`,
  missing: (count: number) => `${orders(count)} unexplained`,
  recoveredShort: {
    tag: (count: number) => `${count.toLocaleString()} recovered by the server`,
    browser: (count: number) => `${count.toLocaleString()} with no browser signal`,
  },

  checks: 'The five usual mistakes',
  tag: {
    title: 'The pixel reports',
    ok: (beacons: number) => `${beacons.toLocaleString()} page events since yesterday.`,
    bad: 'Orders arrive but no page views: the pixel is gone or blocked. Check that it is connected in Shopify under Settings › Customer events.',
    none: 'Nothing has arrived since yesterday.',
  },
  identifiers: {
    title: 'Every event can be matched',
    ok: 'No event was left out for want of an identifier.',
    bad: (without: number) =>
      `${without.toLocaleString()} ${without === 1 ? 'event' : 'events'} had nothing that a platform could match, since yesterday.`,
    none: 'Nothing has arrived since yesterday.',
  },
  failures: {
    title: 'No failure is open',
    ok: 'No dead letter waits for you.',
    bad: (dead: number) =>
      `${dead.toLocaleString()} ${dead === 1 ? 'dead letter waits' : 'dead letters wait'} for you.`,
  },
  funnel: {
    title: 'All four steps are seen',
    ok: 'Product view, add to cart, checkout and purchase were all seen since yesterday.',
    bad: (missing: string) => `Not seen since yesterday: ${missing}.`,
    none: 'Nothing has arrived since yesterday.',
  },
  days: {
    title: 'No silent day',
    ok: 'Events arrived on each of the last days.',
    bad: (silent: number) =>
      `${silent.toLocaleString()} of the last 13 days ${silent === 1 ? 'has' : 'have'} no event at all.`,
    none: 'This shop has no full day yet.',
  },
  checkStates: { ok: 'Fine', bad: 'To do', none: 'Not known yet' },
  show: 'Show',

  errors: 'Last errors',
  noErrors: 'None. What a platform refuses shows up here in plain words.',
  fix: 'Fix',
  setUp: 'Addresses for webhooks and the pixel',
} as const
