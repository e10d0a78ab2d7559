import { destinations } from '../destinations/all.ts'
import type { CommonSettings } from '../destinations/common-settings.ts'
import { textAt } from '../lib/json.ts'
import type { Connection } from '../store/store.ts'

/** What a browser tag needs of a connection, as the custom pixel's code reads it (extensions/tags-source). */
export interface TagAccount {
  readonly id: string
  readonly catalog: string
  readonly value: 'total' | 'subtotal'
  readonly names?: Readonly<Record<string, string>>
  readonly labels?: Readonly<Record<string, string>>
}

export interface TagAccounts {
  readonly accounts: Readonly<Record<string, TagAccount>>
  /** Connections whose tag cannot be generated: the platform's slug, and why in plain words. */
  readonly leftOut: readonly { readonly destination: string; readonly why: string }[]
}

type Settings = CommonSettings & { readonly [key: string]: unknown }

/** The setting that holds the id of each platform's browser tag; other platforms have none that Converlay can fire. */
const TAG_ID: Readonly<Record<string, string>> = {
  pinterest: 'tagId',
  meta: 'pixelId',
  tiktok: 'pixelCode',
  snapchat: 'pixelId',
  reddit: 'pixelId',
  ga4: 'measurementId',
  'google-ads': 'tag',
}

/** Whether the platform has a browser tag that Converlay can fire. */
export const hasTag = (destination: string): boolean => destination in TAG_ID

/**
 * The accounts of a shop's connections, one a platform. A tag that would tell something else than the server is left
 * out: the platform keeps what it hears first.
 */
export const tagAccountsOf = (connections: readonly Connection[]): TagAccounts => {
  const accounts: Record<string, TagAccount> = {}
  const leftOut: { destination: string; why: string }[] = []
  for (const { destination, settings: raw, state } of connections) {
    const key = TAG_ID[destination]
    const parsed = destinations.get(destination)?.settings.safeParse(raw)
    if (key === undefined || !parsed?.success || state === 'paused' || accounts[destination]) continue
    const settings = parsed.data as Settings
    const id = textAt(settings, key)
    const why = whyNot(destination, settings, id)
    if (id === undefined || why !== undefined) leftOut.push({ destination, why: why ?? 'Its tag has no ID.' })
    else accounts[destination] = accountOf(destination, settings, id)
  }
  return { accounts, leftOut }
}

const whyNot = (destination: string, settings: Settings, id: string | undefined): string | undefined => {
  if (id === undefined) return 'Enter the ID of its tag in the connection’s settings.'
  if (settings.value === 'profit') return 'It is sent the profit, which must not stand in a page.'
  if (destination === 'ga4' && settings.googleTag !== true)
    return 'Its settings say that no Google tag is on the store, so the server tells everything.'
  const isGoogle = destination === 'ga4' || destination === 'google-ads'
  return isGoogle && settings.transactionId !== '{orderId}'
    ? 'Google merges by order ID, and a page knows Shopify’s long number only.'
    : undefined
}

const accountOf = (destination: string, settings: Settings, id: string): TagAccount => {
  const [account = id, label] = destination === 'google-ads' ? id.split('/') : [id]
  const purchase = destination === 'tiktok' ? textAt(settings, 'purchase') : undefined
  return {
    id: account,
    catalog: settings.catalogId,
    value: settings.value === 'subtotal' ? 'subtotal' : 'total',
    ...(purchase === undefined ? {} : { names: { order_placed: purchase } }),
    ...(label === undefined ? {} : { labels: { order_placed: label } }),
  }
}
