import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Connection, ShopRecord } from '../store/store.ts'
import { type TagAccounts, tagAccountsOf } from './tag-accounts.ts'

const SOURCE = fileURLToPath(new URL('../../extensions/tags-source/src/custom-pixel.ts', import.meta.url))
const BUILT = fileURLToPath(new URL('../../.build/custom-pixel/custom-pixel.js', import.meta.url))

/** The bundled code of the custom pixel, readable: a merchant pastes it. A packed release carries it built. */
const customPixelCode = async (): Promise<string> => {
  if (existsSync(SOURCE)) {
    const { build } = await import('esbuild')
    await mkdir(new URL('../../.build/custom-pixel/', import.meta.url), { recursive: true })
    await build({
      entryPoints: [SOURCE],
      outfile: BUILT,
      bundle: true,
      format: 'iife',
      target: 'es2022',
      charset: 'utf8',
      logLevel: 'error',
    })
  }
  return readFile(BUILT, 'utf8')
}

const HEAD = `// Converlay's custom pixel: the platforms' browser tags in the checkout, for SHOP.
//
// For stores that run Converlay themselves or as a custom app. Apps of Shopify's App Store must not hand out code to
// paste, and do without it: the server tells every checkout and purchase anyway.
//
// In Shopify's admin: Settings, Customer events, Add custom pixel. Paste all of this, and under Customer privacy choose
// that permission for marketing is required. Take other pixels of the same platforms off first, or they count twice.
`

export interface CustomPixel extends Pick<TagAccounts, 'leftOut'> {
  /** What the merchant pastes. */
  readonly text: string
  /** Slugs of the platforms whose tags it fires. */
  readonly fires: readonly string[]
}

/** A shop's custom pixel for its connections as they are now; `via` is where a demo's imitations of platforms stand. */
export const customPixelOf = async (
  { shop, facts }: Pick<ShopRecord, 'shop' | 'facts'>,
  connections: readonly Connection[],
  { beaconUrl, via }: { readonly beaconUrl: string; readonly via?: string },
): Promise<CustomPixel> => {
  const { accounts, leftOut } = tagAccountsOf(connections)
  const country = facts.country ?? 'ZZ'
  const settings = { shop, beaconUrl, country, accounts, ...(via === undefined ? {} : { via }) }
  const notes = leftOut.map(({ destination, why }) => `// Without ${destination}: ${why}\n`)
  return {
    text: `${HEAD.replace('SHOP', shop)}${notes.join('')}
globalThis.CONVERLAY = ${JSON.stringify(settings, null, 2)}

${await customPixelCode()}`,
    fires: Object.keys(accounts),
    leftOut,
  }
}
