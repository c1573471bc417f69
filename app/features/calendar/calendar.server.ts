import { createHash, randomBytes } from 'node:crypto'
import ical, { ICalCalendarMethod } from 'ical-generator'
import { sql } from 'kysely'
import { asSystem, asViewer, type Tx } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { addDays, today, type Day } from '../../platform/clock.ts'
import { Forbidden } from '../../platform/errors.ts'
import type { Language } from '../../platform/i18n.ts'
import { note } from '../../web/audit.server.ts'
import type { App } from '../../web/context.ts'
import { loadViewer } from '../../web/viewer.server.ts'
import { ownDuties } from '../duties/duties.server.ts'
import { calendarWords } from './calendar.messages.ts'

const form = /^[A-Za-z0-9_-]{43}$/
/** How far back and ahead a calendar reaches; programs keep what they have had. */
const [daysBack, daysAhead] = [90, 400]

/** Since when the viewer has a link; null without one. */
export async function linkMadeAt({ tx }: Pick<Ctx, 'tx'>): Promise<Date | null> {
  const { rows } = await sql<{ at: Date }>`select made_at as at from calendar_link`.execute(tx)
  return rows[0]?.at ?? null
}

/** Makes a link and ends the one before; its secret end is given back this once. Throws Forbidden for who acts for this person. */
export async function makeLink(ctx: Ctx): Promise<{ secret: string }> {
  demandOneself(ctx)
  const secret = randomBytes(32).toString('base64url')
  await sql`
    insert into calendar_link (person_id, hash) values (${ctx.viewer.personId}, ${hashOf(secret)})
    on conflict (person_id) do update set hash = excluded.hash, made_at = now()`.execute(ctx.tx)
  await note(ctx, { action: 'calendar.linked', unitId: null, subjectType: 'person', subjectId: ctx.viewer.personId })
  return { secret }
}

/** Ends the link: from now on nobody reads the calendar by it. Throws Forbidden for who acts for this person. */
export async function revokeLink(ctx: Ctx): Promise<void> {
  demandOneself(ctx)
  await sql`delete from calendar_link where calendar_link.person_id = ${ctx.viewer.personId}`.execute(ctx.tx)
  await note(ctx, { action: 'calendar.unlinked', unitId: null, subjectType: 'person', subjectId: ctx.viewer.personId })
}

/** The calendar behind a link, as iCalendar; null for a link that is not, or belongs to a shut account. */
export async function calendarBehind({ db, log, config }: Pick<App, 'db' | 'log' | 'config'>, secret: string, language: Language): Promise<string | null> {
  if (!form.test(secret)) return null
  const personId = await asSystem(db, log, 'whose calendar a link opens', async (tx) => {
    const { rows } = await sql<{ personId: string }>`
      select calendar_link.person_id as "personId"
      from calendar_link
      where calendar_link.hash = ${hashOf(secret)}
        and not exists (select from account where account.person_id = calendar_link.person_id and account.is_disabled)`.execute(tx)
    return rows[0]?.personId ?? null
  })
  if (!personId) return null
  const day = today(config.timeZone)
  const entries = await asViewer(db, { personId, today: day }, async (tx) => entriesOf(tx, await loadViewer(tx, personId, day), config.timeZone))
  return calendarOf(entries, { language, origin: config.publicUrl ?? '' })
}

/** Something with a time, or of a whole day: `endsAt` null when nobody said when it ends. */
export type Entry = { id: string; name: string; place: string | null; path: string; isCancelled: boolean; version: number; changedAt: Date } & ({ startsAt: Date; endsAt: Date | null } | { day: Day; kind: 'due' | 'session' })

/** Writes entries as RFC 5545 asks: instants in UTC, whole days without a time, the same uid for the same entry. */
export function calendarOf(entries: Entry[], { language, origin }: { language: Language; origin: string }): string {
  const t = calendarWords.in(language)
  const calendar = ical({ name: t('name'), prodId: { company: 'Thong Suot', product: 'calendar', language: language.toUpperCase() }, method: ICalCalendarMethod.PUBLISH, ttl: 3600 })
  for (const entry of entries) {
    const isWhole = 'day' in entry
    const summary = isWhole && entry.kind === 'due' ? t('due', { title: entry.name }) : entry.name
    calendar.createEvent({
      id: `${entry.id}@thong-suot`,
      start: isWhole ? midnight(entry.day) : entry.startsAt,
      end: isWhole ? midnight(addDays(entry.day, 1)) : entry.endsAt,
      allDay: isWhole,
      stamp: entry.changedAt,
      sequence: entry.version - 1,
      summary: entry.isCancelled ? t('cancelled', { title: summary }) : summary,
      ...(entry.isCancelled ? { status: 'CANCELLED' as never } : {}),
      ...(entry.place ? { location: entry.place } : {}),
      ...(origin ? { url: `${origin}${entry.path}` } : {}),
    })
  }
  return calendar.toString()
}

const midnight = (day: Day) => new Date(`${day}T00:00:00Z`)

/** What the person is to sit in or to hold, and what the person's offices owe: title, place and when, no more. */
async function entriesOf(tx: Tx, viewer: Viewer, timeZone: string): Promise<Entry[]> {
  const { rows: sittings } = await sql<Sitting>`
    select sitting.id, study_session.name, study_session.place, study_session.id as "sessionId", sitting.held_on as "heldOn",
           (sitting.held_on + sitting.starts_at) at time zone ${timeZone} as "startsAt", (sitting.held_on + sitting.ends_at) at time zone ${timeZone} as "endsAt",
           study_session.cancelled_at is not null as "isCancelled", study_session.version, coalesce(study_session.cancelled_at, study_session.recorded_at) as "changedAt"
    from sitting
    join study_session on study_session.id = sitting.session_id
    where sitting.held_on between ${viewer.today}::date - ${daysBack}::integer and ${viewer.today}::date + ${daysAhead}::integer
      and (
        sitting.unit_id in (select held.unit_id from viewer_offices() as held where held.role in ('secretary', 'deputy', 'clerk'))
        or sitting.unit_id in (select viewer_chain()) and exists (
          select from roster
          where roster.campaign_id = sitting.campaign_id and roster.person_id = ${viewer.personId} and roster.superseded_at is null and roster.must_study
            and roster.during @> sitting.held_on
            and (not exists (select from study_session_category where study_session_category.session_id = study_session.id)
              or roster.category_key in (select study_session_category.category_key from study_session_category where study_session_category.session_id = study_session.id))))
    order by sitting.held_on, sitting.starts_at, sitting.id`.execute(tx)
  const duties = await ownDuties({ tx, viewer, source: 'page' })
  return [
    ...sittings.map(({ id, sessionId, heldOn, startsAt, endsAt, ...sitting }): Entry => {
      const common = { ...sitting, id: `sitting-${id}`, path: `/sessions/${sessionId}` }
      return startsAt ? { ...common, startsAt, endsAt } : { ...common, day: heldOn, kind: 'session' }
    }),
    ...duties.flatMap(({ id, title, dueOn }): Entry[] =>
      dueOn === null ? [] : [{ id: `duty-${id}`, name: title, place: null, path: '/', isCancelled: false, version: 1, changedAt: new Date(`${dueOn}T00:00:00Z`), day: dueOn, kind: 'due' }]),
  ]
}

type Sitting = { id: string; name: string; place: string | null; sessionId: string; heldOn: Day; startsAt: Date | null; endsAt: Date | null; isCancelled: boolean; version: number; changedAt: Date }

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/** Throws Forbidden for somebody who acts for this person: a calendar's link is its owner's own. */
export function demandOneself({ viewer }: Pick<Ctx, 'viewer'>): void {
  if (viewer.actedBy) throw new Forbidden(calendarWords.say('not_for_another'))
}
