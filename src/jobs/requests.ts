import type { Shop } from '../event/event.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../lib/duration.ts'
import { whatFailed } from '../lib/log.ts'
import { countHeld, heldOf } from '../pipeline/held.ts'
import { installationOf } from '../pipeline/installation.ts'
import type { Projector } from '../pipeline/projector.ts'
import {
  type DoneRequest,
  EXPORT_KEPT,
  namesOf,
  type OpenRequest,
  openRequests,
  requestSubject,
} from '../pipeline/requests.ts'
import type { Runtime } from '../pipeline/runtime.ts'
import { NOBODY } from '../store/subject-names.ts'

/** How soon a request is seen, and how many times longer than a look at all shops the rest behind it is at least. */
const EVERY = 5 * SECOND
const REST = 50
/** However many shops there are: it is to be done within a minute. */
const LATEST = 30 * SECOND
/** Requests of a shop that are looked at in one round. */
const ROUND = 100
/** How long a certificate is kept: as long as somebody may ask for it. */
const RECORDS_KEPT = 3 * 366 * DAY
/** Shopify asks for a shop to be erased so long after the app was taken off. */
const AFTER_UNINSTALL = 48 * HOUR
/** A shop's erasure waits so long for requests of single people that cannot be done. */
const LAST_WAITS = DAY
/** Our clock and Shopify's, and how exactly it keeps to that. */
const MARGIN = HOUR
/** Requests that are out end in half of this. */
const PASSES_END = MINUTE

/** How people are erased: by whoever learns from the log, so that nothing that was learned comes back. */
export type Eraser = Pick<Projector, 'forget' | 'forgetShop'>

export type RequestWorld = Pick<Runtime, 'store' | 'clock' | 'log'> & {
  readonly eraser: Eraser
  /** Ends what is being sent of a shop with what was read before; resolves when nothing of it is in memory. */
  readonly readAnew: (shop: Shop) => Promise<void>
}

/**
 * Does what was asked in the name of customers and of stores that left, for every shop that this process delivers,
 * installed or not. What was done is written down last, and every step may be done twice: a process that was killed in
 * the middle begins again.
 */
export const startRequests = (world: RequestWorld & Pick<Runtime, 'ownership'>): { stop(): Promise<void> } => {
  const { store, clock, log, ownership } = world
  const stopping = new AbortController()
  const run = async () => {
    while (!stopping.signal.aborted) {
      const began = clock.now()
      try {
        for (const { shop } of await store.shops()) {
          if (stopping.signal.aborted) break
          if (ownership.of(shop)) await doRequests(world, shop)
        }
      } catch (fault) {
        log.warn('requests could not be looked up, it goes on in a moment', { fault: whatFailed(fault) })
      }
      await clock.sleep(Math.min(Math.max(EVERY, (clock.now() - began) * REST), LATEST), stopping.signal)
    }
  }
  const running = run()
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

/** Does what waits for one shop; how much was done. One that fails is tried again and holds up no other. */
export const doRequests = async (world: RequestWorld, shop: Shop): Promise<number> => {
  const waiting = await openRequests(world.store, shop, ROUND)
  const isOfShop = ({ request }: { readonly request: OpenRequest }) => request.kind === 'shop_erasure'
  let done = 0
  for (const { key, request } of [...waiting.filter((one) => !isOfShop(one)), ...waiting.filter(isOfShop)])
    try {
      // With the shop, all others would go unanswered: one that failed, or that came meanwhile, is waited for.
      if (isOfShop({ request }) && world.clock.now() < request.askedAt + LAST_WAITS)
        if (!(await openRequests(world.store, shop, ROUND)).every(isOfShop)) continue
      await DO[request.kind](world, shop, key, request)
      world.log.info('a request was done', { shop, kind: request.kind })
      done++
    } catch (fault) {
      world.log.error('a request could not be done, it is tried again', {
        shop,
        kind: request.kind,
        fault: whatFailed(fault),
      })
    }
  return done
}

type Doing = (world: RequestWorld, shop: Shop, key: string, request: OpenRequest) => Promise<void>

const erasePerson: Doing = async (world, shop, key, request) => {
  const { store, clock, eraser } = world
  if (!(await store.entry(shop, 'data_request', key))) {
    const names = namesOf(request.person)
    const found = request.found ?? (await countHeld(store, shop, names))
    if (!request.found)
      await store.saveEntry(
        shop,
        'data_request_open',
        key,
        { ...request, found },
        { at: clock.now(), subject: requestSubject(key) },
      )
    const keys = await eraser.forget(shop, [...names, NOBODY])
    await passesEnd(world, shop)
    await record(world, shop, key, { ...recordOf(request), doneAt: clock.now(), found, keys })
  }
  // With its salt the request goes too, and who it was about.
  await store.erase(shop, [requestSubject(key)])
}

const handOut: Doing = async ({ store, clock }, shop, key, request) => {
  const now = clock.now()
  const until = now + EXPORT_KEPT
  const names = namesOf(request.person)
  const held = await heldOf(store, shop, request.person, now)
  const subject = requestSubject(key)
  // Should the person be erased, this goes with them.
  const links = names.map((name) => ({ shop, a: subject, b: name }))
  await store.saveProjection({ changes: [], links, arrivals: [], projected: [] })
  await store.saveEntry(shop, 'data_export', key, held, { at: now, until, subject })
  await record({ store }, shop, key, { ...recordOf(request), doneAt: now, events: held.events.length, until })
  await store.saveEntry(shop, 'data_request_open', key, undefined, { at: now })
}

const eraseShop: Doing = async (world, shop, key, request) => {
  const { store, clock, eraser } = world
  // The certificate is written with the erasure itself: where it is there already, a kill came in between.
  const known = (await store.entry(shop, 'data_request', key))?.value as DoneRequest | undefined
  const before = await installedAgain(world, shop, request.askedAt)
  const now = clock.now()
  const done: DoneRequest = known ?? {
    ...recordOf(request),
    doneAt: now,
    events: await store.head(shop),
    ...(before === undefined ? {} : { before }),
  }
  if (!known) {
    await eraser.forgetShop(shop, {
      ...(before === undefined ? {} : { before }),
      note: { kind: 'data_request', key, value: done, at: now },
    })
    await passesEnd(world, shop)
  }
  await record(world, shop, key, done)
  await store.erase(shop, [requestSubject(key)])
}

const DO: Readonly<Record<OpenRequest['kind'], Doing>> = {
  customer_data: handOut,
  customer_erasure: erasePerson,
  shop_erasure: eraseShop,
}

const recordOf = ({ kind, by, askedAt }: OpenRequest) => ({ kind, by, askedAt })

const record = async (
  { store }: Pick<RequestWorld, 'store'>,
  shop: Shop,
  key: string,
  done: DoneRequest,
): Promise<void> => {
  await audit({ store }, shop, key, done)
  await store.saveEntry(shop, 'data_request', key, done, { at: done.doneAt, until: done.doneAt + RECORDS_KEPT })
}

/** Said of the same request again it is the same line. */
const audit = async (
  { store }: Pick<RequestWorld, 'store'>,
  shop: Shop,
  key: string,
  { kind, by, doneAt }: DoneRequest,
): Promise<void> => {
  const line = { at: doneAt, did: kind, by, request: key }
  await store.saveEntry(shop, 'audit', `${key} ${kind}`, line, { at: doneAt, until: doneAt + RECORDS_KEPT })
}

/**
 * When the app was installed after it had been taken off: then what came since is of another installation, which nobody
 * asked to erase. `askedAt` tells when it was taken off, whether or not that was heard of.
 */
const installedAgain = async (
  { store }: Pick<RequestWorld, 'store'>,
  shop: Shop,
  askedAt: number,
): Promise<number | undefined> => {
  const known = await installationOf(store, shop)
  if (known?.state === 'uninstalled') return undefined
  const since = known?.since ?? (await store.shop(shop))?.installedAt
  const left = askedAt - AFTER_UNINSTALL
  const heard = known?.uninstalledAt
  // Where nobody heard of it, a store that is installed is rather kept: it may have come back within minutes.
  const ended = heard !== undefined && Math.abs(heard - left) <= MARGIN ? heard : left - MARGIN
  return since !== undefined && since > ended ? since : undefined
}

/** What was read before is not sent any more when a request is said to be done. */
const passesEnd = async ({ readAnew, clock }: RequestWorld, shop: Shop): Promise<void> => {
  const enough = new AbortController()
  await Promise.race([readAnew(shop), clock.sleep(PASSES_END, enough.signal)]).finally(() => enough.abort())
}
