import type { Event } from '../event/event.ts'
import { consentId } from '../event/event-ids.ts'
import { compact } from '../lib/json.ts'
import type { Intake } from './intake.ts'
import type { Runtime } from './runtime.ts'
import { subjectOf } from './subject.ts'

/**
 * What a process that only captures does with what it appended: it tells the process that delivers the shop, which
 * learns from the log (follower.ts). A choice of consent that came by itself goes into the log too, as a sighting of
 * no fact, so that it is learned in its turn.
 */
export const learnedByOwner = (
  store: Pick<Runtime['store'], 'append'>,
  wake: Pick<Runtime['wake'], 'arrived'>,
): Pick<Intake, 'projector' | 'carts'> => ({
  projector: {
    take(appearances) {
      for (const shop of new Set(appearances.map((one) => one.shop))) wake.arrived(shop)
    },
    choose: async (shop, clientId, consent, at) => {
      const moment = consent.at ?? new Date(at).toISOString()
      const event = compact<Event>({
        schema: 1,
        // The same choice told twice is one sighting.
        id: consentId(clientId, moment),
        shop,
        name: 'custom',
        occurredAt: moment,
        receivedAt: new Date(at).toISOString(),
        origin: 'live',
        seenBy: ['web-pixel:consent'],
        flags: [],
        part: true,
        identity: { clientId },
        consent,
      })
      const part = { event, subject: subjectOf(event), receivedAt: at }
      await store.append({ shop, events: [], parts: [part], orders: [] })
      wake.arrived(shop)
    },
    behind: false,
  },
  carts: { take() {} },
})
