/** The words of the page about API keys. */
export const K = {
  title: 'API keys',
  lead: 'With a key your own servers and pages send events here, in the form that the libraries of Segment and RudderStack speak: for a storefront of your own, or for what happens in your back office.',
  host: 'Give the library this address as its host, and the key as its write key',

  create: 'Make a key',
  createHelp: 'A key belongs to this store.',
  kind: 'What it is for',
  kinds: { secret: 'Secret key', public: 'Public key' },
  kindHelp: {
    secret: 'For your own servers. May bring orders, refunds and money. Keep it as you keep a password.',
    public:
      'For pages and apps, where anybody can read it. Brings what shoppers do; of an order only who bought, never the order or its money.',
  },
  made: 'Copy the key now',
  madeHelp: 'It is shown this once. Afterwards only its last four characters can be seen.',
  copy: 'Copy',
  copied: 'Copied',
  done: 'I have it',

  keys: 'Keys of this store',
  ends: 'Ends in',
  createdOn: 'Made',
  usedOn: 'Last used',
  neverUsed: 'Never',
  actions: 'Actions',
  revoke: 'Revoke',
  revokeKey: (kind: string, last: string) => `Revoke the ${kind.toLowerCase()} that ends in ${last}`,
  revokeTitle: (last: string) => `Revoke the key that ends in ${last}?`,
  revokeHelp:
    'Whoever still sends with it is refused within seconds, and what they send is not taken. This cannot be undone.',
  keep: 'Keep it',
  none: 'There is no key yet. Shopify’s webhooks and the pixel need none.',
} as const
