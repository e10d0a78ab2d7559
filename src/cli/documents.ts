import { readFileSync, readSync } from 'node:fs'
import type { Command } from 'commander'
import { type DecodeOptions, decodeCommand } from './decode.ts'
import { mapCommand } from './map.ts'
import { normalizeCommand } from './normalize.ts'
import type { CommandResult } from './result.ts'
import { misuse } from './said.ts'
import { verdictsCommand } from './verdicts.ts'

/** Commands that read documents and print JSON lines; they do nothing else. */
export const documentCommands = (program: Command): void => {
  program
    .command('decode')
    .description('Decode a webhook or beacon into canonical events.')
    .argument('[file]', 'JSON or JSON lines; - or nothing for standard input')
    .option('--source <name>', 'shopify-webhook, web-pixel, track or admin-api')
    .option('--topic <topic>', 'of a webhook, e.g. orders/create')
    .option('--shop <domain>')
    .option('--ip <address>', 'of the beacon’s request')
    .option('--user-agent <text>', 'of the beacon’s request')
    .option('--received-at <instant>', 'ISO 8601')
    .option('--webhook-id <id>')
    .action((file: string | undefined, options: DecodeOptions) => show(decodeCommand(options, read(file))))

  program
    .command('map')
    .description('Map canonical events to the requests that would be sent.')
    .argument('[file]', 'JSON or JSON lines; - or nothing for standard input')
    .requiredOption('--destination <slug>')
    .requiredOption('--settings <file>', 'JSON')
    .option('--now <instant>', 'ISO 8601; age is measured against it')
    .option('--limited', 'as for a shopper who opted out of the sale of data')
    .option('--backfill', 'as a backfill')
    .action((file: string | undefined, options: MapFlags) => {
      const now = instant(options.now)
      if (!now) return misuse('--now must be an instant like 2026-11-20T10:00:00Z.')
      show(
        mapCommand(
          {
            destination: options.destination,
            settings: read(options.settings),
            now,
            ...(options.limited ? { limited: true } : {}),
            ...(options.backfill ? { backfill: true } : {}),
          },
          read(file),
        ),
      )
    })

  program
    .command('verdicts')
    .description('Read a platform’s answers and print the verdict on every item.')
    .argument('[file]', 'JSON or JSON lines {status, headers, body}; - or nothing for standard input')
    .requiredOption('--destination <slug>')
    .requiredOption('--events <number>', 'items of the answered request')
    .option('--poll', 'the answers are those of a later poll')
    .action((file: string | undefined, options: { destination: string; events: string; poll?: boolean }) =>
      show(
        verdictsCommand(
          {
            destination: options.destination,
            events: Number(options.events),
            now: new Date(),
            ...(options.poll ? { poll: true } : {}),
          },
          read(file),
        ),
      ),
    )

  program
    .command('normalize')
    .description('Normalise and hash a value as a platform wants it.')
    .argument('[value]', 'without it, lines {field, value, country} are read from standard input')
    .requiredOption('--destination <slug>')
    .option('--field <name>', 'email, phone, city, … externalId')
    .option('--country <code>', 'of the address, for phones and postal codes')
    .action((value: string | undefined, options: { destination: string; field?: string; country?: string }) =>
      show(
        normalizeCommand(
          { ...options, ...(value === undefined ? {} : { value }) },
          value === undefined ? read(undefined) : '',
        ),
      ),
    )
}

interface MapFlags {
  readonly destination: string
  readonly settings: string
  readonly now?: string
  readonly limited?: boolean
  readonly backfill?: boolean
}

const read = (file: string | undefined): string => {
  const fromStdin = file === undefined || file === '-'
  try {
    return fromStdin ? readStdin() : readFileSync(file, 'utf8')
  } catch {
    misuse(fromStdin ? 'Standard input cannot be read.' : `${file} cannot be read.`)
    process.exit()
  }
}

/** Standard input to its end. A pipe whose writer is slower than we are answers EAGAIN, which readFileSync gives up on. */
const readStdin = (): string => {
  const chunks: Buffer[] = []
  const chunk = Buffer.alloc(64 * 1024)
  for (;;) {
    try {
      const bytes = readSync(0, chunk)
      if (bytes === 0) return Buffer.concat(chunks).toString('utf8')
      chunks.push(Buffer.from(chunk.subarray(0, bytes)))
    } catch (fault) {
      const code = fault instanceof Error && 'code' in fault ? fault.code : undefined
      if (code === 'EOF') return Buffer.concat(chunks).toString('utf8')
      if (code !== 'EAGAIN') throw fault
      // Waits without burning the processor; there is nothing else to do here.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}

const instant = (text: string | undefined): Date | undefined => {
  const date = text === undefined ? new Date() : new Date(text)
  return Number.isNaN(date.getTime()) ? undefined : date
}

const show = ({ lines, status }: CommandResult): void => {
  const text = lines.map((line) => `${line}\n`).join('')
  ;(status === 2 ? process.stderr : process.stdout).write(text)
  process.exitCode = status
}
