import { accountOf } from '../http/api/account.ts'
import { begin, isRefused, type Plan, planBackfill } from '../pipeline/replay.ts'
import { misuse, print, refuse } from './said.ts'
import type { Chosen } from './with-store.ts'

const MOST_DAYS = 365

/** A number of days as somebody typed it; what is none ends the command with status 2. */
export const daysOr = (text: string): number | undefined => {
  const days = Number(text)
  return Number.isInteger(days) && days >= 1 && days <= MOST_DAYS
    ? days
    : misuse(`Say the days as a whole number from 1 to ${MOST_DAYS}.`)
}

/** "Pinterest 549755885175 (connection 1 of demo.myshopify.com)". */
export const placeOf = ({ connection, destination }: Pick<Chosen, 'connection' | 'destination'>): string => {
  const name = [destination.name, accountOf(destination, connection)].filter(Boolean).join(' ')
  return `${name} (connection ${connection.id} of ${connection.shop})`
}

type At = Pick<Chosen, 'store' | 'connection' | 'destination'>

/** The plan of a backfill, or a refusal that has been said. */
export const backfillOr = async (at: At, days: number): Promise<Plan | undefined> => {
  const plan = await planBackfill({ ...at, now: Date.now() }, days)
  if (!isRefused(plan)) return plan
  refuse(plan.refused)
  return undefined
}

/** For a connection that was just made: nothing to fill in is nothing to complain of. */
export const beginBackfill = async (at: At, days: number): Promise<void> => {
  const plan = await planBackfill({ ...at, now: Date.now() }, days)
  const begun = isRefused(plan) ? plan : await begin(at.store, plan)
  if (isRefused(begun)) process.stderr.write(`${begun.refused}\n`)
  else print({ shop: begun.shop, connection: begun.connection, task: begun.id, kind: begun.kind, events: begun.total })
}
