import type { OutcomeState } from '../api.ts'
import type { AuditCell, AuditState } from '../queries/audit.ts'
import { AUDIT_LABELS } from '../texts/audit.ts'
import { StateIcon } from './pill.tsx'
import { initials } from './platform-mark.tsx'

export const AUDIT_STATES = Object.keys(AUDIT_LABELS) as readonly AuditState[]

/** In which of the four colours a state of the audit is shown. */
export const colourOf = (state: AuditState): OutcomeState =>
  state === 'delivered' ? 'delivered' : state === 'suppressed' ? 'skipped' : state === 'waiting' ? 'waiting' : 'dead'

const wordsOf = ({ state, explained, code, message }: AuditCell): string =>
  [`${AUDIT_LABELS[state]}. ${explained}`, message, code === undefined ? undefined : `(${code})`]
    .filter(Boolean)
    .join(' ')

/** What became of an order at one platform: beside others as a mark, by itself with its reason. */
export const AuditMark = ({
  cell,
  platform,
  name,
  alone,
}: {
  readonly cell: AuditCell
  readonly platform: string
  /** With its account. */
  readonly name: string
  readonly alone: boolean
}) => {
  const state = colourOf(cell.state)
  if (alone)
    return (
      <span>
        <span className="pill" data-state={state}>
          <StateIcon state={state} />
          {AUDIT_LABELS[cell.state]}
        </span>{' '}
        {cell.state === 'delivered' ? null : wordsOf(cell).slice(AUDIT_LABELS[cell.state].length + 2)}
      </span>
    )
  const told = `${name}: ${wordsOf(cell)}`
  return (
    <span className="pill outcome" data-state={state} role="img" aria-label={told} title={told}>
      <StateIcon state={state} size={12} />
      {initials(platform)}
    </span>
  )
}
