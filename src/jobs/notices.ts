import type { Shop } from '../event/event.ts'
import { SECOND } from '../lib/duration.ts'
import { whatFailed } from '../lib/log.ts'
import { type AppLife, scopesChanged, uninstalled } from '../shopify/app-life.ts'
import { productChanged } from '../shopify/catalogue.ts'
import type { Notice } from '../sources/notice.ts'
import type { Store } from '../store/store.ts'

/** How often all shops are looked at, for what was kept by another process or left by one that was killed. */
const EVERY = 15 * SECOND
/** Of one shop at a time; then it is the next shop's turn. */
const AT_ONCE = 50

export type NoticeWorld = Omit<AppLife, 'store'> & {
  readonly store: AppLife['store'] & Pick<Store, 'shops' | 'entries'>
}

export interface Notices {
  /** Carries out what waits for a shop, soon. */
  look(shop: Shop): void
  stop(): Promise<void>
}

/**
 * Carries out what Shopify told of the app and the shops: an uninstallation, other permissions, other facts. Each of
 * them was kept before Shopify had its answer, and goes when its effects are written; a kill in between repeats them,
 * which changes nothing. One that fails waits for the next look and holds up no other.
 */
export const startNotices = (world: NoticeWorld): Notices => {
  const { store, clock, log } = world
  const stopping = new AbortController()
  let turn: Promise<void> = Promise.resolve()

  /** A shop's next notices by key; where more may wait, the key beyond which they do. */
  const carryOut = async (shop: Shop, after?: string): Promise<string | undefined> => {
    const waiting = await store.entries(shop, 'notice', { limit: AT_ONCE, ...(after === undefined ? {} : { after }) })
    let failed = 0
    let fault = ''
    for (const { key, version, value } of waiting) {
      try {
        await effectOf(world, shop, value as Notice)
        await store.saveEntry(shop, 'notice', key, undefined, { at: clock.now(), was: version })
      } catch (thrown) {
        failed++
        fault = whatFailed(thrown)
      }
    }
    if (failed > 0)
      log.error('notices of Shopify were not carried out, they are tried again', { shop, messages: failed, fault })
    return waiting.length === AT_ONCE ? waiting.at(-1)?.key : undefined
  }
  /** Until nothing waits; in between other shops have their turns. */
  const look = (shop: Shop, after?: string): void => {
    turn = turn.then(async () => {
      if (stopping.signal.aborted) return
      try {
        const more = await carryOut(shop, after)
        if (more !== undefined) look(shop, more)
      } catch (fault) {
        log.error('notices of Shopify could not be read', { shop, fault: whatFailed(fault) })
      }
    })
  }
  const lookAtAll = async (): Promise<void> => {
    try {
      for (const { shop, installedAt } of await store.shops()) if (installedAt > 0) look(shop)
    } catch (fault) {
      log.warn('notices of Shopify could not be looked up', { fault: whatFailed(fault) })
    }
  }
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await lookAtAll()
      await turn
      await clock.sleep(EVERY, stopping.signal)
    }
  }
  const running = run()
  return {
    look,
    stop: async () => {
      stopping.abort()
      await Promise.all([running, turn])
    },
  }
}

const effectOf = async (world: NoticeWorld, shop: Shop, notice: Notice): Promise<void> => {
  switch (notice.kind) {
    case 'uninstalled':
      return uninstalled(world, shop, notice.at)
    case 'scopes_changed':
      await scopesChanged(world, shop, notice)
      return
    case 'shop_changed':
      return factsChanged(world, shop, notice)
    case 'product_changed':
      return productChanged(world, shop, notice.product)
  }
}

/** The newest word about the shop counts, in whatever order they arrive. */
const factsChanged = async (
  { store, clock }: NoticeWorld,
  shop: Shop,
  { at, facts }: Extract<Notice, { kind: 'shop_changed' }>,
): Promise<void> => {
  const last = await store.entry(shop, 'progress', 'shop/update')
  if (typeof last?.value === 'number' && at < last.value) return
  const known = await store.shop(shop)
  if (!known) return
  await store.saveShop({ shop, facts: { ...known.facts, ...facts }, installedAt: known.installedAt })
  await store.saveEntry(shop, 'progress', 'shop/update', at, { at: clock.now() })
}
