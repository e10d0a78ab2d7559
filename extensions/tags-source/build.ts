import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** What Shopify's command line packs, by the source it is made of. */
export const ASSETS = { 'converlay-tags.js': 'embed.ts', 'converlay-platforms.js': 'platforms.ts' } as const

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** The text of an asset. The same source gives the same text, so that a test can tell whether it was built. */
export const assetText = async (source: (typeof ASSETS)[keyof typeof ASSETS]): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [path(`./src/${source}`)],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    write: false,
    legalComments: 'none',
    banner: { js: '// Built from extensions/tags-source by npm run build:tags. Do not edit.' },
    logLevel: 'error',
  })
  return outputFiles[0]?.text ?? ''
}

export const assetFile = (name: string): string => path(`../tags/assets/${name}`)
