import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { grades, rightGrades } from './checks.fixture.ts'
import { docxOf, paragraph } from '../../platform/reading/hostile.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'check-'))
afterAll(() => rmSync(folder, { recursive: true }))

const fileOf = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

/** Runs the command where no database could be opened. */
function check(args: string[], input = ''): Promise<{ code: number | null; out: string; err: string }> {
  const env = { ...process.env, DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none', DATA_DIR: '/nowhere' }
  const child = spawn(join(import.meta.dirname, '../../../bin/thong-suot'), ['check', ...args], { env, cwd: folder })
  const said = { out: '', err: '' }
  child.stdout.on('data', (text) => (said.out += text))
  child.stderr.on('data', (text) => (said.err += text))
  child.stdin.on('error', () => {}) // it may have read enough
  child.stdin.end(input)
  return new Promise((resolve, reject) => child.on('error', reject).on('close', (code) => resolve({ code, ...said })))
}

test('prints what is wrong as JSON with places in the composed text, and ends with 1', async () => {
  const { code, out, err } = await check([fileOf('a.txt', grades.normalize('NFD')), '--json'])
  expect({ code, err }).toEqual({ code: 1, err: '' })
  const printed = JSON.parse(out) as { findings: Record<string, unknown>[]; figures: number }
  expect(Object.keys(printed)).toEqual(['findings', 'figures'])
  expect(printed.figures).toBe(7)
  expect(printed.findings.map((finding) => finding['code'])).toEqual(['shares-sum', 'implied-totals-differ', 'share-mismatch', 'share-mismatch', 'share-mismatch'])
  const at = grades.indexOf('25,84%')
  expect(printed.findings[2]).toEqual({ code: 'share-mismatch', severity: 'fault', start: at, end: at + 6, text: '25,84%', printed: '25,84%', expected: '23,84%', message: '427 : 1.791 làm tròn là 23,84%, không phải 25,84%.' })
})

test('ends with 0 where nothing is wrong, and where there is only a note', async () => {
  expect(await check(['-', '--json'], rightGrades)).toEqual({ code: 0, out: `${JSON.stringify({ findings: [], figures: 7 }, null, 2)}\n`, err: '' })
  expect(await check(['-'], 'Tỷ lệ tham gia đạt 82,5%.')).toMatchObject({ code: 0, out: expect.stringContaining('0 chỗ sai, 1 chỗ nên xem lại; đã đọc 1 con số.') })
  expect(await check(['-', '--json'])).toMatchObject({ code: 0 })
})

test('says it in words, with line and column, in the language asked for', async () => {
  const vi = await check([fileOf('a.txt', grades)])
  expect(vi.out).toContain('dòng 3, cột 34  share-mismatch\n  25,84%: đúng phải là 23,84%\n  427 : 1.791 làm tròn là 23,84%, không phải 25,84%.')
  expect(vi.out).toContain('5 chỗ sai, 0 chỗ nên xem lại; đã đọc 7 con số.')
  const en = await check([fileOf('a.txt', grades), '--lang', 'en'])
  expect(en.out).toContain('line 3, column 34  share-mismatch\n  25,84%: it should be 23,84%\n')
})

test('reads a Word document under any name', async () => {
  const document = docxOf(grades.split('\n\n').map((text) => paragraph(text)).join(''))
  expect(await check([fileOf('bao-cao.txt', document)])).toMatchObject({ code: 1, out: expect.stringContaining('Các tỷ lệ cộng lại 102,50%') })
})

test('ends with 2 and a sentence on standard error where the input cannot be used', async () => {
  const large = fileOf('large.txt', '')
  truncateSync(large, 50 * 1024 * 1024)
  const began = performance.now()
  expect(await check([large, '--json'])).toEqual({ code: 2, out: '', err: 'Tệp lớn hơn 20 MB nên không được đọc. Anh/chị bỏ bớt ảnh, hoặc chép phần chữ rồi dán vào.\n' })
  expect(performance.now() - began).toBeLessThan(5000)
  expect(await check(['none.txt', '--lang', 'en'])).toMatchObject({ code: 2, err: 'none.txt cannot be opened: there is no such file, or it is a folder.\n' })
  expect(await check([folder])).toMatchObject({ code: 2, out: '' })
  expect(await check([fileOf('broken.pdf', '%PDF-1.7\nnothing'), '--lang', 'en'])).toMatchObject({ code: 2, err: expect.stringMatching(/^The file is broken/) })
  expect(await check(['-'], `${'a'.repeat(1024)}\n`.repeat(22 * 1024))).toMatchObject({ code: 2 })
  for (const wrong of [[], ['a', 'b'], ['-', '--lang', 'fr'], ['-', '--frob']]) expect(await check(wrong)).toMatchObject({ code: 2, out: '' })
}, 60_000)

test('tells how it is called', async () => expect(await check(['--help'])).toMatchObject({ code: 0, out: expect.stringMatching(/^Usage: thong-suot check FILE\|-/) }))
