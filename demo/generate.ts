import type { City } from './city.ts'
import { issueDocuments } from './documents.ts'
import { fileReports, type HandedUp } from './filings.ts'
import { holdClasses, holdMakeUpClasses } from './history/classes.ts'
import { holdConferences, holdNationalConference } from './history/conferences.ts'
import { correctMarks, countHeads, declareTotals } from './history/extras.ts'
import { buildPeople, type People, type Person, termOfOffice } from './people.ts'
import { idOf, idsOf } from './random.ts'
import { membershipsOf, rosterOf } from './roster.ts'
import { planRoutes } from './history/routes.ts'
import { type Book, openBook } from './history/sessions.ts'
import { openTables, type Table } from './tables.ts'
import { noteTrail } from './history/trail.ts'
import { buildTree, type Tree, type Unit } from './units.ts'

export type Generated = {
  tables: Table[] // in the order in which they refer to each other
  campaignId: string
  handedUp: HandedUp[] // to be written once the counts are kept
  ruleIds: string[] // of duties, to be laid then as well
  accounts: { personId: string; username: string; vi: string; en: string }[]
}

/** Everything the city's history left in the tables. Pure: the same description makes the same bytes. */
export function generate(city: City): Generated {
  const tree = buildTree(city)
  const people = buildPeople(city, tree)
  const routes = planRoutes(city, tree, people)
  const book = openBook(city, people)
  holdNationalConference(city, tree, people, routes, book)
  const missed = holdConferences(city, tree, people, routes, book)
  const closed = holdClasses(city, tree, people, routes, book, missed)
  holdMakeUpClasses(city, tree, people, routes, book, closed)
  const declarations = declareTotals(city, people, routes)
  correctMarks(city, book)
  countHeads(city, people, book)
  const roster = rosterOf(city, people)

  const campaignId = idOf(city.seed, 'campaign', city.campaign.code)
  const tables = openTables()
  writeUnits(tables, tree)
  writePeople(tables, city, people)
  const topics = writeCampaign(tables, city, tree, campaignId)
  const nextRoster = idsOf(city.seed, 'roster')
  for (const row of roster.rows) {
    tables.add('roster', {
      id: nextRoster(),
      campaign_id: campaignId,
      person_id: row.person.id,
      unit_id: row.unit.id,
      category_key: row.person.category,
      must_study: !row.exempt,
      must_write: row.mustWrite,
      exempt_reason: row.exempt,
      during: days(row),
      reason: row.reason,
      recorded_at: row.at,
      recorded_by: row.by.id,
      on_behalf_of: null,
      source: 'page',
      superseded_at: row.supersededAt,
    })
  }
  writeSessions(tables, city, book, campaignId, topics)
  for (const { id, unit, day, studied, at, by } of declarations) {
    tables.add('declaration', {
      id,
      campaign_id: campaignId,
      unit_id: unit.id,
      declared_on: day,
      note: 'Chi bộ không điểm danh từng buổi',
      recorded_at: at,
      recorded_by: by.id,
      on_behalf_of: null,
      source: 'page',
      superseded_at: null,
    })
    for (const [category_key, count] of Object.entries(studied)) tables.add('declaration_part', { declaration_id: id, category_key, studied: count })
  }
  const { handedUp, entries } = fileReports(tables, { city, tree, people, campaignId })
  const documented = issueDocuments(tables, { city, tree, people, campaignId })
  noteTrail(tables, { city, tree, people, book, declarations, roster, campaignId, reported: [...entries, ...documented.entries] })
  const accounts = people.all.flatMap((person) => (person.named?.account ? [{ personId: person.id, ...person.named.account }] : []))
  const order = city.named.map((person) => person.account?.username)
  accounts.sort((one, other) => order.indexOf(one.username) - order.indexOf(other.username))
  return { tables: tables.all(), campaignId, handedUp, ruleIds: documented.ruleIds, accounts }
}

type Tables = ReturnType<typeof openTables>

function writeUnits(tables: Tables, { units }: Tree): void {
  for (const { id, code, kind, name, organisation, symbol, place } of units)
    tables.add('unit', { id, code, kind, name, organisation_name: organisation, symbol, place })
  for (const { id, parent } of units) if (parent) tables.add('unit_parent', { unit_id: id, parent_id: parent.id })
}

function writePeople(tables: Tables, city: City, people: People): void {
  const known = new Set(city.categories.slice(0, -1).map(({ key }) => key)) // the last category needs no word
  const nextMembership = idsOf(city.seed, 'membership')
  for (const [index, person] of people.all.entries()) {
    const card = person.isProbationary ? null : `92.${String((index * 613) % 999_983).padStart(6, '0')}`
    tables.add('person', { id: person.id, name: person.name, card_number: card, born_on: person.born, gender: person.gender })
  }
  for (const row of membershipsOf(people)) {
    const category = known.has(row.person.category) ? row.person.category : null
    tables.add('membership', {
      id: nextMembership(),
      person_id: row.person.id,
      unit_id: row.unit.id,
      during: days(row),
      status: row.status,
      exempt_reason: row.exempt,
      category_key: category,
    })
  }
  for (const { id, person, unit, role, title } of people.offices)
    tables.add('office', { id, person_id: person.id, unit_id: unit.id, role, title, during: termOfOffice })
  for (const person of people.all) {
    if (!person.named?.inspects) continue
    const [code, from, until] = person.named.inspects
    tables.add('inspection_assignment', {
      id: idOf(city.seed, 'assignment', person.name),
      person_id: person.id,
      unit_id: idOf(city.seed, 'unit', code),
      during: `[${from},${until})`,
    })
  }
}

function writeCampaign(tables: Tables, city: City, tree: Tree, id: string): string[] {
  const { campaign } = city
  tables.add('campaign', {
    id,
    code: campaign.code,
    name: campaign.name,
    unit_id: tree.root.id,
    study_from: campaign.studyFrom,
    study_to: campaign.studyTo,
    data_day: campaign.dataDay,
    opened_on: campaign.openedOn,
    exempt_expected: false,
    who_writes: 'in_post',
  })
  const resolutionId = idOf(city.seed, 'resolution', campaign.resolution.code)
  tables.add('resolution', { id: resolutionId, campaign_id: id, code: campaign.resolution.code, name: campaign.resolution.name, position: 0 })
  for (const [position, { key, name }] of city.categories.entries())
    tables.add('category', { campaign_id: id, key, name, position, is_default: position === city.categories.length - 1 })
  return campaign.resolution.topics.map((name, position) => {
    const topicId = idOf(city.seed, 'topic', name)
    tables.add('topic', { id: topicId, campaign_id: id, resolution_id: resolutionId, name, position })
    return topicId
  })
}

function writeSessions(tables: Tables, city: City, { sessions }: Book, campaignId: string, topics: string[]): void {
  const nextMark = idsOf(city.seed, 'mark')
  const nextHead = idsOf(city.seed, 'head')
  for (const session of sessions) {
    tables.add('study_session', {
      id: session.id,
      campaign_id: campaignId,
      unit_id: session.unit.id,
      kind: session.kind,
      name: session.name,
      place: session.place,
      part_of: session.partOf?.id ?? null,
      cancelled_at: session.cancelledAt,
      recorded_at: session.at,
      recorded_by: session.by.id,
      source: 'page',
    })
    for (const category_key of session.categories)
      tables.add('study_session_category', { session_id: session.id, campaign_id: campaignId, category_key })
    for (const sitting of session.sittings) {
      tables.add('sitting', {
        id: sitting.id,
        session_id: session.id,
        campaign_id: campaignId,
        unit_id: session.unit.id,
        position: sitting.position,
        held_on: sitting.day,
        starts_at: sitting.starts,
        ends_at: sitting.ends,
      })
      for (const topic of sitting.topics) tables.add('sitting_topic', { sitting_id: sitting.id, topic_id: topics[topic]! })
      for (const mark of sitting.marks) {
        tables.add('mark', {
          id: nextMark(),
          sitting_id: sitting.id,
          campaign_id: campaignId,
          person_id: mark.person.id,
          unit_id: unitOn(mark.person, sitting.day).id,
          status: mark.status,
          reason: mark.reason,
          recorded_at: mark.at,
          recorded_by: mark.by.id,
          on_behalf_of: mark.onBehalfOf?.id ?? null,
          source: mark.source,
          superseded_at: mark.supersededAt,
        })
      }
      for (const head of sitting.heads) {
        tables.add('head_count', {
          id: nextHead(),
          sitting_id: sitting.id,
          campaign_id: campaignId,
          unit_id: session.unit.id,
          kind: head.kind,
          people: head.people,
          recorded_at: head.at,
          recorded_by: head.by.id,
          source: 'page',
        })
      }
    }
  }
}

function unitOn(person: Person, day: string): Unit {
  return person.change?.kind === 'transfer' && day < person.change.day ? person.home : person.unit
}

function days({ from, until }: { from: string; until: string | null }): string {
  return `[${from},${until ?? ''})`
}
