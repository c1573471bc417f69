import { describe, expect, test } from 'vitest'
import { asked, answerOf, testApp } from '../../../tests/web.ts'
import { testDatabase } from '../../../tests/database.ts'
import { organisation } from '../../../tests/people.ts'
import { asViewer } from '../../db/open.ts'
import { permissions, reasonAgainst, chainOf, type Action, type Ctx, type Viewer } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { Forbidden, NotFound } from '../../platform/errors.ts'
import { asPerson } from '../../web/visit.server.ts'
import { amendmentsToAnswer, answerAmendment, askAmendment, ownAmendments, withdrawAmendment } from './amendments.server.ts'
import { doingOf } from './doing.server.ts'
import { heldFile, heldJson } from './held-file.server.ts'
import { heldAbout, heldColumns, notHeldColumns } from './held.server.ts'
import { rightsWords } from './rights.messages.ts'
import { rightsOf, whySeen } from './rights.server.ts'
import { answerOf as firstLine, groundsShown, mayNotShown, mayShown, foundShown } from './rights-wording.ts'

const database = await testDatabase()
const { db, pool } = database
const org = await organisation(db)
const { viewer, person, unit } = org
const app = await testApp(database)

const as = <Result>(who: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, who, (tx) => work({ tx, viewer: who, source: 'page' }))
const today = viewer.binh.today

describe('what I may see, and why', () => {
  test('a cell secretary reads the office that opens the cell, its people and what ends it', async () => {
    const rights = await as(viewer.binh, (ctx) => rightsOf(ctx, person.binh))
    expect(firstLine(rights, 'vi')).toBe('Anh/chị xem được tên 3 người khác và số liệu của 4 đơn vị')
    const [office, membership, own] = groundsShown(rights, 'vi')
    expect(office).toEqual({
      what: 'Bí thư Chi bộ khu vực 1',
      why: [
        'Họ tên, điểm danh, lý do miễn của đảng viên: Chi bộ khu vực 1',
        'Số liệu, buổi học, khai báo, báo cáo: Chi bộ khu vực 1, Đảng ủy phường An Hòa, Quận ủy Ninh Kiều, Thành ủy Cần Thơ',
        'Từ ngày 1/1/2020. Thôi chức vụ ngày nào thì hết quyền này từ ngày đó.',
      ],
    })
    expect(membership!.what).toBe('Sinh hoạt đảng ở Chi bộ khu vực 1')
    expect(own!.what).toBe('Hồ sơ của chính mình')
  })

  test('an inspector reads what is assigned and the last day of it; an administrator that there are no figures', async () => {
    const son = await as(viewer.son, (ctx) => rightsOf(ctx, person.son))
    expect(groundsShown(son, 'vi').map((one) => one.what)).toContain('Được giao kiểm tra Chi bộ khu vực 2')
    expect(JSON.stringify(groundsShown(son, 'vi'))).toContain('Hết ngày 31/12/2029 thì không còn quyền này.')
    const khoa = await as(viewer.khoa, (ctx) => rightsOf(ctx, person.khoa))
    expect(firstLine(khoa, 'vi')).toBe('Anh/chị xem được danh sách người của 5 đơn vị, không xem điểm danh và số liệu của các đơn vị đó')
  })

  test('what may be done names the office, and what may not who could', async () => {
    const { may, mayNot } = await as(viewer.lan, async (ctx) => doingOf(ctx, await rightsOf(ctx, person.lan)))
    expect(mayShown(may, 'vi')).toEqual([])
    const roll = mayNot.find((one) => one.action === 'take the roll')!
    expect(roll.holders.map((one) => one.name)).toEqual(['Lê Thanh Bình', 'Lý Thị Ngọc'])
    expect(JSON.stringify(mayNotShown(mayNot, true, 'vi'))).toContain('Bí thư Chi bộ khu vực 1: Lê Thanh Bình')
    const clerk = await as(viewer.ngoc, async (ctx) => doingOf(ctx, await rightsOf(ctx, person.ngoc)))
    expect(mayShown(clerk.may, 'vi').map((one) => one.what)).toContain('Người làm số liệu Đảng ủy phường An Hòa, ở đó và các đơn vị ngay dưới')
  })

  test('every action says on the page what the table of permissions says of every unit', async () => {
    for (const who of Object.values(viewer)) {
      const { may } = await as(who, async (ctx) => doingOf(ctx, await rightsOf(ctx, who.personId)))
      const chains = await as(viewer.mai, async ({ tx }) => Object.fromEntries(await Promise.all(Object.entries(unit).map(async ([name, id]) => [name, await chainOf(tx, id, today)]))) as Record<string, string[]>)
      for (const action of Object.keys(permissions) as Action[])
        for (const chain of Object.values(chains)) {
          const onPage = may.some((one) => one.actions.includes(action) && chain.slice(0, one.levels + 1).some((id) => who.offices.some((office) => office.unitId === id && office.unitName === one.unit && office.role === one.role)))
          expect([who.name, action, onPage]).toEqual([who.name, action, reasonAgainst(who, action, chain) === null])
        }
    }
  })

  test('every action has a short name on the page', () => {
    expect(Object.keys(permissions).filter((action) => !(`action.${action}` in rightsWords.catalogues.vi))).toEqual([])
  })

  test('asked about a unit or a person it says by which office; what is not theirs is not found', async () => {
    const ask = (who: Viewer, words: string) =>
      as(who, async (ctx) => {
        const rights = await rightsOf(ctx, who.personId)
        const found = await whySeen(ctx, who.personId, words)
        return [...found.units, ...found.people].map((one) => foundShown(one, rights.grounds, 'vi'))
      })
    expect(await ask(viewer.binh, 'lan')).toEqual([{ what: 'Nguyễn Thị Lan', why: ['Vì bí thư Chi bộ khu vực 1'] }])
    expect(await ask(viewer.binh, 'hoa')).toContainEqual({ what: 'Đảng ủy phường An Hòa', why: [expect.stringContaining('Số liệu: vì bí thư Chi bộ khu vực 1'), expect.any(String)] })
    expect(await ask(viewer.binh, 'khu vực 2')).toEqual([])
    expect(await ask(viewer.khoa, 'lan')).toEqual([{ what: 'Nguyễn Thị Lan', why: ['Trong danh sách của đơn vị; vì quản trị tài khoản Thành ủy Cần Thơ'] }])
    expect(await ask(viewer.hoa, 'lan')).toEqual([])
  })

  test('an administrator reads the rights of an account beneath without its data; nobody else does', async () => {
    const rights = await as(viewer.khoa, (ctx) => rightsOf(ctx, person.binh))
    expect(firstLine(rights, 'vi')).toBe('Lê Thanh Bình xem được số liệu của 4 đơn vị, tên đảng viên ở 1 đơn vị')
    expect(rights.people).toBeNull()
    for (const who of [viewer.mai, viewer.lan, viewer.ngoc]) await expect(as(who, (ctx) => rightsOf(ctx, person.binh))).rejects.toThrow(NotFound)
    await expect(as(viewer.khoa, (ctx) => rightsOf(ctx, '00000000-0000-7000-8000-000000000000'))).rejects.toThrow(NotFound)
  })
})

describe('on a refusal', () => {
  test('a disabled button and a forbidden page name who could, the nearest first', async () => {
    const said = await as(viewer.lan, async ({ tx }) => whyNot(tx, reasonAgainst(viewer.lan, 'take the roll', await chainOf(tx, unit.cellOne, today)), 'vi'))
    expect(said).toBe(
      'Chỉ bí thư, phó bí thư hoặc người làm số liệu của chi bộ, hoặc của cấp trên trực tiếp, được điểm danh đảng viên của chi bộ. Người làm được việc này: Bí thư Chi bộ khu vực 1: Lê Thanh Bình; Người làm số liệu Đảng ủy phường An Hòa: Lý Thị Ngọc.',
    )
    const refused = asPerson(app, { personId: person.lan, actingId: null } as never, async ({ tx, viewer: lan }) => {
      const reason = reasonAgainst(lan, 'take the roll', await chainOf(tx, unit.cellOne, lan.today))
      throw new Forbidden(reason!)
    })
    await expect(refused).rejects.toSatisfy((error) => error instanceof Forbidden && error.sentence('vi') === said)
  })

  test('whoever does not see the unit is told no name', async () => {
    const reason = reasonAgainst(viewer.hoa, 'take the roll', [unit.cellOne])
    expect(await as(viewer.hoa, ({ tx }) => whyNot(tx, reason, 'vi'))).not.toContain('Bình')
    expect(await as(viewer.hoa, ({ tx }) => whyNot(tx, null, 'vi'))).toBeNull()
  })
})

describe('what is held about me', () => {
  test('names every fact with its days and who entered it, and nothing of anybody else', async () => {
    const facts = await as(viewer.binh, heldAbout)
    expect(facts.map((one) => one.item)).toEqual(['name', 'membership', 'office'])
    expect(JSON.stringify(facts)).not.toContain('Lan')
    const told = { name: viewer.binh.name, today, language: 'vi', timeZone: 'Asia/Ho_Chi_Minh' } as const
    expect(heldJson(facts, told).facts.map((one) => one.value)).toEqual(['Lê Thanh Bình', 'Chi bộ khu vực 1, đang công tác, sinh hoạt', 'Bí thư, Chi bộ khu vực 1'])
    const file = await heldFile(facts, 'xlsx', told)
    expect(file.fileName).toBe('thong-suot-2021-04-15.xlsx')
    expect(Buffer.from(file.bytes.slice(0, 2)).toString()).toBe('PK')
  })

  // A column with a person in it that is in neither list was forgotten: show it in held_rows, or say why it is not.
  test('no table that names a person or an account is forgotten', async () => {
    const { rows } = await pool.query<{ column: string }>(`
      select attrelid::regclass || '.' || attname as column
      from pg_attribute
      join pg_class on pg_class.oid = attrelid and pg_class.relkind in ('r', 'p') and pg_class.relnamespace = 'public'::regnamespace
      where attnum > 0 and not attisdropped and (
        exists (select from pg_constraint where contype = 'f' and conrelid = attrelid and attnum = any (conkey) and confrelid in ('person'::regclass, 'account'::regclass))
        or (atttypid in ('uuid'::regtype, 'uuid[]'::regtype) and attname ~ '(person|people|account|member|actor|author|acting|helper|helped|on_behalf_of|(^|_)by)(_ids?)?$'))
      order by 1`)
    const isListed = (column: string) => heldColumns.includes(column) || column in notHeldColumns || `*.${column.split('.')[1]}` in notHeldColumns
    expect(rows.map((row) => row.column).filter((column) => !isListed(column))).toEqual([])
    expect([...heldColumns, ...Object.keys(notHeldColumns)].filter((column) => !column.startsWith('*') && column !== 'person.id' && !rows.some((row) => row.column === column))).toEqual([])
  })
})

describe('a request to put something right', () => {
  test('goes to the own unit, is answered there with a reason, and changes nothing by itself', async () => {
    const asking = await as(viewer.lan, (ctx) => askAmendment(ctx, { item: 'name', wanted: 'Nguyễn Thị Lan Anh', reason: 'Ghi thiếu tên' }))
    expect(asking).toMatchObject({ unitName: 'Chi bộ khu vực 1', dueOn: '2021-04-25' })
    await expect(as(viewer.lan, (ctx) => askAmendment(ctx, { item: 'name', wanted: 'x', reason: 'y' }))).rejects.toMatchObject({ field: 'form' })
    const { waiting } = await as(viewer.binh, amendmentsToAnswer)
    expect(waiting).toMatchObject([{ who: 'Nguyễn Thị Lan', item: 'name', held: 'Nguyễn Thị Lan', wanted: 'Nguyễn Thị Lan Anh', outcome: null }])
    expect((await as(viewer.ngoc, amendmentsToAnswer)).waiting).toHaveLength(1)
    for (const who of [viewer.thu, viewer.duc, viewer.mai, viewer.son, viewer.khoa, viewer.minh]) {
      expect((await as(who, amendmentsToAnswer)).waiting).toEqual([])
      await expect(as(who, (ctx) => answerAmendment(ctx, { amendmentId: asking.amendmentId, version: 1, outcome: 'corrected', answer: '' }))).rejects.toThrow(NotFound)
    }
    await as(viewer.binh, (ctx) => answerAmendment(ctx, { amendmentId: asking.amendmentId, version: 1, outcome: 'refused', answer: 'Thẻ đảng ghi đúng như vậy' }))
    await expect(as(viewer.ngoc, (ctx) => answerAmendment(ctx, { amendmentId: asking.amendmentId, version: 1, outcome: 'corrected', answer: '' }))).rejects.toMatchObject({ field: 'form' })
    expect(await as(viewer.lan, ownAmendments)).toMatchObject([{ outcome: 'refused', answer: 'Thẻ đảng ghi đúng như vậy', answeredBy: 'Lê Thanh Bình' }])
    expect(await as(viewer.lan, ({ tx }) => tx.selectFrom('person').select('name').where('id', '=', person.lan).executeTakeFirst())).toEqual({ name: 'Nguyễn Thị Lan' })
  })

  test('of a secretary is answered by somebody else', async () => {
    const { amendmentId } = await as(viewer.binh, (ctx) => askAmendment(ctx, { item: 'name', wanted: 'Lê Thanh Bình Minh', reason: 'Thiếu tên' }))
    expect((await as(viewer.binh, amendmentsToAnswer)).waiting).toEqual([])
    await expect(as(viewer.binh, (ctx) => answerAmendment(ctx, { amendmentId, version: 1, outcome: 'corrected', answer: '' }))).rejects.toThrow(Forbidden)
    await as(viewer.ngoc, (ctx) => answerAmendment(ctx, { amendmentId, version: 1, outcome: 'corrected', answer: 'Đã sửa theo thẻ' }))
    expect(await as(viewer.binh, ownAmendments)).toMatchObject([{ outcome: 'corrected', answeredBy: 'Lý Thị Ngọc' }])
  })

  test('is taken back by who asked alone, and only of what is held', async () => {
    const { amendmentId } = await as(viewer.minh, (ctx) => askAmendment(ctx, { item: 'missing', wanted: 'Có mặt ngày 1/4', reason: 'Ngồi cùng chị Lan' }))
    await expect(as(viewer.binh, (ctx) => withdrawAmendment(ctx, { amendmentId }))).rejects.toThrow(Forbidden)
    await as(viewer.minh, (ctx) => withdrawAmendment(ctx, { amendmentId }))
    const lansMembership = await db.selectFrom('membership').select('id').where('person_id', '=', person.lan).executeTakeFirstOrThrow()
    await expect(as(viewer.minh, (ctx) => askAmendment(ctx, { item: 'membership', rowId: lansMembership.id, wanted: 'x', reason: 'y' }))).rejects.toMatchObject({ field: 'item' })
    await expect(as(viewer.minh, (ctx) => askAmendment(ctx, { item: 'session', wanted: 'x', reason: 'y' }))).rejects.toMatchObject({ field: 'item' })
  })

  test('a page asked without a session is not shown', async () => {
    const { loader } = await import('./held-file.route.ts')
    expect(await answerOf(loader(asked(app, '/me/held.json')))).toMatchObject({ status: 303 })
  })
})
