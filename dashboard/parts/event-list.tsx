import { Button, Group, Table, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Link, useNavigate } from 'react-router'
import type { OutcomeState, RecentEvent } from '../api.ts'
import { fullMoment, moment, money } from '../format.ts'
import { E } from '../texts/events.ts'
import { N } from '../texts/navigation.ts'
import { eventLabel, STATE_LABELS, T } from '../texts.ts'
import { OutcomeMark, StateIcon, StatePill } from './pill.tsx'

/** Events and what became of them, newest first: a table where there is room, else a list. */
export const EventList = ({
  shop,
  events,
  connections,
  lookedTo,
  more,
}: {
  readonly shop: string
  readonly events: readonly RecentEvent[]
  readonly connections: number
  /** Fewer were found than asked for: back to when was looked. */
  readonly lookedTo?: number | undefined
  readonly more?: { readonly isPending: boolean; readonly ask: () => void } | undefined
}) => {
  const wide = useMediaQuery('(min-width: 75em)', true, { getInitialValueInEffect: false })
  const Shown = wide ? EventTable : EventCards
  return (
    <section className="card" aria-label={N.events}>
      {connections > 1 ? <Legend /> : null}
      <Shown shop={shop} events={events} />
      {lookedTo === undefined ? null : (
        <Text size="sm" c="dimmed" ta="center" mt="md">
          {E.lookedTo(moment(lookedTo))}
        </Text>
      )}
      {more ? (
        <Group justify="center" mt="md">
          <Button variant="default" loading={more.isPending} onClick={more.ask}>
            {lookedTo === undefined ? T.older : E.lookFurther}
          </Button>
        </Group>
      ) : null}
    </section>
  )
}

interface Shown {
  readonly shop: string
  readonly events: readonly RecentEvent[]
}

const LEGEND: readonly (readonly [OutcomeState, string])[] = [
  ['delivered', T.deliveredOrSent],
  ['skipped', STATE_LABELS.skipped],
  ['waiting', STATE_LABELS.waiting],
  ['dead', STATE_LABELS.dead],
]

/** What the signs of the marks below mean. */
const Legend = () => (
  <Group gap="sm" c="dimmed" fz="sm">
    {LEGEND.map(([state, label]) => (
      <Group key={state} gap={4}>
        <StateIcon state={state} />
        {label}
      </Group>
    ))}
  </Group>
)

const EventTable = ({ shop, events }: Shown) => {
  const navigate = useNavigate()
  return (
    <Table layout="fixed" highlightOnHover className="events" verticalSpacing={9}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={122}>{T.time}</Table.Th>
          <Table.Th>{T.event}</Table.Th>
          <Table.Th w={92}>{T.order}</Table.Th>
          <Table.Th w={118} ta="right" pr={20}>
            {T.value}
          </Table.Th>
          <Table.Th w={92}>{T.consent}</Table.Th>
          <Table.Th w="41%">{T.outcome}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {events.map((event) => (
          // The link in the row is what the keyboard reaches; the row only makes the target larger for the mouse.
          <Table.Tr key={event.seq} onClick={() => navigate(`/s/${shop}/events/${event.seq}`)}>
            <Table.Td className="numbers" title={fullMoment(event.receivedAt)}>
              {moment(event.receivedAt)}
            </Table.Td>
            <Table.Td>
              <EventName shop={shop} event={event} />
            </Table.Td>
            <Table.Td>{event.orderName ?? ''}</Table.Td>
            <Table.Td ta="right" pr={20} className="numbers">
              {money(event.value, event.currency)}
            </Table.Td>
            <Table.Td>{T.consents[event.consent]}</Table.Td>
            <Table.Td>
              <Outcomes event={event} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

const EventCards = ({ shop, events }: Shown) => (
  <div>
    {events.map((event) => (
      <article className="event-card" key={event.seq}>
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <EventName shop={shop} event={event} />
          <Text span fw={600} className="numbers">
            {money(event.value, event.currency)}
          </Text>
        </Group>
        <Group gap={8} mt={4} c="dimmed" fz="sm">
          <span className="numbers">{moment(event.receivedAt)}</span>
          {event.orderName ? <span>· {event.orderName}</span> : null}
          <span>
            · {T.consent}: {T.consents[event.consent].toLowerCase()}
          </span>
        </Group>
        <Group mt={8}>
          <Outcomes event={event} />
        </Group>
      </article>
    ))}
  </div>
)

/** Our name; what the platforms call it stands on the event's page. */
const EventName = ({ shop, event }: { readonly shop: string; readonly event: RecentEvent }) => (
  <div>
    <Link className="name" to={`/s/${shop}/events/${event.seq}`} onClick={(click) => click.stopPropagation()}>
      {eventLabel(event.name)}
    </Link>
    {event.gone ? (
      <Text size="xs" c="dimmed">
        {T.gone[event.gone]}
      </Text>
    ) : null}
  </div>
)

/** One platform has room for its word, several for a mark each. */
const Outcomes = ({ event }: { readonly event: RecentEvent }) => {
  const [first, second] = event.outcomes
  if (!first)
    return (
      <Text span size="sm" c="dimmed">
        {T.noConnectionYet}
      </Text>
    )
  if (!second)
    return (
      <span title={first.explained}>
        <StatePill told={first} />
      </span>
    )
  return (
    <Group gap={4}>
      {event.outcomes.map((outcome) => (
        <OutcomeMark key={outcome.connection} outcome={outcome} />
      ))}
    </Group>
  )
}
