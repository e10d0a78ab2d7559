/** A line as the cart's own interface answers it: prices in hundredths, whatever the currency. */
interface AddedLine {
  readonly product_id?: number | string
  readonly variant_id?: number | string
  readonly sku?: string
  readonly product_title?: string
  readonly title?: string
  readonly vendor?: string
  readonly product_type?: string
  readonly final_price?: number
  readonly price?: number
}

/** What was put into the cart: the variant and how many, and the line where the store's answer told it. */
export interface Added {
  readonly variant: string
  readonly quantity: number
  readonly line: AddedLine | undefined
}

const isAdding = (address: string): boolean => /\/cart\/add(?:\.js|\.json)?(?:[?#]|$)/.test(address)

/** The variants and quantities of a request's body, which themes send as a form, as JSON, or as JSON with a list. */
export const askedFor = (body: unknown): { readonly variant: string; readonly quantity: number }[] => {
  const fields = fieldsOf(body)
  const items = Array.isArray(fields.items) ? (fields.items as unknown[]) : [fields]
  return items.flatMap((item) => {
    const { id, quantity } = item as { id?: unknown; quantity?: unknown }
    const pieces = Number(quantity ?? 1)
    return id === undefined || !(pieces > 0) ? [] : [{ variant: String(id), quantity: pieces }]
  })
}

const fieldsOf = (body: unknown): Record<string, unknown> => {
  if (body instanceof FormData || body instanceof URLSearchParams) return Object.fromEntries(body)
  if (typeof body !== 'string') return {}
  try {
    const parsed: unknown = JSON.parse(body)
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {}
  } catch {
    return Object.fromEntries(new URLSearchParams(body))
  }
}

const linesIn = (answer: unknown): readonly AddedLine[] => {
  const { items } = (answer ?? {}) as { items?: readonly AddedLine[] }
  return Array.isArray(items) ? items : [(answer ?? {}) as AddedLine]
}

/**
 * Calls `took` for whatever the page puts into the cart: by fetch, by XMLHttpRequest, or by a form that leaves the page.
 * The page's own calls are passed on as they are and never wait.
 */
export const watchCart = (took: (added: readonly Added[]) => void): void => {
  const tell = (body: unknown, answer: unknown): void => {
    const lines = linesIn(answer)
    const added = askedFor(body).map((asked) => ({
      ...asked,
      line: lines.find(({ variant_id }) => String(variant_id) === asked.variant),
    }))
    if (added.length > 0) took(added)
  }
  watchFetch(tell)
  watchXhr(tell)
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement
    // A theme that sends the form itself prevents the event, and is seen by its own request.
    setTimeout(() => {
      if (!event.defaultPrevented && isAdding(form.action)) tell(new FormData(form), undefined)
    })
  })
}

type Tell = (body: unknown, answer: unknown) => void

const watchFetch = (tell: Tell): void => {
  const { fetch } = window
  window.fetch = (...call) => {
    const answered = fetch.apply(window, call)
    const [input, init] = call
    const address = input instanceof Request ? input.url : String(input)
    if (isAdding(address))
      answered
        .then(async (answer) => {
          if (!answer.ok) return
          const asked = init?.body ?? (input instanceof Request ? undefined : null)
          tell(
            asked,
            await answer
              .clone()
              .json()
              .catch(() => undefined),
          )
        })
        .catch(() => undefined)
    return answered
  }
}

const watchXhr = (tell: Tell): void => {
  const { open, send } = XMLHttpRequest.prototype
  const adding = new WeakSet<XMLHttpRequest>()
  XMLHttpRequest.prototype.open = function (this: XMLHttpRequest, ...call: unknown[]) {
    if (isAdding(String(call[1]))) adding.add(this)
    return Reflect.apply(open, this, call)
  } as typeof open
  XMLHttpRequest.prototype.send = function (this: XMLHttpRequest, body?: XMLHttpRequestBodyInit | Document | null) {
    if (adding.has(this))
      this.addEventListener('load', () => {
        if (this.status < 300) tell(body, parsed(this.responseText))
      })
    return Reflect.apply(send, this, [body])
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
