import type { Command } from 'commander'
import { withTestMode } from '../pipeline/test-mode.ts'
import { misuse, print, refuse } from './said.ts'
import { type Common, withConnection } from './with-store.ts'

interface Flags extends Common {
  readonly shop: string
  readonly connection: string
}

/** Pause, resume and test mode of a connection. Also beside a running process, which notices within a second. */
export const switchCommands = (program: Command): void => {
  const onConnection = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .requiredOption('--shop <domain>')
      .requiredOption('--connection <number>')
      .option('--data <folder>', 'where the state lives')

  const states = { pause: 'paused', resume: 'active' } as const
  onConnection('pause', 'Send nothing more for now. Events are kept in line.').action((flags: Flags) =>
    turn(flags, states.pause),
  )
  onConnection('resume', 'Send again, what waited in line too.').action((flags: Flags) => turn(flags, states.resume))

  onConnection('test-mode', 'Switch the platform’s test mode: it checks events and counts none.')
    .argument('<on|off>')
    .option('--code <code>', 'the test ID or code, where the platform gives one out')
    .action((to: string, flags: Flags & { code?: string }) => {
      if (to !== 'on' && to !== 'off') return misuse('Say on or off.')
      return withConnection(flags, async ({ store, shop, connection, destination }) => {
        const { code } = flags
        const changed = withTestMode(destination, connection.settings, {
          on: to === 'on',
          ...(code === undefined ? {} : { code }),
        })
        if ('refused' in changed) return refuse(changed.refused)
        await store.updateConnection(shop.shop, connection.id, { settings: changed.settings })
        print({ shop: shop.shop, connection: connection.id, testMode: to === 'on' })
        if (to === 'off')
          process.stderr.write('What was tested is sent for real by: converlay replay … --outcome tested\n')
      })
    })
}

const turn = (flags: Flags, state: 'paused' | 'active'): Promise<void> =>
  withConnection(flags, async ({ store, shop, connection }) => {
    const changed = await store.updateConnection(shop.shop, connection.id, {
      state,
      ...(state === 'active' ? { trouble: null } : {}),
    })
    print({ shop: shop.shop, connection: connection.id, state: changed?.state })
  })
