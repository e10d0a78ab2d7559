import type { PlatformsOptions } from '../src/sandbox/platforms.ts'

/** An account of its own at each of eight platforms for every shop: quotas go by account, and agencies' shops have their own. */

const digits = (n: number, length: number): string => String(n).padStart(length, '0')

/** A shop's settings by destination. */
export const settingsOf = (n: number): Readonly<Record<string, unknown>> => ({
  pinterest: { adAccountId: `5497${digits(n, 8)}`, conversionToken: 'pina_bench' },
  meta: { pixelId: `12345678${digits(n, 8)}`, accessToken: 'EAAbench' },
  ga4: { measurementId: `G-B${digits(n, 8)}`, apiSecret: 'ga4_bench_secret', googleTag: false },
  tiktok: { pixelCode: `C4A1B2C3D4E5${digits(n, 8)}`, accessToken: 'tiktok_bench' },
  snapchat: { pixelId: `3ff2a6f1-1111-4000-8000-${digits(n, 12)}`, accessToken: 'snap_bench' },
  reddit: { pixelId: `a2_bench${digits(n, 8)}`, accessToken: 'reddit_bench' },
  klaviyo: { apiKey: `pk_bench${digits(n, 26)}` },
  criteo: { partnerId: `1${digits(n, 8)}`, callerId: '678' },
})

/** The same accounts as the sandbox knows them, those of the first `shops` shops. */
export const sandboxAccounts = (shops: number, remember: number): PlatformsOptions => {
  const each = <T>(make: (n: number) => T): T[] => Array.from({ length: shops }, (_, n) => make(n))
  return {
    pinterest: { accounts: each((n) => ({ id: `5497${digits(n, 8)}`, tokens: ['pina_bench'] })), remember },
    meta: { accounts: each((n) => ({ id: `12345678${digits(n, 8)}`, tokens: ['EAAbench'] })), remember },
    ga4: { accounts: each((n) => ({ id: `G-B${digits(n, 8)}`, tokens: ['ga4_bench_secret'] })), remember },
    tiktok: { accounts: each((n) => ({ id: `C4A1B2C3D4E5${digits(n, 8)}`, tokens: ['tiktok_bench'] })), remember },
    snapchat: {
      accounts: each((n) => ({ id: `3ff2a6f1-1111-4000-8000-${digits(n, 12)}`, tokens: ['snap_bench'] })),
      remember,
    },
    reddit: { accounts: each((n) => ({ id: `a2_bench${digits(n, 8)}`, tokens: ['reddit_bench'] })), remember },
    klaviyo: {
      accounts: each((n) => ({
        id: n.toString(36).toUpperCase().padStart(6, '0'),
        tokens: [`pk_bench${digits(n, 26)}`],
        organization: 'Bench',
        currency: 'USD',
        scopes: [],
      })),
      remember,
    },
    criteo: { accounts: each((n) => ({ id: `1${digits(n, 8)}`, tokens: [], callerId: '678' })), remember },
  }
}
