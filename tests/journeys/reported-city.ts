import { sql } from 'kysely'
import { v7 } from 'uuid'
import { asSystem, asViewer } from '../../app/db/open.ts'
import { openCampaign, prepareCampaign } from '../../app/features/campaigns/campaigns.server.ts'
import { takeRoll } from '../../app/features/study/rolls.server.ts'
import { holdSession } from '../../app/features/study/sessions.server.ts'
import type { Ctx, Role, Viewer } from '../../app/permissions/permissions.ts'
import { addDays, today, type Day } from '../../app/platform/clock.ts'
import { openLog } from '../../app/platform/log.ts'
import { createAccount } from '../../app/web/accounts.server.ts'
import type { TestDatabase } from '../database.ts'
import { password } from './site.ts'

export type Commune = { id: string; code: string; name: string; clerk: Viewer; username: string }
export type ReportedCity = { officer: Viewer; communes: Commune[]; as: <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => Promise<Result>; day: Day }

/**
 * A city with a hundred communes beneath it and one cell of three in each, of whom two have studied; a campaign that is open
 * today. The officer signs in as `officer`, the clerk of the first commune as `clerk.1`, his secretary as `secretary.1`.
 */
export async function reportedCity({ db }: TestDatabase): Promise<ReportedCity> {
  const day = today('Asia/Ho_Chi_Minh')
  const log = openLog('silent')
  const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
  const city = { id: v7(), code: 'thanh-pho', name: 'Thành ủy Cần Thơ', kind: 'city_committee', symbol: 'TU' }
  const communes = Array.from({ length: 100 }, (_, index) => {
    const code = `xa-${index + 1}`
    return { id: v7(), code, name: `Đảng ủy xã Tân Phú ${index + 1}`, kind: 'commune_committee', symbol: 'ĐU', cell: { id: v7(), code: `${code}-1`, name: `Chi bộ ấp ${index + 1}`, kind: 'cell', symbol: 'CB' } }
  })
  const units = [city, ...communes.flatMap(({ cell, ...commune }) => [commune, cell])]
  const viewerOf = (personId: string, name: string, role: Role, unit: { id: string; name: string }): Viewer => ({ personId, name, today: day, offices: [{ role, unitId: unit.id, unitName: unit.name }] })

  const people: { id: string; name: string; cell: string | null; office: { role: Role; unit: { id: string; name: string } } | null; username: string | null }[] = [
    { id: v7(), name: 'Huỳnh Thị Mai', cell: null, office: { role: 'city_officer', unit: city }, username: 'officer' },
    ...communes.flatMap((commune, index) => [
      { id: v7(), name: `Lý Thị Ngọc ${index + 1}`, cell: commune.cell.id, office: { role: 'clerk' as const, unit: commune }, username: `clerk.${index + 1}` },
      { id: v7(), name: `Trần Văn Bình ${index + 1}`, cell: commune.cell.id, office: { role: 'secretary' as const, unit: commune }, username: `secretary.${index + 1}` },
      { id: v7(), name: `Nguyễn Thị Lan ${index + 1}`, cell: commune.cell.id, office: null, username: null },
    ]),
  ]
  const since = `[${addDays(day, -400)},)`
  await db.insertInto('unit').values(units).execute()
  await db.insertInto('unit_parent').values(communes.flatMap(({ id, cell }) => [{ unit_id: id, parent_id: city.id }, { unit_id: cell.id, parent_id: id }])).execute()
  await sql`select lay_ancestors()`.execute(db)
  await db.insertInto('person').values(people.map(({ id, name }) => ({ id, name }))).execute()
  await db.insertInto('membership').values(people.flatMap(({ id, cell }) => (cell ? [{ id: v7(), person_id: id, unit_id: cell, during: since, status: 'in_post' }] : []))).execute()
  await db.insertInto('office').values(people.flatMap(({ id, office }) => (office ? [{ id: v7(), person_id: id, unit_id: office.unit.id, role: office.role, during: since }] : []))).execute()
  await asSystem(db, log, 'accounts of a test', async (tx) => {
    for (const { id, username } of people.filter((person) => person.username && /^(officer|.*\.[1-5])$/.test(person.username))) await createAccount(tx, { personId: id, username: username!, password })
  })

  const officer = viewerOf(people[0]!.id, people[0]!.name, 'city_officer', city)
  await as(officer, (ctx) =>
    prepareCampaign(ctx, {
      code: 'nghi-quyet', name: 'Học tập, quán triệt Nghị quyết', unitCode: city.code, studyFrom: addDays(day, -30), studyTo: addDays(day, 30), dataDay: addDays(day, 30), exemptExpected: false, whoWrites: 'in_post',
      resolutions: [{ code: 'nq', name: 'Nghị quyết', topics: ['Chuyên đề 1'] }],
      categories: ['Đảng viên'],
    }),
  )
  await as(officer, (ctx) => openCampaign(ctx, { campaignCode: 'nghi-quyet', openedOn: addDays(day, -30) }))
  const topicIds = (await db.selectFrom('topic').select('id').execute()).map((topic) => topic.id)
  const commune = (index: number): Commune => {
    const { id, code, name } = communes[index]!
    const clerk = people.find((person) => person.username === `clerk.${index + 1}`)!
    return { id, code, name, clerk: viewerOf(clerk.id, clerk.name, 'clerk', { id, name }), username: clerk.username! }
  }
  const all = communes.map((_, index) => commune(index))
  for (const [index, { clerk }] of all.entries()) {
    const session = await as(clerk, (ctx) => holdSession(ctx, { campaignCode: 'nghi-quyet', unitCode: communes[index]!.cell.code, kind: 'class', name: 'Lớp học', categories: [], sittings: [{ heldOn: addDays(day, -5), topicIds }] }))
    const came = people.filter((person) => person.cell === communes[index]!.cell.id).slice(0, 2)
    await as(clerk, (ctx) => takeRoll(ctx, { sittingId: session.sittingIds[0]!, marks: came.map(({ id }) => ({ personId: id, status: 'present' as const })) }))
  }
  return { officer, communes: all, as, day }
}
