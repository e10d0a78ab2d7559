import type { MatchQuality } from '../queries/figures.ts'
import { Q } from '../texts/quality.ts'

/** The word for an estimate, by the marks. */
export const Grade = ({ estimate, marks }: { readonly estimate: number; readonly marks: MatchQuality['marks'] }) => {
  const grade = estimate > marks.strong ? 'strong' : estimate > marks.acceptable ? 'acceptable' : 'low'
  const state = { strong: 'delivered', acceptable: 'waiting', low: 'dead' }[grade]
  return (
    <span className="pill" data-state={state}>
      {Q.grades[grade]}
    </span>
  )
}
