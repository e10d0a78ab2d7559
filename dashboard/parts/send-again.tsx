import { Button, MultiSelect, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { type Asked, type Replay, useBegin, usePreview } from '../api.ts'
import { EVENT_LABELS, T } from '../texts.ts'
import { Planned } from './planned.tsx'
import { Section } from './section.tsx'
import { Told } from './told.tsx'

type Name = NonNullable<Replay['names']>[number]
type Outcome = NonNullable<Replay['outcomes']>[number]

const labelled = <Value extends string>(labels: Readonly<Partial<Record<Value, string>>>) =>
  (Object.keys(labels) as Value[]).map((value) => ({ value, label: labels[value] ?? value }))

const NAMES = labelled<Name>(EVENT_LABELS)
const OUTCOMES = labelled<Outcome>(T.outcomes)

/** What a person chose; empty fields set no limit. */
interface Choice {
  readonly from: string
  readonly until: string
  readonly names: readonly string[]
  readonly outcomes: readonly string[]
}
const EVERYTHING: Choice = { from: '', until: '', names: [], outcomes: [] }

const askedFor = ({ from, until, names, outcomes }: Choice): Replay => ({
  ...(from === '' ? {} : { from: Date.parse(from) }),
  ...(until === '' ? {} : { until: Date.parse(until) }),
  ...(names.length === 0 ? {} : { names: NAMES.flatMap(({ value }) => (names.includes(value) ? [value] : [])) }),
  ...(outcomes.length === 0
    ? {}
    : { outcomes: OUTCOMES.flatMap(({ value }) => (outcomes.includes(value) ? [value] : [])) }),
})

/** Chooses what is to be sent once more, shows what that would be, and begins it. */
export const SendAgain = ({ shop, id }: { readonly shop: string; readonly id: string }) => {
  const [choice, setChoice] = useState(EVERYTHING)
  const preview = usePreview(shop, id)
  const begin = useBegin(shop, id)
  const change = (part: Partial<Choice>) => {
    setChoice({ ...choice, ...part })
    preview.reset()
  }
  const asked: Asked = askedFor(choice)
  return (
    <Section title={T.sendAgain} help={T.sendAgainHelp}>
      {preview.data ? (
        <Planned
          plan={preview.data}
          begin={begin}
          send={(sure) => begin.mutate({ ...asked, sure }, { onSuccess: () => preview.reset() })}
          back={() => preview.reset()}
        />
      ) : (
        <form
          onSubmit={(submit) => {
            submit.preventDefault()
            begin.reset()
            preview.mutate(asked)
          }}
        >
          <Stack gap="sm">
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <TextInput
                type="datetime-local"
                label={T.from}
                description={T.rangeHelp}
                value={choice.from}
                onChange={(event) => change({ from: event.currentTarget.value })}
              />
              <TextInput
                type="datetime-local"
                label={T.until}
                description={T.rangeHelp}
                value={choice.until}
                onChange={(event) => change({ until: event.currentTarget.value })}
              />
            </SimpleGrid>
            <MultiSelect
              label={T.whichEvents}
              placeholder={choice.names.length === 0 ? T.allEvents : ''}
              data={NAMES}
              value={[...choice.names]}
              searchable
              clearable
              onChange={(names) => change({ names })}
            />
            <MultiSelect
              label={T.whichOutcomes}
              placeholder={choice.outcomes.length === 0 ? T.allFailed : ''}
              data={OUTCOMES}
              value={[...choice.outcomes]}
              searchable
              clearable
              onChange={(outcomes) => change({ outcomes })}
            />
            {preview.isError ? <Told state="skipped">{preview.error.message}</Told> : null}
            <Button type="submit" variant="default" w="fit-content" loading={preview.isPending}>
              {T.preview}
            </Button>
          </Stack>
        </form>
      )}
    </Section>
  )
}
