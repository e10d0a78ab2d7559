import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What a process has used so far. */
export interface Usage {
  /** Processor time of all of its threads, ms. */
  readonly cpu: number
  /** Memory now and at most, MiB. */
  readonly rss: number
  readonly peak: number
}

/** One of the processes of a benchmark. It is asked one thing at a time. */
export interface Child {
  /** Sends a message and waits for its answer. */
  ask<Answer>(message: object): Promise<Answer>
  usage(): Promise<Usage>
  /** Without warning. */
  kill(): Promise<void>
}

/** Starts a file of this folder in a process of its own; resolves with what it says first. */
export const startChild = async <Ready>(file: string, args: readonly string[]): Promise<Child & { ready: Ready }> => {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = new Promise<never>((_, reject) => child.once('exit', () => reject(new Error(`${file} has ended`))))
  ended.catch(() => {})
  const next = <Message>(): Promise<Message> =>
    Promise.race([
      new Promise<Message>((resolve) => child.once('message', (message) => resolve(message as Message))),
      ended,
    ])
  const ready = await next<Ready>()
  const ask = <Answer>(message: object): Promise<Answer> => {
    const answer = next<Answer>()
    child.send(message)
    return answer
  }
  return { ready, ask, usage: () => ask({ usage: true }), kill: () => killed(child) }
}

const killed = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })

/** The other end: says that it is ready, answers what it is asked and ends with its parent. */
export const serve = (ready: object, answer: (message: Readonly<Record<string, unknown>>) => Promise<object>): void => {
  const say = (message: object) => process.send?.(message)
  process.on('message', async (message: Readonly<Record<string, unknown>>) => {
    say('usage' in message ? usage() : await answer(message))
  })
  process.on('disconnect', () => process.exit())
  say(ready)
}

const MIB = 1024 * 1024

const usage = (): Usage => {
  const { user, system } = process.cpuUsage()
  // maxRSS is in KiB.
  return {
    cpu: (user + system) / 1000,
    rss: process.memoryUsage.rss() / MIB,
    peak: process.resourceUsage().maxRSS / 1024,
  }
}
