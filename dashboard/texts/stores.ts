/** The words of the list of stores, and of the dead letters over all connections. */
export const S = {
  title: 'Stores',
  help: 'Every store of this Converlay and how it is today.',
  find: 'Find a store',
  none: 'No store has this name',
  store: 'Store',
  health: 'Health',
  orders: 'Orders today',
  accounted: 'Accounted for',
  dead: 'Dead letters',
  platforms: 'Platforms',
  noPlatform: 'No platform',
  open: (shop: string) => `Open ${shop}`,
  more: 'Show more stores',

  deadTitle: 'Dead letters',
  deadHelp:
    'Events that should have been sent and were not, or were refused, by what they died of. They are kept for 14 days. Fix the cause first, then send them again.',
  deadNone: 'No dead letters',
  deadNoneHelp: 'Everything that should have been sent was taken. What fails for good shows up here, with its reason.',
  fixAt: (platform: string) => `Fix at ${platform}`,
  sendAgain: (count: number) => `Send ${count.toLocaleString()} again`,
  begun: (places: number) =>
    places === 1 ? 'Begun. Its progress is on the platform’s page.' : 'Begun. The progress is on each platform’s page.',
  at: (platform: string, count: number) => `${platform}: ${count.toLocaleString()}`,
} as const
