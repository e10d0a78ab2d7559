import { Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { Plan } from '../api.ts'
import { number, reason } from '../format.ts'
import { T } from '../texts.ts'
import { Told } from './told.tsx'

/** What would be sent, what to think of first, and the button. */
export const Planned = ({
  plan,
  begin,
  send,
  back,
}: {
  readonly plan: Plan
  readonly begin: { readonly isPending: boolean; readonly error: Error | null }
  readonly send: (sure: boolean) => void
  readonly back: () => void
}) => {
  const [sure, setSure] = useState(false)
  const { total, atMost, counts, warnings, repeats } = plan
  return (
    <Stack gap="sm">
      <div role="status">
        <Text fw={600}>{T.wouldSend(total, atMost)}</Text>
        <ul className="rows">
          {counts.map(({ outcome, explained, count }) => (
            <li key={outcome}>
              <span>{reason(explained)}</span>
              <Text span size="sm" fw={600} className="numbers">
                {number(count)}
              </Text>
            </li>
          ))}
        </ul>
      </div>
      {warnings.map((warning) => (
        <Told key={warning} state="waiting">
          {warning}
        </Told>
      ))}
      {repeats ? (
        <Checkbox label={T.sure} checked={sure} onChange={(event) => setSure(event.currentTarget.checked)} />
      ) : null}
      {begin.error ? <Told state="dead">{begin.error.message}</Told> : null}
      <Group>
        <Button loading={begin.isPending} disabled={repeats && !sure} onClick={() => send(sure)}>
          {T.sendNow(total, atMost)}
        </Button>
        <Button variant="default" onClick={back}>
          {T.change}
        </Button>
      </Group>
    </Stack>
  )
}
