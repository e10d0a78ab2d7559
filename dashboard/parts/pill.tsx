import { IconCheck, IconClockHour4, IconMinus, IconX } from '@tabler/icons-react'
import type { EventOutcome, OutcomeState } from '../api.ts'
import { outcomeLabel } from '../texts.ts'
import { initials } from './platform-mark.tsx'

const ICONS = { delivered: IconCheck, skipped: IconMinus, waiting: IconClockHour4, dead: IconX } as const

/** Never colour alone: each state has its sign and its word. */
export const StateIcon = ({ state, size = 13 }: { readonly state: OutcomeState; readonly size?: number }) => {
  const Icon = ICONS[state]
  return <Icon size={size} stroke={2.4} aria-hidden />
}

type Told = Pick<EventOutcome, 'state' | 'outcome'>

export const StatePill = ({ told }: { readonly told: Told }) => (
  <span className="pill" data-state={told.state}>
    <StateIcon state={told.state} />
    {outcomeLabel(told)}
  </span>
)

/** What became of an event at one platform, small enough for many beside each other; all of it is on the event's page. */
export const OutcomeMark = ({ outcome }: { readonly outcome: EventOutcome }) => {
  const { destination, account = '', state, explained } = outcome
  const told = `${`${destination.name} ${account}`.trim()}: ${outcomeLabel(outcome)}. ${explained}`
  return (
    <span className="pill outcome" data-state={state} role="img" aria-label={told} title={told}>
      <StateIcon state={state} size={12} />
      {initials(destination.name)}
    </span>
  )
}
