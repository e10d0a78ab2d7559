import { fork } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSpool, type SpoolFile } from './spool.ts'

const KEY = Buffer.alloc(32, 7)

describe('the spool', () => {
  let folder: string
  let spool: SpoolFile
  const reopen = (masterKey = KEY) => {
    spool = openSpool({ folder, masterKey })
  }
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'converlay-spool-'))
    reopen()
  })
  afterEach(() => {
    spool.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const texts = () => spool.next(100).map(({ content }) => content.toString())

  it('gives back what it kept, in order, also after it was opened anew', async () => {
    await Promise.all(['one', 'two', 'three'].map((text) => spool.keep(Buffer.from(text))))
    await spool.keep(Buffer.from('four'))
    expect(texts()).toEqual(['one', 'two', 'three', 'four'])
    spool.close()
    reopen()
    expect(texts()).toEqual(['one', 'two', 'three', 'four'])
  })

  it('forgets what was taken, and nothing else', async () => {
    for (const text of ['one', 'two', 'three']) await spool.keep(Buffer.from(text))
    const [first] = spool.next(1)
    spool.drop([first?.id ?? 0])
    await spool.keep(Buffer.from('four'))
    expect(texts()).toEqual(['two', 'three', 'four'])
  })

  it('what is set aside holds nobody up and comes again after the next opening', async () => {
    for (const text of ['one', 'two']) await spool.keep(Buffer.from(text))
    spool.setAside(spool.next(1)[0]?.id ?? 0)
    expect(texts()).toEqual(['two'])
    spool.close()
    reopen()
    expect(texts()).toEqual(['one', 'two'])
  })

  it('keeps nothing in clear', async () => {
    await spool.keep(Buffer.from('maya@example.com '.repeat(40)))
    const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'))
    expect(bytes.some((text) => text.includes('maya@example.com'))).toBe(false)
  })

  it('is full at its bound, says so, and takes more when there is room again', async () => {
    spool.close()
    spool = openSpool({ folder, masterKey: KEY, maxBytes: 64 * 4096 })
    const large = Buffer.alloc(50_000, 1)
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => spool.keep(large)))
    // They share a flush, and a flush is all or nothing.
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
    const kept: string[] = []
    for (let n = 0; n < 12; n++)
      kept.push(
        await spool.keep(large).then(
          () => 'kept',
          (fault: { kind: string }) => fault.kind,
        ),
      )
    expect(kept).toContain('kept')
    expect(kept.at(-1)).toBe('full')
    expect(spool.next(100)).toHaveLength(kept.filter((one) => one === 'kept').length)
    spool.drop(spool.next(100).map(({ id }) => id))
    await spool.keep(large)
    expect(spool.next(100)).toHaveLength(1)
  })

  it('belongs to one process, and to one master key', async () => {
    expect(() => openSpool({ folder, masterKey: KEY })).toThrow('a folder of its own')
    await spool.keep(Buffer.from('one'))
    spool.close()
    expect(() => openSpool({ folder, masterKey: Buffer.alloc(32, 8) })).toThrow('another master key')
    reopen()
    expect(texts()).toEqual(['one'])
  })

  it('what it answered for survives kill -9', async () => {
    spool.close()
    const child = fork(new URL('./keeper.fixture.ts', import.meta.url), [folder, KEY.toString('hex')], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    })
    const kept: number[] = []
    await new Promise<void>((resolve) => {
      child.on('message', (n: number) => {
        kept.push(n)
        if (kept.length === 200) child.kill('SIGKILL')
      })
      child.once('exit', () => resolve())
    })
    reopen()
    expect(spool.next(100_000).map(({ content }) => Number(content.toString()))).toEqual(expect.arrayContaining(kept))
  })
})
