import { expect, test } from 'vitest'
import { flushReader } from './flush-trace.ts'
import { EVENT_HEADER } from './load.ts'

const hex = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
const SOCKET = '41<TCP:[127.0.0.1:3001->127.0.0.1:45058]>'
const LOG = `29<${hex('/data/converlay.db-wal')}>`
const asks = `11 1.0 read(${SOCKET}, "${hex(`POST /b/1 HTTP/1.1\r\n${EVENT_HEADER}: ev-1\r\n\r\n`)}", 65536) = 60`
const writes = `12 1.1 pwrite64(${LOG}, "${hex('..key of ev-1..')}"..., 4096, 24) = 4096`
const flushes = `12 1.2 fsync(${LOG}) = 0`
const answers = `11 1.3 write(${SOCKET}, "${hex('HTTP/1.1 204 No Content\r\n')}", 40) = 40`

const early = (...lines: readonly string[]): readonly string[] => {
  const { read, seen } = flushReader((id) => Buffer.from(`key of ${id}`))
  for (const line of lines) read(line)
  expect(seen.answers).toBe(1)
  return seen.early
}

test('an answer after the flush of its commit is in order, and so is the answer to its repeat', () => {
  expect(early(asks, writes, flushes, answers)).toEqual([])
  const { read, seen } = flushReader((id) => Buffer.from(`key of ${id}`))
  for (const line of [asks, writes, flushes, answers, asks, answers]) read(line)
  expect(seen).toMatchObject({ answers: 2, early: [], flushed: 1, failed: 0 })
})

test.each([
  ['nothing was written', [asks, answers]],
  ['nothing was flushed', [asks, writes, answers]],
  ['the flush was of what came before', [asks, flushes, writes, answers]],
  [
    'the flush began before the write ended',
    [
      asks,
      `12 1.0 fsync(${LOG} <unfinished ...>`,
      writes.replace('12', '13'),
      '12 1.2 <... fsync resumed>) = 0',
      answers,
    ],
  ],
  ['the flush had not ended', [asks, writes, `12 1.2 fsync(${LOG} <unfinished ...>`, answers]],
  ['the flush failed', [asks, writes, flushes.replace('= 0', '= -1 EIO (Input/output error) (INJECTED)'), answers]],
  ['another file was flushed', [asks, writes, flushes.replace(hex('-wal'), ''), answers]],
])('an answer is early when %s', (_, lines) => {
  expect(early(...lines)).toEqual(['ev-1'])
})
