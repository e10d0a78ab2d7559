import { beforeEach, describe, expect, it } from 'vitest'
import { outcomeOf } from '../../destinations/outcomes.ts'
import { DEFAULT_POLICY } from '../../event/consent.ts'
import { SECOND } from '../../lib/duration.ts'
import { learnConsentPolicy } from '../../pipeline/consent-setting.ts'
import { startDelivery } from '../../pipeline/deliver.ts'
import { order, SHOP, type Small, smallWorld } from '../../pipeline/double.ts'
import { localWake } from '../../runtimes/wake.ts'
import type { ConsentView } from './consent.ts'
import { asJson } from './double.ts'
import { dashboardApi } from './index.ts'

let world: Small
let api: ReturnType<typeof dashboardApi>
beforeEach(async () => {
  world = await smallWorld({ wake: localWake(), hold: 0 })
  api = dashboardApi({
    runtime: world.runtime,
    verify: async () => ({ outcome: 'ok', message: 'It works.' }),
    inspect: async () => undefined,
    capture: { webhooks: '', beacon: '', track: '' },
  })
})

const path = `/shops/${SHOP}/consent`
const look = async (): Promise<ConsentView> => (await api.request(path)).json() as Promise<ConsentView>
const choose = (body: object) => api.request(path, asJson('PUT', body))
/** Delivers all there is, and stops; what became of each event. */
const delivered = async () => {
  const delivery = startDelivery(world.runtime)
  await world.clock.turn(30 * SECOND)
  await delivery.stop()
  return (await world.bytes()).map(outcomeOf)
}
const learn = (...requiredIn: string[]) =>
  learnConsentPolicy(world.runtime.store, SHOP, { requiredIn }, world.runtime.clock.now())

describe('the consent policy', () => {
  it('is the usual list until something else is known, and says what each platform needs', async () => {
    expect(await look()).toMatchObject({
      choice: { mode: 'shopify', regions: DEFAULT_POLICY.requiredIn },
      requiredIn: DEFAULT_POLICY.requiredIn,
      platforms: [{ connection: 1, purposes: ['marketing'], heldBack: [] }],
    })
    expect(await look()).not.toHaveProperty('shopify')
  })

  it('follows the store’s settings in Shopify as soon as they are known', async () => {
    await learn('GB', 'US-OR')
    expect(await look()).toMatchObject({ requiredIn: ['GB', 'US-OR'], shopify: { requiredIn: ['GB', 'US-OR'] } })
  })

  it('that is chosen counts for events that are already here, and the page says what was held back', async () => {
    await world.append(order({ id: 'pur_1', commerce: { orderId: '1' } }))
    expect((await choose({ mode: 'everywhere', regions: [] })).status).toBe(200)
    expect(await delivered()).toEqual(['consent_unknown'])
    expect(await look()).toMatchObject({
      requiredIn: ['*'],
      platforms: [{ heldBack: [{ outcome: 'consent_unknown', count: 1 }] }],
    })
    expect((await choose({ mode: 'listed', regions: ['DE', 'DE'] })).status).toBe(200)
    await world.append(order({ id: 'pur_2', commerce: { orderId: '2' } }))
    expect(await delivered()).toEqual(['consent_unknown', 'delivered'])
    expect((await look()).requiredIn).toEqual(['DE'])
  })

  it('that was chosen stays when Shopify’s settings change', async () => {
    await choose({ mode: 'listed', regions: ['JP'] })
    await learn('GB')
    expect((await look()).requiredIn).toEqual(['JP'])
    await choose({ mode: 'shopify', regions: ['JP'] })
    expect((await look()).requiredIn).toEqual(['GB'])
  })

  it.each([
    ['a country that is none', { mode: 'listed', regions: ['Germany'] }],
    ['an unknown way', { mode: 'never', regions: [] }],
    ['more regions than there are', { mode: 'listed', regions: Array(401).fill('DE') }],
  ])('refuses %s in words', async (_what, body) => {
    const answer = await choose(body)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: expect.stringMatching(/^(regions|mode)/) })
  })

  it('keeps the shop’s facts as they are', async () => {
    const before = await world.runtime.store.shop(SHOP)
    await choose({ mode: 'everywhere', regions: [] })
    expect(await world.runtime.store.shop(SHOP)).toEqual({ ...before, policy: { requiredIn: ['*'] } })
  })
})
