import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import { BEACON_PATH } from '../http/capture.ts'
import { customPixelOf } from '../http/custom-pixel.ts'
import { refuse } from './said.ts'
import { type Common, shopOr, withExisting } from './with-store.ts'

/** Prints the platforms' browser tags for a store's checkout, to be pasted into Shopify. */
export const customPixelCommand = (program: Command): void => {
  program
    .command('custom-pixel')
    .description('Print the custom pixel with the browser tags of the checkout, to paste into Shopify.')
    .requiredOption('--shop <domain>')
    .option('--data <folder>', 'where the state lives')
    .action((flags: Common & { shop: string }) =>
      withExisting(flags, async (store) => {
        const named = shopOr(flags.shop)
        if (!named) return
        const shop = await store?.shop(named)
        if (!store || !shop) return refuse(`${named} is not connected here. See: converlay shops`)
        const { captureUrl } = readConfig(flags)
        if (captureUrl === undefined)
          return refuse('Say under which address browsers reach this Converlay: set CONVERLAY_CAPTURE_URL.')
        const connections = await store.connections(named)
        const { text, fires, leftOut } = await customPixelOf(shop, connections, {
          beaconUrl: captureUrl + BEACON_PATH,
        })
        for (const { destination, why } of leftOut) process.stderr.write(`Without ${destination}: ${why}\n`)
        if (fires.length === 0) return refuse('No connected platform has a browser tag that could be fired.')
        process.stdout.write(text)
      }),
    )
}
