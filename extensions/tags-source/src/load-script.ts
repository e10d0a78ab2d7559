/** Longest time until a script that is neither there nor refused counts as blocked: some blockers never answer. */
const PATIENCE = 4000

/** Loads a script. False when it was refused, by a blocker or the network, or is not there in time. */
export const loadScript = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const script = document.createElement('script')
    script.async = true
    script.src = address
    script.onload = () => resolve(true)
    script.onerror = () => resolve(false)
    setTimeout(() => resolve(false), PATIENCE)
    document.head.append(script)
  })

/** The address of a platform's script; `via` is where the demo's imitations of the platforms stand. */
export const addressOf = (hostAndPath: string, via = 'https:/'): string => `${via}/${hostAndPath}`
