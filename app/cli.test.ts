import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'cli-'))
const data = join(folder, 'data')
chmodSync(folder, 0o755) // where PostgreSQL's user can reach it
afterAll(() => rmSync(folder, { recursive: true }))

function run(args: string[], more: NodeJS.ProcessEnv = {}): Promise<{ code: number | null; err: string }> {
  const { DATABASE_URL: _, ...inherited } = process.env
  const child = spawn(join(import.meta.dirname, '../bin/thong-suot'), args, { env: { ...inherited, DATA_DIR: data, ...more }, stdio: ['ignore', 'ignore', 'pipe'] })
  let err = ''
  child.stderr!.on('data', (text) => (err += text))
  return new Promise((resolve, reject) => child.on('error', reject).on('close', (code) => resolve({ code, err })))
}

test('makes no database for a command that is wrong, or has nothing to work on', async () => {
  const cases = [
    [2, 'There is no command "reprot"', ['reprot']],
    [2, 'There is no command "constructor"', ['constructor']],
    [2, '--as-of must be a day', ['report', 'nq', '--unit', 'can-tho', '--as-of', '2021-02-30']],
    [2, 'Usage: thong-suot user', ['user', 'pasword', 'khoa']],
    [2, 'Usage: thong-suot seal', ['seal', 'export']],
    [4, `There is no data in ${data}.`, ['user', 'list']],
  ] as const
  for (const [code, sentence, args] of cases) {
    const answer = await run([...args])
    expect(answer).toEqual({ code, err: expect.stringContaining(sentence) })
    expect(existsSync(data)).toBe(false)
  }
})

test('makes the database it is asked for, and ends without another word', async () => {
  const made = await run(['migrate'])
  expect(made).toEqual({ code: 0, err: expect.stringMatching(/^Making a PostgreSQL 18 cluster in [^\n]*\n$/) })
  expect(await run(['user', 'list'])).toEqual({ code: 0, err: '' })
})

test('does not leave DATABASE_URL aside for the demonstration without a word', async () => {
  const answer = await run(['user', 'list', '--demo'], { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' })
  expect(answer).toEqual({ code: 2, err: expect.stringContaining('DATABASE_URL is set') })
})
