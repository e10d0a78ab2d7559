/** Longest values, in characters; page addresses and titles have limits of their own. */
export const LONGEST = { value: 100, location: 1000, referrer: 420, title: 300 } as const

/** The beginning of a text, with no character cut in half. */
export const cut = (text: string, longest: number): string => {
  if (text.length <= longest) return text
  const last = text.charCodeAt(longest - 1)
  const isFirstHalf = last >= 0xd800 && last <= 0xdbff
  return text.slice(0, isFirstHalf ? longest - 1 : longest)
}

const ADDRESS = /[^\s@/?&=]@[^\s@/?&=]+\.[a-z]/i

/** Whether an e-mail address stands in a text, plainly or as in a URL. Google forbids such parameters. */
export const tellsPerson = (text: string): boolean =>
  text.includes('@') || text.includes('%40') ? ADDRESS.test(text.replaceAll('%40', '@')) : false

/** A URL without its query where that names a person: newsletters link so. */
export const withoutPerson = (url: string | undefined): string | undefined =>
  url !== undefined && tellsPerson(url) ? url.split(/[?#]/, 1)[0] || undefined : url
