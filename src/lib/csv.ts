/**
 * A cell that a spreadsheet would take for a formula is made text: what shoppers and platforms say ends up in files that
 * somebody opens. Plain numbers stay numbers, signed ones too.
 */
const guarded = (text: string): string =>
  /^[=+\-@\t\r]/.test(text) && !/^-?\d+(?:\.\d+)?$/.test(text) ? `'${text}` : text

const cell = (value: string | number | undefined): string => {
  const text = guarded(String(value ?? ''))
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** One line of a CSV file (RFC 4180), its end included. */
export const csvLine = (cells: readonly (string | number | undefined)[]): string => `${cells.map(cell).join(',')}\r\n`
