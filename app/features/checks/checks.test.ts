import { existsSync, readFileSync } from 'node:fs'
import { constants, deflateRawSync } from 'node:zlib'
import { pino } from 'pino'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildPages } from '../../../scripts/build.ts'
import { testDatabase } from '../../../tests/database.ts'
import { testApp } from '../../../tests/web.ts'
import { openHttp } from '../../http.ts'
import { firstAdministrator } from '../../web/accounts.server.ts'
import { Setup } from '../../web/setup.schema.ts'
import { grades, rightGrades } from './checks.fixture.ts'
import { checkDocument } from './checks.server.ts'
import { docxOf, pagePdf, paragraph } from '../../platform/reading/hostile.fixture.ts'
import { largestFile } from '../../platform/reading/limits.ts'

const origin = 'http://localhost'
const database = await testDatabase()
let ask: (path: string, body?: FormData | object, headers?: Record<string, string>) => Promise<Response>
let stranger: typeof ask
let logged = ''

beforeAll(async () => {
  const log = pino({ level: 'trace', base: null }, { write: (line: string) => void (logged += line) })
  const app = { ...(await testApp(database)), log }
  await firstAdministrator(app.db, app.log, Setup.parse({ unit: { name: 'Thành ủy Cần Thơ', kind: 'city_committee' }, person: { name: 'Đặng Anh Khoa' }, username: 'khoa', password: 'một câu rất dài' }))
  const http = await openHttp(app, await buildPages(() => {}))
  const entered = await http.request('/sign-in', { method: 'POST', body: new URLSearchParams({ username: 'khoa', password: 'một câu rất dài' }), headers: { Origin: origin } })
  const cookie = entered.headers.getSetCookie().map((each) => each.split(';')[0]).join('; ')
  const asker = (own: Record<string, string>): typeof ask => async (path, body, headers = {}) => {
    const isForm = body instanceof FormData
    const sent = body ? { method: 'POST', body: isForm ? body : JSON.stringify(body) } : {}
    return http.request(path, { ...sent, headers: { ...(body ? { Origin: origin } : {}), ...(body && !isForm ? { 'Content-Type': 'application/json' } : {}), ...own, ...headers } })
  }
  ask = asker({ cookie })
  stranger = asker({})
}, 120_000)

function form(fields: Record<string, string | Uint8Array>, name = 'dự thảo.docx'): FormData {
  const filled = new FormData()
  for (const [key, value] of Object.entries(fields)) {
    if (typeof value === 'string') filled.set(key, value)
    else filled.set(key, new Blob([value as Uint8Array<ArrayBuffer>]), name)
  }
  return filled
}
const draft = docxOf(grades.split('\n\n').map((text) => paragraph(text)).join(''))
const children = `/proc/self/task/${process.pid}/children`
const tooLarge = new Uint8Array(largestFile + 300 * 1024)

describe('the page', () => {
  test('asks for a text or file, and sends strangers to the door', async () => {
    const page = await (await ask('/check')).text()
    expect(page).toContain('<textarea')
    expect(page).toContain('type="file"')
    expect((await stranger('/check')).headers.get('location')).toBe('/sign-in?to=%2Fcheck')
    expect((await stranger('/check', form({ text: grades }))).status).toBe(401)
    expect((await ask('/check', form({ text: grades }), { Origin: 'http://evil.example' })).status).toBe(403)
  })

  test('shows a pasted text with its places marked, and why', async () => {
    const answer = await ask('/check', form({ text: grades.replaceAll('\n', '\r\n') }))
    const page = await answer.text()
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('private, no-store')
    expect(page).toContain('<h1>3 tỷ lệ sai: cộng lại 102,50%; đúng phải là 23,84%, 56,73% và 19,43%</h1>')
    expect(page).toContain('<mark class="bad" id="place-1">25,84%<sup><a href="#why-1"')
    expect(page).toContain('427 : 1.791 làm tròn là 23,84%, không phải 25,84%.')
    expect(page.match(/<mark class="bad"/g)).toHaveLength(4) // and the legend's
    expect(page).toContain('<a href="#sum-1">1.791</a>')
    expect(page).toMatch(/<li id="sum-1"[^>]*><a class="fig" href="#right-1">427 \+ 1.016 \+ 348 = 1.791/)
  })

  test('puts right the shares that a button names, and checks again; a number of none leaves the text as it was', async () => {
    expect(await (await ask('/check', form({ text: grades }))).text()).toMatch(/value="0,1,2"[^>]*>Sửa cả 3 tỷ lệ/)
    const page = await (await ask('/check', form({ text: grades, mend: '0,1,2' }))).text()
    expect(page).toContain('<h1>Không thấy chỗ sai nào trong 7 con số</h1>')
    expect(page).toContain('Đã sửa 3 tỷ lệ')
    expect(page).toContain('loại tốt 427 bài, chiếm 23,84%')
    for (const mend of ['7', '-1', 'x', '0;1']) {
      const left = await (await ask('/check', form({ text: grades, mend }))).text()
      expect([left.includes('Đã sửa'), left.includes('3 tỷ lệ sai')]).toEqual([false, true])
    }
  })

  test('shows markup of a text as text', async () => {
    const page = await (await ask('/check', form({ text: '<script>alert(1)</script> đạt 25,84% </textarea><b>' }))).text()
    expect(page).not.toContain('<script>alert')
    expect(page).toContain('&lt;/textarea&gt;&lt;b&gt;')
  })

  test('reads a file rather than the text beside it', async () => {
    const page = await (await ask('/check', form({ text: rightGrades, file: new Uint8Array(draft) }))).text()
    expect(page).toContain('dự thảo.docx, đọc lúc')
    expect(page).toContain('3 tỷ lệ sai')
  })

  test('keeps what was pasted where it refuses, and says what is wrong', async () => {
    const refused = await ask('/check', form({ text: 'giữ lại', file: new Uint8Array(draft.subarray(0, 200)) }))
    const page = await refused.text()
    expect(refused.status).toBe(422)
    expect(page).toContain('Tệp bị hỏng')
    expect(page).toContain('>giữ lại</textarea>')
    const nothing = await ask('/check', form({ text: ' ', file: new Uint8Array() }, ''))
    expect(nothing.status).toBe(422)
    expect(await nothing.text()).toContain('Anh/chị dán văn bản hoặc chọn một tệp.')
    const large = await ask('/check', form({ file: tooLarge }))
    expect(large.status).toBe(413)
    expect(await large.text()).toContain('Tệp lớn hơn 20 MB')
  })

  test('shows a whole text of 1 MB', async () => {
    const text = `${rightGrades}\n\n`.repeat(6000)
    const page = await (await ask('/check', form({ text }))).text()
    expect(page).toContain('Không thấy chỗ sai nào trong 42.000 con số')
    expect(page.length).toBeGreaterThan(1_000_000)
  })
})

describe('the API', () => {
  test('answers with the findings, the number of figures and the text that the places are of', async () => {
    const answer = await ask('/api/v1/check?lang=en', { text: grades.normalize('NFD') })
    expect(answer.status).toBe(200)
    const body = (await answer.json()) as { findings: { start: number; end: number; message: string }[]; proofs: { places: { start: number; end: number }[]; message: string }[]; figures: number; text: string }
    expect(body).toMatchObject({ figures: 7, text: grades })
    expect(body.text.slice(body.findings[2]!.start, body.findings[2]!.end)).toBe('25,84%')
    expect(body.findings[2]!.message).toBe('427 of 1.791 rounds to 23,84%, not 25,84%.')
    expect(body.proofs.map(({ places, message }) => [message, places.map(({ start, end }) => body.text.slice(start, end))])).toEqual([['427 + 1.016 + 348 = 1.791.', ['427', '1.016', '348', '1.791']]])
  })

  test('takes a file', async () => {
    const body = (await (await ask('/api/v1/check', form({ file: new Uint8Array(draft) }))).json()) as { findings: unknown[]; text: string }
    expect(body.findings).toHaveLength(5)
    expect(body.text).toBe(grades)
  })

  test('refuses with problem+json: strangers, other origins, what is none, what is too large', async () => {
    const cases: [Promise<Response>, number][] = [
      [stranger('/api/v1/check', { text: grades }), 401],
      [ask('/api/v1/check', { text: grades }, { Origin: 'http://evil.example' }), 403],
      [ask('/api/v1/check', { words: grades }), 400],
      [ask('/api/v1/check', { text: '' }), 422],
      [ask('/api/v1/check', form({ file: new Uint8Array(draft.subarray(0, 200)) })), 422],
      [ask('/api/v1/check', form({ file: tooLarge })), 413],
    ]
    for (const [answer, status] of cases) expect((await answer).status).toBe(status)
    expect(await (await ask('/api/v1/check', { text: '' })).json()).toMatchObject({ status: 422, problems: { text: 'Anh/chị dán văn bản hoặc chọn một tệp.' } })
  })

  test('stands in the description of the API', async () => {
    const { paths } = (await (await ask('/api/openapi.json')).json()) as { paths: Record<string, { post?: { requestBody: { content: object } } }> }
    expect(Object.keys(paths['/check']!.post!.requestBody.content)).toEqual(['application/json', 'multipart/form-data'])
  })
})

test('nothing of a text stands in the log or the database afterwards', async () => {
  const secret = 'Bí mật Kỳ Lân: 427 trong 1.791 bài, đạt 25,84%'
  await ask('/check', form({ text: secret }))
  await ask('/check', form({ text: 'x', file: Buffer.from(`PK\x03\x04${secret}`) }, 'Kỳ Lân.docx'))
  await ask('/api/v1/check', { text: secret })
  expect(logged).toContain('/check')
  expect(logged).not.toMatch(/Kỳ Lân|25,84/)
  const { rows } = await database.pool.query<{ name: string }>(`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`)
  for (const { name } of rows) {
    const { rows: found } = await database.pool.query(`select 1 from "${name}" as any_row where any_row::text like '%Kỳ Lân%'`)
    expect([name, found.length]).toEqual([name, 0])
  }
})

describe('a document that asks for too much', () => {
  const bomb = () => {
    const tenMegabytes = deflateRawSync(Buffer.alloc(10_000_000, ' '), { finishFlush: constants.Z_FULL_FLUSH })
    const twoGigabytes = Buffer.concat([Buffer.from([0x78, 0x9c]), ...Array.from({ length: 200 }, () => tenMegabytes), Buffer.from([3, 0, 0, 0, 0, 0])])
    return new Uint8Array(pagePdf(['/Filter /FlateDecode', twoGigabytes]))
  }

  test('is given up, and the next one is read', async () => {
    await expect(checkDocument(bomb())).rejects.toThrow(/too much memory|stopped after/)
    expect((await checkDocument(new Uint8Array(draft))).findings).toHaveLength(5)
  }, 90_000)

  test.runIf(existsSync(children))('kills the process that reads it and no other', async () => {
    const before = readFileSync(children, 'utf8').split(' ')
    const reading = checkDocument(bomb())
    const reader = readFileSync(children, 'utf8').split(' ').find((pid) => pid && !before.includes(pid))
    process.kill(Number(reader), 'SIGSEGV')
    await expect(reading).rejects.toThrow(/file is broken/)
    expect((await checkDocument(new Uint8Array(draft))).findings).toHaveLength(5)
  })

  test('does not hold the others up for ever: they wait their turn', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => checkDocument(new Uint8Array(draft))))
    expect(all.map(({ findings }) => findings.length)).toEqual([5, 5, 5, 5, 5, 5])
  })
})
