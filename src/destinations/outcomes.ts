/**
 * What became of an event at a connection, as one byte in the ledger. The list is closed and a number is never used
 * again, because ledgers of years ago are read with today's list.
 */
export const OUTCOMES = {
  /** Passed by the lane but not final: retried, sent singly or held; its row in `parked` says which. */
  parked: 1,
  delivered: 2,
  /** Sent to a platform whose answer proves nothing. */
  sent: 3,

  // Skipped: never sent, by decision.
  not_accepted: 10,
  switched_off: 11,
  no_identifier: 12,
  no_consent: 13,
  consent_unknown: 14,
  sale_opt_out: 15,
  channel_pos: 16,
  channel_draft: 17,
  channel_subscription: 18,
  channel_other: 19,
  test_order: 20,
  too_old: 21,
  in_future: 22,
  missing_field: 23,
  invalid_field: 24,
  value_not_positive: 25,
  waits_for_payment: 26,
  sent_as_placed: 27,
  superseded: 28,
  twin_counted: 29,
  before_connection: 30,
  covered: 31,
  purchase_not_sent: 32,
  /** Sent in test mode: the platform looked at it and counted nothing. */
  tested: 33,

  // Dead: should have been sent and was not, or was refused.
  rejected: 40,
  ambiguous: 41,
  expired: 42,
  redacted: 43,
  mapper_crash: 44,
  api_version: 45,
  uninstalled: 46,
  connection_removed: 47,
  damaged: 48,
} as const

export type Outcome = keyof typeof OUTCOMES

/** The state a person sees. waiting also covers every number that has no byte yet. */
export type OutcomeState = 'waiting' | 'delivered' | 'skipped' | 'dead'

const NAMES: ReadonlyMap<number, Outcome> = new Map(
  Object.entries(OUTCOMES).map(([name, code]) => [code, name as Outcome] as const),
)

/** The name of a ledger byte; undefined for a number of a later version. */
export const outcomeOf = (code: number): Outcome | undefined => NAMES.get(code)

export const stateOf = (outcome: Outcome): OutcomeState => {
  const code = OUTCOMES[outcome]
  if (code === OUTCOMES.parked) return 'waiting'
  if (code < 10) return 'delivered'
  return code < 40 ? 'skipped' : 'dead'
}

/** Reasons for not sending an event, as `map` prints them and the ledger keeps them. */
export type SkipReason = {
  [K in Outcome]: (typeof OUTCOMES)[K] extends
    | 10
    | 11
    | 12
    | 13
    | 14
    | 15
    | 16
    | 17
    | 18
    | 19
    | 20
    | 21
    | 22
    | 23
    | 24
    | 25
    | 26
    | 27
    | 28
    | 29
    | 30
    | 31
    | 32
    ? K
    : never
}[Outcome]

/** Each outcome in plain words: what happened, and what a merchant can do where there is something to do. */
export const EXPLAINED: Readonly<Record<Outcome, string>> = {
  parked: 'Waiting: held for the browser’s part of the story, or to be sent again.',
  delivered: 'Delivered: the platform said it took this event.',
  sent: 'Sent: this platform does not confirm single events.',
  not_accepted: 'Not sent: this platform has no such event.',
  switched_off: 'Not sent: this event is switched off for the connection.',
  no_identifier: 'Not sent: nothing known about the shopper that this platform could match.',
  no_consent: 'Not sent: the shopper refused what this platform needs consent for.',
  consent_unknown: 'Not sent: consent is required in the shopper’s country and none was seen.',
  sale_opt_out: 'Not sent: the shopper opted out of the sale of data and this platform has no limited use.',
  channel_pos: 'Not sent: a point-of-sale order is not a web purchase.',
  channel_draft: 'Not sent: a draft order made by staff is not a web purchase.',
  channel_subscription: 'Not sent: a subscription renewal was not caused by an ad click.',
  channel_other: 'Not sent: the order came from another sales channel than the online store.',
  test_order: 'Not sent: a test order.',
  too_old: 'Not sent: older than the platform accepts.',
  in_future: 'Not sent: dated in the future.',
  missing_field: 'Not sent: a field that the platform requires is missing.',
  invalid_field: 'Not sent: a field has a value that the platform refuses.',
  value_not_positive: 'Not sent: the platform takes no purchase of this value (below zero, or zero).',
  waits_for_payment: 'Not sent when placed: this connection counts purchases when they are paid.',
  sent_as_placed: 'Not sent: this connection counts purchases when they are placed; see that event.',
  superseded: 'Not sent: a newer value of the same order went instead.',
  twin_counted: 'Not sent: the browser tag reported it and the time for merging is over.',
  before_connection: 'Not sent: it happened before the platform was connected.',
  covered: 'Not sent on its own: another event of the same page or order tells the platform the same.',
  purchase_not_sent: 'Not sent: the purchase that it takes back was not sent here.',
  tested: 'Tested: the platform checked it in test mode and counted nothing.',
  rejected: 'Refused by the platform; see its answer.',
  ambiguous: 'Stopped: the platform may have taken it and would count it twice.',
  expired: 'Expired before it could be sent.',
  redacted: 'Erased at the shopper’s request before it was sent.',
  mapper_crash: 'Stopped by a fault in Converlay; please report it.',
  api_version: 'The platform retired the interface that this version speaks.',
  uninstalled: 'Stopped: the app was uninstalled.',
  connection_removed: 'Stopped: the connection was removed.',
  damaged: 'Lost: the disk gave back something else than was written. Check the disk.',
}
