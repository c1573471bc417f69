import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { basename, join } from 'node:path'

// `npm run bench -- NAME...` runs bench/NAME.ts, one after the other, each in a process of its own so that none warms or
// burdens the next. A bench prints JSON lines on standard output and nothing else; what it wants to tell goes to standard error.

const known = globSync('*.ts', { cwd: import.meta.dirname }).map((file) => basename(file, '.ts')).filter((name) => name !== 'run' && !name.includes('.'))
const names = process.argv.slice(2)
const unknown = names.filter((name) => !known.includes(name))
if (names.length === 0 || unknown.length > 0) {
  if (unknown.length > 0) console.error(`There is no bench ${unknown.join(', ')}.`)
  console.error(`Usage: npm run bench -- NAME...   with ${known.sort().join(', ')}`)
  process.exit(2)
}

const failed = names.filter((name) => spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`)], { stdio: 'inherit', env: { COSTLY_PER_MINUTE: '0', ...process.env } }).status !== 0)
if (failed.length > 0) console.error(`Failed: ${failed.join(', ')}`)
process.exitCode = failed.length > 0 ? 1 : 0
