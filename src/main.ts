import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { storeCommands } from './cli/connections.ts'
import { doctorCommand } from './cli/doctor.ts'
import { documentCommands } from './cli/documents.ts'
import { demoCommand, startCommand } from './cli/start.ts'
import { ConfigError } from './config.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

/** The command line. Exit status: 0 done, 1 something was refused, 2 wrong usage (docs/command-line.md). */
const program = new Command('converlay')
  .description('Every order accounted for at every ad platform, with the reason.')
  .version(version)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(text) })

startCommand(program)
demoCommand(program)
documentCommands(program)
storeCommands(program)
doctorCommand(program)

if (!process.versions.node.startsWith('26.')) {
  process.stderr.write(
    `Converlay needs Node 26 and this is ${process.version}. In a checkout, run "npm ci" and then bin/converlay, which brings its own.\n`,
  )
  process.exit(2)
}

try {
  await program.parseAsync(process.argv)
} catch (fault) {
  if (fault instanceof CommanderError) process.exitCode = fault.exitCode === 0 ? 0 : 2
  else if (fault instanceof ConfigError) {
    process.stderr.write(`${fault.message}\n`)
    process.exitCode = 2
  } else {
    process.stderr.write(`${fault instanceof Error ? fault.message : 'Something went wrong.'}\n`)
    process.exitCode = 1
  }
}
