import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { asViewer } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { testDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation, type Organisation } from '../../../tests/people.ts'
import { addMember, changeStatus, editPerson, endExemption, endMembership, exemptMember, keptPerson, transferMember, undoChange } from './members.server.ts'
import { appoint, endOffice, rolesToGive, undoOfficeEnd } from './offices.server.ts'
import { Appointment, NewMember } from './people.schema.ts'

const { db } = await testDatabase()
let city: Organisation

const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
const typed = (fields: Record<string, unknown>) => NewMember.parse({ fromDay: '10/4/2021', unitCode: 'an-hoa-1', ...fields })
const memberships = async (personId: string) => {
  const { rows } = await sql<object>`
    select unit.code, membership.status, membership.exempt_reason as reason, lower(membership.during)::text as "from", upper(membership.during)::text as until
    from membership join unit on unit.id = membership.unit_id where membership.person_id = ${personId} order by lower(membership.during)`.execute(db)
  return rows
}
const name = (viewer: Viewer) => viewer.name.split(' ').at(-1)

beforeAll(async () => {
  city = await organisation(db)
})

describe('a new member', () => {
  test('is added by the cell, by the commune above it and by the administrator; by nobody else', async () => {
    for (const [index, viewer] of [city.viewer.binh, city.viewer.ngoc, city.viewer.khoa].entries()) {
      const { personId } = await as(viewer, (ctx) => addMember(ctx, typed({ name: `Ngô Văn ${['Một', 'Hai', 'Ba'][index]}` })))
      expect(await memberships(personId)).toEqual([{ code: 'an-hoa-1', status: 'in_post', reason: null, from: '2021-04-10', until: null }])
      expect((await as(city.viewer.binh, ({ tx }) => keptPerson(tx, personId))).unitCode).toBe('an-hoa-1')
    }
    for (const viewer of [city.viewer.thu, city.viewer.lan, city.viewer.duc, city.viewer.mai, city.viewer.son]) {
      await expect(as(viewer, (ctx) => addMember(ctx, typed({ name: 'Ngô Văn Lạ' }))), name(viewer)).rejects.toThrow(viewer === city.viewer.thu || viewer === city.viewer.son ? NotFound : Forbidden)
    }
  })

  test('who looks like somebody on record is compared first, and added once somebody has', async () => {
    const same = { name: 'NGUYỄN thị Hòa', bornOn: '2/9/1970', cardNumber: '92.000 777' }
    await as(city.viewer.binh, (ctx) => addMember(ctx, typed(same)))
    const again = typed({ name: 'Nguyễn Thị Hoà', bornOn: '1970-09-02' })
    await expect(as(city.viewer.binh, (ctx) => addMember(ctx, again))).rejects.toMatchObject({ field: 'lookAlikes' })
    await expect(as(city.viewer.ngoc, (ctx) => addMember(ctx, typed({ name: 'Trần Lạ', cardNumber: '92000777' })))).rejects.toMatchObject({ field: 'lookAlikes' })
    // the other cell does not see her, so is told nothing of her
    await as(city.viewer.thu, (ctx) => addMember(ctx, { ...again, unitCode: 'an-hoa-2' }))
    await as(city.viewer.binh, (ctx) => addMember(ctx, { ...again, isAnother: true }))
  })

  test('whose card is on record, who is a child, exempt without reason or in a unit without members is refused beside the field', async () => {
    await expect(as(city.viewer.thu, (ctx) => addMember(ctx, typed({ name: 'Võ Thị Thẻ', cardNumber: '92.000 777', unitCode: 'an-hoa-2' })))).rejects.toMatchObject({ field: 'cardNumber' })
    await expect(as(city.viewer.binh, (ctx) => addMember(ctx, typed({ name: 'Võ Bé', bornOn: '1/1/2010' })))).rejects.toMatchObject({ field: 'bornOn' })
    expect(NewMember.safeParse({ name: 'Võ A', unitCode: 'x', fromDay: '1/1/2021', status: 'exempt' }).success).toBe(false)
    expect(typed({ name: '  lê   Văn  A ', phone: '+84 912 345 678' })).toMatchObject({ name: 'lê Văn A', phone: '0912345678' })
    expect(typed({ name: 'Lê A', phone: '912345678' }).phone).toBe('0912345678')
  })

  test('sent twice with one id is one person', async () => {
    const input = typed({ name: 'Bùi Thị Đôi', id: '0190aaaa-0000-7000-8000-000000000001' })
    const one = await as(city.viewer.binh, (ctx) => addMember(ctx, input))
    const two = await as(city.viewer.binh, (ctx) => addMember(ctx, input))
    expect(two).toEqual(one)
  })

  test('added by mistake is gone again', async () => {
    const { personId, changeId } = await as(city.viewer.binh, (ctx) => addMember(ctx, typed({ name: 'Lê Văn Nhầm', cardNumber: '92.000888' })))
    await expect(as(city.viewer.thu, (ctx) => undoChange(ctx, { changeId }))).rejects.toThrow(NotFound)
    expect(await as(city.viewer.binh, (ctx) => undoChange(ctx, { changeId }))).toMatchObject({ isStillThere: false })
    expect(await db.selectFrom('person').select('id').where('id', '=', personId).execute()).toEqual([])
    await as(city.viewer.binh, (ctx) => addMember(ctx, typed({ name: 'Lê Văn Đúng', cardNumber: '92.000888' })))
  })
})

describe('what is held about a person', () => {
  test('is put right by whoever keeps the unit; the second of two editors is told and nothing is lost', async () => {
    const { version } = await as(city.viewer.binh, ({ tx }) => keptPerson(tx, city.person.lan))
    const edit = { personId: city.person.lan, name: 'Nguyễn Thị Lan', phone: '0912000111' }
    await as(city.viewer.binh, (ctx) => editPerson(ctx, { ...edit, version }))
    await expect(as(city.viewer.ngoc, (ctx) => editPerson(ctx, { ...edit, phone: '0912000222', version }))).rejects.toMatchObject({ field: 'version' })
    const held = await db.selectFrom('person').select(['phone', 'version']).where('id', '=', city.person.lan).executeTakeFirst()
    expect(held).toEqual({ phone: '0912000111', version: version + 1 })
    for (const viewer of [city.viewer.thu, city.viewer.duc, city.viewer.mai, city.viewer.son]) await expect(as(viewer, (ctx) => editPerson(ctx, edit)), name(viewer)).rejects.toThrow(NotFound)
    await expect(as(city.viewer.lan, (ctx) => editPerson(ctx, edit))).rejects.toThrow(Forbidden)
    await as(city.viewer.khoa, (ctx) => editPerson(ctx, edit))
  })
})

describe('somebody who holds an office and belongs to no cell on record', () => {
  test('is put right by the administrator, and by nobody else; there is no membership to move or to end', async () => {
    const { personId } = city.viewer.ngoc
    const kept = await as(city.viewer.khoa, ({ tx }) => keptPerson(tx, personId))
    expect(kept).toMatchObject({ name: 'Lý Thị Ngọc', unitCode: 'an-hoa', status: null, isKept: true })
    const edit = { personId, name: 'Lý Thị Ngọc', phone: '0912000333' }
    await as(city.viewer.khoa, (ctx) => editPerson(ctx, { ...edit, version: kept.version }))
    expect(await db.selectFrom('person').select('phone').where('id', '=', personId).executeTakeFirst()).toEqual({ phone: '0912000333' })
    for (const viewer of [city.viewer.duc, city.viewer.mai, city.viewer.binh, city.viewer.lan]) await expect(as(viewer, (ctx) => editPerson(ctx, edit)), name(viewer)).rejects.toThrow(NotFound)
    await expect(as(city.viewer.ngoc, (ctx) => editPerson(ctx, edit)), 'oneself').rejects.toThrow(Forbidden)
    await expect(as(city.viewer.khoa, (ctx) => transferMember(ctx, { personId, unitCode: 'an-hoa-1', fromDay: '2021-04-12', reason: 'x' }))).rejects.toMatchObject({ field: 'form' })
    await expect(as(city.viewer.khoa, (ctx) => endMembership(ctx, { personId, fromDay: '2021-04-12', how: 'left' }))).rejects.toMatchObject({ field: 'form' })
  })
})

describe('an exemption', () => {
  const exempt = (viewer: Viewer, fields: object = {}) => as(viewer, (ctx) => exemptMember(ctx, { personId: city.person.minh, fromDay: '2021-04-12', reason: 'Ốm đau dài ngày', ...fields }))

  test('is the cell’s to decide, with reason and day; its end too; the last of them can be taken back', async () => {
    for (const viewer of [city.viewer.ngoc, city.viewer.khoa, city.viewer.minh]) await expect(exempt(viewer), name(viewer)).rejects.toThrow(Forbidden)
    await expect(exempt(city.viewer.thu)).rejects.toThrow(NotFound)
    const { changeId } = await exempt(city.viewer.binh)
    await expect(exempt(city.viewer.binh)).rejects.toMatchObject({ field: 'form' })
    expect(await memberships(city.person.minh)).toEqual([
      { code: 'an-hoa-1', status: 'in_post', reason: null, from: '2020-01-01', until: '2021-04-12' },
      { code: 'an-hoa-1', status: 'exempt', reason: 'Ốm đau dài ngày', from: '2021-04-12', until: null },
    ])
    const over = await as(city.viewer.binh, (ctx) => endExemption(ctx, { personId: city.person.minh, fromDay: '2021-04-14', reason: 'Đã khỏe' }))
    await expect(as(city.viewer.binh, (ctx) => undoChange(ctx, { changeId }))).rejects.toMatchObject({ field: 'form' })
    await as(city.viewer.binh, (ctx) => undoChange(ctx, over))
    await as(city.viewer.binh, (ctx) => undoChange(ctx, { changeId }))
    expect(await memberships(city.person.minh)).toEqual([{ code: 'an-hoa-1', status: 'in_post', reason: null, from: '2020-01-01', until: null }])
  })

  test('has a reason that no administrator reads, on no path', async () => {
    const asked = (viewer: Viewer) => as(viewer, ({ tx }) => sql<{ reason: string | null }>`select exempt_reason_of(membership.id) as reason from membership where membership.person_id = ${city.person.sau}`.execute(tx))
    expect((await asked(city.viewer.binh)).rows).toEqual([{ reason: 'Tuổi cao, sức yếu' }])
    expect((await asked(city.viewer.khoa)).rows).toEqual([{ reason: null }])
    await expect(as(city.viewer.khoa, ({ tx }) => sql`select exempt_reason from membership`.execute(tx))).rejects.toThrow(/permission denied/)
    await expect(as(city.viewer.khoa, ({ tx }) => sql`select before from member_change`.execute(tx))).rejects.toThrow(/permission denied/)
    expect((await as(city.viewer.khoa, ({ tx }) => tx.selectFrom('member_change').select('reason').execute())).length).toBe(0)
  })
})

describe('a transfer', () => {
  test('is made by the unit that is left, to a unit named exactly, and both read of it; an exempt member stays exempt', async () => {
    const move = { personId: city.person.sau, unitCode: 'an-hoa-2', fromDay: '2021-04-13', reason: 'Chuyển nơi ở' }
    for (const viewer of [city.viewer.thu, city.viewer.mai, city.viewer.duc]) await expect(as(viewer, (ctx) => transferMember(ctx, move)), name(viewer)).rejects.toThrow(NotFound)
    await expect(as(city.viewer.binh, (ctx) => transferMember(ctx, { ...move, unitCode: 'an-hoa' + '-9' }))).rejects.toMatchObject({ field: 'unitCode' })
    await expect(as(city.viewer.binh, (ctx) => transferMember(ctx, { ...move, unitCode: 'an-hoa-1' }))).rejects.toMatchObject({ field: 'unitCode' })
    await expect(as(city.viewer.binh, (ctx) => transferMember(ctx, { ...move, personId: city.person.binh }))).rejects.toMatchObject({ field: 'form' })
    const { changeId } = await as(city.viewer.binh, (ctx) => transferMember(ctx, move))
    expect(await memberships(city.person.sau)).toEqual([
      { code: 'an-hoa-1', status: 'exempt', reason: 'Tuổi cao, sức yếu', from: '2020-01-01', until: '2021-04-13' },
      { code: 'an-hoa-2', status: 'exempt', reason: 'Tuổi cao, sức yếu', from: '2021-04-13', until: null },
    ])
    expect((await as(city.viewer.thu, ({ tx }) => keptPerson(tx, city.person.sau))).unitCode).toBe('an-hoa-2')
    await expect(as(city.viewer.binh, ({ tx }) => keptPerson(tx, city.person.sau))).rejects.toThrow(NotFound)
    const read = (viewer: Viewer) => as(viewer, ({ tx }) => tx.selectFrom('audit_entry').select('action').where('subject_id', '=', city.person.sau).orderBy('id').execute())
    expect((await read(city.viewer.thu)).map((entry) => entry.action)).toEqual(['member.received'])
    expect((await read(city.viewer.binh)).map((entry) => entry.action)).toContain('member.transferred')
    // the receiving cell cannot send it back as if it had never been; the one that sent can
    await expect(as(city.viewer.thu, (ctx) => undoChange(ctx, { changeId }))).rejects.toThrow(Forbidden)
    await as(city.viewer.binh, (ctx) => undoChange(ctx, { changeId }))
    expect(await memberships(city.person.sau)).toHaveLength(1)
  })

  test('is taken back by others within thirty days only', async () => {
    const move = { personId: city.person.minh, unitCode: 'an-hoa-2', fromDay: '2021-04-14', reason: 'Chuyển nơi ở' }
    const { changeId } = await as(city.viewer.binh, (ctx) => transferMember(ctx, move))
    await sql`update member_change set recorded_at = now() - interval '31 days' where id = ${changeId}`.execute(db)
    await expect(as(city.viewer.ngoc, (ctx) => undoChange(ctx, { changeId }))).rejects.toMatchObject({ field: 'form' })
    await as(city.viewer.binh, (ctx) => undoChange(ctx, { changeId }))
  })
})

test('somebody who went on elsewhere is still seen on the roster of the former cell, and no longer its to change', async () => {
  const { campaignId } = await openedCampaign(db, city)
  expect(campaignId).toBeTruthy()
  const { changeId } = await as(city.viewer.binh, (ctx) => transferMember(ctx, { personId: city.person.lan, unitCode: 'an-hoa-2', fromDay: '2021-04-14', reason: 'Chuyển nơi ở' }))
  const seen = await as(city.viewer.binh, ({ tx }) => keptPerson(tx, city.person.lan))
  expect(seen).toMatchObject({ unitCode: 'an-hoa-1', until: '2021-04-14', isKept: false })
  await expect(as(city.viewer.binh, (ctx) => editPerson(ctx, { personId: city.person.lan, name: 'Nguyễn Thị Lan' }))).rejects.toThrow(Forbidden)
  await as(city.viewer.thu, (ctx) => editPerson(ctx, { personId: city.person.lan, name: 'Nguyễn Thị Lan', phone: '0912000333' }))
  await as(city.viewer.binh, (ctx) => undoChange(ctx, { changeId }))
})

describe('other changes', () => {
  test('probation ends, a kind of participant changes, a membership ends with reason and day, in the order of their days', async () => {
    const { personId } = await as(city.viewer.binh, (ctx) => addMember(ctx, typed({ name: 'Trịnh Thị Dự', status: 'probationary', fromDay: '1/3/2021' })))
    await as(city.viewer.binh, (ctx) => changeStatus(ctx, { personId, fromDay: '2021-04-01', status: 'in_post', categoryKey: 'can-bo-chu-chot' }))
    await expect(as(city.viewer.binh, (ctx) => changeStatus(ctx, { personId, fromDay: '2021-04-01', status: 'in_post', categoryKey: 'can-bo-chu-chot' }))).rejects.toMatchObject({ field: 'form' })
    await expect(as(city.viewer.binh, (ctx) => endMembership(ctx, { personId, fromDay: '2021-03-20', how: 'died' }))).rejects.toMatchObject({ field: 'fromDay' })
    const { changeId } = await as(city.viewer.binh, (ctx) => endMembership(ctx, { personId, fromDay: '2021-04-12', how: 'moved_out', reason: 'Về tỉnh khác' }))
    expect((await memberships(personId)).at(-1)).toMatchObject({ status: 'in_post', from: '2021-04-01', until: '2021-04-12' })
    const { reason } = await db.selectFrom('member_change').select('reason').where('id', '=', changeId).executeTakeFirstOrThrow()
    expect(reason).toBe('chuyển ra ngoài đảng bộ: Về tỉnh khác')
    await expect(as(city.viewer.binh, (ctx) => exemptMember(ctx, { personId, fromDay: '2021-04-13', reason: 'x' }))).rejects.toMatchObject({ field: 'fromDay' })
    await as(city.viewer.binh, (ctx) => undoChange(ctx, { changeId }))
    expect((await memberships(personId)).at(-1)).toMatchObject({ until: null })
  })
})

describe('an office', () => {
  const give = (viewer: Viewer, fields: Record<string, unknown>) => as(viewer, (ctx) => appoint(ctx, Appointment.parse({ unitCode: 'an-hoa-1', role: 'clerk', fromDay: '12/4/2021', personId: city.person.minh, ...fields })))
  const secretaryOf = async (unit: 'cellOne' | 'commune', day: string) =>
    (await db.selectFrom('office').select('person_id').where('unit_id', '=', city.unit[unit]).where('role', '=', 'secretary').where(sql<boolean>`during @> ${day}::date`).execute()).map((row) => row.person_id)

  test('is given by the administrator and by the secretary above, never by the unit itself nor to oneself', async () => {
    for (const viewer of [city.viewer.binh, city.viewer.ngoc, city.viewer.duc]) await expect(give(viewer, {}), name(viewer)).rejects.toThrow(Forbidden)
    await expect(give(city.viewer.khoa, { personId: city.person.khoa })).rejects.toMatchObject({ field: 'personId' })
    const { officeId } = await give(city.viewer.khoa, {})
    await expect(give(city.viewer.khoa, {})).rejects.toMatchObject({ field: 'role' })
    await expect(as(city.viewer.minh, (ctx) => endOffice(ctx, { officeId, fromDay: '2021-04-13' }))).rejects.toThrow(Forbidden)
    const ended = await as(city.viewer.khoa, (ctx) => endOffice(ctx, { officeId, version: 1, fromDay: '2021-04-13' }))
    await expect(as(city.viewer.khoa, (ctx) => endOffice(ctx, { officeId, version: 1, fromDay: '2021-04-14' }))).rejects.toMatchObject({ field: 'version' })
    await as(city.viewer.khoa, (ctx) => undoOfficeEnd(ctx, { officeId, version: ended.version }))
    await as(city.viewer.khoa, (ctx) => endOffice(ctx, { officeId, fromDay: '2021-04-13' }))
  })

  test('of a secretary has one holder a day: the clash is told with the name, and one step hands over', async () => {
    const handover = { role: 'secretary', fromDay: '14/4/2021' }
    await expect(give(city.viewer.khoa, handover)).rejects.toMatchObject({ field: 'handsOver', message: expect.stringContaining('Lê Thanh Bình') })
    await give(city.viewer.khoa, { ...handover, handsOver: 'on' })
    expect(await secretaryOf('cellOne', '2021-04-13')).toEqual([city.person.binh])
    expect(await secretaryOf('cellOne', '2021-04-14')).toEqual([city.person.minh])
  })

  test('beneath one’s own unit is a secretary’s to give, but not one that opens more than a unit', async () => {
    await give(city.viewer.khoa, { unitCode: 'an-hoa', role: 'secretary', personId: city.person.hoa })
    const hoa = { ...city.viewer.hoa, offices: [{ role: 'secretary' as const, unitId: city.unit.commune, unitName: 'An Hòa' }] }
    expect(await as(hoa, (ctx) => rolesToGive(ctx, city.unit.cellTwo))).toEqual(['secretary', 'deputy', 'clerk'])
    expect(await as(hoa, (ctx) => rolesToGive(ctx, city.unit.commune))).toEqual([])
    await give(hoa, { unitCode: 'an-hoa-2', role: 'deputy', personId: city.person.thu })
    await expect(give(hoa, { unitCode: 'an-hoa-2', role: 'administrator', personId: city.person.thu })).rejects.toThrow(/administrator/)
    // what the operation refuses, the database refuses as well
    const slip = (role: string, unitId: string, personId: string) => as(hoa, ({ tx }) => sql`insert into office (id, person_id, unit_id, role, during) values (gen_random_uuid(), ${personId}, ${unitId}, ${role}, '[2021-04-01,)')`.execute(tx))
    for (const [role, unit, person] of [['administrator', 'cellTwo', 'thu'], ['clerk', 'district', 'thu'], ['clerk', 'cellTwo', 'hoa']] as const) await expect(slip(role, city.unit[unit], city.person[person])).rejects.toThrow(/row-level security/)
  })

  test('of the last administrator does not end', async () => {
    const { id } = await db.selectFrom('office').select('id').where('role', '=', 'administrator').executeTakeFirstOrThrow()
    await expect(as(city.viewer.khoa, (ctx) => endOffice(ctx, { officeId: id, fromDay: '2021-04-14' }))).rejects.toMatchObject({ field: 'form' })
  })

  test('is given to somebody one does not see by the number of the card alone', async () => {
    await db.updateTable('person').set({ card_number: '92.000123' }).where('id', '=', city.person.lan).execute()
    const { personId: _, ...byCard } = { personId: '', unitCode: 'ninh-kieu', role: 'clerk', fromDay: '12/4/2021', cardNumber: '92 000123' }
    await as(city.viewer.mai, (ctx) => appoint(ctx, Appointment.parse(byCard)))
    await expect(as(city.viewer.mai, (ctx) => appoint(ctx, Appointment.parse({ ...byCard, cardNumber: '99' + '.1' })))).rejects.toThrow(Refused)
    // a second entry with the number, written otherwise, is not appointed in the place of the first
    await db.insertInto('person').values({ id: '00000000-0000-7000-8000-000000000000', name: 'Người Khác', card_number: '92000123' }).execute()
    await expect(as(city.viewer.mai, (ctx) => appoint(ctx, Appointment.parse({ ...byCard, role: 'deputy' })))).rejects.toMatchObject({ field: 'cardNumber' })
    await expect(as(city.viewer.mai, (ctx) => appoint(ctx, Appointment.parse({ unitCode: 'ninh-kieu', role: 'deputy', fromDay: '12/4/2021', personId: city.person.sau })))).rejects.toThrow(NotFound)
  })
})
