import { expect, it } from 'vitest'
import { criteo } from '../destinations/criteo/criteo.ts'
import { OUTCOMES } from '../destinations/outcomes.ts'
import { DAY, MINUTE } from '../lib/duration.ts'
import { localWake } from '../runtimes/wake.ts'
import type { Store } from '../store/store.ts'
import { startDelivery } from './deliver.ts'
import { NOW, order, reply, SHOP, smallWorld } from './double.ts'

/** More than one round of requests. */
const WAITED = 70

const anOrder = (n: number) =>
  order({
    id: `pur_${n}`,
    commerce: {
      orderId: String(n),
      items: [{ productId: '7', variantId: '8', quantity: 1, price: '12.50', total: '12.50' }],
    },
  })

// F73: a backup knows nothing of what was sent after it was made, and that may have been all that waited in it.
it('what waited in a restored backup is not sent again where it would count twice; what comes afterwards is', async () => {
  const asked: string[] = []
  const world = await smallWorld({
    wake: localWake(),
    hold: 0,
    other: {
      destination: criteo,
      settings: { partnerId: '12345', callerId: '678' },
      send: async (request) => {
        asked.push(/"id":"(\d+)"/.exec(request.body ?? '')?.[1] ?? '?')
        return reply(200, '')
      },
    },
  })
  await world.append(...Array.from({ length: WAITED }, (_, n) => anOrder(n + 1)))
  const memory = world.store
  const store: Store = {
    ...memory,
    // As a restore leaves it: in doubt since the backup, up to the end of its log.
    lanes: async (shop) =>
      (await memory.lanes(shop)).map((lane) => ({
        ...lane,
        unsureTo: WAITED,
        ...(lane.position === 0 && { unsureSince: NOW - DAY, unsureUntil: NOW }),
      })),
  }
  const delivery = startDelivery({ ...world.runtime, store })
  world.runtime.wake.arrived(SHOP)
  await world.clock.turn(MINUTE)
  expect(asked).toEqual([])
  expect(await world.bytes()).toEqual(Array(WAITED).fill(OUTCOMES.ambiguous))

  await world.append(anOrder(WAITED + 1))
  world.runtime.wake.arrived(SHOP)
  await world.clock.turn(MINUTE)
  await delivery.stop()
  expect(asked).toEqual([String(WAITED + 1)])
})
