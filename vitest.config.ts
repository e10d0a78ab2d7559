import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.ts',
      'test/**/*.test.ts',
      'extensions/**/*.test.ts',
      'bench/**/*.test.ts',
      'dashboard/**/*.test.ts',
    ],
    env: { TZ: 'UTC' },
    // Most tests wait for timers and disks, so two files at a time pay even where another process wants a core.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
})
