/** A call of a traced process: "the third pwrite64 to converlay.db-wal of one of its threads". */
export interface Point {
  /** The file's path. */
  readonly file: string
  readonly call: string
  readonly n: number
}

/** One line of a trace with -f -ttt -yy: thread, time, call and the first path in it. */
const CALL = /^(\d+)\s+[\d.]+ (\w+)\((?:\d+<([^>]*)>|[^"]*"([^"]*)")/

/** Every call of a trace, apart by file and kind. What another thread resumes is counted where it began. */
export const pointsIn = (trace: string, folder: string): ReadonlyMap<string, readonly Point[]> => {
  const counts = new Map<string, number>()
  const groups = new Map<string, Point[]>()
  for (const line of trace.split('\n')) {
    const [, thread, call = '', open, named] = CALL.exec(line) ?? []
    const file = open ?? named
    if (!file?.startsWith(folder)) continue
    const n = (counts.get(`${thread} ${call} ${file}`) ?? 0) + 1
    counts.set(`${thread} ${call} ${file}`, n)
    const group = groups.get(`${call} ${file}`) ?? []
    groups.set(`${call} ${file}`, group)
    // Each thread counts for itself: the n-th of any of them is one point.
    if (group.length < n) group.push({ file, call, n })
  }
  return groups
}

/** About `most` of the points: all of what is rare, and an even spread of what is frequent. */
export const spread = (groups: Iterable<readonly Point[]>, most: number): readonly Point[] => {
  const bySize = [...groups].sort((a, b) => a.length - b.length)
  const chosen: Point[] = []
  for (const [place, group] of bySize.entries()) {
    const share = Math.ceil((most - chosen.length) / (bySize.length - place))
    const step = Math.max(1, group.length / Math.max(1, share))
    for (let at = 0; at < group.length; at += step) chosen.push(...group.slice(Math.floor(at), Math.floor(at) + 1))
  }
  return chosen
}
