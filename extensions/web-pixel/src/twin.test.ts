import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PixelEvent } from './trim.ts'
import { twinsOf } from './twin.ts'

const AT = Date.parse('2026-11-21T02:00:00.000Z')

const event = (name: string, data: object = {}): PixelEvent => ({
  id: 'sh-own',
  clientId: 'client',
  name,
  type: 'standard',
  seq: 1,
  timestamp: new Date(AT).toISOString(),
  data,
})
const added = event('product_added_to_cart', { cartLine: { merchandise: { id: '441' } } })

/** The session that the embed and the pixel share; `on`: the embed is on the page. */
const sessionWith = (left: Readonly<Record<string, object>>, on = true) => {
  const kept = new Map(Object.entries(left).map(([key, value]) => [`converlay_tags:${key}`, JSON.stringify(value)]))
  if (on) kept.set('converlay_tags', '1')
  const session = {
    getItem: async (key: string) => kept.get(key) ?? null,
    setItem: async (key: string, value: string) => void kept.set(key, value),
    removeItem: async (key: string) => void kept.delete(key),
  }
  return {
    kept,
    leave: (key: string, value: object) => kept.set(`converlay_tags:${key}`, JSON.stringify(value)),
    session,
  }
}
const twinsIn = ({ session }: ReturnType<typeof sessionWith>) => twinsOf(session as never)

describe('the pixel and the tags’ embed', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const named = async (twins: ReturnType<typeof twinsOf>, one: PixelEvent): Promise<string> => {
    const naming = twins.named(one)
    await vi.runAllTimersAsync()
    return (await naming).id
  }

  it('tell an event under the id that the embed gave the tags', async () => {
    const page = sessionWith({ 'page_viewed::0': { id: 'tag-1', at: AT - 20 } })
    expect(await named(twinsIn(page), event('page_viewed'))).toBe('tag-1')
    expect([...page.kept.keys()]).toEqual(['converlay_tags'])
  })

  it('give two equal additions to the cart the two ids, in their order', async () => {
    const twins = twinsIn(
      sessionWith({
        'product_added_to_cart:441:0': { id: 'tag-1', at: AT },
        'product_added_to_cart:441:1': { id: 'tag-2', at: AT },
      }),
    )
    const both = Promise.all([twins.named(added), twins.named(added)])
    await vi.runAllTimersAsync()
    expect((await both).map(({ id }) => id)).toEqual(['tag-1', 'tag-2'])
  })

  it('wait for an embed that is slower than the pixel', async () => {
    const page = sessionWith({})
    const naming = twinsIn(page).named(added)
    await vi.advanceTimersByTimeAsync(600)
    page.leave('product_added_to_cart:441:0', { id: 'tag-late', at: AT + 600 })
    await vi.advanceTimersByTimeAsync(100)
    expect((await naming).id).toBe('tag-late')
  })

  it('go apart after a second: then the event has the pixel’s own id', async () => {
    expect(await named(twinsIn(sessionWith({})), added)).toBe('sh-own')
  })

  it('do not take what was left on an earlier page', async () => {
    const twins = twinsIn(sessionWith({ 'page_viewed::0': { id: 'tag-old', at: AT - 60_000 } }))
    expect(await named(twins, event('page_viewed'))).toBe('sh-own')
  })

  it('hold nothing up where no embed is on the page, nor for events of the checkout', async () => {
    const twins = twinsIn(sessionWith({ 'page_viewed::0': { id: 'tag-1', at: AT } }, false))
    expect((await twins.named(event('page_viewed'))).id).toBe('sh-own')
    const checkout = twinsIn(sessionWith({ 'checkout_started::0': { id: 'tag-1', at: AT } }))
    expect((await checkout.named(event('checkout_started'))).id).toBe('sh-own')
  })
})
