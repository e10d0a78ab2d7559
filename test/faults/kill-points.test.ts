import { expect, test } from 'vitest'
import { pointsIn, spread } from './kill-points.ts'

const TRACE = `11 1.0 pwrite64(28</data/a.db-wal>, ""..., 24, 0) = 24
11 1.1 fsync(28</data/a.db-wal> <unfinished ...>
12 1.2 pwrite64(30</data/a.db>, ""..., 4096, 0) = 4096
11 1.3 <... fsync resumed>) = 0
11 1.4 pwrite64(28</data/a.db-wal>, ""..., 24, 24) = 24
12 1.5 pwrite64(28</data/a.db-wal>, ""..., 24, 48) = 24
11 1.6 pwrite64(9</elsewhere/b>, ""..., 24, 24) = 24
11 1.7 unlink("/data/a.db-journal") = 0
`

test('the points of a trace are the calls to files of the folder, counted by thread as strace counts them', () => {
  const groups = pointsIn(TRACE, '/data')
  expect([...groups].map(([group, points]) => [group, points.map(({ n }) => n)])).toEqual([
    ['pwrite64 /data/a.db-wal', [1, 2]],
    ['fsync /data/a.db-wal', [1]],
    ['pwrite64 /data/a.db', [1]],
    ['unlink /data/a.db-journal', [1]],
  ])
})

test('a spread has all rare points and evenly those that are frequent', () => {
  const group = (call: string, count: number) =>
    Array.from({ length: count }, (_, at) => ({ file: '/data/a.db', call, n: at + 1 }))
  const chosen = spread([group('pwrite64', 100), group('unlink', 2)], 12)
  expect(chosen.map(({ call, n }) => `${call} ${n}`)).toEqual([
    'unlink 1',
    'unlink 2',
    ...Array.from({ length: 10 }, (_, at) => `pwrite64 ${at * 10 + 1}`),
  ])
})
