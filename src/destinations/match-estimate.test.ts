import { describe, expect, it } from 'vitest'
import { destinations } from './all.ts'
import { kindOf } from './identifier-kinds.ts'
import { estimateOf, gainsOf, sharesOf } from './match-estimate.ts'

describe('the estimated match rate', () => {
  it('is 0 without identifiers and without items', () => {
    expect(estimateOf(sharesOf({ sent: 10, counts: {} }, ['em', 'ph']))).toBe(0)
    expect(estimateOf(sharesOf({ sent: 0, counts: {} }, ['em']))).toBe(0)
  })

  it('is what docs/match-quality.md calculates as its example', () => {
    const shares = sharesOf({ sent: 100, counts: { em: 39, client_ip_address: 100, external_id: 100 } }, [
      'em',
      'ph',
      'external_id',
      'client_ip_address',
    ])
    expect(shares).toEqual({ email: 0.39, phone: 0, own: 1, device: 1 })
    expect(estimateOf(shares)).toBeCloseTo(0.349, 3)
    expect(gainsOf(shares).map(({ kind, missing, gain }) => [kind, missing, Number(gain.toFixed(3))])).toEqual([
      ['phone', 1, 0.326],
      ['email', 0.61, 0.311],
    ])
  })

  it('never falls when an identifier is added, and never passes 1', () => {
    const before = estimateOf({ email: 0.5, phone: 0.2 })
    expect(estimateOf({ email: 0.5, phone: 0.4 })).toBeGreaterThan(before)
    expect(estimateOf({ click: 1, email: 1, phone: 1, cookie: 1, person: 1, device: 1, own: 1 })).toBeLessThan(1)
  })

  it.each([...destinations.values()].map((one) => [one.name, one] as const))(
    'knows what every identifier of %s is',
    (_, { matchesOn: { strong, good, weak } }) => {
      const own = [...strong, ...good, ...weak].filter((name) => kindOf(name) === 'own')
      const known = /^(?:external_id|user_id|customer_?[iI]d|clientId|anonymous_id|the shop.*|.*[cC]lient.*)$/
      expect(own.filter((name) => !known.test(name))).toEqual([])
    },
  )
})
