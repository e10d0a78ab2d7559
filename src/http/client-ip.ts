import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** Whether an address, as `bare` writes it, is that of a proxy we believe. */
export type TrustedProxies = (address: string) => boolean

/**
 * Addresses ("10.0.0.1", "::1") and ranges ("10.0.0.0/8", "fd00::/8"). Throws an Error that names the entry which is
 * neither.
 */
export const trustedProxiesOf = (entries: readonly string[]): TrustedProxies => {
  const list = new BlockList()
  for (const entry of entries) add(list, entry)
  return entries.length === 0 ? () => false : (address) => list.check(address, family(address))
}

const add = (list: BlockList, entry: string): void => {
  const [address = '', prefix, ...rest] = entry.split('/')
  const net = bare(address) ?? ''
  const bits = isIP(net) === 4 ? 32 : 128
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
  if (isIP(net) === 0 || rest.length > 0 || !(length <= bits))
    throw new Error(`"${entry}" is neither an address, like 10.0.0.1, nor a range, like 10.0.0.0/8.`)
  list.addSubnet(net, length, family(net))
}

const family = (address: string): 'ipv4' | 'ipv6' => (address.includes(':') ? 'ipv6' : 'ipv4')

/** An address without brackets, port or zone, and as IPv4 where IPv6 only wraps one; anything else as it is. */
const bare = (address: string | undefined): string | undefined => {
  const text = address?.trim()
  if (!text) return undefined
  const [, inside] = /^\[([^\]]+)\](?::\d+)?$/.exec(text) ?? []
  const [, host] = /^([\d.]+):\d+$/.exec(text) ?? []
  const plain = (inside ?? host ?? text).replace(/%.*$/, '').toLowerCase()
  const [, dotted] = /^::ffff:([\d.]+)$/.exec(plain) ?? []
  if (dotted !== undefined) return dotted
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(plain) ?? []
  if (high === undefined || low === undefined) return plain
  return [high, low]
    .map((word) => Number.parseInt(word, 16))
    .flatMap((word) => [word >> 8, word & 255])
    .join('.')
}

type Forwarded = Pick<IncomingMessage, 'headers'> & {
  readonly socket: { readonly remoteAddress?: string | undefined }
}

/** The addresses of X-Forwarded-For, from left to right. */
const hopsOf = ({ headers }: Forwarded): readonly string[] => {
  const forwarded = headers['x-forwarded-for']
  return (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? ''))
    .split(',')
    .flatMap((hop) => bare(hop) ?? [])
}

/**
 * The visitor's address in a request that Shopify signed. Shopify tells it in X-Forwarded-For, and is itself the peer,
 * or the last hop that our own proxies added. Undefined where no address stands there.
 */
export const proxiedIp = (request: Forwarded, trusted: TrustedProxies): string | undefined => {
  const behind = trusted(bare(request.socket.remoteAddress) ?? '')
  const hops = hopsOf(request).filter((hop) => isIP(hop) === 0 || !trusted(hop))
  const visitor = hops.at(behind ? -2 : -1)
  return visitor === undefined || isIP(visitor) === 0 ? undefined : visitor
}

/**
 * The visitor's address. X-Forwarded-For is believed only from proxies that are configured, from right to left: the
 * first address that is not one of them is the visitor; whatever stands further left the visitor may have invented.
 * Undefined where that place holds no address ("unknown").
 */
export const clientIp = (request: Forwarded, trusted: TrustedProxies): string | undefined => {
  const peer = bare(request.socket.remoteAddress)
  if (peer === undefined || !trusted(peer)) return peer
  const hops = hopsOf(request)
  const visitor = hops.findLast((hop) => isIP(hop) === 0 || !trusted(hop))
  if (visitor === undefined) return peer
  return isIP(visitor) === 0 ? undefined : visitor
}
