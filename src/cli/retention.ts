import type { Command } from 'commander'
import { daysFault, KEEPING_TIMES, KEPT, keptDays, RETENTION_SETTING, type Retention } from '../store/keeping-times.ts'
import type { Store } from '../store/store.ts'
import { misuse, print } from './said.ts'
import { withExisting, withStore } from './with-store.ts'

interface Flags {
  readonly set?: readonly string[]
  readonly reset?: boolean
  readonly json?: boolean
  readonly data?: string
}

/** `retention`: how long everything is kept; `--set` changes some of it. A running server follows within a minute. */
export const retentionCommand = (program: Command): void => {
  program
    .command('retention')
    .description('Show how long everything is kept, or change it with --set NAME=DAYS.')
    .option('--set <name=days...>', 'one or more keeping times, in whole days')
    .option('--reset', 'back to the defaults, before anything is set')
    .option('--json', 'print one JSON document')
    .option('--data <folder>', 'where the state lives')
    .action(async (flags: Flags) => {
      const changes = readChanges(flags.set ?? [])
      if (typeof changes === 'string') return misuse(changes)
      const shown = async (store: Store | undefined) =>
        show(keptDays(await store?.setting(RETENTION_SETTING)), flags.json === true)
      if (!flags.set && !flags.reset) return withExisting(flags, shown)
      return withStore(flags, async (store) => {
        const before = flags.reset ? undefined : await store.setting(RETENTION_SETTING)
        await store.saveSetting(RETENTION_SETTING, set(keptDays({ ...keptDays(before), ...changes })))
        await shown(store)
      })
    })
}

type Days = ReturnType<typeof keptDays>

/** What differs from the defaults: only that is kept, so that better defaults reach whoever never chose. */
const set = (days: Days): Partial<Days> | undefined => {
  const changed = KEPT.filter((name) => days[name] !== KEEPING_TIMES[name].default)
  return changed.length === 0 ? undefined : Object.fromEntries(changed.map((name) => [name, days[name]]))
}

/** "messages=7" as a change; a sentence for people where it is none. */
const readChanges = (given: readonly string[]): Partial<Days> | string => {
  const changes: Partial<Record<keyof Retention, number>> = {}
  for (const text of given) {
    const [, named, digits] = /^(\w+)=(\d{1,5})$/.exec(text) ?? []
    const name = KEPT.find((one) => one === named)
    if (named === undefined) return `"${text}" cannot be read. Write NAME=DAYS, for example attempts=14.`
    if (name === undefined) return `There is no keeping time "${named}". There are: ${KEPT.join(', ')}.`
    const fault = daysFault(name, Number(digits))
    if (fault !== undefined) return fault
    changes[name] = Number(digits)
  }
  return changes
}

const show = (days: Days, json: boolean): void => {
  if (json) print(days)
  else process.stdout.write(KEPT.map((name) => line(name, days[name])).join(''))
}

const line = (name: keyof Retention, days: number): string => {
  const { label, help, min, max, default: usual } = KEEPING_TIMES[name]
  const instead = days === usual ? '' : ` (default: ${usual})`
  return `${name.padEnd(17)} ${days} days${instead}\n  ${label}. ${help} ${min} to ${max}.\n`
}
