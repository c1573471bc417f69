import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{app,demo,bench,scripts,tests}/**/*.test.{ts,tsx}'],
    globalSetup: 'tests/global-setup.ts',
    setupFiles: 'tests/property-seed.ts',
    reporters: ['default', './tests/summary.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
  },
})
