/** Days of a place: they begin at midnight where it is. Without a time zone (IANA name), or with one nobody knows, in UTC. */

const known = (timezone: string | undefined): string => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone ?? 'UTC' }).resolvedOptions().timeZone
  } catch {
    return 'UTC'
  }
}

const parts = (at: number, timezone: string | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(
    new Intl.DateTimeFormat('en-CA', {
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZone: known(timezone),
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )

/** How far a zone's clocks are ahead of UTC at a moment, ms. */
const offsetAt = (at: number, timezone: string | undefined): number => {
  const { year, month, day, hour, minute, second } = parts(at, timezone)
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - (at - (at % 1000))
}

/** Midnight at the beginning of a day (YYYY-MM-DD), ms since 1970; undefined for what is no day. */
export const dayStart = (day: string, timezone: string | undefined): number | undefined => {
  const utc = Date.parse(`${day}T00:00:00Z`)
  if (Number.isNaN(utc)) return undefined
  // Once more with the offset that holds at that midnight: on two days of the year it is another.
  const near = utc - offsetAt(utc, timezone)
  return utc - offsetAt(near, timezone)
}

/** Midnight at the end of a day. */
export const dayEnd = (day: string, timezone: string | undefined): number | undefined => {
  const utc = Date.parse(`${day}T00:00:00Z`)
  if (Number.isNaN(utc)) return undefined
  return dayStart(new Date(utc + 36 * 3_600_000).toISOString().slice(0, 10), timezone)
}

/** The day (YYYY-MM-DD) that a moment belongs to. */
export const dayOf = (at: number, timezone: string | undefined): string => {
  const { year, month, day } = parts(at, timezone)
  return `${year}-${month}-${day}`
}
