import type { PlatformToday } from '../queries/figures.ts'
import { H } from '../texts/home.ts'
import { StateIcon } from './pill.tsx'

const STATES = { ok: 'delivered', look: 'waiting', paused: 'skipped', stopped: 'dead' } as const

/** How a connection is, as a sign and a word. */
export const Light = ({ light }: { readonly light: PlatformToday['light'] }) => (
  <span className="pill" data-state={STATES[light]}>
    <StateIcon state={STATES[light]} />
    {H.lights[light]}
  </span>
)

const URGENCY = { stopped: 0, look: 1, paused: 2, ok: 3 } as const

/** The most urgent first. */
export const byUrgency = (a: Pick<PlatformToday, 'light'>, b: Pick<PlatformToday, 'light'>): number =>
  URGENCY[a.light] - URGENCY[b.light]

/** Today's orders of which it is known what became of them, 0 to 1; undefined without orders. */
export const accounted = (orders: number, platforms: readonly PlatformToday[]): number | undefined =>
  orders === 0 || platforms.length === 0 ? undefined : Math.min(...platforms.map(({ missing }) => 1 - missing / orders))
