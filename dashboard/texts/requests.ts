/** The words of the page of requests: what customers and the store ask for. */
export const R = {
  title: 'Data requests',
  help: 'What customers ask for through Shopify is done by itself, within a minute: their data is collected for you, or erased for good. Here you see what was asked and done.',
  none: 'Nobody has asked for anything yet.',

  kinds: {
    customer_data: 'A customer asked for their data',
    customer_erasure: 'A customer was to be erased',
    shop_erasure: 'The store was to be erased',
  },
  kindsByMerchant: {
    customer_data: 'You asked for a customer’s data',
    customer_erasure: 'You had a customer erased',
    shop_erasure: 'You had the store erased',
  },
  open: 'Waiting: it is done within a minute.',
  asked: (when: string) => `Asked ${when}`,
  done: (when: string) => `done ${when}`,

  download: 'Download the data',
  downloadHelp: (until: string) =>
    `One JSON document with everything that is held of the person. Hand it to them yourself, over a channel they trust. It can be fetched until ${until}, unless the person is erased before.`,
  certificate: 'Certificate',
  certificateOf: {
    person: (keys: string, events: string, orders: string) =>
      `${keys} keys were deleted, and with them everything that they had sealed: ${events} events of ${orders} orders among it, what was remembered of browsers, checkouts and carts, raw messages and failed sendings. Nobody can read them any more, from backups neither.`,
    shop: (events: string) =>
      `The store’s key was deleted, and with it everything that Converlay held of the store: ${events} events, connections, tokens and settings. Nobody can read them any more, from backups neither.`,
    past: (events: string, before: string) =>
      `The store was installed again. Everything from before ${before} was erased, of ${events} events in all; what came since stays.`,
  },
  sentTo: (platforms: string) =>
    `These platforms were sent some of it, and only they can erase what they have: ${platforms}.`,
  sentToNobody: 'Nothing of it had been sent to a platform.',
  reference: (key: string) => `Reference ${key}`,

  byHand: 'Somebody asked you directly',
  byHandHelp:
    'One of these is enough: everything that is known to belong to the same person is found, their browsers and orders too.',
  email: 'Email address',
  phone: 'Telephone number',
  phoneHelp: 'With its country code, as +41441234567.',
  customer: 'Number of the customer',
  customerHelp: 'The digits at the end of the customer’s address in Shopify’s admin.',
  order: 'Number of an order',
  orderHelp: 'The digits at the end of the order’s address in Shopify’s admin, not its name.',
  collect: 'Collect their data',
  erase: 'Erase them',
  sure: 'Everything that Converlay holds of this person becomes unreadable. That cannot be undone, not from a backup either. What waits to be sent of them is not sent any more.',
  eraseNow: 'Erase for good',
  back: 'Back',
  taken: 'It is being done.',
} as const
