import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../app/platform/config.ts'
import { buildPages } from '../scripts/build.ts'
import { growLeakTree, randomFrom, scopeOf, type LeakTree } from './shared/leak-tree.ts'
import { isApart, pairsOf, readMap, walk, walkerOf } from './shared/leak-walk.ts'
import { line } from './shared/measure.ts'

process.env['NODE_ENV'] = 'production'

// Many pairs of people in organisations of random shape: every page, call and file as one of them, asked about the other.
// LEAK_SEED (1), LEAK_TREES (3) and LEAK_PAIRS of each (20) say how many; a line is printed a pair, and one for all.
const number = (name: string, usual: number) => Number(process.env[name] ?? usual)
const [first, trees, pairs] = [number('LEAK_SEED', 1), number('LEAK_TREES', 3), number('LEAK_PAIRS', 20)]

const { startServer } = await import('../app/server.ts')
const total = { pairs: 0, requests: 0, leaks: 0, failures: 0, writes: 0 }
const began = performance.now()
for (let seed = first; seed < first + trees; seed++) await hunt(seed)
line({ bench: 'leak', what: 'all pairs: leaks', ...total, ms: Math.round(performance.now() - began), budget: 0, value: total.leaks + total.failures + total.writes })
process.exitCode = total.leaks + total.failures + total.writes > 0 ? 1 : 0

async function hunt(seed: number): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'thong-suot-leak-'))
  let tree: LeakTree | undefined
  const served = await startServer({ ...readConfig({ data, port: '0' }), databaseUrl: null, costlyPerMinute: 0, logLevel: 'fatal' }, { pages: buildPages(() => {}), prepare: async (app) => void (tree = await growLeakTree(app, seed)) })
  try {
    const map = await readMap(served.url)
    for (const [one, other] of pairsOf(tree!, randomFrom(seed), pairs)) {
      const start = performance.now()
      const [walker, asked] = [await walkerOf(served.url, tree!, one), await walkerOf(served.url, tree!, other)]
      const { requests, leaks, failures, written } = await walk(served.url, map, tree!, walker, asked, { withWrites: isApart(tree!, scopeOf(tree!, one), other) })
      for (const fault of new Set([...leaks, ...failures, ...written])) console.error(`seed ${seed}: ${fault}`)
      line({ bench: 'leak', seed, pair: [one, other], requests, leaks: leaks.length, failures: failures.length, writes: written.length, ms: Math.round(performance.now() - start) })
      total.pairs += 1
      total.requests += requests
      total.leaks += leaks.length
      total.failures += failures.length
      total.writes += written.length
    }
  } finally {
    await served.stop()
    await rm(data, { recursive: true, force: true })
  }
}
