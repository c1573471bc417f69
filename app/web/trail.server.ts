import { sql, type RawBuilder } from 'kysely'
import { showCount } from '../figures/figure.ts'
import type { Ctx } from '../permissions/permissions.ts'
import { isDay, showDay, showInstant, type Day } from '../platform/clock.ts'
import type { Language } from '../platform/i18n.ts'
import { summarise } from './roll-count.ts'
import { rollWords } from './roll.messages.ts'
import { trailWords } from './trail.messages.ts'

/** One thing that was done, ready to be shown: `at` in the deployment's time, `instant` for machines. */
export type TrailEntry = { at: string; instant: string; sentence: string }

type Entry = { at: Date; action: string; detail: Record<string, unknown>; isOwn: boolean; hasActor: boolean; actor: string | null; helped: string | null; isHelped: boolean; hasHelped: boolean; unit: string | null }

/** For whom it was done, when it was done for somebody. */
const forWhom = (viewerId: string) =>
  sql`case when entry.on_behalf_of is not null then acting_name(entry.on_behalf_of) end as helped, entry.on_behalf_of is not distinct from ${viewerId}::uuid as "isHelped",
             entry.on_behalf_of is not null as "hasHelped"`

const actions = Object.keys(trailWords.catalogues.vi).filter((key) => /^(campaign|document|session|roll|heads|declaration|roster|seal|acting|unit|member|person|people|office|material|copies|acknowledgement)\./.test(key))

type Asked = { unitId: string; asOf: Day; language: Language; timeZone: string; limit?: number }

/** What was done last in a unit and beneath it, newest first, as far as the viewer may see: counts and days, nobody's name but the actor's. */
export async function trailOfUnit({ tx, viewer }: Ctx, asked: Asked): Promise<TrailEntry[]> {
  const entries = await entriesOf({ tx, viewer }, asked)
  return entries.map((entry) => shown(entry, asked))
}

/**
 * The last entries are mostly of the unit when it stands high, so those are looked at first; asking each of its thousands of
 * units for its entries takes longer. For a unit that stands low there are few to ask.
 */
async function entriesOf({ tx, viewer }: Pick<Ctx, 'tx' | 'viewer'>, { unitId, asOf, limit = 8 }: Asked): Promise<Entry[]> {
  const beneath = sql`select unit_ancestor.unit_id from unit_ancestor where unit_ancestor.ancestor_id = ${unitId} and unit_ancestor.during @> ${asOf}::date`
  const known = sql`audit_entry.action = any (${actions})`
  const told = async (ids: RawBuilder<unknown>) => {
    const { rows } = await sql<Entry>`
      select entry.at, entry.action, entry.detail, entry.actor_id is not distinct from ${viewer.personId}::uuid as "isOwn",
             entry.actor_id is not null as "hasActor", case when entry.on_behalf_of is null then office_holder_name(entry.actor_id) else acting_name(entry.actor_id) end as actor, ${forWhom(viewer.personId)}, unit.name as unit
      from (
        select audit_entry.id, audit_entry.at, audit_entry.action, audit_entry.detail, audit_entry.actor_id, audit_entry.on_behalf_of, audit_entry.unit_id
        from audit_entry
        where audit_entry.id in (${ids})
        order by audit_entry.id desc
        limit ${limit}
      ) as entry
      left join unit on unit.id = entry.unit_id
      order by entry.id desc`.execute(tx)
    return rows
  }
  const latest = await told(sql`
    select recent.id
    from (select audit_entry.id, audit_entry.unit_id from audit_entry where ${known} order by audit_entry.id desc limit 200) as recent
    where recent.unit_id in (${beneath})`)
  return latest.length === limit ? latest : told(sql`select audit_entry.id from audit_entry where ${known} and audit_entry.unit_id in (${beneath})`)
}

/** What was done to these subjects, newest first, as far as the viewer may see. */
export async function trailOfSubjects(
  { tx, viewer }: Ctx,
  subjects: { type: string; ids: string[] }[],
  asked: { language: Language; timeZone: string; limit?: number },
): Promise<TrailEntry[]> {
  const pairs = subjects.flatMap(({ type, ids }) => ids.map((id) => ({ type, id })))
  const { rows } = await sql<Entry>`
    select entry.at, entry.action, entry.detail, entry.actor_id is not distinct from ${viewer.personId}::uuid as "isOwn",
           entry.actor_id is not null as "hasActor", case when entry.on_behalf_of is null then office_holder_name(entry.actor_id) else acting_name(entry.actor_id) end as actor, ${forWhom(viewer.personId)}, unit.name as unit
    from audit_entry as entry
    left join unit on unit.id = entry.unit_id
    where entry.action = any (${actions})
      and (entry.subject_type, entry.subject_id) in (
        select subject.type, subject.id from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as subject (type text, id text))
    order by entry.id desc
    limit ${asked.limit ?? 20}`.execute(tx)
  return rows.map((entry) => shown(entry, asked))
}

function shown(entry: Entry, { language, timeZone }: { language: Language; timeZone: string }): TrailEntry {
  return { at: showInstant(entry.at, timeZone), instant: entry.at.toISOString(), sentence: sentenceOf(entry, language) }
}

function sentenceOf({ action, detail, isOwn, hasActor, actor, helped, isHelped, hasHelped, unit }: Entry, language: Language): string {
  const t = trailWords.in(language)
  const actorName = isOwn ? t('you') : (actor ?? t(hasActor ? 'somebody' : 'system'))
  const signed = hasHelped ? t('for', { helper: actorName, helped: isHelped ? t('you_helped') : (helped ?? t('somebody_helped')) }) : actorName
  const who = typeof detail['token'] === 'string' ? t('by_token', { who: signed, token: detail['token'] }) : signed
  const days = Array.isArray(detail['days']) ? [...new Set(detail['days'].map(plain))] : []
  const counts = ['present', 'late', 'excused', 'absent'].map((status) => Number(detail[status] ?? 0)) as [number, number, number, number]
  const kind = `kind.${plain(detail['kind'])}`
  const role = `role.${plain(detail['role'])}`
  return t(action as Parameters<typeof t>[0], {
    who,
    unit: unit ?? '',
    kind: t((kind in trailWords.catalogues.vi ? kind : 'kind.unknown') as 'kind.unknown'),
    days: days.length > 2 ? `${days[0]} – ${days.at(-1)}` : days.join(', '),
    heldOn: plain(detail['heldOn']),
    issuedOn: plain(detail['issuedOn']),
    declaredOn: plain(detail['declaredOn']),
    fromDay: plain(detail['fromDay']),
    untilDay: plain(detail['untilDay']),
    asOf: plain(detail['asOf']),
    dueOn: plain(detail['dueOn']),
    receivedOn: plain(detail['receivedOn']),
    sentOn: plain(detail['sentOn']),
    code: plain(detail['code']),
    role: role in trailWords.catalogues.vi ? t(role as 'role.clerk') : '',
    studied: showCount(Number(detail['studied'] ?? 0), language),
    people: showCount(action === 'heads.counted' ? sumOf(detail) : Number(detail['people'] ?? 0), language),
    marks: summarise({ present: counts[0], late: counts[1], absent: counts[2] + counts[3], unmarked: 0 }, rollWords.in(language)),
  })
}

const plain = (value: unknown): string => (typeof value === 'string' ? (isDay(value) ? showDay(value) : value) : typeof value === 'number' ? String(value) : '')
const sumOf = (detail: Record<string, unknown>) => Object.values(detail).reduce<number>((sum, value) => sum + (typeof value === 'number' ? value : 0), 0)
