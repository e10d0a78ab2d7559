import { describe, expect, it } from 'vitest'
import { DAY } from '../../lib/duration.ts'
import { fbcOf, fbpOf } from './click-id.ts'

describe('the click', () => {
  const at = Date.parse('2026-11-22T10:00:00Z')
  const click = 'IwAR2ExampleFbclid_aB-cD9'
  const cookie = `fb.1.1795341500000.${click}`
  const seenAt = (ms: number) => ({ seenAt: { fbclid: new Date(ms).toISOString() } })

  it('is built of the click id and the moment it was first seen', () => {
    expect(fbcOf({ fbclid: click, seenAt: { fbclid: '2026-11-22T09:58:20Z' } }, at)).toBe(cookie)
  })

  it('is as old as 90 days and as young as the event, and no more', () => {
    const of = (ms: number) => fbcOf({ fbclid: click, ...seenAt(ms) }, at)
    expect(of(at)).toBe(`fb.1.${at}.${click}`)
    expect(of(at + 1)).toBeUndefined()
    expect(of(at - 90 * DAY)).toBe(`fb.1.${at - 90 * DAY}.${click}`)
    expect(of(at - 90 * DAY - 1)).toBeUndefined()
  })

  it('keeps the click id as it is, and takes none that cannot be one', () => {
    expect(fbcOf({ fbclid: 'IwAR2_aem_Ab-C', ...seenAt(at) }, at)).toBe(`fb.1.${at}.IwAR2_aem_Ab-C`)
    for (const fbclid of ['not one\nline', 'IwAR%2Babc', '<script>', 'a.b'])
      expect(fbcOf({ fbclid, ...seenAt(at) }, at)).toBeUndefined()
  })

  it('was seen with the event at the latest', () => {
    expect(fbcOf({ fbclid: click }, at)).toBe(`fb.1.${at}.${click}`)
  })

  it.each([cookie, `${cookie}.AQQCAQMC`, `${cookie}.Bg`])(
    'is told by the cookie %s, also while its click id is known again',
    (fbc) => {
      expect(fbcOf({ fbc }, at)).toBe(fbc)
      expect(fbcOf({ fbc, fbclid: click, ...seenAt(at) }, at)).toBe(fbc)
      expect(fbcOf({ fbc, fbclid: 'IwAR2Earlier', ...seenAt(1795341400000) }, at)).toBe(fbc)
      expect(fbcOf({ fbc, fbclid: 'IwAR2NoMoment' }, at)).toBe(fbc)
    },
  )

  it('is the newer one of two, and click ids differ by their case', () => {
    const between = 1795341550000
    expect(fbcOf({ fbc: cookie, fbclid: 'IwAR2Newer', ...seenAt(between) }, at)).toBe(`fb.1.${between}.IwAR2Newer`)
    expect(fbcOf({ fbc: cookie, fbclid: click.toLowerCase(), ...seenAt(between) }, at)).toBe(
      `fb.1.${between}.${click.toLowerCase()}`,
    )
    expect(fbcOf({ fbc: cookie, fbclid: 'IwAR2AfterTheEvent', ...seenAt(at + 1) }, at)).toBe(cookie)
  })

  it('on the event’s own page is newer than any cookie', () => {
    const ids = { fbc: cookie, fbclid: 'IwAR2Own', ...seenAt(at) }
    expect(fbcOf(ids, at, 'https://shop.example.com/?a=b&fbclid=IwAR2Own')).toBe(`fb.1.${at}.IwAR2Own`)
    expect(fbcOf(ids, at, 'https://shop.example.com/?fbclid=IwAR2Another')).toBe(cookie)
  })

  it('of a landing page, of which an order knows no moment but its own, yields to the cookie', () => {
    expect(fbcOf({ fbc: cookie, fbclid: 'IwAR2Landing', ...seenAt(at) }, at)).toBe(cookie)
    expect(fbcOf({ fbc: cookie, fbclid: 'IwAR2Landing', ...seenAt(at) }, at, 'https://shop.example.com/thanks')).toBe(
      cookie,
    )
  })

  it('is built where the cookie is too old, from the future, in seconds or no cookie of Meta’s', () => {
    for (const fbc of [`fb.1.1780000000000.Old`, `fb.1.${at + 1}.${click}`, `fb.1.1795341500.${click}`, 'IwAR2'])
      expect(fbcOf({ fbc, fbclid: click, ...seenAt(at) }, at)).toBe(`fb.1.${at}.${click}`)
  })

  it('is never invented', () => {
    expect(fbcOf({}, at)).toBeUndefined()
    expect(fbcOf({ fbp: 'fb.1.1795255200000.1098115397' }, at)).toBeUndefined()
  })
})

it('the browser’s id goes as it is, and nothing else goes for it', () => {
  for (const fbp of ['fb.1.1795255200000.1098115397', 'fb.2.1795255200000.1098115397.AQQCAQMC'])
    expect(fbpOf({ fbp })).toBe(fbp)
  for (const fbp of ['1098115397', 'fb.1.1795255200.1098115397', 'fb.1.1795255200000.abc'])
    expect(fbpOf({ fbp })).toBeUndefined()
  expect(fbpOf({})).toBeUndefined()
})
