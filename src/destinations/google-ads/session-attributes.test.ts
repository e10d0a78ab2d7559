import { expect, it } from 'vitest'
import { exampleEvent } from '../examples.ts'
import { sessionAttributesOf } from './session-attributes.ts'

it('session attributes stay below what Google takes, without the referrer first and the browser next', () => {
  const attributesOf = (referrer: string, userAgent: string): unknown => {
    const text = sessionAttributesOf(
      exampleEvent({
        id: 'sh-session-2',
        name: 'lead_submitted',
        identity: { email: 'a@example.com', userAgent },
        ids: { gadSource: '1' },
        landing: {
          url: 'https://shop.example.com/?gad_source=1',
          referrer,
          at: '2026-11-22T09:30:00.000Z',
        },
      }),
    )
    expect(text?.length).toBeLessThanOrEqual(4000)
    return JSON.parse(Buffer.from(text ?? '', 'base64url').toString())
  }
  const always = {
    gad_source: '1',
    session_start_time_usec: '1795339800000000',
    landing_page_url: 'https://shop.example.com/?gad_source=1',
  }
  const long = (length: number) => `https://www.example.org/${'x'.repeat(length)}`
  expect(attributesOf(long(10), 'Browser')).toEqual({
    ...always,
    landing_page_referrer: long(10),
    landing_page_user_agent: 'Browser',
  })
  expect(attributesOf(long(3000), 'Browser')).toEqual({ ...always, landing_page_user_agent: 'Browser' })
  // Three bytes each.
  expect(attributesOf(long(10), '東'.repeat(1000))).toEqual(always)
})
