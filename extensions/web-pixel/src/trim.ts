/** An event of any kind as the page publishes it; only the members that are read here are named. */
export interface PixelEvent {
  readonly id: string
  readonly clientId: string
  readonly name: string
  readonly type: string
  readonly seq: number
  readonly timestamp: string
  readonly context?: Context
  readonly data?: object
  readonly customData?: unknown
}

interface Context {
  readonly document?: {
    readonly location?: { readonly href?: string }
    readonly referrer?: string
    readonly title?: string
  }
  readonly navigator?: { readonly userAgent?: string; readonly language?: string }
  readonly window?: { readonly screen?: unknown }
}

/** The members of an event’s data that are read here, most of which can grow long. */
interface Lists {
  readonly cartLine?: { readonly merchandise?: { readonly id?: string } | null } | null
  readonly cart?: { readonly id?: string | null; readonly lines?: readonly unknown[] } | null
  readonly checkout?: { readonly lineItems?: readonly unknown[] }
  readonly collection?: Listing
  readonly searchResult?: Listing
}

interface Listing {
  readonly productVariants?: readonly unknown[]
}

/** Products of a list that are told. */
const LISTED = 20
/** Lines of a cart or checkout that are told. */
const LINES = 100

/** An event without what nobody reads, its lists cut to what a beacon can hold. */
export const trimmed = (event: PixelEvent, listed = LISTED, lines = LINES): PixelEvent => {
  const { id, clientId, name, type, seq, timestamp, context, data, customData } = event
  return {
    id,
    clientId,
    name,
    type,
    seq,
    timestamp,
    ...(context ? { context: trimmedContext(context) } : {}),
    ...(data ? { data: { ...data, ...cutLists(listsOf(event), listed, lines) } } : {}),
    ...(customData === undefined || customData === null ? {} : { customData }),
  }
}

const trimmedContext = ({ document, navigator, window }: Context): Context => ({
  document: {
    location: { ...(document?.location?.href ? { href: document.location.href } : {}) },
    ...(document?.referrer ? { referrer: document.referrer } : {}),
    ...(document?.title ? { title: document.title } : {}),
  },
  navigator: {
    ...(navigator?.userAgent ? { userAgent: navigator.userAgent } : {}),
    ...(navigator?.language ? { language: navigator.language } : {}),
  },
  ...(window?.screen ? { window: { screen: window.screen } } : {}),
})

export const listsOf = ({ data }: PixelEvent): Lists => data ?? {}

const cutLists = (data: Lists, listed: number, lines: number): Lists => ({
  ...(data.collection ? { collection: cutListing(data.collection, listed) } : {}),
  ...(data.searchResult ? { searchResult: cutListing(data.searchResult, listed) } : {}),
  ...(data.cart ? { cart: { ...data.cart, lines: data.cart.lines?.slice(0, lines) ?? [] } } : {}),
  ...(data.checkout
    ? { checkout: { ...data.checkout, lineItems: data.checkout.lineItems?.slice(0, lines) ?? [] } }
    : {}),
})

const cutListing = (listing: Listing, listed: number): Listing => ({
  ...listing,
  productVariants: listing.productVariants?.slice(0, listed) ?? [],
})
