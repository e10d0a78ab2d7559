import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { buildDashboard } from './build-dashboard.ts'

it('builds the dashboard once for the same sources, with nothing fetched from elsewhere', async () => {
  const folder = await buildDashboard()
  const page = await readFile(join(folder, 'index.html'), 'utf8')
  expect(page).toMatch(/<script type="module" crossorigin src="\/assets\/[\w.-]+\.js"><\/script>/)
  expect(page).not.toMatch(/https?:\/\//)
  const styles = (await readdir(join(folder, 'assets'))).filter((name) => name.endsWith('.css'))
  for (const name of styles)
    expect(await readFile(join(folder, 'assets', name), 'utf8')).not.toMatch(/url\(['"]?https?:/)
  const { mtimeMs } = await stat(join(folder, 'index.html'))
  expect(await buildDashboard()).toBe(folder)
  expect((await stat(join(folder, 'index.html'))).mtimeMs).toBe(mtimeMs)
})
