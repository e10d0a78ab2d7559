/** What the demo store sells. All of it is invented. */
export interface Variant {
  readonly id: string
  readonly title: string
  readonly sku: string
  /** Minor units of the shop's currency (US cents). */
  readonly price: number
  readonly grams: number
}

export interface Product {
  readonly id: string
  readonly handle: string
  readonly title: string
  readonly type: string
  readonly blurb: string
  readonly picture: Picture
  readonly variants: readonly [Variant, ...Variant[]]
}

export type Picture = 'lantern' | 'blanket' | 'tent' | 'pack' | 'bottle' | 'stove' | 'hammock' | 'axe'

export const VENDOR = 'North Fern'

const product = (
  number: number,
  handle: string,
  title: string,
  picture: Picture,
  type: string,
  blurb: string,
  variants: readonly [readonly [string, number, number], ...(readonly [string, number, number])[]],
): Product => {
  const variant = ([name, price, grams]: readonly [string, number, number], index: number): Variant => ({
    id: String(44_120_000_000_000 + number * 100 + index + 11),
    title: name,
    sku: `${handle.slice(0, 3)}-${name.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 6)}`.toUpperCase(),
    price,
    grams,
  })
  const [first, ...others] = variants
  return {
    id: String(8_120_000_000_000 + number * 11),
    handle,
    title,
    type,
    blurb,
    picture,
    variants: [variant(first, 0), ...others.map((one, index) => variant(one, index + 1))],
  }
}

export const PRODUCTS: readonly Product[] = [
  product(
    1,
    'trail-lantern',
    'Trail Lantern',
    'lantern',
    'Light',
    'Warm light for forty hours, and a hook for every branch.',
    [
      ['Forest', 4900, 640],
      ['Sand', 4900, 640],
      ['Night blue', 5200, 640],
    ],
  ),
  product(
    2,
    'wool-camp-blanket',
    'Wool Camp Blanket',
    'blanket',
    'Sleep',
    'Thick recycled wool that smells of nothing and forgives sparks.',
    [
      ['Rust', 8950, 1200],
      ['Moss', 8950, 1200],
    ],
  ),
  product(3, 'ridge-tent', 'Ridge Tent', 'tent', 'Shelter', 'Stands in four minutes, stays up in a gale.', [
    ['Two people', 28_900, 2400],
    ['Three people', 34_900, 3100],
  ]),
  product(
    4,
    'daybreak-pack',
    'Daybreak Pack',
    'pack',
    'Carry',
    'Twenty-four litres, one long zip, no dangling straps.',
    [
      ['Ochre', 11_900, 780],
      ['Slate', 11_900, 780],
      ['Pine', 11_900, 780],
    ],
  ),
  product(
    5,
    'spring-bottle',
    'Spring Bottle',
    'bottle',
    'Water',
    'Steel, one piece, keeps a stream cold until evening.',
    [
      ['Half a litre', 2900, 280],
      ['One litre', 3600, 390],
    ],
  ),
  product(6, 'pocket-stove', 'Pocket Stove', 'stove', 'Cook', 'Boils a litre in three minutes and folds to a fist.', [
    ['Stove', 6400, 220],
    ['Stove and pot', 8900, 460],
  ]),
  product(
    7,
    'birch-hammock',
    'Birch Hammock',
    'hammock',
    'Sleep',
    'Ripstop, wide enough to lie across, with soft straps.',
    [
      ['Sky', 7400, 690],
      ['Ember', 7400, 690],
    ],
  ),
  product(8, 'camp-hatchet', 'Camp Hatchet', 'axe', 'Tools', 'Forged head, ash handle, leather cover.', [
    ['Small', 5900, 720],
    ['Long', 7200, 980],
  ]),
]

/** A line that can be bought. */
export interface Choice {
  readonly product: Product
  readonly variant: Variant
}

const CHOICES: ReadonlyMap<string, Choice> = new Map(
  PRODUCTS.flatMap((one) => one.variants.map((variant) => [variant.id, { product: one, variant }] as const)),
)

export const choiceOf = (variantId: string): Choice | undefined => CHOICES.get(variantId)

export const productOf = (handle: string): Product | undefined => PRODUCTS.find((one) => one.handle === handle)

/** Products whose title, type or description holds the words. */
export const found = (query: string): readonly Product[] => {
  const words = query.trim().toLowerCase()
  if (words === '') return []
  return PRODUCTS.filter((one) => `${one.title} ${one.type} ${one.blurb}`.toLowerCase().includes(words))
}
