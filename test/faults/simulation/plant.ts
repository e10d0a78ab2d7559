import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PLANTED_BUGS, type PlantedBug } from './planted.ts'

const ROOT = join(import.meta.dirname, '../../..')

/** What became of one planted bug. */
export interface Hunt {
  readonly bug: PlantedBug
  readonly caught: boolean
  /** The first line that told of it, or what the run said instead. */
  readonly said: string
}

/**
 * Plants each bug in a copy of the sources and runs days there until one fails, at most `seeds` of them, two copies side
 * by side. Tells of each as soon as it is known.
 */
export const huntBugs = async (
  bugs: readonly PlantedBug[],
  seeds: number,
  tell: (hunt: Hunt) => void,
): Promise<readonly Hunt[]> => {
  const waiting = [...bugs]
  const hunts: Hunt[] = []
  const worker = async (): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), 'converlay-planted-'))
    try {
      for (const name of ['src', 'test', 'bench', 'package.json'])
        await cp(join(ROOT, name), join(folder, name), { recursive: true })
      await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
      for (let bug = waiting.shift(); bug; bug = waiting.shift()) {
        const hunt = await huntOne(folder, bug, seeds)
        hunts.push(hunt)
        tell(hunt)
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  await Promise.all([worker(), worker()])
  return hunts
}

const huntOne = async (folder: string, bug: PlantedBug, seeds: number): Promise<Hunt> => {
  const file = join(folder, bug.file)
  const right = await readFile(file, 'utf8')
  const planted = plant(right, bug)
  if (planted === undefined) return { bug, caught: false, said: `its text does not stand exactly once in ${bug.file}` }
  await writeFile(file, planted)
  const { code, said } = await run(folder, seeds)
  await writeFile(file, right)
  const line = said.split('\n').find((text) => /^ {2}I\d+ /.test(text))
  return { bug, caught: code === 1 && line !== undefined, said: (line ?? said.trim().split('\n').at(-1) ?? '').trim() }
}

/** The text with the bug in it; undefined when what it replaces is not there, or more than once. */
export const plant = (text: string, { edits }: PlantedBug): string | undefined => {
  let planted = text
  for (const [find, replace] of edits) {
    if (planted.split(find).length !== 2) return undefined
    planted = planted.replace(find, () => replace)
  }
  return planted
}

const run = (folder: string, seeds: number): Promise<{ readonly code: number | null; readonly said: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(folder, 'test/faults/simulation/run.ts'), '--seeds', String(seeds)], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Most of a short run is reading the sources; those that did not change are read once.
      env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'converlay-compiled') },
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString()
      })
    child.once('error', reject)
    child.once('exit', (code) => resolve({ code, said }))
  })

if (import.meta.main) {
  const only = process.argv[2]
  const bugs = PLANTED_BUGS.filter(({ name }) => only === undefined || name.includes(only))
  await huntBugs(bugs, 60, ({ bug, caught, said }) => console.log(caught ? 'caught' : 'MISSED', bug.name, '|', said))
}
