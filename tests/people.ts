import { sql } from 'kysely'
import { v7 } from 'uuid'
import { asViewer, type Db } from '../app/db/open.ts'
import { openCampaign, prepareCampaign } from '../app/features/campaigns/campaigns.server.ts'
import type { Role, Viewer } from '../app/permissions/permissions.ts'
import type { Day } from '../app/platform/clock.ts'

const units = {
  city: { kind: 'city_committee', code: 'can-tho', name: 'Thành ủy Cần Thơ', symbol: 'TU', under: null },
  district: { kind: 'district_committee', code: 'ninh-kieu', name: 'Quận ủy Ninh Kiều', symbol: 'QU', under: 'city' },
  commune: { kind: 'commune_committee', code: 'an-hoa', name: 'Đảng ủy phường An Hòa', symbol: 'ĐU', under: 'district' },
  cellOne: { kind: 'cell', code: 'an-hoa-1', name: 'Chi bộ khu vực 1', symbol: 'CB', under: 'commune' },
  cellTwo: { kind: 'cell', code: 'an-hoa-2', name: 'Chi bộ khu vực 2', symbol: 'CB', under: 'commune' },
} as const

type UnitName = keyof typeof units
type Someone = { name: string; cell?: UnitName; exempt?: string; office?: readonly [Role, UnitName]; inspects?: UnitName }

const people = {
  lan: { name: 'Nguyễn Thị Lan', cell: 'cellOne' },
  minh: { name: 'Trần Văn Minh', cell: 'cellOne' },
  sau: { name: 'Võ Văn Sáu', cell: 'cellOne', exempt: 'Tuổi cao, sức yếu' },
  binh: { name: 'Lê Thanh Bình', cell: 'cellOne', office: ['secretary', 'cellOne'] },
  hoa: { name: 'Phạm Thị Hoa', cell: 'cellTwo' },
  thu: { name: 'Đỗ Thị Thu', cell: 'cellTwo', office: ['secretary', 'cellTwo'] },
  ngoc: { name: 'Lý Thị Ngọc', office: ['clerk', 'commune'] },
  duc: { name: 'Bùi Minh Đức', office: ['deputy', 'district'] },
  mai: { name: 'Huỳnh Thị Mai', office: ['city_officer', 'city'] },
  khoa: { name: 'Đặng Anh Khoa', office: ['administrator', 'city'] },
  son: { name: 'Hồ Thái Sơn', office: ['inspector', 'city'], inspects: 'cellTwo' },
} as const satisfies Record<string, Someone>

type PersonName = keyof typeof people

/** Ids of the units and people by their short name, and everybody as a viewer on that day. */
export type Organisation = {
  unit: Record<UnitName, string>
  person: Record<PersonName, string>
  viewer: Record<PersonName, Viewer>
}

/**
 * City, district, commune and two cells. Cell one: Lan, Minh, Sáu (exempt) and secretary Bình; cell two: Hoa and secretary Thu.
 * Above them clerk Ngọc, deputy Đức, officer Mai, administrator Khoa, and inspector Sơn, who is assigned cell two.
 */
export async function organisation(db: Db, today: Day = '2021-04-15'): Promise<Organisation> {
  const unit = idsOf(units)
  const person = idsOf(people)
  await db.insertInto('unit').values(entries(units).map(([key, { under: _, ...row }]) => ({ id: unit[key], ...row }))).execute()
  await db.insertInto('unit_parent').values(entries(units).flatMap(([key, { under }]) => (under ? [{ unit_id: unit[key], parent_id: unit[under] }] : []))).execute()
  await sql`select lay_ancestors()`.execute(db)

  const viewer = {} as Record<PersonName, Viewer>
  for (const [key, someone] of entries<PersonName, Someone>(people)) {
    await insertSomeone(db, person[key], someone, unit)
    const offices = someone.office ? [{ role: someone.office[0], unitId: unit[someone.office[1]], unitName: units[someone.office[1]].name }] : []
    viewer[key] = { personId: person[key], name: someone.name, today, offices }
  }
  return { unit, person, viewer }
}

/** The campaign most tests study in, opened by officer Mai on 22/3/2021 in everything beneath the city. */
export async function openedCampaign(db: Db, { viewer: { mai } }: Organisation, topics = ['Chuyên đề 1']): Promise<{ campaignId: string; topicIds: string[] }> {
  await asViewer(db, mai, async (tx) => {
    const ctx = { tx, viewer: mai, source: 'page' } as const
    await prepareCampaign(ctx, {
      code: 'nq-xiii',
      name: 'Học tập Nghị quyết Đại hội XIII',
      unitCode: 'can-tho',
      studyFrom: '2021-03-27',
      studyTo: '2021-06-30',
      dataDay: '2021-06-30',
      exemptExpected: false,
      whoWrites: 'in_post',
      resolutions: [{ code: 'nq-xiii', name: 'Nghị quyết Đại hội XIII', topics }],
      categories: ['Cán bộ chủ chốt', 'Đảng viên khác'],
    })
    await openCampaign(ctx, { campaignCode: 'nq-xiii', openedOn: '2021-03-22' })
  })
  const { id: campaignId } = await db.selectFrom('campaign').select('id').where('code', '=', 'nq-xiii').executeTakeFirstOrThrow()
  const topicIds = await db.selectFrom('topic').select('id').where('campaign_id', '=', campaignId).orderBy('position').execute()
  return { campaignId, topicIds: topicIds.map((topic) => topic.id) }
}

async function insertSomeone(db: Db, id: string, { name, cell, exempt, office, inspects }: Someone, unit: Organisation['unit']): Promise<void> {
  const since = '[2020-01-01,)'
  await db.insertInto('person').values({ id, name }).execute()
  if (cell) {
    const status = exempt ? 'exempt' : 'in_post'
    await db.insertInto('membership').values({ id: v7(), person_id: id, unit_id: unit[cell], during: since, status, exempt_reason: exempt ?? null }).execute()
  }
  if (office) await db.insertInto('office').values({ id: v7(), person_id: id, unit_id: unit[office[1]], role: office[0], during: since }).execute()
  if (inspects) await db.insertInto('inspection_assignment').values({ id: v7(), person_id: id, unit_id: unit[inspects], during: '[2020-01-01,2030-01-01)' }).execute()
}

function idsOf<Key extends string>(named: Record<Key, unknown>): Record<Key, string> {
  return Object.fromEntries(Object.keys(named).map((key) => [key, v7()])) as Record<Key, string>
}

function entries<Key extends string, Value>(named: Record<Key, Value>): [Key, Value][] {
  return Object.entries(named) as [Key, Value][]
}
