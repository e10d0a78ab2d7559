/** The words of the frame around the pages: the navigation, and that there is no connection. */
export const N = {
  navigation: 'Pages',
  openNavigation: 'Show the pages',
  closeNavigation: 'Hide the pages',
  settings: 'Settings',

  home: 'Home',
  platforms: 'Platforms',
  events: 'Events',
  audit: 'Order audit',
  matchQuality: 'Match quality',
  dead: 'Dead letters',
  stores: 'Stores',
  consent: 'Consent',
  event: 'Event',
  requests: 'Data requests',
  connect: 'Connect a platform',
  connection: 'Platform',

  offline: (since: string) =>
    `No connection to Converlay since ${since}. What you see is from then; it is tried again by itself.`,
  renewed: 'There is a newer version',
  renewedHelp: 'Converlay was updated while this page was open. Load it anew to go on.',
  reload: 'Load anew',
} as const
