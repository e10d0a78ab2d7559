import { Text, Timeline } from '@mantine/core'
import type { OutcomeState, Story } from '../api.ts'
import { fullMoment, moment } from '../format.ts'
import { E } from '../texts/events.ts'
import { sourceLabel, T } from '../texts.ts'
import { StateIcon } from './pill.tsx'
import { Section } from './section.tsx'

interface Moment {
  readonly at: number
  readonly title: string
  readonly told?: string | undefined
  readonly state: OutcomeState
}

/** What happened to an event, in the order in which it did: arrived, joined, sent and answered at every platform. */
export const EventTimeline = ({ story }: { readonly story: Story }) => {
  const moments = momentsOf(story)
  if (moments.length === 0) return null
  return (
    <Section title={E.timeline}>
      <Timeline bulletSize={24} lineWidth={2} className="moments">
        {moments.map(({ at, title, told, state }, place) => (
          <Timeline.Item
            // biome-ignore lint/suspicious/noArrayIndexKey: moments never change their place
            key={place}
            title={title}
            bullet={
              <span className="step" data-state={state}>
                <StateIcon state={state} size={13} />
              </span>
            }
          >
            <Text size="sm" c="dimmed" title={fullMoment(at)}>
              {[moment(at), told].filter(Boolean).join(' · ')}
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </Section>
  )
}

const momentsOf = ({ arrived, parts, deliveries }: Story): readonly Moment[] =>
  [
    ...arrived.map(
      ({ source, topic, at }): Moment => ({
        at,
        title: E.arrivedBy(sourceLabel(source)),
        told: topic,
        state: 'delivered',
      }),
    ),
    ...parts
      .filter(({ joined }) => joined)
      .map(({ receivedAt }): Moment => ({ at: receivedAt, title: E.joined, state: 'delivered' })),
    ...deliveries.flatMap(({ destination, account, attempts, state }) =>
      attempts.map(
        ({ at, ms, status, refused }): Moment => ({
          at,
          title: E.sentTo([destination.name, account].filter(Boolean).join(' ')),
          told: status === 0 ? E.noAnswer(ms) : E.answered(String(status), ms),
          state: status >= 200 && status < 300 && (refused === 0 || state === 'delivered') ? 'delivered' : 'dead',
        }),
      ),
    ),
    ...deliveries.flatMap(({ destination, parked }): Moment[] =>
      parked && parked.kind !== 'dead' && parked.due > 0
        ? [{ at: parked.due, title: destination.name, told: T.nextTry(moment(parked.due)), state: 'waiting' }]
        : [],
    ),
  ].toSorted((a, b) => a.at - b.at)
