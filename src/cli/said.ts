/** What a command says in passing: documents on standard output, sentences for people on standard error. */

export const print = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`)

/** Something was refused; the command ends with exit status 1. */
export const refuse = (why: string): void => {
  process.stderr.write(`${why}\n`)
  process.exitCode = 1
}

/** Wrong usage; the command ends with exit status 2. */
export const misuse = (why: string): undefined => {
  process.stderr.write(`${why}\n`)
  process.exitCode = 2
  return undefined
}
