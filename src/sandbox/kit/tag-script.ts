import { readFileSync } from 'node:fs'
import type { Answer } from '../platform.ts'

/** The answer with an imitation of a platform's browser script, which stands in a file beside the platform. */
export const tagScript = (file: URL): Answer => ({
  status: 200,
  headers: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-store' },
  body: readFileSync(file),
})
