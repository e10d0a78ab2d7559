const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })

/** Codes that name no country: unions, test codes, and what is kept free. */
const NO_COUNTRY = /^(EU|EZ|UN|QO|ZZ|X[A-JL-Z])$/

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

/** Every country that the browser has a name for, by name. */
export const COUNTRIES: readonly { readonly value: string; readonly label: string }[] = LETTERS.flatMap((first) =>
  LETTERS.flatMap((second) => {
    const value = first + second
    const label = NO_COUNTRY.test(value) ? undefined : names.of(value)
    return label === undefined ? [] : [{ value, label }]
  }),
).sort((a, b) => a.label.localeCompare(b.label))

/** "Germany"; "United States (CA)" for a part of a country; the code itself where it has no name. */
export const regionName = (code: string): string => {
  const [country = code, part] = code.split('-')
  const name = COUNTRIES.find(({ value }) => value === country)?.label ?? country
  return part === undefined ? name : `${name} (${part})`
}
