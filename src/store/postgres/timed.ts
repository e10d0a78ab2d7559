/** Is told how long a call took, ms. */
export type Timing = (operation: string, ms: number) => void

/** The same store, whose calls are timed as their caller waits for them, failures included. */
export const timed = <S extends object>(store: S, timing: Timing): S =>
  new Proxy(store, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver)
      if (typeof member !== 'function' || typeof name !== 'string') return member
      return (...values: readonly unknown[]): unknown => {
        const began = performance.now()
        const answer: unknown = Reflect.apply(member, target, values)
        const end = () => timing(name, performance.now() - began)
        if (answer instanceof Promise) answer.then(end, end)
        return answer
      }
    },
  })
