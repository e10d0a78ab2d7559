import { describe, expect, it } from 'vitest'
import { exampleEvent } from '../examples.ts'
import { clientIdOf, isDerived } from './client-id.ts'

const TAG = '1234567890.1763800000'
const visitor = { clientId: '4f2b1a9c-8d7e-4c6b-9a5f-3e2d1c0b9a87' }
const idOf = (given: Omit<Parameters<typeof exampleEvent>[0], 'id' | 'name'>) =>
  clientIdOf(exampleEvent({ id: 'pv-1', name: 'page_viewed', ...given }))

describe('the client id', () => {
  it('is the tag’s where the tag knows the browser', () => {
    expect(idOf({ ids: { gaClientId: TAG }, identity: visitor })).toBe(TAG)
    expect(isDerived(TAG)).toBe(false)
  })

  it('is else one of our own, the same for all events of a visitor', () => {
    const own = idOf({ identity: visitor })
    expect(own).toMatch(/^\d{1,10}\.\d{10}$/)
    expect(own && isDerived(own)).toBe(true)
    expect(idOf({ identity: { ...visitor, ip: '203.0.113.9', customerId: '7001234567890' } })).toBe(own)
    expect(idOf({ identity: visitor, occurredAt: '2027-01-01T00:00:00.000Z' })).toBe(own)
  })

  it('is made of the browser’s id, else of the customer’s, else of the checkout', () => {
    const commerce = { checkoutToken: 'c1b2a3' }
    const customer = idOf({ identity: { customerId: '7' }, commerce })
    const ids = [
      idOf({ identity: visitor, commerce }),
      customer,
      idOf({ commerce }),
      idOf({ identity: { clientId: '7' } }),
    ]
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).not.toContain(undefined)
    expect(idOf({ identity: { customerId: '7' } })).toBe(customer)
  })

  it('of an order without browser, customer and checkout is made of the e-mail address, else of the order', () => {
    const order = { orderId: '6001234567890' }
    const ids = [
      idOf({ identity: { customerId: '7', email: 'jane@example.com' }, commerce: order }),
      idOf({ identity: { email: 'jane@example.com' }, commerce: order }),
      idOf({ commerce: order }),
    ]
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id && isDerived(id)).toBe(true)
    // Another order of hers, in whatever letters, and its refund weeks later.
    expect(idOf({ identity: { email: ' Jane@Example.com ' }, commerce: { orderId: '6001234567891' } })).toBe(ids[1])
    expect(idOf({ commerce: { ...order, refundId: '923000000001' }, occurredAt: '2027-01-01T00:00:00.000Z' })).toBe(
      ids[2],
    )
  })

  it('does not exist where nothing tells visitors apart', () => {
    expect(idOf({ identity: { ip: '203.0.113.9', userAgent: 'Example' } })).toBeUndefined()
  })

  it('looks like the tag’s for any visitor', () => {
    for (let n = 0; n < 1000; n++) {
      const [random, seconds] = (idOf({ identity: { clientId: `visitor-${n}` } }) ?? '').split('.').map(Number)
      expect(random).toBeLessThan(2 ** 31)
      expect(seconds).toBeGreaterThanOrEqual(1_000_000_000)
      expect(seconds).toBeLessThan(Date.parse('2011-01-01T00:00:00Z') / 1000)
    }
  })
})
