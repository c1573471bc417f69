import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { line } from './shared/measure.ts'

// Ten thousand malformed requests, as the test throws a part of at every run: calls by the API's description, forms and addresses
// of every page, bytes on a socket. Exits with 1 when one of them is not refused with a sentence or leaves a trace.

const root = join(import.meta.dirname, '..')
const requests = Number(process.env['MALFORMED'] ?? 10_000)
const began = performance.now()
const run = spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'tests/malformed.test.ts'], {
  cwd: root,
  env: { ...process.env, MALFORMED: String(requests) },
  stdio: ['ignore', 2, 2],
})
line({ bench: 'malformed', what: `${requests} malformed requests refused, nothing changed`, unit: 's', held: run.status === 0, value: Math.round((performance.now() - began) / 100) / 10 })
process.exitCode = run.status === 0 ? 0 : 1
