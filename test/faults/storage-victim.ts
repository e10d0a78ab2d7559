/** A process to be killed: one session of a store in a given folder, one JSON line for everything that was promised. */
import { openForSession, session } from './storage-session.ts'

const [folder = ''] = process.argv.slice(2)
const store = await openForSession(folder)
await session(store, folder, (told) => process.stdout.write(`${JSON.stringify(told)}\n`))
await store.close()
