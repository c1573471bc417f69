import { Agent, request as httpRequest } from 'node:http'
import { readdir } from 'node:fs/promises'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { asSystem } from '../app/db/open.ts'
import { openHttp } from '../app/http.ts'
import { listen } from '../app/listen.ts'
import { docx, exe, pdf } from '../app/platform/files/files.fixture.ts'
import { materialKinds } from '../app/platform/files/media-types.ts'
import { openLog } from '../app/platform/log.ts'
import { createAccount } from '../app/web/accounts.server.ts'
import type { App } from '../app/web/context.ts'
import { KeptFile, listOf } from '../app/web/inputs.ts'
import { oneFile, readUpload, type Upload, type Uploads } from '../app/web/upload.server.ts'
import { write } from '../app/web/write.server.ts'
import { buildPages } from '../scripts/build.ts'
import { testDatabase } from './database.ts'
import { testFiles } from './files.ts'
import { organisation } from './people.ts'
import { answerOf, asked, testApp } from './web.ts'

const database = await testDatabase()
let app: App
let url: string
const mega = 1024 * 1024

beforeAll(async () => {
  const city = await organisation(database.db)
  await asSystem(database.db, openLog('silent'), 'test', (tx) => createAccount(tx, { personId: city.person.binh, username: 'binh', password: 'một câu rất dài' }))
  const plain = await testApp(database, { costlyPerMinute: 0 })
  const asBinh = { personId: city.person.binh, accountId: city.person.binh, sessionId: city.person.binh, actingId: null, mustEnrol: false }
  app = { ...plain, auth: { ...plain.auth, sessionOf: (headers: Headers) => Promise.resolve({ session: headers.get('cookie') === 'who=binh' ? asBinh : null, cookies: [] }) } }
})

/** The whole way from a socket to the operation. */
const serve = async () => {
  if (url) return
  const http = await openHttp(app, await buildPages(() => {}))
  const { port, close } = await listen(http.fetch, { host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${port}`
  stop = close
}
let stop: (() => Promise<void>) | undefined
afterAll(() => stop?.())

const boundary = 'ranh-gioi'
const opening = (field: string, name: string) => Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: application/pdf\r\n\r\n`)
const closing = Buffer.from(`\r\n--${boundary}--\r\n`)

/** Sends a form with one file of so many megabytes, as fast as it is taken; what came back, and how much had been sent by then. */
function send(path: string, megabytes: number, { length, headers = {} }: { length?: number; headers?: Record<string, string> } = {}): Promise<{ status: number; body: string; sent: number }> {
  return new Promise((resolve, reject) => {
    let sent = 0
    let isAnswered = false
    const request = httpRequest(`${url}${path}`, {
      method: 'POST',
      agent: new Agent({ keepAlive: true }), // as browsers ask for it; a connection on which a body was refused serves no other request
      headers: { cookie: 'who=binh', origin: url, 'accept-language': 'vi', 'content-type': `multipart/form-data; boundary=${boundary}`, ...(length ? { 'content-length': length } : {}), ...headers },
    })
    request.setMaxListeners(0)
    request.on('response', (response) => {
      isAnswered = true
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.on('end', () => {
        resolve({ status: response.statusCode!, body, sent })
        request.destroy()
      })
    })
    request.on('error', (error) => (isAnswered ? undefined : reject(error)))
    const piece = Buffer.alloc(mega, 0x20)
    const pump = async () => {
      request.write(opening('file', 'to.pdf'))
      request.write('%PDF-1.4\n')
      for (let count = 0; count < megabytes && !isAnswered; count++) {
        if (!request.write(piece)) await Promise.race([new Promise((drained) => request.once('drain', drained)), sleep(200)])
        sent++
        await setImmediate() // what comes back is to be read before the next piece goes
      }
      if (!isAnswered) request.end(closing)
    }
    void pump()
  })
}

describe('a file of 2 GB', () => {
  beforeAll(serve, 240_000)
  test('is refused by its length, before any of it comes', async () => {
    for (const path of ['/api/v1/filing-evidence', '/filings/00000000-0000-7000-8000-000000000001']) {
      const { status, sent, body } = await send(path, 1, { length: 2 * 1024 * mega })
      expect([status, body.includes('nội dung gửi lên quá lớn')]).toEqual([413, true])
      expect(sent).toBeLessThan(3)
    }
  })
  test('that does not say its length is refused while it comes, and memory stays flat', async () => {
    const before = process.memoryUsage().rss
    for (const path of ['/api/v1/filing-evidence', '/filings/00000000-0000-7000-8000-000000000001']) {
      const { status, sent, body } = await send(path, 2048)
      expect([status, body.includes('nội dung gửi lên quá lớn')]).toEqual([413, true])
      expect(sent).toBeLessThan(80) // what is taken at most, and what was in the pipes
    }
    expect((process.memoryUsage().rss - before) / mega).toBeLessThan(150)
    expect(await readdir(app.files.incoming)).toEqual([])
  })
  test('of nobody, or of another site’s page, is not read at all', async () => {
    expect(await send('/filings/00000000-0000-7000-8000-000000000001', 2048, { headers: { cookie: '' } })).toMatchObject({ status: 401, sent: expect.toSatisfy((sent: number) => sent < 10) as number })
    expect(await send('/api/v1/filing-evidence', 2048, { headers: { cookie: '' } })).toMatchObject({ status: 401, sent: expect.toSatisfy((sent: number) => sent < 10) as number })
    expect(await send('/filings/00000000-0000-7000-8000-000000000001', 2048, { headers: { origin: 'https://evil.example' } })).toMatchObject({ status: 403, sent: expect.toSatisfy((sent: number) => sent < 10) as number })
  })
})

describe('the API', () => {
  beforeAll(serve, 240_000)
  test('says what is wrong with a file beside its field', async () => {
    const call = async (content: Uint8Array, name: string) => {
      const form = new FormData()
      form.set('filingId', '00000000-0000-7000-8000-000000000001')
      form.set('indicator', 'papers')
      form.set('file', new File([content as never], name))
      const answer = await fetch(`${url}/api/v1/filing-evidence`, { method: 'POST', headers: { cookie: 'who=binh', origin: url, 'accept-language': 'vi' }, body: form })
      return [answer.status, ((await answer.json()) as { problems?: object }).problems]
    }
    expect(await call(exe, 'ke-hoach.pdf')).toEqual([422, { file: expect.stringContaining('chương trình máy tính') as string }])
    expect(await call(Buffer.concat([pdf, Buffer.alloc(10 * mega)]), 'to.pdf')).toEqual([422, { file: expect.stringContaining('lớn hơn 10 MB') as string }])
    expect((await call(pdf, 'minh-chung.pdf'))[0]).toBe(404) // taken, and there is no such report
    expect(await readdir(app.files.incoming)).toEqual([])
  })
})

describe('a page that takes files', () => {
  const Form = z.object({ title: z.string().min(1), scan: KeptFile, annexes: listOf(KeptFile) })
  const uploads: Uploads = { takes: (field) => (['scan', 'annexes'].includes(field) ? { allowed: ['pdf', 'docx'], most: mega } : null), files: 3, bytes: 3 * mega }
  const post = async (fields: [string, string | File][]) => {
    const form = new FormData()
    for (const [name, value] of fields) form.append(name, value)
    const args = asked(app, '/here', { form: {}, cookies: ['who=binh'] })
    const request = new Request(args.request.url, { method: 'POST', headers: { origin: new URL(args.request.url).origin, cookie: 'who=binh', 'accept-language': 'vi' }, body: form })
    const got: unknown[] = []
    const answer = await answerOf(write({ ...args, request }, Form, (_, { title, scan, annexes }) => Promise.resolve(got.push([title, scan.name, scan.kind, scan.size, annexes.map((one) => one.name)])), { upload: uploads }))
    expect(await readdir(app.files.incoming).catch(() => [])).toEqual([])
    return { ...answer, got }
  }
  const file = (content: Uint8Array, name: string) => new File([content as never], name)

  test('gets them kept, beside its fields and under their names', async () => {
    const { status, got } = await post([['title', 'Kế hoạch'], ['scan', file(pdf, 'bản “ký”.pdf')], ['annexes', file(docx, 'một.docx')], ['annexes', file(pdf, 'hai.pdf')], ['annexes', file(Buffer.alloc(0), '')]])
    expect([status, got]).toEqual([303, [['Kế hoạch', 'bản “ký”.pdf', 'pdf', pdf.length, ['một.docx', 'hai.pdf']]]])
  })
  test('shows what was typed again, with the sentence for each file, whatever their order', async () => {
    const { status, body, got } = await post([['scan', file(exe, 'a.pdf')], ['annexes', file(Buffer.alloc(mega + 5, 0x61), 'lon.pdf')], ['title', 'Kế hoạch']])
    expect([status, got]).toEqual([422, []])
    expect(body).toMatchObject({ problems: { scan: expect.stringContaining('chương trình') as string, annexes: expect.stringContaining('lớn hơn 1 MB') as string }, values: { title: 'Kế hoạch' } })
  })
  test('asks for one that was not chosen, and takes none in a field that brings none', async () => {
    expect(await post([['title', 'Kế hoạch'], ['scan', file(Buffer.alloc(0), '')]])).toMatchObject({ status: 422, body: { problems: { scan: 'Chưa điền ô này.' } } })
    expect(await post([['title', file(pdf, 'a.pdf')], ['scan', file(pdf, 'a.pdf')]])).toMatchObject({ status: 422, body: { problems: { title: 'Chưa điền ô này.' } } })
    expect(await post([['title', 'x'], ['scan', file(pdf, 'a.pdf')], ...Array.from({ length: 5 }, (_, nth): [string, File] => ['annexes', file(pdf, `${nth}.pdf`)])])).toMatchObject({ status: 422, body: { problems: { annexes: 'Mỗi lần gửi được nhiều nhất 3 tệp.' } } })
  })
})

describe('a form that is read as it comes', () => {
  const read = async (body: AsyncIterable<Uint8Array>, uploads: Uploads, type = `multipart/form-data; boundary=${boundary}`): Promise<Upload> => readUpload(new Request('http://x/', { method: 'POST', headers: { 'Content-Type': type }, body: body as never, duplex: 'half' } as RequestInit), await testFiles(), uploads)

  test('holds none of a large file in memory', { timeout: 60_000 }, async () => {
    const piece = Buffer.from('Kế hoạch tuyên truyền Nghị quyết. '.repeat(8000))
    let most = 0
    const body = async function* () {
      yield opening('file', 'a.txt')
      for (let sent = 0; sent < 150 * mega; sent += piece.length) {
        yield piece
        most = Math.max(most, process.memoryUsage().rss)
        await Promise.resolve()
      }
      yield closing
    }
    const before = process.memoryUsage().rss
    const { kept, drop } = await read(body(), oneFile('file', { allowed: materialKinds, most: 400 * mega }))
    expect(kept[0]![1]).toMatchObject({ kind: 'txt', name: 'a.txt' })
    await drop()
    expect((most - before) / mega).toBeLessThan(100)
  })
  test('that breaks off, or is no form, is a sentence', async () => {
    const one = oneFile('file', { allowed: materialKinds, most: mega })
    const cut = async function* () {
      yield opening('file', 'a.pdf')
      yield await Promise.resolve(pdf)
    }
    const noise = async function* () {
      yield await Promise.resolve(Buffer.from('x'))
    }
    await expect(read(cut(), one)).rejects.toMatchObject({ init: { status: 400 } })
    await expect(read(noise(), one, 'multipart/form-data')).rejects.toMatchObject({ init: { status: 400 } })
    await expect(read(noise(), one)).rejects.toMatchObject({ init: { status: 400 } })
    const nameless = async function* (head: string) {
      yield await Promise.resolve(Buffer.from(`--${boundary}\r\n${head}\r\n\r\nmột\r\n--${boundary}--\r\n`))
    }
    for (const head of ['Content-Disposition: form-data', 'Content-Disposition: form-data; filename="a.pdf"', 'X: y']) await read(nameless(head), one).then(({ form, kept }) => expect([[...form], kept]).toEqual([[], []]), (error: unknown) => expect(error).toMatchObject({ init: { status: 400 } }))
    const endless = async function* () {
      yield Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n`)
      for (;;) yield await Promise.resolve(Buffer.alloc(mega, 0x61))
    }
    await expect(read(endless(), one)).rejects.toMatchObject({ init: { status: 413 } })
  })
})
