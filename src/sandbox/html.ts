/** Text that is already HTML. Everything else that is put into a template is escaped. */
export interface Html {
  readonly html: string
}

type Part = Html | string | number | undefined | false | readonly Part[]

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign)

const rendered = (part: Part): string => {
  if (part === undefined || part === false) return ''
  if (typeof part === 'string') return escaped(part)
  if (typeof part === 'number') return String(part)
  return 'html' in part ? part.html : part.map(rendered).join('')
}

/** HTML with every inserted text escaped; lists are joined, undefined and false are left out. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  html: strings.reduce((text, next, index) => text + rendered(parts[index - 1]) + next),
})

/** Marks text as HTML: for texts of this project only. */
export const trusted = (text: string): Html => ({ html: text })

/** Data for a script element: `<` is spelled so that no text can end the element. */
export const scriptData = (value: unknown): Html => ({ html: JSON.stringify(value).replaceAll('<', '\\u003c') })
