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
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
})
