import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.ts',
      'test/**/*.test.ts',
      'extensions/**/*.test.ts',
      'bench/**/*.test.ts',
      'dashboard/**/*.test.ts',
    ],
    // They take minutes and have a command of their own.
    exclude: [...configDefaults.exclude, 'test/walks/**'],
    env: { TZ: 'UTC' },
    // Most tests wait for timers and disks, so more files at a time than cores pay.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
})
