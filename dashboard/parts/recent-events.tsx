import { Button, Group, Text, Title } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Link, useNavigate } from 'react-router'
import { type RecentEvent, useRecentEvents } from '../api.ts'
import { fullMoment, moment, money } from '../format.ts'
import { eventLabel, T } from '../texts.ts'
import { Trouble, Waiting } from './empty.tsx'
import { OutcomePill } from './pill.tsx'

/** The newest events and what became of them: a table where there is room, else a list. */
export const RecentEvents = ({ shop, connected }: { readonly shop: string; readonly connected: boolean }) => {
  const events = useRecentEvents(shop)
  const wide = useMediaQuery('(min-width: 56em)', true, { getInitialValueInEffect: false })
  if (events.isPending) return <Waiting />
  if (events.isError) return <Trouble error={events.error} retry={() => void events.refetch()} />
  const all = events.data.pages.flat()
  const Shown = wide ? EventTable : EventList
  return (
    <section className="card" style={wide ? { paddingInline: 0 } : undefined} aria-labelledby="recent">
      <Title order={2} size="h4" id="recent" mb="sm" px={wide ? 20 : 0}>
        {T.recent}
      </Title>
      <Shown shop={shop} events={all} connected={connected} />
      {events.hasNextPage ? (
        <Group justify="center" mt="md">
          <Button variant="default" loading={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
            {T.older}
          </Button>
        </Group>
      ) : null}
    </section>
  )
}

interface Shown {
  readonly shop: string
  readonly events: readonly RecentEvent[]
  readonly connected: boolean
}

const EventTable = ({ shop, events, connected }: Shown) => {
  const navigate = useNavigate()
  return (
    <table className="events">
      <thead>
        <tr>
          <th scope="col">{T.time}</th>
          <th scope="col">{T.event}</th>
          <th scope="col">{T.order}</th>
          <th scope="col" className="amount">
            {T.value}
          </th>
          <th scope="col">{T.consent}</th>
          <th scope="col">{T.outcome}</th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          // The link in the row is what the keyboard reaches; the row only makes the target larger for the mouse.
          <tr key={event.seq} onClick={() => navigate(`/s/${shop}/events/${event.seq}`)}>
            <td className="numbers" style={{ whiteSpace: 'nowrap' }} title={fullMoment(event.receivedAt)}>
              {moment(event.receivedAt)}
            </td>
            <td>
              <EventName shop={shop} event={event} />
            </td>
            <td>{event.orderName ?? ''}</td>
            <td className="amount numbers">{money(event.value, event.currency)}</td>
            <td>{T.consents[event.consent]}</td>
            <td>
              <Outcomes event={event} connected={connected} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const EventList = ({ shop, events, connected }: Shown) => (
  <div>
    {events.map((event) => (
      <article className="event-card" key={event.seq}>
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <EventName shop={shop} event={event} />
          <Text span fw={600} className="numbers" style={{ whiteSpace: 'nowrap' }}>
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
          <Outcomes event={event} connected={connected} />
        </Group>
      </article>
    ))}
  </div>
)

/** Our name, and below it the platforms'. */
const EventName = ({ shop, event }: { readonly shop: string; readonly event: RecentEvent }) => {
  const names = event.outcomes.flatMap(({ destination, platformName }) =>
    platformName === undefined ? [] : [`${destination.name}: ${platformName}`],
  )
  return (
    <div>
      <Link className="name" to={`/s/${shop}/events/${event.seq}`} onClick={(click) => click.stopPropagation()}>
        {eventLabel(event.name)}
      </Link>
      <Text size="xs" c="dimmed">
        {event.gone ? T.gone[event.gone] : [...new Set(names)].join(' · ')}
      </Text>
    </div>
  )
}

const Outcomes = ({ event, connected }: { readonly event: RecentEvent; readonly connected: boolean }) =>
  connected ? (
    <Group gap={6}>
      {event.outcomes.map((outcome) => (
        <OutcomePill key={outcome.connection} outcome={outcome} named={event.outcomes.length > 1} />
      ))}
    </Group>
  ) : (
    <Text span size="sm" c="dimmed">
      {T.noConnectionYet}
    </Text>
  )
