import fc from 'fast-check'
import { expect, it } from 'vitest'
import { pack } from './pack.ts'

const list = ['{"data":[', ']}'] as const

it('packs by number', () => {
  const packed = pack([1, 2, 3, 4, 5], { batch: 2, bytes: 1000 }, list)
  expect(packed.map(({ body }) => body)).toEqual(['{"data":[1,2]}', '{"data":[3,4]}', '{"data":[5]}'])
})

it('gives nothing for nothing', () => {
  expect(pack([], { batch: 2, bytes: 1000 }, list)).toEqual([])
})

it('sends alone what is too large by itself', () => {
  const packed = pack(['a', 'b'.repeat(100), 'c'], { batch: 10, bytes: 40 }, list)
  expect(packed.map(({ items }) => items.length)).toEqual([1, 1, 1])
})

it('keeps the order, loses nothing and stays within the bytes of UTF-8', () => {
  const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 400, max: 900 }), (items, batch, bytes) => {
      const packed = pack(items, { batch, bytes }, list)
      expect(packed.flatMap(({ body }) => JSON.parse(body).data)).toEqual(items)
      for (const { body, items: own } of packed) {
        expect(JSON.parse(body).data).toEqual(own)
        expect(own.length).toBeLessThanOrEqual(batch)
        if (own.length > 1) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(bytes)
      }
    }),
  )
})
