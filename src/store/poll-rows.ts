import type { Poll } from './poll.ts'

/** A row of `polls`. */
export interface PollRow {
  readonly job: string
  readonly seqs: string
  readonly sent_at: number
  readonly due: number
  readonly tries: number
  readonly sendings: number
}

export const pollOf = ({ job, seqs, sent_at, due, tries, sendings }: PollRow): Poll => ({
  job,
  seqs: JSON.parse(seqs) as number[],
  sentAt: sent_at,
  due,
  tries,
  sendings,
})

/** A row of `tokens`. */
export interface TokenRow {
  readonly settings_version: number
  readonly expires_at: number
  readonly sealed: Uint8Array
}
