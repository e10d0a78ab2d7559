const last = new Map<string, Promise<unknown>>()

/** Does one thing of a name after the other: a check and what it allows belong together, however often a button is pressed. */
export const inTurn = <T>(name: string, work: () => Promise<T>): Promise<T> => {
  const before = last.get(name) ?? Promise.resolve()
  const mine = before.then(work, work)
  const done = mine.then(
    () => {},
    () => {},
  )
  last.set(name, done)
  void done.then(() => {
    if (last.get(name) === done) last.delete(name)
  })
  return mine
}
