import fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { asSystem } from '../db/open.ts'
import { Forbidden, NotFound, Refused } from '../platform/errors.ts'
import type { Ctx } from '../permissions/permissions.ts'
import { testDatabase } from '../../tests/database.ts'
import { organisation, type Organisation } from '../../tests/people.ts'
import { answerOf, asked, testApp } from '../../tests/web.ts'
import { createAccount } from './accounts.server.ts'
import { note } from './audit.server.ts'
import { readFlash } from './flash.ts'
import { readFields, readTyped, type Field } from './form.ts'
import { write } from './write.server.ts'
import { writeWords } from './write.messages.ts'

const database = await testDatabase()
const app = await testApp(database)
let city: Organisation
let cookies: string[]

beforeAll(async () => {
  city = await organisation(database.db)
  await asSystem(database.db, app.log, 'test', (tx) => createAccount(tx, { personId: city.person.binh, username: 'binh', password: 'một câu rất dài' }))
  const answer = await app.auth.signIn({ username: 'binh', password: 'một câu rất dài', address: '127.0.0.1', headers: new Headers() })
  cookies = answer.step === 'in' ? answer.cookies.map((cookie) => cookie.split(';')[0]!) : []
})

const Rename = z.object({ name: z.string().trim().min(1), size: z.coerce.number().int().max(300).default(0), marks: z.record(z.string(), z.object({ status: z.enum(['present', 'absent']) })).default({}) })
type Rename = z.output<typeof Rename>
let done: Rename[]
beforeEach(() => (done = []))

async function rename(ctx: Ctx, input: Rename): Promise<void> {
  done.push(input)
  await note(ctx, { action: 'rename', unitId: city.unit.cellOne, subjectType: 'test', subjectId: '1' })
}
const post = (form: Record<string, string> | [string, string][], operation: (ctx: Ctx, input: Rename) => Promise<unknown> = rename, path = '/here?do=rename&asOf=2021-06-30', headers = {}) =>
  answerOf(write(asked(app, path, { form, cookies, headers }), Rename, operation))
const entries = async () => Number((await database.db.selectFrom('audit_entry').select((e) => e.fn.countAll().as('n')).where('action', '=', 'rename').executeTakeFirstOrThrow()).n)

describe('a submission', () => {
  test('is saved, receipted, and followed by the same page', async () => {
    const answer = await post({ name: ' Chi bộ 1 ', 'marks.7.status': 'present' })
    expect(done).toEqual([{ name: 'Chi bộ 1', size: 0, marks: { 7: { status: 'present' } } }])
    expect(answer).toMatchObject({ status: 303, to: '/here?asOf=2021-06-30' })
    const flash = readFlash(new Request('http://x/', { headers: { cookie: answer.cookies.join('; ') } }))
    const last = await database.db.selectFrom('audit_entry').select('id').where('action', '=', 'rename').orderBy('id', 'desc').executeTakeFirstOrThrow()
    expect(flash).toEqual({ sentence: 'Đã lưu.', receipt: last.id, undo: null })
  })

  test('that noted nothing has no receipt, whatever the connection did before', async () => {
    await post({ name: 'a' })
    const answer = await post({ name: 'b' }, async () => {})
    expect(readFlash(new Request('http://x/', { headers: { cookie: answer.cookies.join('; ') } }))).toMatchObject({ receipt: null })
  })

  test('with wrong fields comes back with a sentence for each and all that was typed', async () => {
    const answer = await post([['name', '  '], ['size', 'bốn mươi'], ['marks.7.status', 'asleep'], ['password', 'x'], ['tick', '1'], ['tick', '2']])
    expect(answer).toMatchObject({
      status: 422,
      body: {
        problems: { name: 'Chưa điền ô này.', size: 'Ghi bằng chữ số, ví dụ 40.', 'marks.7.status': 'Chọn một mục trong danh sách.' },
        values: { name: '  ', size: 'bốn mươi', 'marks.7.status': 'asleep', tick: '1' },
        chosen: { tick: ['1', '2'] },
      },
    })
    expect(JSON.stringify(answer.body)).not.toContain('password')
    expect(done).toEqual([])
  })

  test('that the operation refuses leaves nothing behind and keeps what was typed', async () => {
    const before = await entries()
    const refuseAfter = (error: Error) => async (ctx: Ctx, input: Rename) => {
      await rename(ctx, input)
      throw error
    }
    const sentence = writeWords.say('not_valid')
    expect(await post({ name: 'x' }, refuseAfter(new Refused('name', sentence)))).toMatchObject({ status: 422, body: { problems: { name: 'Nội dung chưa đúng. Anh/chị kiểm tra lại.' }, values: { name: 'x' } } })
    expect(await post({ name: 'x' }, refuseAfter(new Refused('version', sentence)))).toMatchObject({ status: 409, body: { problems: { version: expect.any(String) }, values: { name: 'x' } } })
    expect(await post({ name: 'x' }, refuseAfter(new Forbidden(sentence)))).toMatchObject({ status: 403, body: { problems: { form: expect.any(String) }, values: { name: 'x' } } })
    expect(await post({ name: 'x' }, refuseAfter(new NotFound()))).toMatchObject({ status: 404, body: { sentence: null } })
    expect(await entries()).toBe(before)
  })

  test('is run again when two stood in each other’s way, three times at most', async () => {
    const clash = (times: number) => {
      let left = times
      return async (ctx: Ctx, input: Rename) => {
        await rename(ctx, input)
        if (left-- > 0) throw Object.assign(new Error('could not serialize access'), { code: '40001' })
      }
    }
    const before = await entries()
    expect(await post({ name: 'x' }, clash(2))).toMatchObject({ status: 303 })
    expect(await entries()).toBe(before + 1)
    await expect(post({ name: 'x' }, clash(3))).rejects.toThrow('could not serialize')
    expect(await entries()).toBe(before + 1)
  })

  test('is not taken from another site, nor from where the public address is another', async () => {
    for (const headers of [{ Origin: 'http://evil.example' }, { Origin: 'null' }, { 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': 'same-site' }])
      expect(await post({ name: 'x' }, rename, '/here', headers)).toMatchObject({ status: 403 })
    const behindProxy = { ...app, config: { ...app.config, publicUrl: 'https://thong-suot.example/' } }
    const send = (from: string) => answerOf(write(asked(behindProxy, '/here', { form: { name: 'x' }, cookies, headers: { Origin: from } }), Rename, rename))
    expect(await send('http://thong-suot.test')).toMatchObject({ status: 403 })
    expect(await send('https://thong-suot.example')).toMatchObject({ status: 303 })
  })

  test('without a session is not saved, and says how to send the same page again', async () => {
    const answer = await answerOf(write(asked(app, '/here', { form: { name: 'x' } }), Rename, rename))
    expect(answer).toMatchObject({ status: 401, body: { sentence: expect.stringMatching(/^Chưa lưu: phiên đăng nhập đã hết/) } })
    expect(done).toEqual([])
  })

  test('that is too large, or no form at all, is refused before it is read', async () => {
    expect(await post({ name: 'x'.repeat(3 * 1024 * 1024) })).toMatchObject({ status: 413 })
    const lies = asked(app, '/here', { form: { name: 'x'.repeat(3 * 1024 * 1024) }, cookies, headers: { 'Content-Length': '7' } })
    expect(await answerOf(write(lies, Rename, rename))).toMatchObject({ status: 413 })
    expect(await post({ name: 'x' }, rename, '/here', { 'Content-Type': 'application/json' })).toMatchObject({ status: 400 })
    expect(done).toEqual([])
  })

  test('meets a database that is away: not saved, says so, works again afterwards', async () => {
    const away = async () => {
      throw Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' })
    }
    expect(await post({ name: 'x' }, away)).toMatchObject({ status: 503, body: { sentence: expect.stringMatching(/^Chưa lưu: cơ sở dữ liệu đang khởi động lại/) } })
    expect(await post({ name: 'x' })).toMatchObject({ status: 303 })
  })
})

describe('a form', () => {
  const name = fc.stringMatching(/^[a-z0-9-]{1,8}$/)
  const text = fc.string().map((typed) => typed.replaceAll('\r', '').normalize('NFC'))
  const tree = fc.letrec<{ node: Record<string, Field>; field: Field }>((tie) => ({
    node: fc.dictionary(name, tie('field'), { minKeys: 1, maxKeys: 4 }).map((made) => ({ ...made })),
    field: fc.oneof({ depthSize: 'small', withCrossShrink: true }, text, fc.array(text, { minLength: 2, maxLength: 4 }), tie('node')),
  })).node

  function asForm(fields: Record<string, Field>, prefix: string[] = [], form = new FormData()): FormData {
    for (const [key, value] of Object.entries(fields)) {
      const path = [...prefix, key]
      if (typeof value === 'string') form.append(path.join('.'), value)
      else if (Array.isArray(value)) for (const one of value) form.append(path.join('.'), one as string)
      else asForm(value as Record<string, Field>, path, form)
    }
    return form
  }
  const depth = (field: Field): number => (typeof field === 'string' || Array.isArray(field) ? 0 : 1 + Math.max(0, ...Object.values(field as Record<string, Field>).map(depth)))

  test('comes out as the objects it was written from', () => {
    fc.assert(fc.property(tree.filter((fields) => depth(fields) <= 8), (fields) => {
      expect(readFields(asForm(fields))).toEqual(fields)
    }))
  })

  test('whatever its names are, never touches what objects are made of', () => {
    const anyName = fc.oneof(fc.string(), fc.array(fc.constantFrom('__proto__', 'constructor', 'prototype', 'a', 'toString', ''), { maxLength: 4 }).map((steps) => steps.join('.')))
    fc.assert(
      fc.property(fc.array(fc.tuple(anyName, fc.string()), { maxLength: 6 }), (pairs) => {
        const form = new FormData()
        for (const [key, value] of pairs) form.append(key, value)
        readFields(form)
        readTyped(form)
        expect(Object.keys(Object.prototype)).toEqual([])
        expect(({} as Record<string, unknown>)['a']).toBeUndefined()
      }),
    )
  })

  test('is read composed and with plain line ends, a list of one by its brackets', () => {
    const form = new FormData()
    form.append('name', 'Hòa Bình'.normalize('NFD'))
    form.append('text', 'một\r\nhai')
    form.append('ids[]', '7')
    expect(readFields(form)).toEqual({ name: 'Hòa Bình', text: 'một\nhai', ids: ['7'] })
  })

  test('whose names contradict each other is none', () => {
    for (const names of [['a', 'a.b'], ['a.b', 'a'], ['a..b'], ['a.__proto__.b'], ['a.b.c.d.e.f.g.h.i']]) {
      const form = new FormData()
      for (const each of names) form.append(each, 'x')
      expect(readFields(form)).toBeNull()
    }
  })
})
