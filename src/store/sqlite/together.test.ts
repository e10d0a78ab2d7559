import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { OUTCOMES } from '../../destinations/outcomes.ts'
import { pixelId } from '../../event/event-ids.ts'
import { newKey } from '../../lib/seal.ts'
import { givenStore } from '../conformance/given.ts'
import { anArrival, SHOP } from '../testing.ts'
import { openSqlite } from './sqlite.ts'

const folder = mkdtempSync(join(tmpdir(), 'converlay-'))
afterAll(() => rmSync(folder, { recursive: true }))

const DELIVERED = OUTCOMES.delivered

describe('writes that share a flush', () => {
  const given = givenStore(() => openSqlite({ path: mkdtempSync(join(folder, 'data-')), masterKey: newKey() }))
  const stretch = (from: number) => ({ stretch: { lane: 1, from, outcomes: Uint8Array.of(DELIVERED) } })

  it('fail by themselves: a settlement that does not continue its lane takes no other one along', async () => {
    const connections = [await given.connect(), await given.connect(), await given.connect()] as const
    await given.fill(1)
    const [first, wrong, last] = await Promise.allSettled([
      given.settle(connections[0].id, stretch(1)),
      given.settle(connections[1].id, stretch(7)),
      given.settle(connections[2].id, stretch(1)),
    ])
    expect([first.status, wrong.status, last.status]).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    const bytes = await Promise.all(connections.map(({ id }) => given.ledger(id, 1, 1)))
    expect(bytes).toEqual([[DELIVERED], [0], [DELIVERED]])
    const positions = (await given.store.lanes(SHOP)).map(({ position }) => position)
    expect(positions).toEqual([1, 0, 1])
  })

  it('are seen by what is asked behind them', async () => {
    const { id } = await given.connect()
    await given.fill(1)
    const [, bytes] = await Promise.all([given.settle(id, stretch(1)), given.ledger(id, 1, 1)])
    expect(bytes).toEqual([DELIVERED])
  })

  it('answer each caller with its own', async () => {
    const { id } = await given.connect()
    const [appended, , unknown] = await Promise.all([
      given.store.append(anArrival(pixelId('event-1'))),
      given.store.updateConnection(SHOP, id, { trouble: 'told' }),
      given.store.updateConnection(SHOP, (id + 1) as typeof id, { trouble: 'told' }),
    ])
    expect(appended.events).toEqual([{ seq: 1, fresh: true }])
    expect(unknown).toBeUndefined()
    expect(await given.store.connections(SHOP)).toMatchObject([{ id, trouble: 'told' }])
  })
})
