import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'

/** Ways to a mount of one's own: as root, and as anybody where the system lets people have namespaces. */
const UNSHARES = [
  ['unshare', '-m'],
  ['unshare', '-rm'],
] as const

/** The command that gives a program mounts of its own; undefined where that is not allowed. */
const unshare = (): readonly string[] | undefined =>
  UNSHARES.find(
    ([program, flag]) =>
      spawnSync(program, [flag, 'sh', '-c', 'mount -t tmpfs tmpfs /tmp'], { stdio: 'ignore' }).status === 0,
  )

/** Why no disk of a given size can be made here; undefined when it can. */
export const whyNoSmallDisk = (): string | undefined =>
  unshare() ? undefined : 'no mounts of its own are allowed (unshare -m)'

/** Runs a script of this folder with a disk of so many MiB mounted over an empty folder; hears each line it prints. */
export const onSmallDisk = async (
  mebibytes: number,
  folder: string,
  script: string,
  hear: (line: string) => void,
): Promise<void> => {
  const [program = '', ...flags] = unshare() ?? []
  const mounting = `mount -t tmpfs -o size=${mebibytes}m tmpfs "$1" && exec "$2" "$3" "$1"`
  const child = spawn(program, [...flags, 'sh', '-c', mounting, 'sh', folder, process.execPath, script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', (status) => resolve(status)))
  for await (const line of createInterface({ input: child.stdout })) hear(line)
  const status = await ended
  if (status !== 0) throw new Error(`the script on the small disk ended with ${status}`)
}
