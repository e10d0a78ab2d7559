import { type CriteoOptions, createCriteo } from './criteo/platform.ts'
import { createGa4, type Ga4Options } from './ga4/platform.ts'
import { createGoogleAds, type GoogleAdsOptions } from './google/platform.ts'
import { createKlaviyo, type KlaviyoOptions } from './klaviyo/platform.ts'
import { createMeta, type MetaOptions } from './meta/platform.ts'
import { createPinterest, type PinterestOptions } from './pinterest/platform.ts'
import { createReddit, type RedditOptions } from './reddit/platform.ts'
import { createSnapchat, type SnapchatOptions } from './snapchat/platform.ts'
import { createTiktok, type TiktokOptions } from './tiktok/platform.ts'

/** What a sandbox's platforms can be told from the start. */
export interface PlatformsOptions {
  readonly pinterest?: PinterestOptions
  readonly meta?: MetaOptions
  readonly klaviyo?: KlaviyoOptions
  readonly reddit?: RedditOptions
  readonly criteo?: CriteoOptions
  readonly tiktok?: TiktokOptions
  readonly snapchat?: SnapchatOptions
  readonly 'google-ads'?: GoogleAdsOptions
  readonly ga4?: Ga4Options
}

/** Every platform of the sandbox by its slug, in the order of the pages' navigation. */
export const createPlatforms = (options: PlatformsOptions) => ({
  pinterest: createPinterest(options.pinterest),
  meta: createMeta(options.meta),
  klaviyo: createKlaviyo(options.klaviyo),
  reddit: createReddit(options.reddit),
  criteo: createCriteo(options.criteo),
  tiktok: createTiktok(options.tiktok),
  snapchat: createSnapchat(options.snapchat),
  'google-ads': createGoogleAds(options['google-ads']),
  ga4: createGa4(options.ga4),
})

export type Platforms = ReturnType<typeof createPlatforms>
