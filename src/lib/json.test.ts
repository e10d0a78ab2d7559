import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrayAt, booleanAt, compact, compactOrAbsent, numberAt, objectAt, parseJson, textAt } from './json.ts'

const LIMITS = { depth: 8, values: 100 }
const value = (text: string) => {
  const parsed = parseJson(text, LIMITS)
  return parsed.ok ? parsed.value : expect.fail(parsed.why)
}

describe('JSON from strangers', () => {
  it('keeps the digits of integers beyond 2^53 as text', () => {
    expect(value('{"id":9007199254740993,"n":9007199254740991,"f":0.1234567890123456789}')).toEqual({
      id: '9007199254740993',
      n: 9007199254740991,
      f: 0.12345678901234568,
    })
  })

  it('is refused before it is built when it is too deep or too wide', () => {
    expect(parseJson('['.repeat(9), LIMITS)).toEqual({ ok: false, why: 'nested deeper than 8 levels' })
    expect(parseJson('['.repeat(1_000_000), LIMITS).ok).toBe(false)
    expect(parseJson(`[${'1,'.repeat(101)}1]`, LIMITS)).toEqual({ ok: false, why: 'more than 100 values' })
    expect(value(`["${'[,{'.repeat(500)}", "a\\"[[[[[[[[[["]`)).toHaveLength(2)
  })

  it('that is no JSON is refused', () => {
    for (const text of ['', '{', '"', '{"a":1,}', 'undefined', '"\\"'])
      expect(parseJson(text, LIMITS)).toEqual({ ok: false, why: 'not JSON' })
  })

  it('cannot reach into prototypes', () => {
    expect(value('{"__proto__":{"a":1},"constructor":1,"b":{"\\u005f_proto__":2,"c":3}}')).toEqual({ b: { c: 3 } })
  })

  it('is otherwise read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (original) => {
        const text = JSON.stringify(original)
        fc.pre(!/\d{16}|__proto__|constructor|prototype/.test(text))
        expect(parseJson(text, { depth: 50, values: 100_000 })).toEqual({ ok: true, value: JSON.parse(text) })
      }),
    )
  })

  it('is read tolerantly: what is missing or odd is absent', () => {
    const odd = {
      text: ' a ',
      empty: ' ',
      number: 5,
      digits: '12.5',
      list: [1],
      inner: { a: 1 },
      yes: true,
      long: 'x'.repeat(5000),
    }
    expect([
      textAt(odd, 'text'),
      textAt(odd, 'number'),
      textAt(odd, 'empty'),
      textAt(odd, 'list'),
      textAt(odd, 'long'),
    ]).toEqual(['a', '5', undefined, undefined, undefined])
    expect([numberAt(odd, 'number'), numberAt(odd, 'digits'), numberAt(odd, 'text'), numberAt(odd, 'empty')]).toEqual([
      5,
      12.5,
      undefined,
      undefined,
    ])
    expect([booleanAt(odd, 'yes'), booleanAt(odd, 'text')]).toEqual([true, undefined])
    expect([arrayAt(odd, 'list'), arrayAt(odd, 'inner'), objectAt(odd, 'inner'), objectAt(odd, 'list')]).toEqual([
      [1],
      [],
      { a: 1 },
      {},
    ])
    for (const nothing of [null, undefined, 5, 'x', []])
      expect([textAt(nothing, 'a'), objectAt(nothing, 'a')]).toEqual([undefined, {}])
  })

  it('loses its undefined members, and itself when nothing is left', () => {
    expect(compact<{ a?: number; b?: number }>({ a: 1, b: undefined })).toEqual({ a: 1 })
    expect(Object.keys(compact<{ b?: number }>({ b: undefined }))).toEqual([])
    expect(compactOrAbsent<{ b?: number }>({ b: undefined })).toBeUndefined()
  })
})
