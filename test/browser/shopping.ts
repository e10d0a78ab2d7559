import type { Page } from 'playwright-core'
import type { EventId } from '../../src/event/event.ts'
import { purchaseId } from '../../src/event/event-ids.ts'
import type { Demo } from '../../src/runtimes/demo.ts'

/** A browser that platforms recognise. */
export const IPHONE = {
  userAgent:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1',
  viewport: { width: 390, height: 844 },
}

/** What an order is known by. */
export interface Ordered {
  /** The purchase's event id. */
  readonly id: EventId
  readonly number: number
}

/** From an ad to the cart; an ad leads to the first page unless told. */
export const fillCart = async (demo: Demo, page: Page, query: string, landing = '/'): Promise<void> => {
  await page.goto(`${demo.store.url}${landing}?${query}`)
  if (landing === '/') await page.getByRole('link', { name: /Trail Lantern/ }).click()
  await page.getByRole('button', { name: 'Add to cart' }).click()
  await page
    .getByText(/in your cart|added/i)
    .first()
    .waitFor()
}

/** From the cart to the thank-you page. */
export const checkOut = async (demo: Demo, page: Page): Promise<Ordered> => {
  await page.goto(`${demo.store.url}/cart`)
  await page.getByRole('button', { name: 'Check out' }).click()
  for (const step of [1, 2, 3, 4]) await page.locator(`[data-step="${step}"]`).getByRole('button').click()
  const confirmed = await page.getByText(/Order #\d+ is confirmed/).textContent()
  const number = Number(/#(\d+)/.exec(confirmed ?? '')?.[1])
  const order = demo.store.orders().find((one) => one.number === number)
  if (!order) throw new Error('no order was placed')
  await demo.store.settled()
  return { id: purchaseId(order.id), number }
}
