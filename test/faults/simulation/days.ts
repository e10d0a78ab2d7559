import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Day } from './day.ts'

/** Runs the days of so many seeds, from 1 on, in two processes, and tells of each. */
export const runDays = async (seeds: number, tell: (day: Day) => void): Promise<void> => {
  const half = Math.ceil(seeds / 2)
  await Promise.all([runSome(1, half, tell), runSome(half + 1, seeds - half, tell)])
}

/** The days of some seeds, one after the other in a process of their own. */
export const runSome = (from: number, seeds: number, tell: (day: Day) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const options = ['--lines', '--from', String(from), '--seeds', String(seeds)]
    const child = spawn(process.execPath, [join(import.meta.dirname, 'day.ts'), ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    createInterface({ input: child.stdout }).on('line', (line) => tell(JSON.parse(line) as Day))
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`a simulation ended with ${code}`))))
  })
