import { Tooltip } from '@mantine/core'
import { IconCheck, IconClockHour4, IconMinus, IconX } from '@tabler/icons-react'
import type { EventOutcome, OutcomeState } from '../api.ts'
import { STATE_LABELS } from '../texts.ts'

const ICONS = { delivered: IconCheck, skipped: IconMinus, waiting: IconClockHour4, dead: IconX } as const

/** Never colour alone: each state has its sign and its word. */
export const StateIcon = ({ state, size = 13 }: { readonly state: OutcomeState; readonly size?: number }) => {
  const Icon = ICONS[state]
  return <Icon size={size} stroke={2.4} aria-hidden />
}

export const StatePill = ({ state }: { readonly state: OutcomeState }) => (
  <span className="pill" data-state={state}>
    <StateIcon state={state} />
    {STATE_LABELS[state]}
  </span>
)

/** What became of an event at one platform; the reason on hover, focus or tap. */
export const OutcomePill = ({ outcome, named }: { readonly outcome: EventOutcome; readonly named: boolean }) => (
  <Tooltip label={outcome.explained} multiline maw={300} withArrow events={{ hover: true, focus: true, touch: true }}>
    <button
      type="button"
      className="pill"
      data-state={outcome.state}
      aria-label={`${outcome.destination.name}: ${STATE_LABELS[outcome.state]}. ${outcome.explained}`}
      onClick={(click) => click.stopPropagation()}
    >
      <StateIcon state={outcome.state} />
      {named ? outcome.destination.name : STATE_LABELS[outcome.state]}
    </button>
  </Tooltip>
)
