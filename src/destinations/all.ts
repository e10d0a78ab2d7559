import { criteo } from './criteo/criteo.ts'
import type { Destination } from './destination.ts'
import { ga4 } from './ga4/ga4.ts'
import { googleAds } from './google-ads/google-ads.ts'
import { klaviyo } from './klaviyo/klaviyo.ts'
import { meta } from './meta/meta.ts'
import { pinterest } from './pinterest/pinterest.ts'
import { reddit } from './reddit/reddit.ts'
import { snapchat } from './snapchat/snapchat.ts'
import { tiktok } from './tiktok/tiktok.ts'
import { webhook } from './webhook/webhook.ts'

/** Every platform Converlay can send to, by slug. A new one is a folder and a line here. */
export const destinations: ReadonlyMap<string, Destination> = new Map(
  [pinterest, meta, googleAds, ga4, tiktok, snapchat, reddit, klaviyo, criteo, webhook].map((destination) => [
    destination.slug,
    destination,
  ]),
)
