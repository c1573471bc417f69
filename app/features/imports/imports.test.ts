import { sql } from 'kysely'
import { v7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../../tests/database.ts'
import { organisation } from '../../../tests/people.ts'
import { asViewer } from '../../db/open.ts'
import type { Viewer } from '../../permissions/permissions.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { openLog } from '../../platform/log.ts'
import { addMember } from '../people/members.server.ts'
import { exportOf, templateOf } from './export.server.ts'
import { written } from './files.server.ts'
import { bring, carryOut, look, work, workbook, type Brought } from './imports.fixture.ts'
import { importWords } from './imports.messages.ts'
import { sweepImports } from './imports.jobs.ts'
import { askForImport, cancelImport, decideRows, importById } from './imports.server.ts'
import { problemOf } from './row-wording.ts'

const { db } = await testDatabase()
const { viewer, unit, person } = await organisation(db)
const { ngoc, binh, khoa, lan, mai, duc, thu } = viewer

const members = (...rows: (string | number | null)[][]) => workbook([['Họ và tên', 'Số thẻ', 'Ngày sinh', 'Giới tính', 'Điện thoại', 'Mã đơn vị', 'Từ ngày', 'Tình trạng', 'Lý do miễn'], ...rows])
const told = ({ rows }: Brought) => rows.flatMap((row) => row.problems.map((problem) => problemOf(problem, 'vi')))
const load = async (who: Viewer, file: Uint8Array, kind: 'members' | 'units' | 'offices' = 'members') => {
  const brought = await bring(db, who, { kind }, file)
  expect([brought.head.refusal?.vi, brought.bad]).toEqual([undefined, []])
  const done = await carryOut(db, who, brought)
  expect([done.head.refusal?.vi, done.bad, done.head.state]).toEqual([undefined, [], 'imported'])
  return done
}

beforeAll(() => db.updateTable('person').set({ card_number: '92.000777', born_on: '1970-01-01' }).where('id', '=', person.hoa).execute())

describe('a list of members', () => {
  test('leaves what the page for a new member leaves: the same rows, the same entry, and one more of the import', async () => {
    await asViewer(db, ngoc, (tx) =>
      addMember({ tx, viewer: ngoc, source: 'import' }, { name: 'Phùng Thị Tay', cardNumber: '92.800001', bornOn: '1980-02-05', gender: 'female', phone: '0912345678', unitCode: 'an-hoa-1', fromDay: '2021-04-01', status: 'probationary', isAnother: false }))
    const done = await load(ngoc, await members(['Phùng Thị Tệp', '92.800002', '5/2/1980', 'Nữ', '912345678', 'an-hoa-1', '1/4/2021', 'Dự bị']))
    const kept = await sql<Record<string, unknown>>`
      select person.born_on, person.gender, person.phone, person.version, membership.unit_id, membership.during, membership.status, membership.exempt_reason, membership.category_key,
             membership.version as membership_version, member_change.kind, member_change.unit_id as change_unit, member_change.to_unit_id, member_change.from_day, member_change.reason,
             member_change.before, member_change.after #- '{0,id}' #- '{0,person_id}' as after, member_change.after #>> '{0,id}' = membership.id::text as is_same, member_change.recorded_by, member_change.source,
             audit_entry.action, audit_entry.unit_id as audit_unit, audit_entry.actor_id, audit_entry.subject_type, audit_entry.detail ->> 'fromDay' as day,
             audit_entry.detail ->> 'change' = member_change.id::text as is_change, (select count(*) from jsonb_object_keys(audit_entry.detail)) as keys
      from person
      join membership on membership.person_id = person.id
      join member_change on member_change.person_id = person.id
      join audit_entry on audit_entry.subject_id = person.id::text
      where person.name like 'Phùng Thị %'
      order by person.name`.execute(db)
    expect(kept.rows).toHaveLength(2)
    expect(kept.rows[1]).toEqual(kept.rows[0])
    const entry = await db.selectFrom('audit_entry').select(['id', 'detail', 'actor_id']).where('subject_id', '=', done.head.id).executeTakeFirstOrThrow()
    expect(entry).toEqual({ id: done.head.receipt, actor_id: ngoc.personId, detail: { kind: 'members', new: 1, changed: 0, unchanged: 0 } })
  })

  test('the same file twice changes nothing; a new phone and a new cell are changes, and are kept', async () => {
    await load(ngoc, await members(['Cù Thị Đổi', '92.810001', '1/1/1980', 'Nữ', null, 'an-hoa-1', '1/1/2020'], ['Cù Văn Không Thẻ', null, '2/2/1981', 'Nam', null, 'an-hoa-1', '1/1/2020'], ['Cù Chỉ Tên', null, 1975, null, null, 'an-hoa-2', null]))
    const again = await bring(db, ngoc, { kind: 'members' }, await members(['CÙ THỊ ĐỔI', '92810001', '1/1/1980', null, null, 'an-hoa-1'], ['Cù Văn Không Thẻ', null, '2/2/1981', null, null, 'an-hoa-1'], ['Cù Chỉ Tên', null, '1975', null, null, 'an-hoa-2', null]))
    expect(again.bad).toEqual([])
    expect(again.head.counts).toMatchObject({ unchanged: 3, new: 0, changed: 0 })
    const moved = await load(ngoc, await members(['Cù Thị Đổi', '92.810001', null, null, '0912000001', 'an-hoa-2', '10/4/2021'], ['Cù Văn Không Thẻ', '92.810002', '2/2/1981', null, null, 'an-hoa-1']))
    expect(moved.head.counts).toMatchObject({ changed: 2 })
    const { rows } = await sql<{ name: string; phone: string | null; card_number: string | null; unit_id: string; during: string }>`
      select person.name, person.phone, person.card_number, membership.unit_id, membership.during::text as during from person join membership on membership.person_id = person.id
      where person.name in ('Cù Thị Đổi', 'Cù Văn Không Thẻ') order by person.name, lower(membership.during)`.execute(db)
    expect(rows.map((row) => [row.name, row.phone, row.card_number, row.unit_id, row.during])).toEqual([
      ['Cù Thị Đổi', '0912000001', '92.810001', unit.cellOne, '[2020-01-01,2021-04-10)'],
      ['Cù Thị Đổi', '0912000001', '92.810001', unit.cellTwo, '[2021-04-10,)'],
      ['Cù Văn Không Thẻ', null, '92.810002', unit.cellOne, '[2020-01-01,)'],
    ])
    const changes = await db.selectFrom('member_change').select(['kind', 'source']).where('to_unit_id', '=', unit.cellTwo).where('kind', '!=', 'joined').execute()
    expect(changes).toEqual([{ kind: 'transferred', source: 'import' }])
  })

  test('who could be one person or two is named and left alone', async () => {
    await load(ngoc, await members(['Kha Văn Lẫn', null, '1/1/1980', null, null, 'an-hoa-1'], ['Kha Thị Không Ngày', null, null, null, null, 'an-hoa-1']))
    const { bad } = await bring(db, ngoc, { kind: 'members' }, await members(
      ['Kha Văn Lẫn', null, null, null, null, 'an-hoa-1'],
      ['Kha Thị Không Ngày', null, '5/5/1985', null, null, 'an-hoa-1'],
      ['Kha Văn Lẫn', null, '1/1/1980', null, null, 'an-hoa-2'],
      ['Kha Văn Khác', '92.810001', '1/1/1980', null, null, 'an-hoa-2'],
    ))
    expect(bad).toEqual(['2A perhapsSame', '3A perhapsWithoutBirth', '4A sameElsewhere', '5B cardOfAnother'])
  })

  test('who it is can be said on the page: the one person, or another; then the file is compared with that, also once more', async () => {
    await load(ngoc, await members(['Kiều Văn Hỏi', null, '1/1/1980', null, null, 'an-hoa-1'], ['Kiều Thị Hỏi', null, null, null, null, 'an-hoa-1'], ['Kiều Văn Bên', null, '3/3/1983', null, null, 'an-hoa-1', '1/1/2020']))
    const brought = await bring(db, ngoc, { kind: 'members' }, await members(
      ['Kiều Văn Hỏi', null, null, null, '0912000321', 'an-hoa-1'],
      ['Kiều Thị Hỏi', null, '5/5/1985', null, null, 'an-hoa-1'],
      ['Kiều Văn Bên', null, '3/3/1983', null, null, 'an-hoa-2', '1/4/2021'],
    ))
    expect(brought.bad).toEqual(['2A perhapsSame', '3A perhapsWithoutBirth', '4A sameElsewhere'])
    const idOf = async (name: string) => (await db.selectFrom('person').select('id').where('name', '=', name).executeTakeFirstOrThrow()).id
    const decide = (who: Viewer, ...decisions: { position: number; who: string }[]) => asViewer(db, who, (tx) => decideRows({ tx, viewer: who, source: 'page' }, { id: brought.head.id, decisions }))
    const [same, elsewhere] = [await idOf('Kiều Văn Hỏi'), await idOf('Kiều Văn Bên')]
    await expect(decide(binh, { position: 0, who: same })).rejects.toThrow(NotFound)
    await expect(decide(ngoc, { position: 0, who: elsewhere })).rejects.toMatchObject({ field: 'form' }) // the row asks about somebody else
    await expect(decide(ngoc)).rejects.toMatchObject({ field: 'form' })
    await decide(ngoc, { position: 0, who: same }, { position: 1, who: 'another' })
    expect((await work(db, ngoc, brought.head.id)).bad).toEqual(['4A sameElsewhere'])
    await decide(ngoc, { position: 2, who: elsewhere })
    const compared = await work(db, ngoc, brought.head.id)
    expect(compared.head.counts).toMatchObject({ bad: 0, new: 1, changed: 2 })
    await expect(decide(ngoc, { position: 0, who: same })).rejects.toMatchObject({ field: 'form' }) // it asks no more
    expect((await carryOut(db, ngoc, compared)).head.state).toBe('imported')
    const { rows } = await sql<{ name: string; code: string; phone: string | null; born_on: string | null }>`
      select person.name, unit.code, person.phone, person.born_on from person join membership on membership.person_id = person.id and upper_inf(membership.during) join unit on unit.id = membership.unit_id
      where person.name like 'Kiều %' order by person.name, person.born_on nulls last`.execute(db)
    expect(rows.map((row) => [row.name, row.code, row.phone, row.born_on])).toEqual([
      ['Kiều Thị Hỏi', 'an-hoa-1', null, '1985-05-05'],
      ['Kiều Thị Hỏi', 'an-hoa-1', null, null],
      ['Kiều Văn Bên', 'an-hoa-2', null, '1983-03-03'],
      ['Kiều Văn Hỏi', 'an-hoa-1', '0912000321', '1980-01-01'],
    ])
  })

  test('a clerk keeps the own unit and those directly beneath; a secretary of a cell that cell; an administrator the whole tree', async () => {
    const rows = [['Quyền Văn Một', '92.820001', null, null, null, 'an-hoa-1'], ['Quyền Văn Hai', '92.820002', null, null, null, 'an-hoa-2'], ['Quyền Văn Ba', '92.820003', null, null, null, 'ninh-kieu'], ['Quyền Văn Bốn', '92.820004', null, null, null, 'can-tho']]
    const badFor = async (who: Viewer) => (await bring(db, who, { kind: 'members' }, await members(...rows))).bad
    expect(await badFor(ngoc)).toEqual(['4F unitNotYours', '5F unitNotYours'])
    expect(await badFor(binh)).toEqual(['3F unitCodeUnknown', '4F unitNotYours', '5F unitNotYours'])
    expect(await badFor(duc)).toEqual(['2F unitNotYours', '3F unitNotYours', '5F unitNotYours'])
    expect(await badFor(khoa)).toEqual([])
    for (const who of [lan, mai]) await expect(bring(db, who, { kind: 'members' }, await members())).rejects.toThrow(Forbidden)
  })

  test('a card held where one cannot see is refused without a word of whom or where', async () => {
    const brought = await bring(db, binh, { kind: 'members' }, await members(['Phạm Thị Hoa', '92000777', '1/1/1970', null, null, 'an-hoa-1']))
    expect(brought.bad).toEqual(['2B cardElsewhere'])
    expect(told(brought).join(' ')).not.toMatch(/khu vực 2|an-hoa-2/)
    const seen = await bring(db, ngoc, { kind: 'members' }, await members(['Phạm Thị Hoa', '92000777', '1/1/1970', null, null, 'an-hoa-1', '1/4/2021']))
    expect(seen.head.counts).toMatchObject({ bad: 0, changed: 1 })
  })

  test('an exemption is the cell’s to decide, in a list as on the page', async () => {
    const rows = await members(['Miễn Văn Sáu', '92.830001', '1/1/1940', null, null, 'an-hoa-1', null, 'Miễn sinh hoạt', 'Tuổi cao'])
    expect((await bring(db, ngoc, { kind: 'members' }, rows)).bad).toEqual(['2H exemptionNotYours'])
    expect((await load(binh, rows)).head.state).toBe('imported')
    expect((await bring(db, ngoc, { kind: 'members' }, rows)).head.counts).toMatchObject({ unchanged: 1 })
    // nor when somebody who had left comes back
    await db.updateTable('membership').set({ during: '[2020-01-01,2021-04-01)' }).where('person_id', 'in', db.selectFrom('person').select('id').where('card_number', '=', '92.830001')).execute()
    const back = await members(['Miễn Văn Sáu', '92.830001', '1/1/1940', null, null, 'an-hoa-1', '14/4/2021', 'Miễn sinh hoạt', 'Tuổi cao'])
    expect((await bring(db, ngoc, { kind: 'members' }, back)).bad).toEqual(['2H exemptionNotYours'])
  })

  test('of a day gone by changes nobody who is another unit’s since', async () => {
    await load(ngoc, await members(['Đi Văn Xa', '92.860001', '1/1/1980', null, '0912000003', 'an-hoa-1', '1/1/2020']))
    await load(ngoc, await members(['Đi Văn Xa', '92.860001', null, null, null, 'an-hoa-2', '10/4/2021']))
    const brought = await bring(db, binh, { kind: 'members', effectiveOn: '2021-04-05' }, await members(['Đi Văn Xa', '92.860001', null, null, '0999999999', 'an-hoa-1']))
    if (brought.bad.length === 0) await carryOut(db, binh, brought)
    expect(await db.selectFrom('person').select('phone').where('card_number', '=', '92.860001').executeTakeFirst()).toEqual({ phone: '0912000003' })
  })

  test('nothing is imported while one row is wrong, nor by anybody else', async () => {
    const brought = await bring(db, ngoc, { kind: 'members' }, await members(['Đúng Văn Dòng', '92.840001', '1/1/1980', null, null, 'an-hoa-1'], ['Sai Văn Dòng', '92.840002', '31/2/1980', null, null, 'an-hoa-1']))
    await expect(carryOut(db, ngoc, brought)).rejects.toThrow(Refused)
    await expect(asViewer(db, thu, (tx) => importById({ tx }, brought.head.id))).rejects.toThrow(NotFound)
    await expect(asViewer(db, thu, (tx) => askForImport({ tx, viewer: thu, source: 'page' }, { id: brought.head.id }))).rejects.toThrow(NotFound)
    expect(await db.selectFrom('person').select('id').where('name', 'like', '% Văn Dòng').execute()).toEqual([])
  })
})

describe('between the preview and the import', () => {
  test('the world may change: then nothing is imported and the page says so', async () => {
    const file = await members(['Thời Văn Gian', '92.850001', '1/1/1980', null, null, 'an-hoa-1'])
    const brought = await bring(db, ngoc, { kind: 'members' }, file)
    await load(binh, file)
    const late = await carryOut(db, ngoc, brought)
    expect(late.head).toMatchObject({ state: 'checked', counts: { new: 0, unchanged: 1 } })
    expect(late.head.refusal?.vi).toContain('đã có người thay đổi (1 dòng khác đi)')
    expect(late.rows[0]!.raw[0]).toBe('Thời Văn Gian')
  })
  test('an office may end: then the rows are no longer one’s own', async () => {
    const brought = await bring(db, binh, { kind: 'members' }, await members(['Hết Văn Quyền', '92.850002', null, null, null, 'an-hoa-1']))
    await db.updateTable('office').set({ during: '[2020-01-01,2021-04-01)' }).where('person_id', '=', person.binh).execute()
    const late = await carryOut(db, binh, brought)
    await db.updateTable('office').set({ during: '[2020-01-01,)' }).where('person_id', '=', person.binh).execute()
    expect(late.head.state).toBe('checked')
    expect(late.head.counts).toMatchObject({ bad: 1, new: 0 })
  })
  test('what was compared is imported as it was found while nothing has changed, and compared once more on another day', async () => {
    const brought = await bring(db, ngoc, { kind: 'members' }, await members(['Nguyên Văn Như', '92.850010', '1/1/1980', null, null, 'an-hoa-1']))
    const isCurrent = (who: Viewer) => asViewer(db, who, async (tx) => (await sql<{ is: boolean }>`select is_comparison_current(${brought.head.id}) as is`.execute(tx)).rows[0]!.is)
    expect([await isCurrent(ngoc), await isCurrent({ ...ngoc, today: '2021-05-01' }), await isCurrent(thu)]).toEqual([true, false, false])
    await sql`update import_basis set server_since = server_since - interval '1 minute' where import_id = ${brought.head.id}`.execute(db)
    expect(await isCurrent(ngoc)).toBe(false)
    expect((await carryOut(db, ngoc, brought)).head.state).toBe('imported')
  })
  test.each([
    ['a person', sql`update person set version = version + 1 where id = ${person.lan}`],
    ['a membership', sql`update membership set category_key = null where person_id = ${person.lan}`],
    ['an office', sql`update office set title = title where person_id = ${person.binh}`],
    ['an assignment', sql`delete from inspection_assignment where false`],
    ['a unit', sql`update unit set name = name where id = ${unit.cellOne}`],
    ['the tree', sql`select lay_ancestors()`],
    ['a setting', sql`update setting set value = value where key = 'people_depth'`],
  ])('a change of %s has it compared once more, also one that was under way when it was compared', async (_, change) => {
    const file = await members(['Đang Văn Dở', '92.850011', '1/1/1980', null, null, 'an-hoa-1'])
    const isCurrent = (id: string) => asViewer(db, ngoc, async (tx) => (await sql<{ is: boolean }>`select is_comparison_current(${id}) as is`.execute(tx)).rows[0]!.is)
    const before = await bring(db, ngoc, { kind: 'members' }, file)
    let during: Brought | undefined
    await db.transaction().execute(async (tx) => {
      await change.execute(tx)
      during = await bring(db, ngoc, { kind: 'members' }, file)
      expect(await isCurrent(during.head.id)).toBe(true) // not committed: nothing to be seen of it yet
    })
    const after = await bring(db, ngoc, { kind: 'members' }, file)
    expect([await isCurrent(before.head.id), await isCurrent(during!.head.id), await isCurrent(after.head.id)]).toEqual([false, false, true])
  })
  test('somebody who was being added while the file was compared is not added twice', async () => {
    const adding = v7()
    const file = await members(['Song Văn Song', null, '1/1/1980', null, null, 'an-hoa-1'])
    let brought: Brought | undefined
    await db.transaction().execute(async (tx) => {
      await sql`insert into person (id, name, born_on) values (${adding}, 'Song Văn Song', '1980-01-01')`.execute(tx)
      await sql`insert into membership (id, person_id, unit_id, during) values (${v7()}, ${adding}, ${unit.cellOne}, '[2020-01-01,)')`.execute(tx)
      brought = await bring(db, ngoc, { kind: 'members' }, file)
    })
    expect(brought!.head.counts).toMatchObject({ new: 1 })
    const late = await carryOut(db, ngoc, brought!)
    expect(late.head).toMatchObject({ state: 'checked', counts: { new: 0, unchanged: 1 } })
    expect(await db.selectFrom('person').select('id').where('name', '=', 'Song Văn Song').execute()).toEqual([{ id: adding }])
  })
  test('two people press at once: one imports, the other is told; nobody is there twice', async () => {
    const file = await members(...Array.from({ length: 40 }, (_, index) => [`Đồng Thời ${'ABCDEFGH'[index % 8]}${'abcdefgh'[index % 7]}`, null, `1/${1 + (index % 12)}/${1950 + index}`, null, null, 'an-hoa-2']))
    const brought = [await bring(db, ngoc, { kind: 'members' }, file), await bring(db, thu, { kind: 'members' }, file)]
    const ended = await Promise.all([carryOut(db, ngoc, brought[0]!), carryOut(db, thu, brought[1]!)])
    expect(ended.map(({ head }) => head.state).sort()).toEqual(['checked', 'imported'])
    expect(await db.selectFrom('person').select('id').where('name', 'like', 'Đồng Thời %').execute()).toHaveLength(40)
  })
  test('it can be given up, also while it is at work', async () => {
    const brought = await bring(db, ngoc, { kind: 'members' }, await members(['Bỏ Văn Dở', '92.850003', null, null, null, 'an-hoa-1']))
    await asViewer(db, ngoc, (tx) => askForImport({ tx, viewer: ngoc, source: 'page' }, { id: brought.head.id }))
    const attempt = await asViewer(db, ngoc, async (tx) => (await sql<{ attempt: number }>`select take_import(${brought.head.id}, 2) as attempt`.execute(tx)).rows[0]!.attempt)
    expect(attempt).toBe(2)
    await asViewer(db, ngoc, (tx) => cancelImport({ tx, viewer: ngoc, source: 'page' }, { id: brought.head.id }))
    const after = await look(db, ngoc, brought.head.id)
    expect([after.head.state, after.head.isSwept, after.rows]).toEqual(['cancelled', true, []])
    await expect(work(db, ngoc, brought.head.id)).rejects.toThrow('not free')
  })
  test('files and what was understood of them are gone after a week; what was imported stays', async () => {
    const done = await load(ngoc, await members(['Quét Văn Sạch', '92.850004', null, null, null, 'an-hoa-1']))
    await sql`update import set created_at = clock_timestamp() - interval '8 days' where id = ${done.head.id}`.execute(db)
    expect(await sweepImports({ db, log: openLog('silent') })).toBeGreaterThan(0)
    const after = await look(db, ngoc, done.head.id)
    expect([after.head.state, after.head.isSwept, after.rows]).toEqual(['imported', true, []])
    expect(await db.selectFrom('person').select('name').where('card_number', '=', '92.850004').execute()).toEqual([{ name: 'Quét Văn Sạch' }])
  })
})

describe('a list of units', () => {
  const units = (...rows: (string | null)[][]) => workbook([['Mã đơn vị', 'Tên tổ chức đảng', 'Loại', 'Đơn vị cấp trên', 'Từ ngày'], ...rows])
  test('is laid under its units, whatever order it comes in; the second time it changes nothing', async () => {
    const file = await units([null, 'Chi bộ ấp Mới', null, 'Đảng ủy xã Tân Lập', null], [null, 'Đảng ủy xã Tân Lập', null, 'Quận ủy Ninh Kiều', null])
    const done = await load(khoa, file, 'units')
    expect(done.head.counts).toMatchObject({ new: 2 })
    const { rows } = await sql<{ code: string; above: string[] }>`
      select unit.code, array_agg(above.code order by unit_ancestor.depth) as above from unit join unit_ancestor on unit_ancestor.unit_id = unit.id and unit_ancestor.depth > 0
      join unit as above on above.id = unit_ancestor.ancestor_id where unit.name = 'Chi bộ ấp Mới' group by unit.code`.execute(db)
    expect(rows[0]).toEqual({ code: 'ninh-kieu-dang-uy-xa-tan-lap-chi-bo-ap-moi', above: ['ninh-kieu-dang-uy-xa-tan-lap', 'ninh-kieu', 'can-tho'] })
    const again = await bring(db, khoa, { kind: 'units' }, file)
    expect([again.bad, again.head.counts]).toMatchObject([[], { unchanged: 2, new: 0, changed: 0 }])
  })
  test('moves and renames by code; circles, units under themselves or under nothing are named', async () => {
    const moved = await load(khoa, await units(['ninh-kieu-dang-uy-xa-tan-lap-chi-bo-ap-moi', 'Chi bộ ấp Cũ', null, 'Đảng ủy phường An Hòa', '1/4/2021']), 'units')
    expect(moved.head.counts).toMatchObject({ changed: 1 })
    const { bad } = await bring(db, khoa, { kind: 'units' }, await units(
      ['an-hoa', 'Đảng ủy phường An Hòa', null, 'Chi bộ khu vực 1', null],
      ['vong-1', 'Chi bộ vòng một', null, 'vong-2', null], ['vong-2', 'Chi bộ vòng hai', null, 'vong-1', null],
      ['le-loi', 'Chi bộ lẻ loi', null, null, null], ['tu-than', 'Chi bộ tự thân', null, 'Chi bộ tự thân', null], ['la', 'Ban lạ', null, 'Thành ủy Cần Thơ', null],
    ))
    expect(bad).toEqual(expect.arrayContaining(['3D cycle', '4D cycle', '5 noParent', '6D underItself', '7 kindMissing']))
  })
  test('a clerk adds under the own unit and nowhere else', async () => {
    const { bad } = await bring(db, ngoc, { kind: 'units' }, await units([null, 'Chi bộ khu vực 8', null, 'Đảng ủy phường An Hòa', null], [null, 'Chi bộ khu vực 9', null, 'Quận ủy Ninh Kiều', null]))
    expect(bad).toEqual(['3D parentNotYours'])
  })
})

describe('a list of offices', () => {
  const offices = (...rows: (string | null)[][]) => workbook([['Họ và tên', 'Số thẻ', 'Mã đơn vị', 'Chức vụ', 'Từ ngày', 'Đến ngày'], ...rows])
  test('gives them, once; two secretaries of one unit, and one where there is one, are named', async () => {
    const file = await offices(['Nguyễn Thị Lan', null, 'an-hoa-1', 'Phó Bí thư chi bộ', '1/2/2021', null])
    expect((await load(khoa, file, 'offices')).head.counts).toMatchObject({ new: 1 })
    expect((await bring(db, khoa, { kind: 'offices' }, file)).head.counts).toMatchObject({ unchanged: 1 })
    const held = await db.selectFrom('office').select(['role', 'title', 'during']).where('person_id', '=', person.lan).execute()
    expect(held).toEqual([{ role: 'deputy', title: 'Phó Bí thư chi bộ', during: '[2021-02-01,)' }])
    const brought = await bring(db, khoa, { kind: 'offices' }, await offices(
      ['Trần Văn Minh', null, 'an-hoa-1', 'Bí thư', null, null],
      ['Lý Thị Ngọc', null, 'an-hoa', 'Bí thư', null, null], ['Bùi Minh Đức', null, 'an-hoa', 'Bí thư', null, null],
      ['Đặng Anh Khoa', null, 'can-tho', 'Cán bộ phụ trách', null, null], ['Không Có Ai', null, 'an-hoa', 'Bí thư', '1/1/2030', null], ['Trần Văn Minh', null, 'an-hoa-1', 'Trưởng thôn', null, null],
    ))
    expect(brought.bad).toEqual(['2D secretaryTaken', '3D twoSecretaries', '4A personUnknown', '5A appointSelf', '6A personUnknown', '7D role'])
    expect(told(brought)[0]).toContain('đang có bí thư là Lê Thanh Bình')
  })
  test('nobody but an administrator makes administrators', async () => {
    expect((await bring(db, khoa, { kind: 'offices' }, await offices(['Trần Văn Minh', null, 'an-hoa-1', 'Quản trị tài khoản', null, null]))).bad).toEqual([])
    expect((await bring(db, mai, { kind: 'offices' }, await offices(['Bùi Minh Đức', null, 'ninh-kieu', 'Quản trị tài khoản', null, null]))).bad).toEqual(['2D roleNotYours'])
    await expect(bring(db, ngoc, { kind: 'offices' }, await offices())).rejects.toThrow(Forbidden)
    // nor one in the own unit, which the unit above fills, as on the page
    const below: Viewer = { ...lan, offices: [{ role: 'administrator', unitId: unit.commune, unitName: '' }] }
    await db.insertInto('office').values({ id: v7(), person_id: person.lan, unit_id: unit.commune, role: 'administrator', during: '[2020-01-01,2021-05-01)' }).execute()
    const own = await offices(['Lý Thị Ngọc', null, 'an-hoa', 'Quản trị tài khoản', null, null], ['Trần Văn Minh', null, 'an-hoa-1', 'Thanh tra', null, null])
    expect((await bring(db, below, { kind: 'offices' }, own)).bad.filter((problem) => problem.endsWith('NotYours'))).toEqual(['2D roleNotYours'])
    await db.deleteFrom('office').where('person_id', '=', person.lan).where('role', '=', 'administrator').execute()
  })
})

describe('what is downloaded', () => {
  test.each([['members', ngoc], ['members', khoa], ['members', binh], ['units', khoa], ['units', ngoc], ['offices', khoa], ['offices', mai]] as const)('an export of %s is an import that changes nothing', async (kind, who) => {
    for (const [format, language] of [['xlsx', 'vi'], ['csv', 'vi'], ['xlsx', 'en']] as const) {
      const grids = await asViewer(db, who, (tx) => exportOf({ tx, viewer: who, source: 'page' }, kind, null, language))
      expect(grids[0]!.rows.length).toBeGreaterThan(0)
      const brought = await bring(db, who, { kind }, await written(grids, format), `x.${format}`)
      expect([brought.head.refusal, brought.bad]).toEqual([null, []])
      expect(brought.head.counts).toMatchObject({ new: 0, changed: 0, unchanged: grids[0]!.rows.length })
    }
  })
  test.each(['members', 'units', 'offices'] as const)('the template of %s is a list without rows, in both languages', async (kind) => {
    for (const language of ['vi', 'en'] as const) {
      const brought = await bring(db, khoa, { kind }, await written(templateOf(kind, language), 'xlsx'))
      expect(brought.head.refusal?.vi).toBe(importWords.in('vi')('fileNoRows'))
    }
  })
  test('takes a member’s name out for those who keep it alone, and is on record', async () => {
    const grids = await asViewer(db, binh, (tx) => exportOf({ tx, viewer: binh, source: 'page' }, 'members', null, 'vi'))
    expect(new Set(grids[0]!.rows.map((row) => row[5]))).toEqual(new Set(['an-hoa-1']))
    await expect(asViewer(db, viewer.hoa, (tx) => exportOf({ tx, viewer: viewer.hoa, source: 'page' }, 'units', null, 'vi'))).rejects.toThrow(Forbidden)
    const entry = await db.selectFrom('audit_entry').select('detail').where('action', '=', 'list.exported').orderBy('id', 'desc').executeTakeFirstOrThrow()
    expect(entry.detail).toEqual({ kind: 'members', rows: grids[0]!.rows.length })
  })
})
