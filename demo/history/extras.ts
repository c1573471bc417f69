import { addDays, type Day } from '../../app/platform/clock.ts'
import type { City } from '../city.ts'
import { declarationShares } from './classes.ts'
import { isExpected, type People, type Person } from '../people.ts'
import { choose, idOf, randomOf } from '../random.ts'
import type { Routes } from './routes.ts'
import { type Book, instant, leaderOf, type Mark, type Sitting } from './sessions.ts'
import type { Unit } from '../units.ts'

export type Declaration = { id: string; unit: Unit; day: Day; studied: Record<string, number>; at: string; by: Person }

/** Two or three successive totals of each unit that keeps no rolls; the last ones say what holds on the data day. */
export function declareTotals(city: City, people: People, routes: Routes): Declaration[] {
  const random = randomOf(city.seed, 'declarations')
  const byCell = Map.groupBy(people.all.filter(isExpected), (person) => person.unit)
  return routes.declaredCells.flatMap((unit, nth) => {
    const days = Object.entries(declarationShares).slice(nth % 3 === 0 ? 1 : 0)
    const members = Map.groupBy(byCell.get(unit)!, (person) => person.category)
    return days.map(([day, share]) => ({
      id: idOf(city.seed, 'declaration', `${unit.code} ${day}`),
      unit,
      day,
      studied: Object.fromEntries(
        [...members].map(([key, some]) => [key, Math.floor(share * some.filter((person) => routes.of.get(person) === 'declared').length)]),
      ),
      at: instant(day === city.campaign.dataDay && nth % 4 === 0 ? addDays(day, 2) : day, random.between(15 * 60, 19 * 60), random),
      by: people.holder(unit, 'secretary')!,
    }))
  })
}

/** Marks that were entered wrongly at first and put right some days later. */
export function correctMarks(city: City, book: Book): void {
  const random = randomOf(city.seed, 'corrections')
  const marks = book.sessions.flatMap((session) => session.sittings.flatMap((sitting) => sitting.marks.map((mark) => ({ sitting, mark }))))
  const settled = marks.filter(({ mark, sitting }) => sitting.day < '2021-06-24' && mark.person.unit.code !== city.wellKnownCell.code)
  const correct = (chosen: { sitting: Sitting; mark: Mark }[], firstSaid: Mark['status']) => {
    for (const { sitting, mark } of chosen) {
      const at = instant(addDays(mark.at.slice(0, 10), random.between(1, 6)), random.between(8 * 60, 20 * 60), random)
      sitting.marks.push({ ...mark, status: firstSaid, reason: null, supersededAt: at })
      Object.assign(mark, { at, source: 'page' })
    }
  }
  const wronglyPresent = Math.round(city.history.corrections / 8)
  correct(
    choose(random, settled, city.history.corrections - wronglyPresent, ({ mark }) => (mark.status === 'present' ? 1 : 0)),
    'absent',
  )
  correct(
    choose(random, settled, wronglyPresent, ({ mark }) => (mark.status === 'absent' && !mark.reason ? 1 : 0)),
    'present',
  )
}

/** Guests who are no members, counted by kind at some sessions. */
export function countHeads(city: City, people: People, book: Book): void {
  const random = randomOf(city.seed, 'heads')
  const kinds = [
    { kind: 'civil_servant', at: ['district_committee', 'attached_committee', 'base_organisation', 'city_committee'], most: 60 },
    { kind: 'union_member', at: ['commune_committee', 'base_organisation'], most: 25 },
    { kind: 'association_member', at: ['commune_committee', 'cell'], most: 30 },
    { kind: 'other', at: ['cell', 'district_committee'], most: 12 },
  ]
  for (const session of book.sessions) {
    const share = { national_conference: 0.45, conference: 0.7, class: 0.1, make_up_class: 0.05 }[session.kind]
    if (session.cancelledAt || !random.chance(share)) continue
    for (const sitting of session.sittings) {
      if (sitting.marks.length === 0) continue
      const at = sitting.marks[0]!.at
      const day = at.slice(0, 10)
      for (const { kind, at: held, most } of kinds) {
        if (held.includes(session.unit.kind) && random.chance(0.6))
          sitting.heads.push({
            kind,
            people: random.between(3, most),
            at: instant(day, 22 * 60 + random.between(42, 59), random),
            by: leaderOf(people, session.unit),
          })
      }
    }
  }
}
