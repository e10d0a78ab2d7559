/** A process to be killed: keeps one number after the other and tells each that is kept. */
import { openSpool } from './spool.ts'

const [folder = '', key = ''] = process.argv.slice(2)
const spool = openSpool({ folder, masterKey: Buffer.from(key, 'hex') })
process.on('disconnect', () => process.exit())
for (let n = 0; ; n++) {
  await spool.keep(Buffer.from(String(n)))
  process.send?.(n)
}
