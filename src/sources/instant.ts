/** ISO 8601 with a date and a time; Date.parse alone would also read "5" and "May 1". */
const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?$/
/** Already as we write it, on a day that every month has: nothing to convert. Pixel events are dated so. */
const CANONICAL = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/
const ZONED = /(?:Z|[+-]\d\d:?\d\d)$/

/** An instant as UTC text with milliseconds, out of ISO 8601 with any offset; UTC where none is given. */
export const instant = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined
  if (CANONICAL.test(text)) return text
  if (!ISO.test(text)) return undefined
  const time = Date.parse(ZONED.test(text) ? text : `${text}Z`)
  return Number.isNaN(time) ? undefined : new Date(time).toISOString()
}
