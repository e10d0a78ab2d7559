import { EVENT_HEADER } from './load.ts'

/** What a trace shows about answers and the flushes before them. */
export interface FlushTrace {
  /** Answers with a 2xx to requests that named an event. */
  answers: number
  /** Of those, the events whose commit no flush had covered by then. */
  readonly early: string[]
  /** Flushes of the log that succeeded, and that failed. */
  flushed: number
  failed: number
  /** When the first flush or write failed, in the trace's seconds; undefined when none did. */
  failedAt?: number
}

/** Bytes as strace prints them with -xx. */
const printed = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
const printedText = (text: string): string => printed(Buffer.from(text))

const HEADER = printedText(`${EVENT_HEADER}: `)
const LINE_END = printedText('\r\n')
const ANSWER = printedText('HTTP/1.1 2')

const fromPrinted = (text: string): string => Buffer.from(text.replaceAll('\\x', ''), 'hex').toString()

type Commit = 'asked' | 'written' | 'durable'

const BEGUN = /^(\d+)\s+([\d.]+) (.*?) <unfinished \.\.\.>$/
const RESUMED = /^(\d+)\s+([\d.]+) <\.\.\. \w+ resumed>(.*)$/
const WHOLE = /^(\d+)\s+([\d.]+) (.*)$/

/**
 * Reads a trace of a server line by line. A 2xx may leave a socket only when a flush of the log has ended that began
 * after the event's id was written to the log; `keyOf` gives the bytes under which an id is written there.
 */
export const flushReader = (
  keyOf: (id: string) => Uint8Array,
): { readonly read: (line: string) => void; readonly seen: FlushTrace } => {
  const seen: FlushTrace = { answers: 0, early: [], flushed: 0, failed: 0 }
  const commits = new Map<string, Commit>()
  const keys = new Map<string, string>()
  /** The event that a connection asked for last. */
  const asked = new Map<string, string>()
  const begun = new Map<string, string>()
  /** What a flush that is under way will make durable, by thread. */
  const covered = new Map<string, readonly string[]>()

  const begins = (thread: string, call: string): void => {
    if (isFlush(call)) covered.set(thread, idsIn('written'))
    else if (isAnswer(call)) answered(call)
  }
  const idsIn = (state: Commit): readonly string[] => [...keys.keys()].filter((id) => commits.get(id) === state)

  const answered = (call: string): void => {
    const id = asked.get(fileOf(call))
    if (id === undefined) return
    seen.answers++
    if (commits.get(id) !== 'durable') seen.early.push(id)
  }

  const ends = (thread: string, time: number, call: string): void => {
    const failed = / = -1 /.test(call)
    if (isFlush(call)) {
      if (failed) fail(time)
      else {
        seen.flushed++
        for (const id of covered.get(thread) ?? []) {
          commits.set(id, 'durable')
          // What is durable stays so: only what is not yet has to be looked for.
          keys.delete(id)
        }
      }
    } else if (isLogWrite(call)) {
      if (failed) fail(time)
      else for (const [id, key] of keys) if (call.includes(key)) commits.set(id, 'written')
    } else if (call.startsWith('read(')) requested(call)
  }

  const fail = (time: number): void => {
    seen.failed++
    seen.failedAt ??= time
  }

  const requested = (call: string): void => {
    const from = call.indexOf(HEADER)
    if (from === -1) return
    const id = fromPrinted(call.slice(from + HEADER.length, call.indexOf(LINE_END, from)))
    asked.set(fileOf(call), id)
    if (commits.has(id)) return
    commits.set(id, 'asked')
    keys.set(id, printed(keyOf(id)))
  }

  const read = (line: string): void => {
    const start = BEGUN.exec(line)
    if (start) {
      const [, thread = '', , call = ''] = start
      begun.set(thread, call)
      begins(thread, call)
      return
    }
    const end = RESUMED.exec(line)
    if (end) {
      const [, thread = '', time = '', rest = ''] = end
      ends(thread, Number(time), (begun.get(thread) ?? '') + rest)
      return
    }
    const [, thread = '', time = '', call = ''] = WHOLE.exec(line) ?? []
    begins(thread, call)
    ends(thread, Number(time), call)
  }
  return { read, seen }
}

/** Names of files are printed as hexadecimal too. */
const isOfLog = (call: string): boolean => fileOf(call).endsWith(`${printedText('-wal')}>`)
const isFlush = (call: string): boolean => /^f(data)?sync\(/.test(call) && isOfLog(call)
const isLogWrite = (call: string): boolean => call.startsWith('pwrite64(') && isOfLog(call)
const isAnswer = (call: string): boolean => /^writev?\(\d+<TCP/.test(call) && call.includes(ANSWER)

/** The open file or connection of a call: "23<TCP:[127.0.0.1:3001->127.0.0.1:40000]>". */
const fileOf = (call: string): string => /^\w+\((\d+<.*?>)(?=[,)]|$)/.exec(call)?.[1] ?? ''
