/**
 * The demo shop's accounts at the sandbox: settings by destination. Every one of them is worthless elsewhere; the key of
 * the service account is made by the sandbox.
 */
export const demoAccounts = (serviceAccount: unknown): Readonly<Record<string, unknown>> => ({
  pinterest: { adAccountId: '549755885175', conversionToken: 'pina_sandbox_token', tagId: '2612345678901' },
  meta: { pixelId: '1234567890123456', accessToken: 'EAAsandboxtoken' },
  'google-ads': {
    customerId: '1234567890',
    conversionActions: { order_placed: '7001002003', checkout_started: '7001002004' },
    credentials: serviceAccount,
    tag: 'AW-987654321/sandbox_purchase',
  },
  // No tag of Google Analytics runs in the demo store, so that all events are shown.
  ga4: { measurementId: 'G-TEST123456', apiSecret: 'ga4_sandbox_secret', googleTag: false },
  tiktok: { pixelCode: 'C4A1B2C3D4E5F6G7H8I9', accessToken: 'tiktok_sandbox_token' },
  snapchat: { pixelId: '3ff2a6f1-1111-4000-8000-000000000001', accessToken: 'snap_sandbox_token' },
  reddit: { pixelId: 'a2_sandboxpixel', accessToken: 'reddit_sandbox_token' },
  klaviyo: { apiKey: 'pk_sandbox0123456789abcdef' },
  criteo: { partnerId: '12345', callerId: '678' },
})

/**
 * What the demo's merchant entered in the block of the theme embed. Google's tags are left out: Google Analytics merges
 * purchases only, and the demo is to show what the server sends.
 */
export const demoTags = {
  accounts: {
    pinterest: { id: '2612345678901', catalog: 'shopify_{country}_{product}_{variant}' },
    meta: { id: '1234567890123456', catalog: 'shopify_{country}_{product}_{variant}' },
    tiktok: { id: 'C4A1B2C3D4E5F6G7H8I9', catalog: '{variant}' },
    snapchat: { id: '3ff2a6f1-1111-4000-8000-000000000001', catalog: '{variant}' },
    reddit: { id: 'a2_sandboxpixel', catalog: '{variant}' },
  },
  criteo: '678',
}
