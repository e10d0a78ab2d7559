import { Stack, Title } from '@mantine/core'
import { useState } from 'react'
import { useOutletContext, useSearchParams } from 'react-router'
import { useOverview } from '../api.ts'
import type { ShopContext } from '../app.tsx'
import { Invitation, NoEvents, Trouble, Waiting } from '../parts/empty.tsx'
import { EventList } from '../parts/event-list.tsx'
import { EVERYTHING, EventSearch, type Wanted } from '../parts/event-search.tsx'
import { type EventSearch as Search, useEvents } from '../queries/events.ts'
import { E } from '../texts/events.ts'
import { N } from '../texts/navigation.ts'
import { EVENT_LABELS, STATE_LABELS } from '../texts.ts'

/** What happened in the shop, newest first: all of it, or what somebody looks for. */
export const EventsPage = () => {
  const { shop, setup } = useOutletContext<ShopContext>()
  const overview = useOverview(shop)
  const [params, setParams] = useSearchParams()
  // A buyer's address stays out of the browser's history.
  const [address, setAddress] = useState('')
  const [following, follow] = useState(true)
  const wanted = address === '' ? wantedIn(params) : { ...wantedIn(params), text: address }
  const search = searchFor(wanted)
  const events = useEvents(shop, search, following)
  const change = (part: Partial<Wanted>) => {
    const next = { ...wanted, ...part }
    const personal = next.text.includes('@')
    setAddress(personal ? next.text : '')
    setParams(paramsOf(personal ? { ...next, text: '' } : next), { replace: true })
  }
  const all = events.data?.pages.flatMap((page) => page.events) ?? []
  const lookedTo = events.data?.pages.at(-1)?.lookedTo
  const connections = overview.data?.connections ?? []
  return (
    <Stack gap="lg">
      <Title order={1} size="h2">
        {N.events}
      </Title>
      <EventSearch
        key={shop}
        wanted={wanted}
        change={change}
        connections={connections}
        following={following}
        follow={follow}
      />
      {events.isPending ? <Waiting /> : null}
      {events.isError ? <Trouble error={events.error} retry={() => void events.refetch()} /> : null}
      {events.data ? (
        all.length === 0 && lookedTo === undefined ? (
          Object.keys(search).length === 0 ? (
            <NoEvents setup={setup} />
          ) : (
            <Invitation title={E.none} help={address === '' ? E.noneHelp : E.unknownBuyer} />
          )
        ) : (
          <EventList
            shop={shop}
            events={all}
            connections={connections.length}
            lookedTo={lookedTo}
            more={
              events.hasNextPage
                ? { isPending: events.isFetchingNextPage, ask: () => void events.fetchNextPage() }
                : undefined
            }
          />
        )
      ) : null}
    </Stack>
  )
}

const wantedIn = (params: URLSearchParams): Wanted => ({
  text: params.get('text') ?? '',
  names: params.getAll('name'),
  states: params.getAll('state'),
  connection: params.get('connection') ?? '',
  from: params.get('from') ?? '',
  until: params.get('until') ?? '',
})

const paramsOf = ({ text, names, states, connection, from, until }: Wanted): URLSearchParams => {
  const params = new URLSearchParams()
  for (const name of names) params.append('name', name)
  for (const state of states) params.append('state', state)
  for (const [name, value] of Object.entries({ text, connection, from, until })) if (value) params.set(name, value)
  return params
}

type Name = keyof typeof EVENT_LABELS
type State = keyof typeof STATE_LABELS

const searchFor = (wanted: Wanted): Search => {
  const names = wanted.names.filter((name): name is Name => name in EVENT_LABELS)
  const states = wanted.states.filter((state): state is State => state in STATE_LABELS)
  const connection = Number(wanted.connection)
  return {
    ...(wanted.text === EVERYTHING.text ? {} : { text: wanted.text }),
    ...(names.length === 0 ? {} : { names }),
    ...(states.length === 0 ? {} : { states }),
    ...(connection > 0 ? { connection } : {}),
    ...(wanted.from === '' ? {} : { from: wanted.from, until: wanted.until || wanted.from }),
  }
}
