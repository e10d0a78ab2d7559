import { loadScript } from './load-script.ts'
import type { PageFacts } from './page-facts.ts'
import type { Outcome, startTags, Tags } from './run-tags.ts'

const NONE: Outcome = { fired: [], blocked: [] }

/**
 * Loads the platforms' tags and starts those whose ids were entered. Without that asset none of them can fire, which
 * counts as blocked.
 */
export const loadTags = (facts: PageFacts, limited: boolean): Tags => {
  const wanted = Object.keys(facts.accounts).filter((slug) => facts.accounts[slug]?.id)
  const tags = loadScript(facts.platforms).then((loaded) => {
    const start = (globalThis as { converlayStartTags?: typeof startTags }).converlayStartTags
    return loaded && start ? start({ ...facts, limited }) : undefined
  })
  return {
    tell: async (event) => {
      if (wanted.length === 0) return NONE
      const there = await tags
      return there ? there.tell(event) : { fired: [], blocked: wanted }
    },
  }
}
