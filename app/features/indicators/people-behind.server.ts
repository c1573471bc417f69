import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import type { Day } from '../../platform/clock.ts'
import { rosterPeople, type Asked, type RosterPerson } from './figures.server.ts'
import type { Part } from './part.ts'

/** A person behind a figure: done with the day and place, exempt with the reason, or missing with how far it got. */
export type PersonBehind = {
  personId: string
  name: string
  bornOn: Day | null
  state: 'missing' | 'done' | 'exempt' | 'listed'
  on: Day | null // done on
  where: { sessionId: string; name: string; place: string | null; kind: string } | null
  exemptReason: string | null
  topicsDone: number
  topicsWanted: number
  last: { status: string; reason: string | null; heldOn: Day } | null // the last mark of somebody missing
}

type Question = Asked & {
  unitId: string
  key: string
  part: Part
  topics: { id: string; resolutionId: string }[]
  resolutions: { id: string; code: string }[]
}

/** The people on the unit's own roster who make the figure or are missing from it; missing first, then by name. */
export async function peopleBehind(tx: Tx, question: Question): Promise<PersonBehind[] | null> {
  const { key, part } = question
  if (!['studied', 'studied-at-national-conference', 'expected', 'on-roster', 'exempt', 'must-write'].includes(key)) return null
  const roster = (await rosterPeople(tx, question, question.unitId)).filter((person) => isCounted(person, part))
  const writers = key === 'must-write' ? await mustWrite(tx, question) : null
  const resolution = question.resolutions.find((one) => one.code === part.resolution)
  const topics = question.topics.filter((topic) => !resolution || topic.resolutionId === resolution.id).map((topic) => topic.id)
  const people = roster.filter((person) => belongs(person, key) && (!writers || writers.has(person.personId)))
  const attended = await attendedTopics(tx, question, people.map((person) => person.personId), topics)

  const rows = people.map((person): PersonBehind => {
    const done = attended.get(person.personId)
    const isThrough = resolution ? (done?.topics ?? 0) === topics.length : person.studiedOn !== null
    const on = key === 'studied-at-national-conference' ? person.nationalOn : resolution ? (isThrough ? (done?.lastOn ?? null) : null) : person.studiedOn
    return {
      personId: person.personId,
      name: person.name,
      bornOn: person.bornOn,
      state: stateOf(person, key, on),
      on,
      where: null,
      exemptReason: person.exemptReason,
      topicsDone: done?.topics ?? 0,
      topicsWanted: topics.length,
      last: null,
    }
  })
  const shown = part.kind ? rows.filter((row) => row.state === 'done' && people.find((person) => person.personId === row.personId)!.kind === part.kind) : rows
  await addPlaces(tx, question, shown)
  await addLastMarks(tx, question, shown)
  const order = { missing: 0, exempt: 1, listed: 1, done: 2 }
  return shown.sort((one, other) => order[one.state] - order[other.state])
}

function isCounted(person: RosterPerson, part: Part): boolean {
  return (!part.category || person.categoryKey === part.category) && (!part.reason || person.exemptReason === part.reason)
}

function belongs(person: RosterPerson, key: string): boolean {
  if (key === 'exempt') return !person.mustStudy
  return key === 'on-roster' || key === 'must-write' || person.mustStudy
}

function stateOf(person: RosterPerson, key: string, on: Day | null): PersonBehind['state'] {
  if (!person.mustStudy) return 'exempt'
  if (key === 'on-roster' || key === 'expected' || key === 'must-write') return 'listed'
  return on ? 'done' : 'missing'
}

async function mustWrite(tx: Tx, { campaignId, unitId, asOf }: Question): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('roster')
    .select('person_id')
    .where('campaign_id', '=', campaignId)
    .where('unit_id', '=', unitId)
    .where('must_write', '=', true)
    .where('superseded_at', 'is', null)
    .where(sql<boolean>`during @> ${asOf}::date`)
    .execute()
  return new Set(rows.map((row) => row.person_id))
}

/** How many of the topics each person has attended, and on which day the last of them for the first time. */
async function attendedTopics(tx: Tx, { campaignId, asOf }: Question, people: string[], topics: string[]): Promise<Map<string, { topics: number; lastOn: Day }>> {
  const { rows } = await sql<{ personId: string; topics: number; lastOn: Day }>`
    select attended.person_id as "personId", count(*) as topics, max(attended.held_on) as "lastOn"
    from (
      select mark.person_id, sitting_topic.topic_id, min(sitting.held_on) as held_on
      from mark
      join sitting on sitting.id = mark.sitting_id
      join study_session on study_session.id = sitting.session_id
      join sitting_topic on sitting_topic.sitting_id = sitting.id
      where mark.campaign_id = ${campaignId} and mark.person_id = any (${people}::uuid[]) and mark.superseded_at is null
        and mark.status in ('present', 'late') and study_session.cancelled_at is null
        and sitting.held_on <= ${asOf}::date and sitting_topic.topic_id = any (${topics}::uuid[])
      group by mark.person_id, sitting_topic.topic_id
    ) as attended
    group by attended.person_id`.execute(tx)
  return new Map(rows.map((row) => [row.personId, row]))
}

/** Where each person was on the day the study was completed. */
async function addPlaces(tx: Tx, { campaignId }: Question, people: PersonBehind[]): Promise<void> {
  const done = people.filter((person) => person.state === 'done')
  if (done.length === 0) return
  const { rows } = await sql<{ personId: string; heldOn: Day; sessionId: string; name: string; place: string | null; kind: string }>`
    select distinct on (mark.person_id) mark.person_id as "personId", study_session.id as "sessionId", study_session.name, study_session.place, study_session.kind
    from unnest(${done.map((person) => person.personId)}::uuid[], ${done.map((person) => person.on)}::date[]) as done (person_id, on_day)
    join mark on mark.person_id = done.person_id and mark.campaign_id = ${campaignId} and mark.superseded_at is null and mark.status in ('present', 'late')
    join sitting on sitting.id = mark.sitting_id and sitting.held_on = done.on_day
    join study_session on study_session.id = sitting.session_id and study_session.cancelled_at is null
    order by mark.person_id, sitting.starts_at desc nulls first, sitting.id`.execute(tx)
  const places = new Map(rows.map((row) => [row.personId, row]))
  for (const person of done) {
    const place = places.get(person.personId)
    if (place) person.where = { sessionId: place.sessionId, name: place.name, place: place.place, kind: place.kind }
  }
}

/** What the last roll said of those who are missing. */
async function addLastMarks(tx: Tx, { campaignId, asOf }: Question, people: PersonBehind[]): Promise<void> {
  const missing = people.filter((person) => person.state === 'missing')
  if (missing.length === 0) return
  const { rows } = await sql<{ personId: string; status: string; reason: string | null; heldOn: Day }>`
    select distinct on (mark.person_id) mark.person_id as "personId", mark.status, mark.reason, sitting.held_on as "heldOn"
    from mark
    join sitting on sitting.id = mark.sitting_id and sitting.held_on <= ${asOf}::date
    join study_session on study_session.id = sitting.session_id and study_session.cancelled_at is null
    where mark.campaign_id = ${campaignId} and mark.person_id = any (${missing.map((person) => person.personId)}::uuid[]) and mark.superseded_at is null
    order by mark.person_id, mark.status in ('present', 'late'), sitting.held_on desc, sitting.id`.execute(tx)
  const last = new Map(rows.map((row) => [row.personId, row]))
  for (const person of missing) {
    const mark = last.get(person.personId)
    if (mark) person.last = { status: mark.status, reason: mark.reason, heldOn: mark.heldOn }
  }
}
