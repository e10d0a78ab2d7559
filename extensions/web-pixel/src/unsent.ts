import type { Browser } from '@shopify/web-pixels-extension'
import { within } from './within.ts'

/** Beacons that did not get through, kept with the tab for its next event or page. */
export interface Unsent {
  keep(body: string): Promise<void>
  /** Posts what is kept, oldest first, until one does not get through again. A beacon that came twice counts once. */
  sendAgain(post: (body: string) => Promise<boolean>): Promise<void>
  forget(): Promise<void>
}

const KEY = 'converlay_unsent'
/** Characters kept, four full beacons: a store's own scripts share what a tab may store. */
const ROOM = 256 * 1024

export const unsentIn = (session: Browser['sessionStorage']): Unsent => {
  // Nobody else writes there while this page is shown, so it is read once.
  const read = readKept(session)
  let sending = false
  const save = (bodies: readonly string[]) =>
    within(bodies.length === 0 ? session.removeItem(KEY) : session.setItem(KEY, JSON.stringify(bodies)))
  return {
    keep: async (body) => {
      const bodies = await read
      bodies.push(body)
      while (bodies.reduce((sum, { length }) => sum + length, 0) > ROOM) bodies.shift()
      await save(bodies)
    },
    sendAgain: async (post) => {
      const bodies = await read
      if (sending) return
      sending = true
      while (bodies[0] !== undefined) {
        const [oldest] = bodies
        if (!(await post(oldest))) break
        // It may have been pushed out or forgotten meanwhile.
        if (bodies[0] === oldest) bodies.shift()
        await save(bodies)
      }
      sending = false
    },
    forget: async () => {
      const bodies = await read
      bodies.length = 0
      await save(bodies)
    },
  }
}

const readKept = async (session: Browser['sessionStorage']): Promise<string[]> => {
  try {
    const kept: unknown = JSON.parse((await within(session.getItem(KEY))) ?? '[]')
    return Array.isArray(kept) ? kept.filter((body) => typeof body === 'string') : []
  } catch {
    return []
  }
}
