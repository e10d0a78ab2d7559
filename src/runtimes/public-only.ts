import { BlockList, isIP, type LookupFunction } from 'node:net'

/** The code of the error with which a connection ends that would leave the open internet. */
export const NOT_PUBLIC = 'NOT_PUBLIC'

export const notPublic = () =>
  Object.assign(new Error('the name leads to an address that is not public'), { code: NOT_PUBLIC })

/**
 * A lookup that fails for a name which has an address that is not public. It is the connection's own lookup, so what was
 * checked is what is connected to: a name that leads elsewhere a moment later gets nobody there.
 */
export const publicOnly =
  (lookup: LookupFunction): LookupFunction =>
  (name, options, done) =>
    lookup(name, { ...options, all: true }, (fault, found) => {
      if (fault) return done(fault, [])
      const addresses = typeof found === 'string' ? [{ address: found, family: isIP(found) }] : found
      const [first] = addresses
      if (first === undefined || !addresses.every(({ address }) => isPublic(address))) return done(notPublic(), [])
      if (options.all) done(null, addresses)
      else done(null, first.address, first.family)
    })

/** Whether an address is one of the open internet. */
const isPublic = (address: string): boolean => {
  const family = isIP(address)
  return family === 4 ? !CLOSED.v4.check(address) : family === 6 && !CLOSED.v6.check(address, 'ipv6')
}

const blockList = (family: 'ipv4' | 'ipv6', subnets: string): BlockList => {
  const list = new BlockList()
  for (const subnet of subnets.split(' ')) {
    const [network = '', bits] = subnet.split('/')
    list.addSubnet(network, Number(bits), family)
  }
  return list
}

/**
 * What the registries of special-purpose addresses (IANA) keep from the open internet. A list for each family: BlockList
 * would find IPv4 addresses in ranges of IPv6.
 */
const CLOSED = {
  // This network, private, shared (CGNAT), loopback, link-local, protocols, examples, benchmarks, multicast, reserved.
  v4: blockList(
    'ipv4',
    '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4',
  ),
  // All but 2000::/3, so also loopback, IPv4-mapped, NAT64, unique local, link-local, multicast; within it Teredo and
  // 6to4, which wrap IPv4 addresses, protocols and examples.
  v6: blockList('ipv6', '::/3 4000::/2 8000::/1 2001::/23 2001:db8::/32 2002::/16 3fff::/20'),
}
