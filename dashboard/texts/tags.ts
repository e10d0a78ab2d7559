/** Texts about the browser tags of the checkout. */
export const TAGS = {
  title: 'Browser tag in the checkout',
  help: 'The server tells every checkout and purchase. If the platform is to hear of them from the browser as well, paste this custom pixel into Shopify: both carry one ID, so they are counted once. Not for apps from Shopify’s App Store.',
  make: 'Make the custom pixel',
  steps:
    'In Shopify’s admin: Settings, Customer events, Add custom pixel. Paste it and choose that permission for marketing is required. Make and paste it again after you change a platform’s settings.',
  switchOff: 'First switch off whatever else fires these platforms’ tags, or they count twice.',
  fires: (names: readonly string[]) => `Fires the tags of ${names.join(', ')}.`,
  none: 'No connected platform has a tag that it could fire.',
  without: (name: string, why: string) => `Without ${name}: ${why}`,
  copy: 'Copy the custom pixel',
  copied: 'Copied',
}
