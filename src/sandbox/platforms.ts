import { createKlaviyo, type KlaviyoOptions } from './klaviyo/platform.ts'
import { createMeta, type MetaOptions } from './meta/platform.ts'
import { createPinterest, type PinterestOptions } from './pinterest/platform.ts'

/** What a sandbox's platforms can be told from the start. */
export interface PlatformsOptions {
  readonly pinterest?: PinterestOptions
  readonly meta?: MetaOptions
  readonly klaviyo?: KlaviyoOptions
}

/** Every platform of the sandbox by its slug, in the order of the pages' navigation. */
export const createPlatforms = (options: PlatformsOptions) => ({
  pinterest: createPinterest(options.pinterest),
  meta: createMeta(options.meta),
  klaviyo: createKlaviyo(options.klaviyo),
})

export type Platforms = ReturnType<typeof createPlatforms>
