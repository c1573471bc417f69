import { addDays, type Day } from '../app/platform/clock.ts'
import type { City } from './city.ts'
import type { People, Person } from './people.ts'
import { randomOf } from './random.ts'
import { instant } from './history/sessions.ts'
import type { Unit } from './units.ts'

/** `until` is the first day it no longer holds; null while it does. */
type Stretch = { person: Person; unit: Unit; from: Day; until: Day | null; exempt: string | null }
export type MembershipRow = Stretch & { status: 'in_post' | 'exempt' | 'probationary' }
export type RosterRow = Stretch & { mustWrite: boolean; reason: string | null; at: string; by: Person; supersededAt: string | null }
export type RosterEntry = { action: string; unit: Unit; person: Person; day: Day; at: string; by: Person }

/** Where everybody belongs, from joining the unit until today. */
export function membershipsOf(people: People): MembershipRow[] {
  return people.all.flatMap((person) => {
    const { change, joined, home, unit, exempt } = person
    const row = (from: Day, until: Day | null, reason: string | null, where = unit): MembershipRow => ({
      person,
      unit: where,
      from,
      until,
      exempt: reason,
      status: reason ? 'exempt' : 'in_post',
    })
    const since = change?.kind === 'arrive' ? change.day : joined
    if (person.isProbationary) {
      const official = `${Number(since.slice(0, 4)) + 1}${since.slice(4)}`
      return [{ ...row(since, official, null), status: 'probationary' }, row(official, null, null)]
    }
    switch (change?.kind) {
      case 'leave':
        return [row(since, change.day, exempt)]
      case 'transfer':
        return [row(since, change.day, null, home), row(change.day, null, null)]
      case 'exempt':
        return [row(since, change.day, null), row(change.day, null, exempt)]
      case 'expect':
        return [row(since, change.day, 'Ốm đau dài ngày'), row(change.day, null, null)]
      default:
        return [row(since, null, exempt)]
    }
  })
}

/** The roster as it was frozen, and what was added and superseded since, as `changeRoster` writes it. */
export function rosterOf(city: City, people: People): { rows: RosterRow[]; entries: RosterEntry[]; openedAt: string; openedBy: Person } {
  const random = randomOf(city.seed, 'roster')
  const from = city.campaign.openedOn
  const openedBy = people.all.find((person) => person.named?.offices.some(([role]) => role === 'city_officer'))!
  const openedAt = instant(from, 15 * 60 + 30, random)
  const rows: RosterRow[] = []
  const entries: RosterEntry[] = []
  const clerkOf = (unit: Unit) => people.holder(unit.parent!, 'clerk')!
  for (const person of people.all) {
    const { change, home, unit } = person
    const standing: RosterRow = {
      person,
      unit: home,
      from,
      until: null,
      exempt: change?.kind === 'expect' ? 'Ốm đau dài ngày' : change?.kind === 'exempt' ? null : person.exempt,
      mustWrite: !person.exempt && !person.isProbationary && change?.kind !== 'expect',
      reason: null,
      at: openedAt,
      by: openedBy,
      supersededAt: null,
    }
    if (change?.kind === 'exempt') standing.mustWrite = true
    if (!change) {
      rows.push(standing)
      continue
    }
    const { kind, day, reason } = change
    const at = instant(addDays(day, random.between(0, 4)), random.between(8 * 60, 17 * 60), random)
    const note = (action: string, where: Unit, when: string) =>
      entries.push({ action: `roster.${action}`, unit: where, person, day, at: when, by: clerkOf(where) })
    if (kind === 'arrive') {
      rows.push({ ...standing, unit, from: day, reason, at, by: clerkOf(unit) })
      note('arrive', unit, at)
      continue
    }
    rows.push({ ...standing, supersededAt: at })
    const kept: RosterRow = { ...standing, until: day, reason, at, by: clerkOf(home) }
    rows.push(kept)
    if (kind === 'transfer' && home.parent !== unit.parent) {
      // two committees: one lets go, the other takes in
      const taken = instant(addDays(at.slice(0, 10), random.between(1, 3)), random.between(8 * 60, 17 * 60), random)
      kept.reason = 'Chuyển sinh hoạt đảng đến đơn vị khác'
      rows.push({ ...standing, unit, from: day, reason: 'Chuyển sinh hoạt đảng từ đơn vị khác đến', at: taken, by: clerkOf(unit) })
      note('leave', home, at)
      note('arrive', unit, taken)
      continue
    }
    note(kind, home, at)
    if (kind === 'transfer') rows.push({ ...kept, unit, from: day, until: null })
    if (kind === 'exempt') rows.push({ ...kept, from: day, until: null, exempt: person.exempt, mustWrite: false })
    if (kind === 'expect') rows.push({ ...kept, from: day, until: null, exempt: null, mustWrite: true })
  }
  return { rows, entries, openedAt, openedBy }
}
