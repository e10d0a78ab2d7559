import { describe, expect, it } from 'vitest'
import { bodies, event, fetched, init, loadPixel, settled } from './page-double.ts'

describe('what the web pixel could not send', () => {
  const seqs = () => bodies().map((body) => body.events.map(({ seq }: { seq: number }) => seq))
  const KEPT = 'converlay_unsent'

  it('keeps what could not be sent and sends it after the next event that gets through', async () => {
    const pixel = await loadPixel()
    fetched.mockRejectedValue(new TypeError('Failed to fetch'))
    await settled(pixel.standard(event('page_viewed', {}, 1)))
    await settled(pixel.standard(event('product_viewed', {}, 2)))
    expect(JSON.parse(pixel.session.get(KEPT) ?? '')).toHaveLength(2)
    fetched.mockReset().mockImplementation(async () => new Response(null, { status: 204 }))
    await settled(pixel.standard(event('cart_viewed', {}, 3)))
    expect(seqs()).toEqual([[3], [1], [2]])
    expect(pixel.session.has(KEPT)).toBe(false)
  })

  it('sends what an earlier page could not send', async () => {
    const kept = JSON.stringify({ v: 1, events: [{ seq: 1 }] })
    const pixel = await loadPixel({ session: new Map([[KEPT, JSON.stringify([kept])]]) })
    await settled(pixel.standard(event('page_viewed', {}, 2)))
    expect(seqs()).toEqual([[2], [1]])
    expect(pixel.session.has(KEPT)).toBe(false)
  })

  it.each([
    ['keeps what a busy server could not take', 503, 1],
    ['keeps what came too fast for the server', 429, 1],
    ['does not repeat what the server refuses for good', 400, 0],
  ])('%s', async (_what, status, kept) => {
    fetched.mockImplementation(async () => new Response(null, { status }))
    const pixel = await loadPixel()
    await settled(pixel.standard(event('page_viewed')))
    expect(JSON.parse(pixel.session.get(KEPT) ?? '[]')).toHaveLength(kept)
    expect(fetched).toHaveBeenCalledTimes(1)
  })

  it('keeps at most 256 KiB, the newest', async () => {
    fetched.mockRejectedValue(new TypeError('Failed to fetch'))
    const pixel = await loadPixel()
    for (let seq = 1; seq <= 8; seq++)
      await settled(pixel.standard(event('page_viewed', { note: 'x'.repeat(5e4) }, seq)))
    const kept: string[] = JSON.parse(pixel.session.get(KEPT) ?? '[]')
    expect(kept.map((body) => JSON.parse(body).events[0].seq)).toEqual([4, 5, 6, 7, 8])
    expect(kept.join('').length).toBeLessThanOrEqual(256 * 1024)
  })

  it('forgets what could not be sent when consent is taken back, and keeps the withdrawal', async () => {
    const pixel = await loadPixel()
    fetched.mockRejectedValue(new TypeError('Failed to fetch'))
    await settled(pixel.standard(event('page_viewed')))
    pixel.consent({ ...init.customerPrivacy, marketingAllowed: false })
    await settled()
    const kept: string[] = JSON.parse(pixel.session.get(KEPT) ?? '[]')
    expect(kept.map((body) => JSON.parse(body))).toMatchObject([{ events: [], consent: { marketing: false } }])
  })

  it('starts with nothing kept where the page holds something else under its name', async () => {
    const pixel = await loadPixel({ session: new Map([[KEPT, '{"not": "ours"}']]) })
    await settled(pixel.standard(event('page_viewed', {}, 2)))
    expect(seqs()).toEqual([[2]])
  })
})
