import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const SOURCE = fileURLToPath(new URL('../../extensions/web-pixel/src/index.ts', import.meta.url))
const BUILT = fileURLToPath(new URL('../../.build/web-pixel/pixel.js', import.meta.url))

/** The path of the bundled web pixel. Bundling takes some 20 ms, so it is simply made anew; a packed release carries it. */
export const buildPixel = async (): Promise<string> => {
  if (!existsSync(SOURCE)) return BUILT
  const { build } = await import('esbuild')
  await mkdir(new URL('../../.build/web-pixel/', import.meta.url), { recursive: true })
  await build({
    entryPoints: [SOURCE],
    outfile: BUILT,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    logLevel: 'error',
  })
  return BUILT
}
