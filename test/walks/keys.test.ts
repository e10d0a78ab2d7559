import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BrowsedDemo, PATIENCE, startBrowsedDemo } from '../browser/browsed-demo.ts'
import { hindrances } from '../browser/hindrances.ts'
import { until } from '../harness.ts'

describe('the page about API keys', { timeout: PATIENCE }, () => {
  let world: BrowsedDemo
  beforeAll(async () => {
    world = await startBrowsedDemo()
  }, 90_000)
  afterAll(() => world?.stop())

  it('makes a key that is shown once and works, and revokes it', async () => {
    const { addresses } = world.demo.engine
    const page = await world.browser.newPage({ viewport: { width: 390, height: 844 } })
    await page.goto(`${addresses.dashboard}/s/demo.myshopify.com/keys`)
    await page.getByText('There is no key yet.').waitFor()
    expect(await page.getByText(addresses.track, { exact: true }).count()).toBe(1)
    expect(await hindrances(page)).toEqual([])

    await page.getByRole('radio', { name: 'Public key' }).check()
    await page.getByRole('button', { name: 'Make a key' }).click()
    const key = (await page.getByText(/^cvp_demo_[0-9a-f]{40}$/).textContent()) ?? ''
    expect(await hindrances(page)).toEqual([])
    const told = async () =>
      (
        await fetch(`${addresses.track}/v1/page`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}` },
          body: '{}',
        })
      ).status
    expect(await told()).toBe(200)
    await page.getByRole('button', { name: 'I have it' }).click()
    await page.getByRole('button', { name: 'Make a key' }).waitFor()
    expect(await page.getByText(key).count()).toBe(0)

    await page.getByRole('button', { name: `Revoke the public key that ends in ${key.slice(-4)}` }).click()
    const sure = page.getByRole('dialog')
    await sure.getByText('This cannot be undone.').waitFor()
    expect(await hindrances(page)).toEqual([])
    await sure.getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('There is no key yet.').waitFor()
    await until('the key to end', async () => (await told()) === 401)
    await page.close()
  })
})
