import type { AuditState } from '../queries/audit.ts'

/** The words of the order audit. */
export const A = {
  title: 'Order audit',
  help: 'Every order at every platform: delivered, or the reason why not.',
  period: 'Orders placed',
  platform: 'Platform',
  anyPlatform: 'Any platform',
  state: 'State',
  anyState: 'Any state',
  file: 'Download as CSV',

  sums: 'Sums',
  sumsHelp: 'At every platform the states add up to all orders.',
  orders: (count: number) => `${count.toLocaleString()} ${count === 1 ? 'order' : 'orders'}`,
  all: 'All orders',
  only: (state: string, platform: string) => `Show only ${state} at ${platform}`,
  reasons: 'Reasons',

  shopify: 'Shopify’s own count',
  asking: 'Shopify is being asked…',
  same: 'The same orders and the same revenue.',
  differs: 'Shopify and Converlay differ.',
  theirs: 'Shopify',
  ours: 'Converlay',
  elsewhere: 'Not Shopify’s, named by your own server and not compared',
  missing: (count: number) => `Missing here, being fetched: ${count.toLocaleString()}`,
  gone: (count: number) => `Not at Shopify any more: ${count.toLocaleString()}`,
  askedAt: (at: string) => `Shopify was asked at ${at}. It is asked again after five minutes at the earliest.`,
  notCompared: 'Not compared',
  again: 'Ask again',

  order: 'Order',
  placed: 'Placed',
  value: 'Value',
  outcome: 'What became of it',
  cancelled: 'cancelled',
  more: 'More orders',
  none: 'No order was placed in these days',
  noneHelp: 'Choose other days, or wait for the first order.',
  noneSuch: 'No order here is in this state',
  noneSuchHelp: 'Take the filters away to see all orders.',
  unfiltered: 'Show all orders',
} as const

export const AUDIT_LABELS: Readonly<Record<AuditState, string>> = {
  delivered: 'Delivered',
  waiting: 'Waiting',
  refused: 'Refused',
  suppressed: 'Not sent',
  dead: 'Dead',
  missing: 'Missing',
}
