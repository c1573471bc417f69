import { setTimeout as sleep } from 'node:timers/promises'
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
  const { server, isTemporary, stop } = await openScratchServer()
  const template = `test_${process.pid}_${Date.now()}`
  const over = new AbortController()
  const sweeping = sweep(server, template, over.signal)
  sweeping.catch(() => {}) // told at the end
  const tearDown = async () => {
    over.abort()
    try {
      await sweeping
      if (!isTemporary) await dropDatabases(server, template)
    } finally {
      await stop()
    }
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

/** Drops what files that have ended leave, beside those that run: PostgreSQL writes everything to the disk before it drops a database. */
async function sweep(server: Server, template: string, over: AbortSignal): Promise<void> {
  const left = new RegExp(`^${template}_(?:empty_)?(\\d+)_\\d+$`)
  const isLeft = (database: string) => !over.aborted && left.test(database) && !isRunning(Number(left.exec(database)![1]))
  while (!over.aborted) {
    await sleep(5_000, undefined, { signal: over }).catch(() => {}) // woken by the end of the run
    if (!over.aborted) await dropDatabases(server, template, isLeft)
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function endHangingRun(): void {
  process.stderr.write(`The tests have not ended within ${longestRun / 60_000} minutes.\n`)
  process.exit(1)
}
