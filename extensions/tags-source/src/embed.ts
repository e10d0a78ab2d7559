import { type Added, watchCart } from './added-to-cart.ts'
import { consentOf, idsOfPage, writeAttributes } from './cart-attributes.ts'
import { forgetGum, syncGum } from './gum.ts'
import { itemOf, type PageFacts, readFacts } from './page-facts.ts'
import { loadTags } from './platform-tags.ts'
import { loadPrivacy, shopifyOnPage } from './privacy.ts'
import type { Outcome, Tags } from './run-tags.ts'
import { rounded, type TagEvent, type TagItem } from './told.ts'
import { leaveTwin, PIXEL_NAMES, REPORT, type StorefrontEvent, TWINS_ON } from './twins.ts'

/** The embed of one page: tells the page's events by the platforms' tags as soon as the visitor allows it. */
const embed = async (facts: PageFacts): Promise<void> => {
  const privacy = await loadPrivacy()
  // Without an answer nothing is allowed.
  if (!privacy) return forgetTwins()
  let tags: Tags | undefined
  let cartCount = facts.cartCount

  const writeDown = async (): Promise<void> => {
    if (cartCount === 0) return
    const ids = tags ? idsOfPage(document.cookie, location.search, Date.now()) : {}
    await writeAttributes({ ...ids, ...consentOf(privacy, new Date()) })
  }

  const tell = async (name: StorefrontEvent, facts: Omit<TagEvent, 'name' | 'id'>, variant = ''): Promise<void> => {
    if (!tags) return
    const id = leaveTwin(name, variant, Date.now())
    report(name, id, await tags.tell({ ...facts, name, id }))
  }

  const begin = async (): Promise<void> => {
    if (tags || !privacy.marketingAllowed()) return
    const limited = !privacy.saleOfDataAllowed()
    expectTwins()
    tags = loadTags(facts, limited)
    const gum = facts.criteo && !limited ? syncGum(facts.criteo, facts.via) : undefined
    await Promise.all([gum, ...eventsOf(facts).map(([name, told]) => tell(name, told))])
    // The platforms' own cookies are there by now.
    await writeDown()
  }

  /** A withdrawal ends the tags: what is loaded cannot be unloaded, but it is told nothing more. */
  const end = (): void => {
    tags = undefined
    forgetTwins()
    forgetGum()
  }

  watchCart((added) => {
    cartCount += added.length
    for (const one of added) {
      const item = itemOf(facts, one.variant, one.quantity) ?? itemOfLine(one)
      if (item) void tell('product_added', worthOf([item], facts.currency), one.variant)
    }
    void writeDown()
  })
  document.addEventListener('visitorConsentCollected', () => {
    if (privacy.marketingAllowed()) void begin()
    else end()
    void writeDown()
  })
  if (!privacy.marketingAllowed()) forgetTwins()
  await Promise.all([writeDown(), begin()])
}

/** After a late consent the pixel, which loads now, may wait for ids. */
const expectTwins = (): void => {
  try {
    sessionStorage.setItem(TWINS_ON, '1')
  } catch {
    // A browser without storage: the two are told under different ids.
  }
}

/** The pixel need not wait for ids where no tag fires. */
const forgetTwins = (): void => {
  try {
    sessionStorage.removeItem(TWINS_ON)
  } catch {
    // A browser without storage: the pixel found nothing either.
  }
}

const worthOf = (items: readonly TagItem[], currency: string) => ({
  currency,
  value: rounded(items.reduce((sum, { price, quantity }) => sum + price * quantity, 0)),
  items,
})

const itemOfLine = ({ variant, quantity, line }: Added): TagItem | undefined =>
  line && {
    product: String(line.product_id ?? ''),
    variant,
    sku: line.sku,
    title: line.product_title ?? line.title,
    vendor: line.vendor,
    category: line.product_type,
    price: (line.final_price ?? line.price ?? 0) / 100,
    quantity,
  }

type Told = readonly [name: StorefrontEvent, facts: Omit<TagEvent, 'name' | 'id'>]

/** What the page itself tells, in the order of the web pixel's events. */
const eventsOf = (facts: PageFacts): Told[] => {
  const { type, product, collection, query, currency } = facts
  const told: Told[] = [['page_viewed', { items: [], ofProduct: type === 'product' }]]
  const viewed = product && itemOf(facts, String(product.variant), 1)
  if (type === 'product' && viewed) told.push(['product_viewed', worthOf([viewed], currency)])
  if (type === 'collection') told.push(['collection_viewed', { items: [], collection: collection ?? '' }])
  if (type === 'search' && query) told.push(['searched', { items: [], query }])
  return told
}

/** Tells the web pixel which tags fired for an event; it goes on to the server with the pixel's next beacon. */
const report = (name: StorefrontEvent, id: string, { fired, blocked }: Outcome): void => {
  if (fired.length + blocked.length === 0) return
  shopifyOnPage()?.analytics?.publish?.(REPORT, { event: PIXEL_NAMES[name], id, fired, blocked })
}

const facts = readFacts()
if (facts) void embed(facts)
