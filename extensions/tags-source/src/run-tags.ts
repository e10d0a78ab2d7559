import { TAGS } from './all.ts'
import { addressOf, loadScript } from './load-script.ts'
import type { Named, Tag } from './tag.ts'
import { catalogId, type TagAccount, type TagEvent, type TagPerson } from './told.ts'

/** Which platforms' tags told an event, and which could not because their scripts were blocked. */
export interface Outcome {
  readonly fired: readonly string[]
  readonly blocked: readonly string[]
}

export interface Tags {
  /** Hands an event to every tag that has a name for it; resolves when it is known which of them are there. */
  tell(event: TagEvent): Promise<Outcome>
}

/** What is the same for all tags of a page. */
export interface Setting {
  readonly accounts: Readonly<Record<string, TagAccount | undefined>>
  /** The catalogue's country. */
  readonly country: string
  readonly person: TagPerson
  /** The visitor opted out of the sale of data. */
  readonly limited: boolean
  /** Where the demo's imitations of the platforms stand. */
  readonly via?: string | undefined
}

/** Starts the tags whose ids were entered. To be called with the visitor's consent only. */
export const startTags = ({ accounts, country, person, limited, via }: Setting): Tags => {
  const running = TAGS.flatMap((tag) => {
    const account = accounts[tag.slug]
    if (!account?.id || (limited && !tag.limits)) return []
    const start = { account, person, limited }
    tag.start(start)
    const there = loadScript(addressOf(tag.script(account.id), via)).then(
      (loaded) => loaded && (tag.isAlive?.() ?? true),
    )
    return [{ tag, start, there }]
  })
  return {
    tell: async (event) => {
      const told = running.filter(({ tag, start }) => {
        const name = nameOf(tag, event, start.account)
        if (name === undefined) return false
        tag.track(name, valued(event, start.account), named(event, start.account, country), start)
        return true
      })
      const fired: string[] = []
      const blocked: string[] = []
      await Promise.all(told.map(async ({ tag, there }) => void ((await there) ? fired : blocked).push(tag.slug)))
      return { fired, blocked }
    },
  }
}

const nameOf = (tag: Tag, event: TagEvent, { labels, names }: TagAccount): string | undefined => {
  // On a product's page the view of the page and that of the product have one name at Pinterest, and the server tells
  // the second only: so does the tag.
  if (event.name === 'page_viewed' && event.ofProduct && tag.names.product_viewed === tag.names.page_viewed) return
  // Where conversions have labels, those without one are not wanted.
  return labels && !labels[event.name] ? undefined : (names?.[event.name] ?? tag.names[event.name])
}

/** The event with the value that the account wants. */
const valued = (event: TagEvent, { value }: TagAccount): TagEvent =>
  value === 'subtotal' && event.subtotal !== undefined ? { ...event, value: event.subtotal } : event

/** Lines that the catalogue would recognise. */
const named = (event: TagEvent, { catalog }: TagAccount, country: string): Named[] =>
  event.items.flatMap((item) => {
    const id = catalogId(catalog, country, item)
    return id === undefined ? [] : [{ ...item, id }]
  })
