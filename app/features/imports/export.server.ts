import { sql } from 'kysely'
import type { Ctx } from '../../permissions/permissions.ts'
import { permissionWords } from '../../permissions/permissions.messages.ts'
import type { Day } from '../../platform/clock.ts'
import { Forbidden } from '../../platform/errors.ts'
import type { Language } from '../../platform/i18n.ts'
import { note } from '../../web/audit.server.ts'
import { unitByCode } from '../units/units.server.ts'
import type { Grid, Value } from './files.server.ts'
import { importWords } from './imports.messages.ts'
import type { ImportKind } from './imports.schema.ts'
import { kindsFor } from './imports.server.ts'

type Say = ReturnType<typeof importWords.in>
type Key = Parameters<Say>[0]

/** Columns of each kind, in templates and exports alike; what a person has to fill in comes with how. */
const columns: Record<ImportKind, { head: Key; how: Key; width: number; isNeeded?: boolean; choices?: Key[] }[]> = {
  members: [
    { head: 'field.name', how: 'how.name', width: 28, isNeeded: true },
    { head: 'field.card', how: 'how.card', width: 18 },
    { head: 'field.born', how: 'how.born', width: 14 },
    { head: 'field.gender', how: 'how.gender', width: 10, choices: ['gender.male', 'gender.female'] },
    { head: 'field.phone', how: 'how.phone', width: 16 },
    { head: 'field.unitCode', how: 'how.unit', width: 18 },
    { head: 'field.unit', how: 'how.unit', width: 28 },
    { head: 'field.above', how: 'how.above', width: 28 },
    { head: 'field.since', how: 'how.since', width: 14 },
    { head: 'field.status', how: 'how.status', width: 16, choices: ['status.in_post', 'status.probationary', 'status.exempt'] },
    { head: 'field.reason', how: 'how.reason', width: 22 },
    { head: 'field.category', how: 'how.category', width: 18 },
  ],
  units: [
    { head: 'field.code', how: 'how.code', width: 20 },
    { head: 'field.unitName', how: 'how.unitName', width: 36, isNeeded: true },
    { head: 'field.kind', how: 'how.kind', width: 22, choices: ['unitKind.cell', 'unitKind.base_organisation', 'unitKind.commune_committee', 'unitKind.attached_committee', 'unitKind.commission'] },
    { head: 'field.aboveCode', how: 'how.aboveUnit', width: 20 },
    { head: 'field.above', how: 'how.aboveUnit', width: 32 },
    { head: 'field.organisation', how: 'how.organisation', width: 32 },
    { head: 'field.symbol', how: 'how.symbol', width: 10 },
    { head: 'field.place', how: 'how.place', width: 18 },
    { head: 'field.since', how: 'how.since', width: 14 },
  ],
  offices: [
    { head: 'field.name', how: 'how.name', width: 28, isNeeded: true },
    { head: 'field.card', how: 'how.card', width: 18 },
    { head: 'field.born', how: 'how.born', width: 14 },
    { head: 'field.unitCode', how: 'how.unit', width: 18 },
    { head: 'field.unit', how: 'how.unit', width: 32 },
    { head: 'field.role', how: 'how.role', width: 22, isNeeded: true, choices: ['role.secretary', 'role.deputy', 'role.clerk'] },
    { head: 'field.title', how: 'how.title', width: 30 },
    { head: 'field.since', how: 'how.since', width: 14 },
    { head: 'field.until', how: 'how.until', width: 14 },
  ],
}

const examples: Record<ImportKind, Value[][]> = {
  members: [
    ['Nguyễn Thị Mẫu', '92.000001', { day: '1980-02-05' }, 'Nữ', '0912345678', null, 'Chi bộ khu vực 1', null, { day: '2020-01-01' }, 'Chính thức', null, null],
    ['Trần Văn Thử', null, { day: '1999-11-30' }, 'Nam', null, null, 'Chi bộ khu vực 2', null, null, 'Dự bị', null, null],
  ],
  units: [
    [null, 'Đảng ủy phường An Hòa', 'Đảng ủy xã', null, 'Thành ủy Cần Thơ', 'Đảng bộ phường An Hòa', 'ĐU', 'An Hòa', { day: '2025-07-01' }],
    [null, 'Chi bộ khu vực 1', 'Chi bộ', null, 'Đảng ủy phường An Hòa', null, 'CB', null, null],
  ],
  offices: [
    ['Nguyễn Thị Mẫu', '92.000001', null, null, 'Chi bộ khu vực 1', 'Bí thư', null, { day: '2020-01-01' }, null],
    ['Trần Văn Thử', null, { day: '1999-11-30' }, null, 'Chi bộ khu vực 2', 'Phó bí thư', null, null, null],
  ],
}

const gridOf = (kind: ImportKind, t: Say, rows: Value[][]): Grid => ({
  name: t(`sheet.${kind}`),
  columns: columns[kind].map(({ head, width, choices, isNeeded }) => ({ head: t(head), width, ...(isNeeded && { isNeeded }), ...(choices && { choices: choices.map((key) => t(key)) }) })),
  rows,
})

/** An empty list with headings, choices, an example and how to fill it in. */
export function templateOf(kind: ImportKind, language: Language): Grid[] {
  const t = importWords.in(language)
  const example = gridOf(kind, t, examples[kind])
  return [
    gridOf(kind, t, []),
    { ...example, name: t('sheet.example') },
    {
      name: t('sheet.notes'),
      above: t('templateNote'),
      columns: [{ head: t('head.field'), width: 30 }, { head: t('head.needed'), width: 12 }, { head: t('head.how'), width: 90 }],
      rows: columns[kind].map(({ head, how, isNeeded }) => [t(head), t(isNeeded ? 'yes' : 'no'), t(how)]),
    },
  ]
}

/**
 * What there is today of that kind in the units that the viewer keeps, or in one and beneath it: a file that can be loaded again. Noted in
 * the record, for it takes names out. Throws Forbidden, NotFound.
 */
export async function exportOf(ctx: Ctx, kind: ImportKind, unitCode: string | null, language: Language): Promise<Grid[]> {
  if (!(await kindsFor(ctx)).includes(kind)) throw new Forbidden(permissionWords.say(kind === 'members' ? 'keep members' : kind === 'units' ? 'keep units' : 'appoint to offices'))
  const unit = unitCode ? await unitByCode(ctx.tx, unitCode) : null
  const rows = await readers[kind](ctx, unit?.id ?? null, importWords.in(language))
  await note(ctx, { action: 'list.exported', unitId: unit?.id ?? ctx.viewer.offices[0]?.unitId ?? null, subjectType: 'list', subjectId: kind, detail: { kind, rows: rows.length } })
  return [gridOf(kind, importWords.in(language), rows)]
}

const beneath = (unitId: string | null, column: ReturnType<typeof sql.ref>) =>
  unitId
    ? sql`${column} in (select unit_ancestor.unit_id from unit_ancestor where unit_ancestor.ancestor_id = ${unitId} and unit_ancestor.standing @> viewer_today())`
    : sql`true`

const readers: Record<ImportKind, (ctx: Ctx, unitId: string | null, t: Say) => Promise<Value[][]>> = { members, units, offices }

type Member = { name: string; card: string | null; born: Day | null; gender: string | null; phone: string | null; code: string; unit: string; above: string | null; since: Day | null; status: string; reason: string | null; category: string | null }

async function members({ tx, viewer }: Ctx, unitId: string | null, t: Say): Promise<Value[][]> {
  const isAdministrator = viewer.offices.some(({ role }) => role === 'administrator')
  const { rows } = await sql<Member>`
    select person.name, person.card_number as card, person.born_on as born, person.gender, person.phone, unit.code, unit.name as unit, above.name as above,
           nullif(lower(membership.during), '-infinity')::text as since, membership.status, membership.category_key as category,
           ${isAdministrator ? sql`null` : sql`case when membership.status = 'exempt' then exempt_reason_of(membership.id) end`} as reason
    from membership
    join person on person.id = membership.person_id
    join unit on unit.id = membership.unit_id
    left join unit_parent on unit_parent.unit_id = unit.id and unit_parent.during @> viewer_today()
    left join unit as above on above.id = unit_parent.parent_id
    where membership.during @> viewer_today() and membership.unit_id in (select viewer_kept_units()) and ${beneath(unitId, sql.ref('membership.unit_id'))}
    order by above.name collate "vi-x-icu", unit.name collate "vi-x-icu", unit.code, person.given_name collate "vi-x-icu", person.middle_name collate "vi-x-icu",
             person.family_name collate "vi-x-icu", person.born_on, person.id`.execute(tx)
  return rows.map((row) => [row.name, row.card, dayOf(row.born), row.gender ? t(`gender.${row.gender}` as Key) : null, row.phone, row.code, row.unit, row.above, dayOf(row.since), t(`status.${row.status}` as Key), row.reason, row.category])
}

type Unit = { code: string; name: string; kind: string; aboveCode: string | null; above: string | null; organisation: string | null; symbol: string | null; place: string | null; since: Day | null }

async function units({ tx }: Ctx, unitId: string | null, t: Say): Promise<Value[][]> {
  const { rows } = await sql<Unit>`
    select unit.code, unit.name, unit.kind, above.code as "aboveCode", above.name as above, unit.organisation_name as organisation, unit.symbol, unit.place,
           nullif(lower(unit.during), '-infinity')::text as since
    from unit
    join unit_kind on unit_kind.key = unit.kind
    left join unit_parent on unit_parent.unit_id = unit.id and unit_parent.during @> viewer_today()
    left join unit as above on above.id = unit_parent.parent_id
    where unit.during @> viewer_today() and unit.id in (select viewer_tended_units() union select viewer_parenting_units()) and ${beneath(unitId, sql.ref('unit.id'))}
    order by unit_kind.position, above.name collate "vi-x-icu", unit.name collate "vi-x-icu", unit.code`.execute(tx)
  return rows.map((row) => [row.code, row.name, t(`unitKind.${row.kind}` as Key), row.aboveCode, row.above, row.organisation, row.symbol, row.place, dayOf(row.since)])
}

type Office = { name: string | null; card: string | null; born: Day | null; code: string; unit: string; role: string; title: string | null; since: Day | null; until: Day | null }

async function offices({ tx }: Ctx, unitId: string | null, t: Say): Promise<Value[][]> {
  const { rows } = await sql<Office>`
    select coalesce(person.name, office_holder_name(office.person_id)) as name, person.card_number as card, person.born_on as born, unit.code, unit.name as unit, office.role, office.title,
           nullif(lower(office.during), '-infinity')::text as since, (upper(office.during) - 1)::text as until
    from office
    join unit on unit.id = office.unit_id
    join unit_kind on unit_kind.key = unit.kind
    left join person on person.id = office.person_id
    where office.during @> viewer_today() and ${beneath(unitId, sql.ref('office.unit_id'))}
      and office.unit_id in (
        select viewer_appointed_units()
        union
        select unit_ancestor.unit_id from unit_ancestor
        where unit_ancestor.ancestor_id in (select viewer_administered_tops()) and unit_ancestor.standing @> viewer_today())
    order by unit_kind.position, unit.name collate "vi-x-icu", unit.code, array_position(array['secretary', 'deputy', 'clerk'], office.role), office.id`.execute(tx)
  return rows.map((row) => [row.name, row.card, dayOf(row.born), row.code, row.unit, t(`role.${row.role}` as Key), row.title, dayOf(row.since), dayOf(row.until)])
}

const dayOf = (day: Day | null): Value => (day === null ? null : { day })
