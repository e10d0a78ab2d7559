/** The words of the page about consent. */
export const C = {
  title: 'Consent',
  lead: 'Every event is checked when it is sent, with the newest answer the shopper gave. A withdrawal counts at once, also for what is still waiting.',

  policy: 'When a shopper’s answer is not known',
  policyHelp:
    'Orders also come from shoppers whose browser told us nothing, because it blocks the pixel or was never asked. Then the region decides.',
  modes: {
    shopify: 'As your store’s privacy settings in Shopify say',
    listed: 'As listed here',
    everywhere: 'Send nothing without a known yes, anywhere',
  },
  modeHelp: {
    shopify: (regions: number, when: string) =>
      regions === 0
        ? `Read ${when}: your store asks for consent nowhere.`
        : `Read ${when}: your store asks for consent in ${regions} ${regions === 1 ? 'region' : 'regions'}.`,
    shopifyUnknown:
      'These settings have not been read yet. Until then: the European Economic Area, the United Kingdom and Switzerland.',
    listed: 'You say where consent must be asked for.',
    everywhere:
      'The strictest. Purchases of shoppers who block the pixel are then never sent, wherever they are, and none are recovered.',
  },
  regions: 'Consent must be asked for in',
  regionsHelp: 'Type to search. A shopper’s country is that of the billing address; where none is known, the store’s.',
  usual: 'Use the usual list',
  save: 'Save',
  saved: 'Saved. It counts for everything that is sent from now on.',

  outcome: 'What happens now, in which region',
  answer: 'The shopper’s answer',
  asked: 'Where consent must be asked for',
  elsewhere: 'Everywhere else',
  anywhere: 'Everywhere',
  answers: {
    yes: 'Allowed',
    no: 'Refused or withdrawn',
    optOut: 'Opted out of the sale of data, or the browser says so (Global Privacy Control)',
    unknown: 'Not known',
  },
  sent: 'Sent',
  notSent: 'Not sent',
  limited: 'Sent with the platform’s limit on its use, or not sent (below)',
  unknownHeld: 'Not sent, and counted neither as recovered nor as lost',
  askedIn: (names: string) => `Consent must be asked for in ${names}.`,
  askedNowhere: 'Consent must be asked for nowhere.',
  noRegion: 'Where a shopper’s country is not known, the store’s own counts.',
  pixelNote:
    'Shopify runs the pixel only where analytics and marketing are both allowed. Who allows one of the two is not seen by it, and a refusal before the pixel ran is not heard of: to Converlay that answer is not known.',

  platforms: 'What each platform needs',
  platform: 'Platform',
  needs: 'Must be allowed',
  afterOptOut: 'After an opt-out of sale',
  heldBack: 'Held back in the last 24 hours',
  purposes: { marketing: 'Marketing', analytics: 'Analytics', preferences: 'Preferences' },
  limitedUse: 'Told, with the limit',
  nothingTold: 'Told nothing',
  none: 'None',
  noPlatforms: 'No platform is connected yet, so nothing is sent to anybody.',
} as const
