import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'

// Everything that must hold besides the tests: two steps at a time, a line each; what failed is shown in full at the end.

const root = join(import.meta.dirname, '..')
const env = { ...process.env, PATH: [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter) }
const longest = 300_000 // ms a step may take

const first = { 'route types': 'react-router typegen' } // types and lint read what it writes
const rest = {
  'generated files': 'node scripts/generate.ts --check',
  types: 'tsc --noEmit -p .',
  lint: 'oxlint --type-aware',
  unused: 'knip',
  order: 'node scripts/order.ts',
  words: 'node scripts/words.ts',
}

const failures: string[] = []
const queue = Object.entries(rest)
await check(...Object.entries(first)[0]!)
await Promise.all([work(), work()])

if (failures.length > 0) console.error(`\n${failures.join('\n')}`)
process.exitCode = failures.length > 0 ? 1 : 0

async function work(): Promise<void> {
  for (let step = queue.shift(); step; step = queue.shift()) await check(...step)
}

async function check(name: string, command: string): Promise<void> {
  const began = performance.now()
  const { output, code } = await run(command)
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(16)} ${seconds.padStart(5)} s`)
  if (code !== 0) failures.push(`--- ${name}: ${command}\n${output.trimEnd() || `It ended with ${code ?? 'a signal'} and said nothing.`}`)
}

function run(command: string): Promise<{ output: string; code: number | null }> {
  const [file, ...args] = command.split(' ')
  const child = spawn(file!, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: longest })
  let output = ''
  child.stdout.on('data', (text) => (output += text))
  child.stderr.on('data', (text) => (output += text))
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ output: error.message, code: null }))
    child.on('close', (code) => resolve({ output, code }))
  })
}
