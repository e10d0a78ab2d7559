import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useState } from 'react'
import { type ConnectionSettings, type DestinationForm, useBegin, useOffers, useSetState, useTestMode } from '../api.ts'
import { moment } from '../format.ts'
import { T } from '../texts.ts'
import { Section } from './section.tsx'
import { Told } from './told.tsx'

interface Shown {
  readonly shop: string
  readonly connection: ConnectionSettings
}

/** Whether events go out, what waits, and the button that changes it. */
export const Sending = ({ shop, connection }: Shown) => {
  const setState = useSetState(shop, String(connection.id))
  const { state, waits } = connection
  const active = state === 'active'
  const events = T.events(waits.count)
  const oldest = waits.oldest === undefined ? undefined : moment(waits.oldest)
  return (
    <Section title={T.sending}>
      <Stack gap="sm">
        {active ? <Text size="sm">{T.isActive}</Text> : null}
        {state === 'paused' ? <Told state="skipped">{T.pausedNote}</Told> : null}
        {state === 'needs_auth' ? <Told state="dead">{T.needsAuth}</Told> : null}
        <Text size="sm" c="dimmed">
          {waits.count === 0 ? T.nothingWaits : T.waits(waits.more ? T.moreThan(events) : events, oldest)}
        </Text>
        <Button
          w="fit-content"
          variant="default"
          leftSection={active ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
          loading={setState.isPending}
          onClick={() => setState.mutate(active ? 'paused' : 'active')}
        >
          {active ? T.pause : T.resume}
        </Button>
        {setState.isError ? <Told state="dead">{setState.error.message}</Told> : null}
      </Stack>
    </Section>
  )
}

/** The platform's test mode: what it means, its switch, and what was only tested so far. */
export const TestMode = ({
  shop,
  connection,
  destination: { testing },
}: Shown & { readonly destination: DestinationForm }) => {
  const id = String(connection.id)
  const change = useTestMode(shop, id)
  const [code, setCode] = useState('')
  const on = connection.tested !== null
  if (testing === null) return null
  return (
    <Section title={T.testMode}>
      <Stack gap="sm">
        {on ? (
          <Told state="waiting">
            <b>{T.testModeOn}.</b> {testing.told}
          </Told>
        ) : (
          <Text size="sm">{T.testModeOff}</Text>
        )}
        {!on && testing.code !== undefined ? (
          <TextInput
            label={testing.code}
            description={T.testCodeHelp(testing.told)}
            value={code}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        ) : null}
        <Group>
          <Button
            variant="default"
            loading={change.isPending}
            onClick={() => change.mutate(on ? { on: false } : { on: true, ...(testing.code ? { code } : {}) })}
          >
            {on ? T.switchOff : T.switchOn}
          </Button>
          {on || testing.code !== undefined ? null : (
            <Text size="sm" c="dimmed" flex={1}>
              {testing.told}
            </Text>
          )}
        </Group>
        {change.isError ? <Told state="dead">{change.error.message}</Told> : null}
        {on ? null : <OnlyTested shop={shop} id={id} />}
      </Stack>
    </Section>
  )
}

/** What was tested and not counted can be sent for real, once test mode is off. */
const OnlyTested = ({ shop, id }: { readonly shop: string; readonly id: string }) => {
  const offers = useOffers(shop, id)
  const begin = useBegin(shop, id)
  const count = offers.data?.tested ?? 0
  if (count === 0) return null
  return (
    <Stack gap="xs">
      <Text size="sm">{T.testedOffer(count)}</Text>
      <Button w="fit-content" loading={begin.isPending} onClick={() => begin.mutate({ outcomes: ['tested'] })}>
        {T.sendNow(count, false)}
      </Button>
      {begin.isError ? <Told state="dead">{begin.error.message}</Told> : null}
    </Stack>
  )
}
