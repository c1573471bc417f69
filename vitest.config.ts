import { defineConfig } from 'vitest/config'
import { LongestFirst } from './tests/order.ts'

// Pages are rendered as `npm start` renders them: what React checks while one develops takes several times as long. It decides when it is first imported.
process.env['NODE_ENV'] = 'production'

export default defineConfig({
  test: {
    include: ['{app,demo,bench,scripts,tests}/**/*.test.{ts,tsx}'],
    globalSetup: 'tests/global-setup.ts',
    setupFiles: 'tests/property-seed.ts',
    reporters: ['default', './tests/summary.ts'],
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
  },
})
