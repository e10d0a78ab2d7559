import type { Outcome } from '../../destinations/outcomes.ts'
import { compact } from '../../lib/json.ts'
import { sum } from '../../lib/money.ts'
import { type DeadGroup, deadGroups } from '../../pipeline/dead.ts'
import type { Runtime } from '../../pipeline/runtime.ts'
import type { ShopRecord } from '../../store/store.ts'
import { accountOf } from './account.ts'

/** What died of one cause, at whichever connections. */
export interface DeadCauseShown {
  readonly outcome: Outcome
  readonly explained: string
  readonly code?: string
  readonly message?: string
  readonly count: number
  /** What the purchases among them are worth, in the shop's currency; `more`: not all were added up. */
  readonly value?: string
  readonly currency?: string
  readonly more: boolean
  readonly at: number
  readonly places: readonly {
    readonly connection: number
    readonly destination: { readonly slug: string; readonly name: string }
    readonly account?: string
    readonly count: number
    readonly newest: number
    readonly again: boolean
  }[]
}

/** A shop's dead letters over all of its connections, by cause, the most frequent first. */
export const deadCausesOf = async (
  { store, destinations }: Runtime,
  shop: ShopRecord,
): Promise<readonly DeadCauseShown[]> => {
  const connections = await store.connections(shop.shop)
  const found = await Promise.all(
    connections.map(async (connection) => {
      const definition = destinations.get(connection.destination)
      const place = compact<Omit<DeadCauseShown['places'][number], 'count' | 'newest' | 'again'>>({
        connection: connection.id,
        destination: { slug: connection.destination, name: definition?.name ?? connection.destination },
        account: accountOf(definition, connection),
      })
      return (await deadGroups(store, shop, connection.id)).map((group) => ({ place, group }))
    }),
  )
  const causes = Map.groupBy(found.flat(), ({ group: { outcome, code, message } }) =>
    JSON.stringify([outcome, code, message]),
  )
  return [...causes.values()].map(causeOf).toSorted((a, b) => b.count - a.count || b.at - a.at)
}

type Place = Omit<DeadCauseShown['places'][number], 'count' | 'newest' | 'again'>

const causeOf = (all: readonly { readonly place: Place; readonly group: DeadGroup }[]): DeadCauseShown => {
  const groups = all.map(({ group }) => group)
  const [{ outcome, explained, code, message } = NOTHING] = groups
  const currency = groups.find((group) => group.currency !== undefined)?.currency
  const values = groups.flatMap(({ value }) => value ?? [])
  return compact<DeadCauseShown>({
    outcome,
    explained,
    code,
    message,
    count: groups.reduce((total, { count }) => total + count, 0),
    value: values.length === 0 ? undefined : sum(values, currency),
    currency,
    more: groups.some(({ more }) => more),
    at: Math.max(...groups.map(({ at }) => at)),
    places: all.map(({ place, group: { count, newest, again } }) => ({ ...place, count, newest, again })),
  })
}

const NOTHING: Pick<DeadGroup, 'outcome' | 'explained' | 'code' | 'message'> = { outcome: 'rejected', explained: '' }
