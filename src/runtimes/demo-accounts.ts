/**
 * The demo shop's accounts at the sandbox: settings by destination. Every one of them is worthless elsewhere; the key of
 * the service account is made by the sandbox.
 */
export const demoAccounts = (serviceAccount: unknown): Readonly<Record<string, unknown>> => ({
  pinterest: { adAccountId: '549755885175', conversionToken: 'pina_sandbox_token' },
  meta: { pixelId: '1234567890123456', accessToken: 'EAAsandboxtoken' },
  'google-ads': {
    customerId: '1234567890',
    conversionActions: { order_placed: '7001002003', checkout_started: '7001002004' },
    credentials: serviceAccount,
  },
  // No Google tag runs in the demo store, so that all events are shown.
  ga4: { measurementId: 'G-TEST123456', apiSecret: 'ga4_sandbox_secret', googleTag: false },
  tiktok: { pixelCode: 'C4A1B2C3D4E5F6G7H8I9', accessToken: 'tiktok_sandbox_token' },
  snapchat: { pixelId: '3ff2a6f1-1111-4000-8000-000000000001', accessToken: 'snap_sandbox_token' },
  reddit: { pixelId: 'a2_sandboxpixel', accessToken: 'reddit_sandbox_token' },
  klaviyo: { apiKey: 'pk_sandbox0123456789abcdef' },
  criteo: { partnerId: '12345', callerId: '678' },
})
