import { EXPLAINED, type Outcome } from '../../destinations/outcomes.ts'
import { SECOND } from '../../lib/duration.ts'
import { compact } from '../../lib/json.ts'
import type { Progress } from '../../pipeline/progress.ts'
import { mayRepeat, type Plan } from '../../pipeline/replay.ts'
import type { Task, TaskKind } from '../../store/task.ts'

/** A replay or a backfill on the wire. Times in ms since 1970. */
export interface TaskShown {
  readonly id: number
  readonly connection: number
  readonly kind: TaskKind
  readonly state: Task['state']
  readonly createdAt: number
  readonly endedAt?: number
  readonly done: number
  readonly total: number
  readonly tried: number
  readonly perSecond?: number
  readonly secondsLeft?: number
}

export const taskShown = (task: Task, { done, total, tried, rate, left }: Progress): TaskShown =>
  compact<TaskShown>({
    id: task.id,
    connection: task.connection,
    kind: task.kind,
    state: task.state,
    createdAt: task.createdAt,
    endedAt: task.endedAt,
    done,
    total,
    tried,
    perSecond: rate,
    secondsLeft: left === undefined ? undefined : Math.ceil(left / SECOND),
  })

/** What a replay or a backfill would send, and what to think of first. */
export interface PlanShown {
  readonly total: number
  /** It may be fewer. */
  readonly atMost: boolean
  readonly counts: readonly {
    readonly outcome: Outcome | 'never_sent'
    readonly explained: string
    readonly count: number
  }[]
  readonly warnings: readonly string[]
  /** The platform has some of them, or may have: whoever begins has to be sure. */
  readonly repeats: boolean
}

const NEVER_SENT = 'Never sent: it arrived before the platform was connected.'

export const planShown = ({ total, atMost, counts, warnings }: Plan): PlanShown => ({
  total,
  atMost,
  counts: (Object.entries(counts) as [Outcome | 'never_sent', number][])
    .map(([outcome, count]) => ({
      outcome,
      explained: outcome === 'never_sent' ? NEVER_SENT : EXPLAINED[outcome],
      count,
    }))
    .sort((a, b) => b.count - a.count),
  warnings,
  repeats: mayRepeat(counts),
})
