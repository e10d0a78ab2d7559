import { expect, it, vi } from 'vitest'
import { identityFrom, type Normalised, type Phone } from '../event/identity.ts'
import { digitsOnly } from '../event/variants.ts'
import { asItIs, hashed, hashOf } from './identifiers.ts'

const identity = identityFrom({ phone: '+14155550132', firstName: 'Jane', lastName: 'Jane' }) ?? {}

it('makes a hash once, however many platforms want the same form', () => {
  const form = vi.fn((phone: Phone): Normalised | undefined => digitsOnly(phone))
  const first = hashOf(identity, 'phone', hashed(form))
  expect(hashOf(identity, 'phone', hashed(form))).toBe(first)
  expect(form).toHaveBeenCalledTimes(1)
  expect(first).toBe('11072303eb5c8cb5c5a1ebb762f11b37b07131265b46fdfe1276196bfbd3ca51')
})

it('keeps forms and fields apart', () => {
  expect(hashOf(identity, 'phone', hashed(asItIs<Phone>))).not.toBe(hashOf(identity, 'phone', hashed(digitsOnly)))
  const ofJane = hashed(asItIs<Normalised>)
  expect(hashOf(identity, 'firstName', ofJane)).toBe(hashOf(identity, 'lastName', ofJane))
})

it('is absent for an absent field and for one that the platform would not take, and stays so', () => {
  const never = hashed(() => undefined)
  expect(hashOf(identity, 'email', never)).toBeUndefined()
  expect(hashOf(identity, 'phone', never)).toBeUndefined()
  expect(hashOf(identity, 'phone', never)).toBeUndefined()
})
