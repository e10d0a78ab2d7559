import { createHmac, hash } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SHOP } from '../pipeline/double.ts'
import { type CaptureWorld, captureWorld, OLD_SECRET, ORDER, SECRET, sign } from './capture-double.ts'

/** What somebody without the secret can send: everything about a webhook but its signature may be genuine. */
interface Forgery {
  readonly body: Buffer
  readonly signature: string | readonly string[] | undefined
}

const genuine = sign(ORDER)
const text = ORDER.toString('utf8')

const wrongKey: fc.Arbitrary<Forgery> = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 64 }),
    fc.constantFrom(`${SECRET} `, SECRET.toUpperCase(), hash('sha256', SECRET), 'undefined', 'null', '\0', 'client-id'),
  )
  .filter((key) => key !== SECRET && key !== OLD_SECRET)
  .map((key) => ({ body: ORDER, signature: sign(ORDER, key) }))

const noKey: fc.Arbitrary<Forgery> = fc.constant({
  body: ORDER,
  signature: createHmac('sha256', '').update(ORDER).digest('base64'),
})

/** A genuine signature over other bytes. */
const otherBytes: fc.Arbitrary<Forgery> = fc
  .oneof(
    fc.nat(ORDER.length - 1).map((at) => {
      const changed = Buffer.from(ORDER)
      changed[at] = (changed[at] ?? 0) ^ 1
      return changed
    }),
    fc.integer({ min: 1, max: ORDER.length }).map((length) => ORDER.subarray(0, ORDER.length - length)),
    fc.string({ minLength: 1, maxLength: 20 }).map((more) => Buffer.concat([ORDER, Buffer.from(more)])),
    fc
      .constantFrom(
        JSON.stringify(JSON.parse(text)),
        text.replace(/"total_price": "[^"]*"/, '"total_price": "99999.00"'),
        `\uFEFF${text}`,
        text.replaceAll('\n', '\r\n'),
      )
      .map((other) => Buffer.from(other)),
  )
  .filter((body) => !body.equals(ORDER))
  .map((body) => ({ body, signature: genuine }))

/** Something that only looks like the signature of these bytes. */
const otherSignature: fc.Arbitrary<Forgery> = fc
  .oneof(
    fc.uint8Array({ minLength: 0, maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('base64')),
    fc
      .tuple(fc.nat(41), fc.constantFrom(...'ABCDabcd0123+/'))
      .map(([at, sign]) => genuine.slice(0, at) + sign + genuine.slice(at + 1)),
    fc.integer({ min: 1, max: 43 }).map((length) => genuine.slice(0, length)),
    fc.constantFrom(
      Buffer.from(genuine, 'base64').toString('hex'),
      Buffer.from(genuine, 'base64').toString('base64url'),
      genuine.replace('=', ''),
      `${genuine}=`,
      `sha256=${genuine}`,
      `${genuine},${genuine}`,
      createHmac('sha512', SECRET).update(ORDER).digest('base64'),
      createHmac('sha1', SECRET).update(ORDER).digest('base64'),
      hash('sha256', SECRET + text, 'base64'),
      '',
      'true',
      '*',
    ),
    fc.constant(undefined),
    // Two of them, one genuine: nobody can say which one was meant.
    fc.constant(['AAAA', genuine]),
  )
  .filter((signature) => signature !== genuine)
  .map((signature) => ({ body: ORDER, signature }))

/** Of a genuine body that was signed for another shop. */
const otherShop: fc.Arbitrary<Forgery> = fc
  .constantFrom('other.myshopify.com', 'demo-2.myshopify.com', 'OTHER.MYSHOPIFY.COM')
  .map((shop) => {
    const body = Buffer.from(JSON.stringify({ ...JSON.parse(text), myshopify_domain: shop }))
    return { body, signature: sign(body) }
  })

describe('forged webhooks', () => {
  let world: CaptureWorld
  beforeAll(async () => {
    world = await captureWorld()
  })
  afterAll(() => world.stop())

  it('of 1,000 none is taken: each is answered 401 and leaves nothing behind', async () => {
    const statuses = new Map<number, number>()
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(wrongKey, noKey, otherBytes, otherSignature, otherShop),
        async ({ body, signature }) => {
          const { status } = await world.webhook(body, {
            'x-shopify-hmac-sha256': signature === undefined ? [] : [...[signature].flat()],
          })
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
          expect(status).toBe(401)
        },
      ),
      { numRuns: 1000 },
    )
    expect(statuses).toEqual(new Map([[401, 1000]]))
    expect(await world.head()).toBe(0)
    expect(await world.store.message(SHOP, 'delivery-1')).toBeUndefined()
    // The genuine one, under the same delivery's id, is none of them.
    expect((await world.webhook(ORDER)).status).toBe(200)
    expect(await world.head()).toBe(1)
  })
})
