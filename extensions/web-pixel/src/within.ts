/** Longest time that the page may take to answer a question of the worker, ms. */
const PATIENCE = 500

/** What the page answers, or undefined when it fails or takes too long: then the beacon goes without it. */
export const within = async <T>(question: Promise<T>): Promise<T | undefined> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, PATIENCE)
  })
  try {
    return await Promise.race([question, late])
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}
