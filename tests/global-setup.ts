import type { TestProject } from 'vitest/node'
import { createMigrated, dropDatabases, openScratchServer, type Server } from '../scripts/scratch-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    server: Server
    template: string // migrated once; every file's database is a copy of it
  }
}

const longestRun = 20 * 60_000 // ms; a run that hangs must end by itself

/** One PostgreSQL for the whole run, with one migrated database to copy. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const { server, stop } = await openScratchServer()
  const template = `test_${process.pid}_${Date.now()}`
  const tearDown = async () => {
    await dropDatabases(server, template)
    await stop()
  }
  try {
    await createMigrated(server, template)
  } catch (error) {
    await tearDown()
    throw error
  }
  project.provide('server', server)
  project.provide('template', template)
  if (!project.config.watch) setTimeout(endHangingRun, longestRun).unref()
  return tearDown
}

function endHangingRun(): void {
  process.stderr.write(`The tests have not ended within ${longestRun / 60_000} minutes.\n`)
  process.exit(1)
}
