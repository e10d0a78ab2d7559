/** The shoppers: walks made before they are needed, posted when told. */
import { serve } from './child.ts'
import { type Load, startLoad, walksOf } from './load.ts'

const [seed = '', count = '', shops = ''] = process.argv.slice(2)
const CONNECTIONS = 64

let load: Load | undefined

serve({}, async (message) => {
  if (typeof message.port === 'number') {
    const { from = 0 } = message
    const walks = walksOf(Number(seed), Number(from), Number(count), Number(shops))
    load = startLoad(message.port, walks, CONNECTIONS)
  }
  if (typeof message.pace === 'number') load?.pace(message.pace)
  if (typeof message.pause === 'boolean') load?.pause(message.pause)
  if (message.stop) await load?.stop()
  return { ...load?.counts }
})
