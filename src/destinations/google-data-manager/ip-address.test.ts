import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICY } from '../../event/consent.ts'
import { country } from '../../event/identity.ts'
import { ipAddress } from './ip-address.ts'

const told = (code: string) => ipAddress.form('203.0.113.42', country(code))

describe('an IP address', () => {
  it('of somebody in the EEA, the United Kingdom or Switzerland stays at home', () => {
    for (const code of DEFAULT_POLICY.requiredIn) expect(told(code), code).toBeUndefined()
  })

  it('of somebody in their territories stays at home too', () => {
    for (const code of ['AX', 'GF', 'GP', 'MF', 'MQ', 'RE', 'YT', 'GG', 'GI', 'IM', 'JE', 'SJ'])
      expect(told(code), code).toBeUndefined()
  })

  it('of somebody of whom it is unknown where they are stays at home', () => {
    expect(ipAddress.form('203.0.113.42')).toBeUndefined()
  })

  it('of somebody elsewhere goes along', () => {
    for (const code of ['US', 'CA', 'AU', 'JP', 'TR']) expect(told(code), code).toBe('203.0.113.42')
  })
})
