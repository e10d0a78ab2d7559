import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { destinations } from '../../../src/destinations/all.ts'
import { TAGS } from './all.ts'
import type { TagEventName } from './told.ts'

/** How a platform's tag spells the server's name of the same event. */
const SPELLED: Readonly<Record<string, (name: string) => string>> = {
  // Tag names have no case and no underscores.
  pinterest: (name) => name.replaceAll('_', ''),
  // PAGE_VISIT is PageVisit in the browser; custom names are the same on both sides.
  reddit: (name) =>
    /^[A-Z_]+$/.test(name)
      ? name.toLowerCase().replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())
      : name,
}

const serverName = (slug: string, name: TagEventName): string => {
  const told = destinations.get(slug)?.accepts[name] ?? expect.fail(`${slug} has no ${name}`)
  return SPELLED[slug]?.(told) ?? told
}

const block = readFileSync(new URL('../../tags/blocks/tags.liquid', import.meta.url), 'utf8')

describe.each(TAGS.filter(({ slug }) => slug !== 'google-ads'))('the tag of $slug', ({ slug, names }) => {
  it('tells every event under the name that the server tells', () => {
    for (const [name, told] of Object.entries(names))
      expect([name, told]).toEqual([name, serverName(slug, name as TagEventName)])
  })

  it('has in the block the catalogue’s ids that its connection begins with', () => {
    const settings: unknown = destinations.get(slug)?.settings
    const { shape } = Object(settings) as { shape: Record<string, { parse(raw: unknown): unknown }> }
    const [, template] = new RegExp(`"id": "${slug}_catalog",[^}]*"default": "([^"]*)"`).exec(block) ?? []
    expect(template).toBe(shape.catalogId?.parse(undefined))
  })
})

it('Google Ads’ conversions are of events that can be conversions there', () => {
  const tag = TAGS.find(({ slug }) => slug === 'google-ads')
  for (const name of Object.keys(tag?.names ?? {}))
    expect(destinations.get('google-ads')?.accepts[name as TagEventName]).not.toBeNull()
})

it('page views are left to the server where the tag tells them without an id', () => {
  expect(TAGS.find(({ slug }) => slug === 'tiktok')?.names.page_viewed).toBeUndefined()
})
