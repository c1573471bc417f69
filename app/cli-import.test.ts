import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../tests/database.ts'
import { organisation } from '../tests/people.ts'
import { asSystem } from './db/open.ts'
import { openLog } from './platform/log.ts'
import { createAccount } from './web/accounts.server.ts'

const { db, url } = await testDatabase()
const { person } = await organisation(db)
const folder = mkdtempSync(join(tmpdir(), 'cli-import-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeAll(() => asSystem(db, openLog('silent'), 'an account of a test', (tx) => createAccount(tx, { personId: person.ngoc, username: 'ngoc', password: 'thong-suot' })))

function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(join(import.meta.dirname, '../bin/thong-suot'), args, { env: { ...process.env, DATABASE_URL: url }, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  child.stdout.on('data', (text) => (out += text))
  child.stderr.on('data', (text) => (err += text))
  return new Promise((resolve, reject) => child.on('error', reject).on('close', (code) => resolve({ code, out, err })))
}

test('reads a list, says what is wrong with it, imports it with the rights of that account, and writes it back', { timeout: 120_000 }, async () => {
  const file = join(folder, 'ds.csv')
  const path = join(folder, 'members.csv')
  const load = (text: string, ...more: string[]) => (writeFileSync(file, text), run('import', file, '--kind', 'members', '--as', 'ngoc', ...more))
  const heads = 'Họ tên;Số thẻ;Ngày sinh;Mã đơn vị\n'
  expect(await load(`${heads}Dòng Thị Lệnh;92.990001;31/2/1980;an-hoa-1\n`)).toMatchObject({ code: 1, out: expect.stringContaining('2: Cột C: “31/2/1980”. Không phải ngày sinh.') as string })
  const good = `${heads}Dòng Thị Lệnh;92.990001;28/2/1980;an-hoa-1\n`
  expect(await load(good, '--dry-run')).toMatchObject({ code: 0, out: '0 dòng sai, 1 mới, 0 thay đổi, 0 giữ nguyên.\n' })
  expect(await db.selectFrom('person').select('id').where('card_number', '=', '92.990001').execute()).toEqual([])
  expect(await load(good)).toMatchObject({ code: 0, out: expect.stringMatching(/Đã nhập, số biên nhận \d+\./) as string })
  expect(await run('export', 'members', '--as', 'ngoc', '--format', 'csv', '-o', path)).toMatchObject({ code: 0 })
  expect(readFileSync(path, 'utf8')).toContain('Dòng Thị Lệnh;92.990001;28/2/1980')
  expect(await run('import', file, '--kind', 'members', '--as', 'nobody')).toMatchObject({ code: 4 })
})
