import { pixelId } from '../../event/event-ids.ts'
import { anArrival, NOW, SHOP } from '../testing.ts'
import { openSqlite } from './sqlite.ts'

/**
 * A process that appends until it is killed or its disk fails, and prints what was acknowledged: one id a line, then
 * "fault <kind>" for appends that were refused, and at the end whether the store says that it failed for good.
 */
const [folder = '', key = ''] = process.argv.slice(2)
const store = await openSqlite({ path: folder, masterKey: Buffer.from(key, 'hex') })
await store.saveShop({ shop: SHOP, facts: {}, installedAt: NOW })
let faults = 0
for (let n = 1; faults < 2; n += 8)
  await Promise.all(
    Array.from({ length: 8 }, (_, i) => pixelId(`event-${n + i}`)).map((id) =>
      store.append(anArrival(id)).then(
        () => process.stdout.write(`${id}\n`),
        (fault: unknown) => {
          faults++
          const kind = fault instanceof Error && 'kind' in fault ? fault.kind : 'other'
          process.stdout.write(`fault ${kind}\n`)
        },
      ),
    ),
  )
process.stdout.write(`failed ${(await store.failed).kind}\n`)
await store.health().catch(() => process.stdout.write('unhealthy\n'))
process.exit(0)
