import { Text } from '@mantine/core'
import type { ConnectionOverview } from '../api.ts'
import { number } from '../format.ts'
import { T } from '../texts.ts'
import { PlatformMark } from './platform-mark.tsx'

/** Somebody should look: events wait for a person, or do not get through. */
export const inTrouble = ({ state, trouble, waiting }: ConnectionOverview): boolean =>
  state === 'needs_auth' || (state === 'active' && trouble !== undefined) || waiting.forPerson > 0

const total = (reasons: ConnectionOverview['skipped']): number => reasons.reduce((sum, { count }) => sum + count, 0)
export const deadOf = ({ dead }: ConnectionOverview): number => total(dead)

/** What became of a connection's events, in the four states; their sum is everything that came in for it. */
export const figuresOf = ({ delivered, unconfirmed, skipped, dead, waiting }: ConnectionOverview) =>
  [
    { state: 'delivered', label: delivered > 0 && unconfirmed === delivered ? T.sent : T.delivered, count: delivered },
    { state: 'skipped', label: T.skipped, count: total(skipped) },
    { state: 'waiting', label: T.waiting, count: waiting.inLine + waiting.parked + waiting.forPerson },
    { state: 'dead', label: T.dead, count: total(dead) },
  ] as const

/** A platform in one line. It stands in a button, so it has only spans. */
export const ConnectionRow = ({ connection }: { readonly connection: ConnectionOverview }) => {
  const { destination, account, state, waiting } = connection
  const troubled = state === 'active' && inTrouble(connection)
  return (
    <span className="platform-row">
      <PlatformMark {...destination} />
      <span className="platform-name">
        <Text span fw={650} display="block" lh={1.25}>
          {destination.name}
        </Text>
        <Text span size="sm" c="dimmed" display="block" truncate title={account}>
          {account}
        </Text>
        {connection.tested === undefined ? null : (
          <span className="pill" data-state="waiting">
            {T.testMode}
          </span>
        )}
      </span>
      <span
        className="pill"
        data-state={troubled ? 'waiting' : state === 'active' ? 'delivered' : state === 'paused' ? 'skipped' : 'dead'}
      >
        {troubled ? T.inTrouble : T.states[state]}
      </span>
      <span className="figures">
        {figuresOf(connection).map((figure) => (
          <span key={figure.state} data-state={figure.state} data-none={figure.count === 0}>
            <b>
              {number(figure.count)}
              {figure.state === 'waiting' && waiting.more ? '+' : ''}
            </b>{' '}
            <small>{figure.label}</small>
          </span>
        ))}
      </span>
    </span>
  )
}
