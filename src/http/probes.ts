import type { Store } from '../store/store.ts'

/** Whether messages may be sent here. */
export interface Readiness {
  ready(): Promise<boolean>
  /** From now on they may not: the process is about to stop. */
  end(): void
}

/**
 * Ready is who can write and is not stopping. A full disk is no reason to turn away: it answers 503 by itself, and only
 * a sender who comes back finds out that there is room again.
 */
export const readinessOf = (store: Pick<Store, 'health'>): Readiness => {
  let ending = false
  return {
    ready: async () => {
      if (ending) return false
      return store.health().then(
        () => true,
        () => false,
      )
    },
    end() {
      ending = true
    },
  }
}

/** What a probe is answered: `/live` that the process runs, `/ready` that it takes messages. Undefined: no probe. */
export const probe = async (
  path: string | undefined,
  readiness: Readiness,
): Promise<{ readonly status: 200 | 503; readonly body: string } | undefined> => {
  if (path !== '/live' && path !== '/ready') return undefined
  const ok = path === '/live' || (await readiness.ready())
  return { status: ok ? 200 : 503, body: `${JSON.stringify({ ok })}\n` }
}
