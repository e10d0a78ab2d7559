import type { LineItem, Store } from '../event/event.ts'
import type { CommonSettings } from './common-settings.ts'

/** What a template may name, and where it is found. */
const PLACEHOLDERS = {
  '{country}': (_line: LineItem, country: string): string | undefined => country,
  '{product}': (line: LineItem): string | undefined => line.productId,
  '{variant}': (line: LineItem): string | undefined => line.variantId,
  '{sku}': (line: LineItem): string | undefined => line.sku,
} as const

type Placeholder = keyof typeof PLACEHOLDERS
const isPlaceholder = (text: string): text is Placeholder => text in PLACEHOLDERS

/** Whether every {…} of a template is one we know and at least one of them tells products apart. */
export const isCatalogTemplate = (template: string): boolean => {
  const named = template.match(/\{[^}]*\}/g) ?? []
  return named.every(isPlaceholder) && named.some((text) => text !== '{country}')
}

/** A line's id in the merchant's catalogue; undefined when the line lacks something that the template names. */
export type CatalogId = (line: LineItem, country: string) => string | undefined

/** Reads a template such as `shopify_{country}_{product}_{variant}` once, for use on many lines. */
export const catalogIdFrom = (template: string): CatalogId => {
  const parts = template.split(/(\{[^}]*\})/).filter((part) => part !== '')
  const readers = parts.map((part) => (isPlaceholder(part) ? PLACEHOLDERS[part] : () => part))
  return (line, country) => {
    const filled: string[] = []
    for (const read of readers) {
      const part = read(line, country)
      if (part === undefined) return undefined
      filled.push(part)
    }
    // Joined, not added up: V8 writes JSON twice as fast while no text in it is a rope of others.
    return filled.join('')
  }
}

type CatalogSettings = Pick<CommonSettings, 'catalogId' | 'catalogCountry'>

/** Templates, read once for each connection's settings. */
const known = new WeakMap<CatalogSettings, CatalogId>()

/** A line's id in the connection's catalogue; undefined when the line lacks something that the template names. */
export const catalogIdOf = (
  line: LineItem,
  settings: CatalogSettings,
  store: Pick<Store, 'country'> | undefined,
): string | undefined => {
  let catalogId = known.get(settings)
  if (catalogId === undefined) {
    catalogId = catalogIdFrom(settings.catalogId)
    known.set(settings, catalogId)
  }
  // ZZ is how the channels that build catalogues write a country they do not know.
  return catalogId(line, settings.catalogCountry ?? store?.country ?? 'ZZ')
}

/** Whether the catalogue's ids name what is bought (a variant) or the product that groups variants. */
export const catalogNames = ({ catalogId }: CatalogSettings): 'product' | 'product_group' =>
  catalogId.includes('{variant}') || catalogId.includes('{sku}') ? 'product' : 'product_group'
