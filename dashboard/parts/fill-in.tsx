import { Button, Group, NumberInput, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useBegin, useOffers, usePreview } from '../api.ts'
import { T } from '../texts.ts'
import { Waiting } from './empty.tsx'
import { Planned } from './planned.tsx'
import { Section } from './section.tsx'
import { Told } from './told.tsx'

const USUAL_DAYS = 7
const MOST_DAYS = 365

interface Place {
  readonly shop: string
  readonly id: string
}

/** Sends what arrived before the platform was connected. */
export const FillIn = ({ shop, id }: Place) => {
  const [days, setDays] = useState(USUAL_DAYS)
  const preview = usePreview(shop, id)
  const begin = useBegin(shop, id)
  return (
    <Section title={T.fillIn} help={T.fillInHelp}>
      {preview.data ? (
        <Planned
          plan={preview.data}
          begin={begin}
          send={() => begin.mutate({ days }, { onSuccess: () => preview.reset() })}
          back={() => preview.reset()}
        />
      ) : (
        <form
          onSubmit={(submit) => {
            submit.preventDefault()
            begin.reset()
            preview.mutate({ days })
          }}
        >
          <Stack gap="sm">
            <NumberInput
              w={120}
              label={T.days}
              min={1}
              max={MOST_DAYS}
              allowDecimal={false}
              value={days}
              onChange={(next) => setDays(Number(next) || USUAL_DAYS)}
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

/** Right after connecting: what came before is offered, where there is something. `done` is told whether it was taken. */
export const BackfillOffer = ({
  shop,
  id,
  name,
  done,
}: Place & { readonly name: string; readonly done: (taken: boolean) => void }) => {
  const offers = useOffers(shop, id)
  const begin = useBegin(shop, id)
  const { events = 0, days = USUAL_DAYS } = offers.data?.backfill ?? {}
  if (offers.isPending) return <Waiting />
  return (
    <div className="card">
      <Stack>
        <Title order={1} size="h2">
          {T.offerTitle(name)}
        </Title>
        {events > 0 ? <Text>{T.offer(events, days)}</Text> : <Text>{T.startsNow}</Text>}
        {begin.isError ? <Told state="dead">{begin.error.message}</Told> : null}
        <Group>
          {events > 0 ? (
            <Button loading={begin.isPending} onClick={() => begin.mutate({ days }, { onSuccess: () => done(true) })}>
              {T.offerYes}
            </Button>
          ) : null}
          <Button variant="default" onClick={() => done(false)}>
            {events > 0 ? T.offerNo : T.goHome}
          </Button>
        </Group>
      </Stack>
    </div>
  )
}
