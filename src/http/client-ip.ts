import type { IncomingMessage } from 'node:http'

const bare = (address: string | undefined): string | undefined => address?.trim().replace(/^::ffff:(?=\d+\.)/i, '')

/**
 * The visitor's address. X-Forwarded-For is believed only from proxies that are configured, from right to left: the
 * first address that is not one of them is the visitor; whatever stands further left the visitor may have invented.
 */
export const clientIp = (
  request: Pick<IncomingMessage, 'headers'> & { readonly socket: { readonly remoteAddress?: string | undefined } },
  trustedProxies: readonly string[],
): string | undefined => {
  const peer = bare(request.socket.remoteAddress)
  if (peer === undefined || !trustedProxies.includes(peer)) return peer
  const forwarded = request.headers['x-forwarded-for']
  const hops = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '')).split(',').map(bare).filter(Boolean)
  return hops.findLast((hop) => hop !== undefined && !trustedProxies.includes(hop)) ?? peer
}
