import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { ConfigError } from '../config.ts'
import { auditCommands } from './audit.ts'
import { backupCommands } from './backup.ts'
import { storeCommands } from './connections.ts'
import { customPixelCommand } from './custom-pixel.ts'
import { doctorCommand } from './doctor.ts'
import { documentCommands } from './documents.ts'
import { keyCommands } from './keys.ts'
import { requestCommands } from './requests.ts'
import { restoredCommands } from './restored.ts'
import { retentionCommand } from './retention.ts'
import { demoCommand, startCommand } from './start.ts'
import { switchCommands } from './switches.ts'
import { taskCommands } from './tasks.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/** The command line. Exit status: 0 done, 1 something was refused, 2 wrong usage (docs/command-line.md). */
export const run = async (argv: readonly string[]): Promise<void> => {
  const program = new Command('converlay')
    .description('Every order accounted for at every ad platform, with the reason.')
    .version(version)
    .exitOverride()
  startCommand(program)
  demoCommand(program)
  documentCommands(program)
  storeCommands(program)
  customPixelCommand(program)
  retentionCommand(program)
  backupCommands(program)
  keyCommands(program)
  switchCommands(program)
  taskCommands(program)
  auditCommands(program)
  requestCommands(program)
  restoredCommands(program)
  doctorCommand(program)
  try {
    await program.parseAsync(argv)
  } catch (fault) {
    if (fault instanceof CommanderError) process.exitCode = fault.exitCode === 0 ? 0 : 2
    else {
      process.stderr.write(`${fault instanceof Error ? fault.message : 'Something went wrong.'}\n`)
      process.exitCode = fault instanceof ConfigError ? 2 : 1
    }
  }
}
