import { configDefaults, defineConfig } from 'vitest/config'
import settings from './vitest.config.ts'

/** Walks through the dashboard and the demo store in a real browser. */
export default defineConfig({
  test: { ...settings.test, include: ['test/walks/**/*.test.ts'], exclude: configDefaults.exclude, maxWorkers: 2 },
})
