import { pixelId, purchaseId } from '../../event/event-ids.ts'
import { anArrival } from '../testing.ts'
import { openPostgres } from './postgres.ts'

/** A process that appends 100 facts that another one appends too, and prints the ids of those that it was first with. */
const [url = '', key = ''] = process.argv.slice(2)
const store = await openPostgres({ url, masterKey: Buffer.from(key, 'hex') })
const ids = Array.from({ length: 50 }, (_, n) => [purchaseId(`${n}`), pixelId(`event-${n}`)]).flat()
await Promise.all(
  ids.map(async (id) => {
    const { events } = await store.append(anArrival(id))
    if (events[0]?.fresh) process.stdout.write(`${id}\n`)
  }),
)
await store.close()
