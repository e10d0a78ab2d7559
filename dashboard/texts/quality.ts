/** The words of match quality. */
export const Q = {
  title: 'Match quality',
  help: (days: number) =>
    `How many of the people behind the events of the last ${days} days each platform can probably find. An estimate of ours, not the platform’s figure: good for comparing days and for finding what is missing.`,
  formula: 'How it is estimated',
  formulaText:
    'Each kind of identifier finds a person with an assumed likelihood (click ID 90 %, email and platform’s browser ID 60 %, phone 50 %, name and address 20 %, device 15 %). The estimate is the share of events for which at least one kind does. No platform publishes its weights, so these are the same for all.',
  marksText:
    'The marks are Pinterest’s, the only ones published in per cent: above 30 % is acceptable, above 50 % strong.',
  estimate: 'Estimated match rate',
  grades: { strong: 'Strong', acceptable: 'Acceptable', low: 'Low' },
  trend: 'Trend',
  events: 'By event',
  identifiers: 'Share of sent events with each identifier',
  tiers: { strong: 'Strong', good: 'Good', weak: 'Weak' },
  best: 'What would raise it most',
  nothingMissing: 'Every kind of identifier that this platform takes is nearly always there.',
  nothingSent: 'Nothing was sent here in these days.',
  nothing: 'Nothing to measure yet',
  nothingHelp: 'As soon as events are delivered, you see here how well platforms can match them.',
  source: (source: string) => `What the platform matches on: ${source}.`,
  share: (share: string) => `${share} of events`,
  missing: (kind: string, share: string, event: string) => `${kind} is missing in ${share} of “${event}”`,
  gain: (points: string) => `+${points} points if it were always there`,
  kinds: {
    click: 'The ad click’s ID',
    email: 'Email',
    phone: 'Phone',
    cookie: 'The platform’s browser ID',
    person: 'Name and address',
    device: 'IP address and browser',
    own: 'Your own customer ID',
  },
  how: {
    click:
      'It comes only with clicks on this platform’s ads. Keep auto-tagging on there, and let redirects and landing pages keep the parameters of the address.',
    email:
      'Ask for it early: at checkout choose email as the contact method (Shopify: Settings › Checkout), and offer a newsletter sign-up or customer accounts so that visits before the purchase know it too.',
    phone: 'Ask for it at checkout: Settings › Checkout › Shipping address phone number, optional or required.',
    cookie:
      'The platform’s own tag sets it. With no tag of this platform on the store there is none; where consent is refused it is left out on purpose.',
    person:
      'It comes with the checkout. Events before it have it only for shoppers who are signed in: offer customer accounts.',
    device: 'The pixel brings it. Orders of shoppers whose pixel is blocked have it only from Shopify’s own record.',
    own: 'It comes with customer accounts: shoppers who are signed in carry it.',
  },
} as const
