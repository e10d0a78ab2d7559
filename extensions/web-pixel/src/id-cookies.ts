import type { Browser } from '@shopify/web-pixels-extension'
import { BROWSER_ID_COOKIES, gaSessionOf } from '../../../src/event/browser-id-cookies.ts'
import { within } from './within.ts'

/**
 * The cookies that hold platforms' ids. One question brings all cookies of the page, among them those of Google
 * Analytics, whose names are not known beforehand; where the page answers only by name, each is asked for.
 */
export const idCookies = async (jar: Browser['cookie']): Promise<Record<string, string>> => {
  const all = await within(jar.get())
  const pairs = all?.includes('=')
    ? all.split('; ').map((pair): [string, string] => {
        const equals = pair.indexOf('=')
        return [pair.slice(0, equals), pair.slice(equals + 1)]
      })
    : await Promise.all(
        BROWSER_ID_COOKIES.map(async (name): Promise<[string, string]> => [name, (await within(jar.get(name))) ?? '']),
      )
  return Object.fromEntries(
    pairs.filter(([name, value]) => value && (BROWSER_ID_COOKIES.includes(name) || gaSessionOf(name) !== undefined)),
  )
}
