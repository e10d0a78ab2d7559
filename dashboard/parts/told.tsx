import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { OutcomeState, Verified } from '../api.ts'
import { T } from '../texts.ts'

/** A sentence on the colour of a state, spoken by screen readers when it appears. */
export const Told = ({ state, children }: { readonly state: OutcomeState; readonly children: ReactNode }) => (
  <div className="note" data-state={state} role="status">
    {children}
  </div>
)

const STATES = { ok: 'delivered', failed: 'dead', unknown: 'waiting' } as const

/** What a test of a connection told, in words. */
export const Tested = ({
  test,
}: {
  readonly test: { readonly data?: Verified | undefined; readonly error: Error | null; readonly isPending: boolean }
}) => {
  if (test.isPending) return null
  if (test.error) return <Told state="dead">{test.error.message}</Told>
  if (!test.data) return null
  return (
    <Told state={STATES[test.data.outcome]}>
      <Text span fw={650} size="sm">
        {T.tested[test.data.outcome]}
      </Text>{' '}
      {test.data.message}
    </Told>
  )
}
