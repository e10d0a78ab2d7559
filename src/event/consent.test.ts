import { describe, expect, it } from 'vitest'
import { type Consent, DEFAULT_POLICY, decideConsent, EVERYWHERE, newestConsent } from './consent.ts'

const decide = (consent: Consent | undefined, country?: string, limitedUse = true) =>
  decideConsent(
    consent,
    { purposes: ['marketing'], ...(limitedUse ? { limitedUse } : {}) },
    { country, policy: DEFAULT_POLICY },
  )

describe('consent', () => {
  it('given lets an event go, refused keeps it', () => {
    expect(decide({ marketing: true }, 'DE')).toEqual({ kind: 'go', limited: false })
    expect(decide({ marketing: false }, 'US')).toEqual({ kind: 'no', reason: 'no_consent' })
  })

  it('unknown follows the policy of the buyer’s region and fails closed where consent must be asked for', () => {
    expect(decide(undefined, 'DE')).toEqual({ kind: 'no', reason: 'consent_unknown' })
    expect(decide({ analytics: true }, 'CH')).toEqual({ kind: 'no', reason: 'consent_unknown' })
    expect(decide(undefined, 'US')).toEqual({ kind: 'go', limited: false })
    expect(decide(undefined, undefined)).toEqual({ kind: 'go', limited: false })
  })

  it('unknown is a no in a part of a country where it must be asked for, and where the merchant wants it so everywhere', () => {
    const needs = { purposes: ['marketing'], limitedUse: true } as const
    const unknown = (country: string | undefined, region: string | undefined, requiredIn: readonly string[]) =>
      decideConsent(undefined, needs, { country, region, policy: { requiredIn } }).kind
    expect(unknown('US', 'CA', ['US-CA'])).toBe('no')
    expect(unknown('US', 'OR', ['US-CA'])).toBe('go')
    expect(unknown('CA', undefined, ['US-CA'])).toBe('go')
    expect(unknown('US', 'OR', [EVERYWHERE])).toBe('no')
    expect(unknown(undefined, undefined, [EVERYWHERE])).toBe('no')
  })

  it('with an opt-out of sale goes limited, or not at all where the platform has no limited use', () => {
    for (const consent of [
      { marketing: true, saleOfData: false },
      { marketing: true, gpc: true },
    ]) {
      expect(decide(consent, 'US')).toEqual({ kind: 'go', limited: true })
      expect(decide(consent, 'US', false)).toEqual({ kind: 'no', reason: 'sale_opt_out' })
    }
  })

  it('a newer withdrawal wins over an older grant', () => {
    const own = { marketing: true, at: '2026-11-21T02:00:00.000Z' }
    const later = { marketing: false, at: '2026-11-21T03:00:00.000Z' }
    expect(newestConsent(own, later)?.marketing).toBe(false)
    expect(newestConsent(later, own)?.marketing).toBe(false)
  })

  it('a newer grant releases nothing by itself', () => {
    const own = { marketing: false, saleOfData: false, gpc: true, at: '2026-11-21T02:00:00.000Z' }
    const later = { marketing: true, saleOfData: true, gpc: false, analytics: true, at: '2026-11-21T03:00:00.000Z' }
    expect(newestConsent(own, later)).toMatchObject({ marketing: false, saleOfData: false, gpc: true, analytics: true })
  })

  it('of one side alone is that side’s', () => {
    const only = { marketing: true }
    expect(newestConsent(only, undefined)).toBe(only)
    expect(newestConsent(undefined, only)).toBe(only)
    expect(newestConsent(undefined, undefined)).toBeUndefined()
  })
})
