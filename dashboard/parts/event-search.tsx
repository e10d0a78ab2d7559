import { Button, Group, MultiSelect, Select, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core'
import { DatePickerInput } from '@mantine/dates'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import type { ConnectionOverview } from '../api.ts'
import { E } from '../texts/events.ts'
import { EVENT_LABELS, STATE_LABELS } from '../texts.ts'

/** What a person looks for; '' and empty lists set no limit. Days as YYYY-MM-DD. */
export interface Wanted {
  readonly text: string
  readonly names: readonly string[]
  readonly states: readonly string[]
  readonly connection: string
  readonly from: string
  readonly until: string
}

export const EVERYTHING: Wanted = { text: '', names: [], states: [], connection: '', from: '', until: '' }

const choicesOf = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels).map(([value, label]) => ({ value, label }))
const NAMES = choicesOf(EVENT_LABELS)
const STATES = choicesOf(STATE_LABELS)

/** The boxes above the list of events: one to type into, and what can be chosen. */
export const EventSearch = ({
  wanted,
  change,
  connections,
  following,
  follow,
}: {
  readonly wanted: Wanted
  readonly change: (part: Partial<Wanted>) => void
  readonly connections: readonly ConnectionOverview[]
  readonly following: boolean
  readonly follow: (on: boolean) => void
}) => {
  const [text, setText] = useState(wanted.text)
  const filtered = JSON.stringify(wanted) !== JSON.stringify(EVERYTHING)
  return (
    <section className="card" aria-label={E.search}>
      <Stack gap="sm">
        <form
          onSubmit={(submit) => {
            submit.preventDefault()
            change({ text: text.trim() })
          }}
        >
          <Group gap="sm" align="flex-end" wrap="nowrap">
            <TextInput
              flex={1}
              miw={0}
              type="search"
              label={E.find}
              description={E.findHelp}
              leftSection={<IconSearch size={16} aria-hidden />}
              value={text}
              maxLength={200}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <Button type="submit">{E.findButton}</Button>
          </Group>
        </form>
        <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
          <MultiSelect
            label={E.which}
            placeholder={wanted.names.length === 0 ? E.all : ''}
            data={NAMES}
            value={[...wanted.names]}
            searchable
            clearable
            onChange={(names) => change({ names })}
          />
          <Select
            label={E.platform}
            placeholder={E.anyPlatform}
            data={connections.map(({ id, destination, account }) => ({
              value: String(id),
              label: [destination.name, sameName(connections, destination.slug) ? account : undefined]
                .filter(Boolean)
                .join(' '),
            }))}
            value={wanted.connection || null}
            clearable
            onChange={(connection) => change({ connection: connection ?? '' })}
          />
          <MultiSelect
            label={E.state}
            placeholder={wanted.states.length === 0 ? E.anyState : ''}
            data={STATES}
            value={[...wanted.states]}
            clearable
            onChange={(states) => change({ states })}
          />
          <DatePickerInput
            type="range"
            label={E.days}
            placeholder={E.anyDay}
            allowSingleDateInRange
            clearable
            value={[wanted.from || null, wanted.until || null]}
            onChange={([from, until]) => change({ from: from ?? '', until: until ?? '' })}
          />
        </SimpleGrid>
        <Group justify="space-between" gap="sm" mih={30}>
          <Switch
            label={E.follow}
            checked={following}
            title={E.followHelp}
            onChange={(event) => follow(event.currentTarget.checked)}
          />
          {filtered ? (
            <Button
              size="compact-sm"
              variant="subtle"
              onClick={() => {
                setText('')
                change(EVERYTHING)
              }}
            >
              {E.clear}
            </Button>
          ) : null}
        </Group>
      </Stack>
    </section>
  )
}

const sameName = (connections: readonly ConnectionOverview[], slug: string): boolean =>
  connections.filter(({ destination }) => destination.slug === slug).length > 1
