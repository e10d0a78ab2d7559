import { ga4, googleAds } from './google.ts'
import { meta } from './meta.ts'
import { pinterest } from './pinterest.ts'
import { reddit } from './reddit.ts'
import { snapchat } from './snapchat.ts'
import type { Tag } from './tag.ts'
import { tiktok } from './tiktok.ts'

export const TAGS: readonly Tag[] = [pinterest, meta, tiktok, snapchat, reddit, ga4, googleAds]
