import { isIPv6 } from 'node:net'
import { SECOND } from '../lib/duration.ts'

/** Whether one more request of an address is taken now: 0, else after how many seconds the next one is. */
export type AddressLimit = (address: string | undefined) => number

/** Addresses that are remembered; beyond that the ones that were quiet longest are forgotten. */
const MOST_ADDRESSES = 50_000

/**
 * A bucket of `burst` requests for each address, which refills at `perSecond`. Who has an IPv6 address has a whole /64
 * of them, so that counts as one.
 */
export const addressLimit = (now: () => number, perSecond: number, burst: number): AddressLimit => {
  /** In order of the last request. */
  const buckets = new Map<string, { readonly left: number; readonly at: number }>()
  return (address = 'unknown') => {
    const key = isIPv6(address) ? networkOf(address) : address
    const at = now()
    const bucket = buckets.get(key)
    const left = bucket ? Math.min(burst, bucket.left + ((at - bucket.at) / SECOND) * perSecond) : burst
    buckets.delete(key)
    const oldest = buckets.size >= MOST_ADDRESSES ? buckets.keys().next().value : undefined
    if (oldest !== undefined) buckets.delete(oldest)
    buckets.set(key, { left: left >= 1 ? left - 1 : left, at })
    return left >= 1 ? 0 : Math.ceil((1 - left) / perSecond)
  }
}

/** The first four groups, "2001:db8:0:7", however the address shortens its zeros. */
const networkOf = (address: string): string => {
  const [head = '', tail] = address.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail ? tail.split(':') : []
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  const groups = [...before, ...Array<string>(Math.max(0, zeros)).fill('0'), ...after]
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
