/** The ways in which a platform can be told to fail. */
export const FAULT_MODES = [
  /** 429 without a word about when to come back. */
  '429',
  /** 429 with Retry-After: `ms` in whole seconds, 1 unless told. */
  '429-retry-after',
  '401',
  '403',
  '500',
  '503',
  /** Takes the request and never answers. */
  'hang',
  /** Resets the connection before the body is read. */
  'reset',
  /** Reads the whole body, records nothing, resets. */
  'reset-after-read',
  /** Reads and records, then resets: the sender cannot know. */
  'reset-after-processing',
  /** 200 with a page for people, as a proxy in between would answer; records nothing. */
  '200-html',
  /** 200 in the platform's own form, with every event refused; records nothing. */
  '200-errors',
  /** Answers as usual, after `ms`. */
  'slow',
] as const

export type FaultMode = (typeof FAULT_MODES)[number]

export interface Fault {
  readonly mode: FaultMode
  /** How often it fires; without end when absent. */
  readonly times?: number | undefined
  /** Delay of `slow` (1,000 unless told), wait of `429-retry-after`. */
  readonly ms?: number | undefined
}

export interface Faults {
  /** Replaces what the platform was told before. */
  set(platform: string, fault: Fault): void
  clear(platform?: string): void
  /** The fault that meets the request now in hand; counts it as fired. */
  take(platform: string): Fault | undefined
  /** How often each mode fired, per platform. */
  fired(): Readonly<Record<string, Readonly<Partial<Record<FaultMode, number>>>>>
  reset(): void
}

export const createFaults = (): Faults => {
  const active = new Map<string, { fault: Fault; left: number }>()
  let counts: Record<string, Partial<Record<FaultMode, number>>> = {}
  return {
    set: (platform, fault) => void active.set(platform, { fault, left: fault.times ?? Number.POSITIVE_INFINITY }),
    clear: (platform) => (platform === undefined ? active.clear() : void active.delete(platform)),
    take: (platform) => {
      const armed = active.get(platform)
      if (!armed) return undefined
      if (--armed.left <= 0) active.delete(platform)
      const { mode } = armed.fault
      counts = { ...counts, [platform]: { ...counts[platform], [mode]: (counts[platform]?.[mode] ?? 0) + 1 } }
      return armed.fault
    },
    fired: () => structuredClone(counts),
    reset: () => {
      active.clear()
      counts = {}
    },
  }
}
