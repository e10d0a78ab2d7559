import { startTags } from './run-tags.ts'
import { page } from './tag.ts'

/** The platforms' tags are an asset of their own, which only visitors load who allowed it (platform-tags.ts). */
page.converlayStartTags = startTags
