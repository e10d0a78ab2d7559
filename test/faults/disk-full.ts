import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Figure } from '../../bench/bench.ts'
import { onSmallDisk, whyNoSmallDisk } from './small-disk.ts'
import type { Suite } from './suite.ts'

/** Its sixteenth is the reserve. */
const DISK_MEBIBYTES = 160

/** A disk that is really full: intake is refused, delivery and erasure go on, and intake comes back with the room. */
export const diskFull: Suite = {
  name: 'disk-full',
  run: async ({ goal, notRun }) => {
    const why = whyNoSmallDisk()
    if (why) return notRun('a full disk', why)
    const folder = mkdtempSync(join(tmpdir(), 'converlay-full-'))
    try {
      const script = fileURLToPath(new URL('./disk-full-inside.ts', import.meta.url))
      await onSmallDisk(DISK_MEBIBYTES, folder, script, (line) => goal(JSON.parse(line) as Figure))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
