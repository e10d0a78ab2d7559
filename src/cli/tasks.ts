import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { EXPLAINED, OUTCOMES, type Outcome } from '../destinations/outcomes.ts'
import { EVENT_NAMES, type EventName } from '../event/names.ts'
import { deadGroups } from '../pipeline/dead.ts'
import { begin, isRefused, mayRepeat, type Plan, planReplay, type Replay } from '../pipeline/replay.ts'
import type { Task } from '../store/task.ts'
import { backfillOr, daysOr, placeOf } from './backfill.ts'
import { follow, inWords, taskDocument, tasksOf } from './follow.ts'
import { misuse, print, refuse } from './said.ts'
import { type Chosen, type Common, shopOr, withConnection, withExisting } from './with-store.ts'

interface TaskFlags extends Common {
  readonly shop: string
  readonly connection: string
  readonly dryRun?: boolean
  readonly follow?: boolean
  readonly json?: boolean
}

interface ReplayFlags extends TaskFlags {
  readonly from?: string
  readonly until?: string
  readonly event?: readonly string[]
  readonly outcome?: readonly string[]
  readonly seq?: readonly string[]
  readonly code?: string
  readonly yes?: boolean
}

/** Sending again, filling in, and what has become of that. All of it also beside a running process. */
export const taskCommands = (program: Command): void => {
  onConnection(program.command('replay').description('Send events again: what failed, unless you say otherwise.'))
    .option('--from <instant>', 'received from this moment on, e.g. 2026-11-20T10:00:00Z')
    .option('--until <instant>', 'received before this moment')
    .option('--event <names...>', 'only these, e.g. order_placed')
    .option('--outcome <names...>', 'what they ended as, e.g. rejected expired; also tested, delivered, no_consent …')
    .option('--seq <numbers...>', 'single events, by their numbers')
    .option('--code <code>', 'dead letters with this code of the platform; see: converlay dead')
    .option('--yes', 'also where the platform may have some of them already')
    .option('--dry-run', 'only tell what would be sent')
    .option('--follow', 'wait, and tell how far it is')
    .option('--json', 'print JSON documents')
    .action(async (flags: ReplayFlags) => {
      const asked = askedOr(flags)
      if (asked) await withConnection(flags, (chosen) => replay(chosen, asked, flags))
    })

  onConnection(
    program.command('backfill').description('Send what arrived in the days before a platform was connected.'),
  )
    .option('--days <number>', 'how many days back', '7')
    .option('--dry-run', 'only tell what would be sent')
    .option('--follow', 'wait, and tell how far it is')
    .option('--json', 'print JSON documents')
    .action(async (flags: TaskFlags & { days: string }) => {
      const days = daysOr(flags.days)
      if (days === undefined) return
      await withConnection(flags, async (chosen) => {
        const plan = await backfillOr(chosen, days)
        if (plan) await run(chosen, plan, flags)
      })
    })

  program
    .command('tasks')
    .description('List replays and backfills with their progress, the newest first.')
    .option('--shop <domain>')
    .option('--json', 'print JSON documents')
    .option('--data <folder>', 'where the state lives')
    .action((flags: Common & { shop?: string; json?: boolean }) =>
      withExisting(flags, async (store) => {
        const named = flags.shop === undefined ? undefined : shopOr(flags.shop)
        if (!store || (flags.shop !== undefined && !named)) return
        const shops = named ? [named] : (await store.shops()).map(({ shop }) => shop)
        for (const told of await tasksOf(store, shops, sleep)) {
          if (flags.json) print(taskDocument(told))
          else say(`${told.task.shop}  ${inWords(told)}`)
        }
      }),
    )

  program
    .command('cancel')
    .description('End a replay or a backfill. What it has not passed stays what it is.')
    .requiredOption('--shop <domain>')
    .requiredOption('--task <number>')
    .option('--data <folder>', 'where the state lives')
    .action((flags: Common & { shop: string; task: string }) =>
      withExisting(flags, async (store) => {
        const shop = shopOr(flags.shop)
        if (!shop) return
        if (!(await store?.cancelTask(shop, Number(flags.task), Date.now())))
          return refuse(`${shop} has no running task ${flags.task}. See: converlay tasks --shop ${shop}`)
        print({ shop, task: Number(flags.task), cancelled: true })
      }),
    )

  onConnection(program.command('dead').description('Dead letters by what they died of, with what is at stake.'))
    .option('--json', 'print JSON documents')
    .action((flags: TaskFlags) =>
      withConnection(flags, async ({ store, shop, connection }) => {
        const groups = await deadGroups(store, shop, connection.id)
        for (const group of groups) {
          const { outcome, code, message, count, value, currency, newest } = group
          const at = [message ?? EXPLAINED[outcome], code === undefined ? undefined : `(${code})`]
            .filter(Boolean)
            .join(' ')
          const worth = value === undefined ? '' : `, purchases of ${value} ${currency}${group.more ? ' and more' : ''}`
          if (flags.json) print({ shop: shop.shop, connection: connection.id, ...group })
          else say(`${count}  ${outcome}: ${at}${worth}. The newest is event ${newest}.`)
        }
        if (groups.length === 0 && !flags.json) say('There are no dead letters.')
      }),
    )
}

const onConnection = (command: Command): Command =>
  command
    .requiredOption('--shop <domain>')
    .requiredOption('--connection <number>')
    .option('--data <folder>', 'where the state lives')

const say = (text: string): void => void process.stdout.write(`${text}\n`)

const isName = (text: string): text is EventName => EVENT_NAMES.some((name) => name === text)
const isOutcome = (text: string): text is Outcome => text in OUTCOMES

/** What is to be sent again, read from the options; wrong ones end the command with status 2. */
const askedOr = (flags: ReplayFlags): Replay | undefined => {
  const from = flags.from === undefined ? undefined : Date.parse(flags.from)
  const until = flags.until === undefined ? undefined : Date.parse(flags.until)
  if (Number.isNaN(from) || Number.isNaN(until))
    return misuse('--from and --until are instants such as 2026-11-20T10:00:00Z.')
  const seqs = flags.seq?.map(Number)
  if (seqs?.some((seq) => !Number.isInteger(seq) || seq < 1)) return misuse('--seq wants the numbers of events.')
  const names = flags.event?.filter(isName)
  if (names?.length !== flags.event?.length) return misuse(`--event knows: ${EVENT_NAMES.join(', ')}.`)
  const outcomes = flags.outcome?.filter(isOutcome)
  if (outcomes?.length !== flags.outcome?.length) return misuse(`--outcome knows: ${Object.keys(OUTCOMES).join(', ')}.`)
  return {
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    ...(names ? { names } : {}),
    ...(outcomes ? { outcomes } : {}),
    ...(seqs ? { seqs } : {}),
    ...(flags.code === undefined ? {} : { code: flags.code }),
  }
}

const replay = async (chosen: Chosen, asked: Replay, flags: ReplayFlags): Promise<void> => {
  const plan = await planReplay({ ...chosen, now: Date.now() }, asked)
  if (isRefused(plan)) return refuse(plan.refused)
  if (!flags.dryRun && !flags.yes && mayRepeat(plan.counts)) {
    tell(chosen, plan, flags)
    return refuse(`${chosen.destination.name} may have some of them already. Add --yes if that is meant.`)
  }
  await run(chosen, plan, flags)
}

const run = async (chosen: Chosen, plan: Plan, flags: TaskFlags): Promise<void> => {
  tell(chosen, plan, flags)
  if (flags.dryRun) return
  const task: Task | { readonly refused: string } = await begin(chosen.store, plan)
  if (isRefused(task)) return refuse(task.refused)
  if (!flags.json) say(`Task ${task.id} has begun. See how far it is: converlay tasks --shop ${task.shop}`)
  else if (!flags.follow) print({ shop: task.shop, connection: task.connection, task: task.id, kind: task.kind })
  if (flags.follow) await follow(chosen.store, task, flags, sleep)
}

/** What would be sent, and what to think of first. */
const tell = (chosen: Chosen, { task, counts, total, atMost, warnings }: Plan, { json }: TaskFlags): void => {
  const { shop, connection, kind } = task
  if (json) {
    print({ shop, connection, kind, plan: { total, atMost, counts, warnings } })
    return
  }
  say(`${atMost ? 'Up to ' : ''}${total} ${total === 1 ? 'event' : 'events'} to ${placeOf(chosen)}:`)
  for (const [outcome, count] of Object.entries(counts))
    say(`  ${count}  ${outcome === 'never_sent' ? 'never sent: from before the connection' : outcome}`)
  for (const warning of warnings) say(`Mind: ${warning}`)
}
