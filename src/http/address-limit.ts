import { isIPv6 } from 'node:net'
import { SECOND } from '../lib/duration.ts'

export interface AddressLimit {
  /** Counts one more request of an address: 0 when it is taken, else after how many seconds the next one is. */
  take(address: string | undefined): number
  /** The last one is not to count. */
  giveBack(address: string | undefined): void
}

/** Addresses that are remembered; beyond that the ones that were quiet longest are forgotten. */
const MOST_ADDRESSES = 50_000

/**
 * A bucket of `burst` requests for each address, which refills at `perSecond`. Who has an IPv6 address has a whole /64
 * of them, so that counts as one.
 */
export const addressLimit = (now: () => number, perSecond: number, burst: number): AddressLimit => {
  /** In order of the last request. */
  const buckets = new Map<string, { readonly left: number; readonly at: number }>()
  const keyOf = (address = 'unknown'): string => (isIPv6(address) ? networkOf(address) : address)
  return {
    take(address) {
      const key = keyOf(address)
      const at = now()
      const bucket = buckets.get(key)
      const left = bucket ? Math.min(burst, bucket.left + ((at - bucket.at) / SECOND) * perSecond) : burst
      buckets.delete(key)
      const oldest = buckets.size >= MOST_ADDRESSES ? buckets.keys().next().value : undefined
      if (oldest !== undefined) buckets.delete(oldest)
      buckets.set(key, { left: left >= 1 ? left - 1 : left, at })
      return left >= 1 ? 0 : Math.ceil((1 - left) / perSecond)
    },
    giveBack(address) {
      const bucket = buckets.get(keyOf(address))
      if (bucket) buckets.set(keyOf(address), { ...bucket, left: Math.min(burst, bucket.left + 1) })
    },
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
