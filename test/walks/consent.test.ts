import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BrowsedDemo, PATIENCE, startBrowsedDemo } from '../browser/browsed-demo.ts'
import { hindrances } from '../browser/hindrances.ts'

describe('the page about consent', { timeout: PATIENCE }, () => {
  let world: BrowsedDemo
  beforeAll(async () => {
    world = await startBrowsedDemo()
  }, 90_000)
  afterAll(() => world?.stop())

  it('says what happens in which region, and takes another choice', async () => {
    const page = await world.browser.newPage({ viewport: { width: 390, height: 844 } })
    await page.goto(`${world.demo.engine.addresses.dashboard}/s/demo.myshopify.com/consent`)
    await page.getByRole('heading', { name: 'Consent', exact: true }).waitFor()
    const unknown = page.getByRole('row', { name: /^Not known/ })
    expect(await unknown.getByRole('cell').allTextContents()).toEqual([
      'Not sent, and counted neither as recovered nor as lost',
      'Sent',
    ])
    await page.getByText(/Consent must be asked for in .*Germany/).waitFor()
    expect(await page.getByRole('row', { name: /^Criteo/ }).textContent()).toContain('Told nothing')
    expect(await page.getByRole('row', { name: /^Pinterest/ }).textContent()).toContain('Told, with the limit')
    expect(await hindrances(page)).toEqual([])

    await page.getByRole('radio', { name: 'As listed here' }).check()
    await page.getByLabel('Consent must be asked for in').first().fill('Japan')
    await page.getByRole('option', { name: 'Japan' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    await page.getByText(/Consent must be asked for in .*Japan/).waitFor()
    expect(await hindrances(page)).toEqual([])

    await page.getByRole('radio', { name: /without a known yes/ }).check()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('columnheader', { name: 'Everywhere', exact: true }).waitFor()
    expect(await unknown.getByRole('cell').count()).toBe(1)
    const [shop] = await world.demo.engine.runtime.store.shops()
    expect(shop?.policy).toEqual({ requiredIn: ['*'] })
    await page.close()
  })
})
