import type { Connected } from './merchants.ts'
import type { Seen } from './network.ts'
import type { World } from './simulate.ts'

/** The requests that carried an event to an account, in order. */
export type History = readonly Seen[]

export interface Histories {
  of(connected: Pick<Connected, 'slug' | 'account'>, key: string): History
}

const NOTHING: History = []

export const historiesOf = ({ seen }: Pick<World, 'seen'>): Histories => {
  const found = new Map<string, Seen[]>()
  for (const one of seen) {
    if (one.what !== 'events') continue
    for (const key of new Set(one.told.map((told) => told.key))) {
      const name = `${one.slug} ${one.account} ${key}`
      const known = found.get(name)
      if (known) known.push(one)
      else found.set(name, [one])
    }
  }
  return { of: ({ slug, account }, key) => found.get(`${slug} ${account} ${key}`) ?? NOTHING }
}
