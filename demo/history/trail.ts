import type { City } from '../city.ts'
import type { Declaration } from './extras.ts'
import type { People, Person } from '../people.ts'
import type { rosterOf } from '../roster.ts'
import type { Book, Sitting } from './sessions.ts'
import type { openTables } from '../tables.ts'
import type { Tree, Unit } from '../units.ts'

type Told = {
  city: City
  tree: Tree
  people: People
  book: Book
  declarations: Declaration[]
  roster: ReturnType<typeof rosterOf>
  campaignId: string
  reported: Entry[]
}
export type Entry = { at: string; by: Person; onBehalfOf?: Person | null; action: string; unit: Unit; type: string; id: string; detail?: object }

/** The record of what was done, as the operations would have noted it, in the order of time. */
export function noteTrail(tables: ReturnType<typeof openTables>, { city, tree, book, declarations, roster, campaignId, reported }: Told): void {
  const campaign = city.campaign.code
  const atOpening = roster.rows.filter((row) => row.at === roster.openedAt)
  const opening = { by: roster.openedBy, unit: tree.root, type: 'campaign', id: campaignId }
  const entries: Entry[] = [
    { ...opening, at: roster.openedAt.replace('T15:', 'T14:'), action: 'campaign.prepared', detail: { code: campaign } },
    { ...opening, at: roster.openedAt, action: 'campaign.opened', detail: { openedOn: city.campaign.openedOn, people: atOpening.length } },
    ...reported,
  ]
  for (const { action, unit, person, day, at, by } of roster.entries)
    entries.push({ at, by, action, unit, type: 'person', id: person.id, detail: { campaign, fromDay: day } })
  for (const session of book.sessions) {
    const told = { unit: session.unit, type: 'study_session', id: session.id }
    entries.push({
      ...told,
      at: session.at,
      by: session.by,
      action: 'session.held',
      detail: { campaign, kind: session.kind, days: session.sittings.map(({ day }) => day) },
    })
    if (session.cancelledAt) entries.push({ ...told, at: session.cancelledAt, by: session.by, action: 'session.cancelled' })
    for (const sitting of session.sittings) entries.push(...rollsOf(session.unit, sitting))
  }
  for (const { id, unit, day, studied, at, by } of declarations) {
    const total = Object.values(studied).reduce((sum, count) => sum + count, 0)
    entries.push({ at, by, action: 'declaration.made', unit, type: 'declaration', id, detail: { campaign, declaredOn: day, studied: total } })
  }
  entries.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))
  for (const { at, by, onBehalfOf, action, unit, type, id, detail } of entries) {
    tables.add('audit_entry', {
      at,
      actor_id: by.id,
      on_behalf_of: onBehalfOf?.id ?? null,
      action,
      unit_id: unit.id,
      subject_type: type,
      subject_id: id,
      detail: JSON.stringify(detail ?? {}),
    })
  }
}

function rollsOf(unit: Unit, sitting: Sitting): Entry[] {
  const told = { unit, type: 'sitting', id: sitting.id }
  const rolls = [...Map.groupBy(sitting.marks, (mark) => `${mark.at} ${mark.by.id}`).values()].map((marks): Entry => {
    const tally: Record<string, number> = {}
    for (const { status } of marks) tally[status] = (tally[status] ?? 0) + 1
    return { ...told, at: marks[0]!.at, by: marks[0]!.by, action: 'roll.taken', detail: { heldOn: sitting.day, ...tally } }
  })
  const heads = [...Map.groupBy(sitting.heads, (head) => head.by)].map(([by, counts]): Entry => ({
    ...told,
    at: counts.at(-1)!.at,
    by,
    action: 'heads.counted',
    detail: Object.fromEntries(counts.map(({ kind, people }) => [kind, people])),
  }))
  return [...rolls, ...heads]
}
