import { hitFields, visitorIp } from '../kit/browser-hit.ts'
import { identifiersIn } from '../kit/conversions.ts'
import type { Hit, TagReading } from '../kit/reading.ts'
import type { PlatformRequest } from '../platform.ts'
import { total } from './endpoint.ts'

/**
 * OneTag's hit: /event?a=<partner>&p0=e%3Dexd…&p1=e%3Dce%26m%3D…&p2=e%3Dvc%26id%3D…&p3=e%3Ddis. Criteo publishes only
 * the script's calls; these short names are those of hits that others have recorded. The hit asks for a script.
 */
export const readTag = (request: PlatformRequest): TagReading | undefined => {
  if (request.path !== '/event') return undefined
  return {
    answer: { status: 200, headers: { 'content-type': 'text/javascript; charset=utf-8' }, body: '' },
    hits: readHits(request),
  }
}

/** The browser's short names of events, and the server's; others (the end of a hit, the site's type) are none. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['vh', 'viewHome'],
  ['vl', 'viewList'],
  ['vp', 'viewItem'],
  ['ac', 'addToCart'],
  ['vb', 'viewBasket'],
  ['vc', 'trackTransaction'],
])

const readHits = (request: PlatformRequest): readonly Hit[] => {
  const fields = hitFields(request)
  const tagId = fields.get('a')
  if (!tagId) return []
  const calls = [...fields].flatMap(([key, value]) => (/^p\d+$/.test(key) ? [new URLSearchParams(value)] : []))
  const email = calls.find((call) => call.get('e') === 'ce')?.get('m') ?? ''
  const identifiers = identifiersIn(
    { md5: /[0-9a-f]{32}/.exec(email)?.[0], ip: visitorIp(request), useragent: request.headers['user-agent'] },
    ['md5', 'ip', 'useragent'],
  )
  const hits = calls.flatMap((call): Hit[] => {
    const name = NAMES.get(call.get('e') ?? '')
    if (name === undefined) return []
    const products = productsIn(call.get('p') ?? '')
    return [
      {
        tagId,
        sighted: {
          name,
          orderId: call.get('id') || undefined,
          value: total(products.filter(({ isPriced }) => isPriced)),
          currency: call.get('c') || undefined,
          contentIds: products.map(({ id }) => id),
          occurredAt: request.now,
          identifiers,
        },
      },
    ]
  })
  return hits.length > 0 ? hits : [{ tagId }]
}

/** `[i%3D1%26pr%3D45%26q%3D2,…]` or a list of ids, in quotes or not. */
const productsIn = (list: string) =>
  list
    .replaceAll(/^\[|\]$/g, '')
    .split(',')
    .filter((one) => one !== '')
    .map((one) => {
      // Encoded once more than the list around it.
      const written = new URLSearchParams(new URLSearchParams(`one=${one}`).get('one') ?? '')
      return {
        id: written.get('i') ?? one.replaceAll('"', ''),
        isPriced: written.has('pr'),
        price: Number(written.get('pr')),
        quantity: Number(written.get('q') ?? 1),
      }
    })
