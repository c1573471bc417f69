import { addDays, type Day } from '../../app/platform/clock.ts'
import type { City } from '../city.ts'
import { isExpected, type People, type Person } from '../people.ts'
import type { Routes } from './routes.ts'
import { type Book, freeDay, type Session } from './sessions.ts'
import { topOf, type Tree, type Unit } from '../units.ts'

/** The national conference with its venues, both days. */
export function holdNationalConference(city: City, tree: Tree, people: People, routes: Routes, book: Book): void {
  const { name, days, place, furtherVenues } = city.history.nationalConference
  const times = [
    { day: days[0], starts: '07:30', ends: '16:30', topics: [0, 1] },
    { day: days[1], starts: '07:30', ends: '11:30', topics: [2, 3] },
  ]
  const hub = book.hold({ unit: tree.root, kind: 'national_conference', name, place, categories: ['key-cadre'], times })
  const holders = tree.units.filter(
    (unit) => ['district_committee', 'attached_committee', 'commune_committee'].includes(unit.kind) || furtherVenues.includes(unit.code),
  )
  const venues = new Map(
    holders.map((unit) => {
      const isLarge = unit.parent === tree.root && !unit.code.startsWith('dai-hoc')
      const categories = isLarge ? city.categories.map(({ key }) => key).filter((key) => key !== 'other') : []
      return [unit, book.hold({ unit, kind: 'national_conference', name: `Điểm cầu ${unit.name}`, partOf: hub, categories, times })]
    }),
  )
  const venueOf = (person: Person): Session => {
    if (person.category === 'key-cadre' && topOf(person.home).code === 'khoi-co-quan') return hub
    return venues.get(person.home.parent!) ?? venues.get(topOf(person.home))!
  }
  for (const [person, route] of routes.of) if (route === 'national') book.attend(venueOf(person), person)
  for (const person of routes.onlyFirstDay) {
    const [first, second] = venueOf(person).sittings
    book.mark(first!, person, 'present')
    book.mark(second!, person, book.random.chance(0.6) ? 'excused' : 'absent')
  }
  for (const person of routes.invitedButAway) book.stayAway(venueOf(person), person, false)
  for (const session of [hub, ...venues.values()]) book.enter(session)
}

/** Conferences of districts and attached committees in April. Returns the day each person's cell had its last sitting. */
export function holdConferences(city: City, tree: Tree, people: People, routes: Routes, book: Book): Map<Person, Day> {
  const { from, to } = city.history.conferences
  const missed = new Map<Person, Day>()
  const byCell = Map.groupBy(people.all.filter(isExpected), (person) => person.unit)
  const length = (Date.parse(to) - Date.parse(from)) / 86_400_000
  for (const { unit, figures } of tree.tops) {
    const cells = routes.conferenceCells.get(unit)!
    const parts = inParts(cells, figures.conferences, (cell) => byCell.get(cell)!.filter((person) => routes.of.get(person) === 'conference').length)
    for (const [index, part] of parts.entries()) {
      const start = Math.floor(((index + book.random.next()) * length) / parts.length)
      const day = freeDay(city, addDays(from, Math.min(start, length - 2)), true)
      const next = book.random.chance(0.6) ? day : freeDay(city, addDays(day, 1), true)
      const number = parts.length > 1 ? `, đợt ${index + 1}` : ''
      const session = book.hold({
        unit,
        kind: 'conference',
        name: `Hội nghị học tập, quán triệt Nghị quyết Đại hội XIII của ${unit.organisation}${number}`,
        times: [
          { day, starts: '07:30', ends: '11:00', topics: [0, 1] },
          day === next ? { day, starts: '13:30', ends: '16:30', topics: [2, 3] } : { day: next, starts: '07:30', ends: '11:00', topics: [2, 3] },
        ],
      })
      for (const person of part.flatMap((cell) => byCell.get(cell)!)) {
        const route = routes.of.get(person)!
        if (route === 'conference') book.attend(session, person)
        // of a cell that went only in part, the others have a class of their own
        else if ((route === 'make_up' || route === 'missing') && part.at(-1) !== cells.at(-1) && wasExpected(person, next)) {
          book.stayAway(session, person, !routes.onlyFirstDay.includes(person) && book.random.chance(0.2))
          missed.set(person, next)
        }
      }
      book.enter(session)
    }
  }
  return missed
}

/** Whether the roster already expected the person that day. */
export function wasExpected(person: Person, day: Day): boolean {
  return person.change === null || person.change.kind === 'transfer' || person.change.day <= day
}

/** Cuts a list into so many runs of about the same number of people. */
export function inParts(cells: Unit[], count: number, people: (cell: Unit) => number): Unit[][] {
  const parts: Unit[][] = []
  let left = cells.reduce((sum, cell) => sum + people(cell), 0)
  let next = 0
  for (let missing = count; missing > 0; missing--) {
    const part: Unit[] = []
    let size = 0
    while (cells.length - next > missing - 1 && (part.length === 0 || missing === 1 || size + people(cells[next]!) / 2 <= left / missing)) {
      size += people(cells[next]!)
      part.push(cells[next++]!)
    }
    left -= size
    parts.push(part)
  }
  return parts
}
