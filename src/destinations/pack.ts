/** A request body and the items in it, in the body's order. */
export interface Packed<Item> {
  readonly body: string
  readonly items: readonly Item[]
}

/**
 * Packs items, in order, into as few JSON bodies as their number and bytes (UTF-8) allow. Each item is written once and
 * the texts are joined, so that the size is known without writing anything twice. An item that is too large by itself
 * goes alone, so that nobody else is refused with it.
 */
export const pack = <Item>(
  items: readonly Item[],
  limits: { readonly batch: number; readonly bytes: number },
  [open, close]: readonly [string, string],
): readonly Packed<Item>[] => {
  const packed: Packed<Item>[] = []
  const room = limits.bytes - Buffer.byteLength(open) - Buffer.byteLength(close)
  let from = 0
  let texts: string[] = []
  let bytes = 0
  for (let at = 0; at < items.length; at++) {
    const text = JSON.stringify(items[at])
    const size = Buffer.byteLength(text) + 1
    if (texts.length > 0 && (texts.length === limits.batch || bytes + size > room)) {
      packed.push({ body: open + texts.join(',') + close, items: items.slice(from, at) })
      from = at
      texts = []
      bytes = 0
    }
    texts.push(text)
    bytes += size
  }
  if (texts.length > 0) packed.push({ body: open + texts.join(',') + close, items: items.slice(from) })
  return packed
}
