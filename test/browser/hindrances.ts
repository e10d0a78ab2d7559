import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

interface Violation {
  readonly id: string
  readonly impact: string | null
  readonly nodes: readonly { readonly html: string }[]
}

/** What hinders people, found by axe-core, and what makes a page scroll sideways. */
export const hindrances = async (page: Page): Promise<readonly string[]> => {
  // What is being faded in has less contrast for a moment. What goes on for ever is not waited for.
  await page.evaluate(
    `Promise.allSettled(document.getAnimations()
       .filter(({ effect }) => Number.isFinite(effect.getComputedTiming().endTime)).map(({ finished }) => finished))`,
  )
  await page.evaluate(AXE)
  const violations = await page.evaluate<readonly Violation[]>('axe.run().then((found) => found.violations)')
  const sideways = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')
  return [
    ...violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
    ...(sideways > 0 ? [`${sideways} px too wide`] : []),
  ]
}
