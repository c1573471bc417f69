import { addDays, type Day } from '../../app/platform/clock.ts'
import type { City } from '../city.ts'
import { inParts, wasExpected } from './conferences.ts'
import { isExpected, type People, type Person } from '../people.ts'
import { choose } from '../random.ts'
import type { Routes } from './routes.ts'
import { allTopics, type Book, freeDay, instant, type Session } from './sessions.ts'
import { topOf, type Tree, type Unit } from '../units.ts'

type Group = { unit: Unit; cells: Unit[]; people: number }

/** Classes of cells and base organisations. Returns the day each person's class had its last sitting; `missed` are those of the conferences. */
export function holdClasses(city: City, tree: Tree, people: People, routes: Routes, book: Book, missed: Map<Person, Day>): Map<Person, Day> {
  const byCell = Map.groupBy(people.all.filter(isExpected), (person) => person.unit)
  const groups = book.random.shuffled(groupCells(city, tree, routes, byCell))
  const lastDays = daysOfGroups(city, groups, routes, book)
  const closed = new Map(missed)
  for (const [index, group] of groups.entries()) {
    const session = openClass(city, group, lastDays[index]!, book)
    const [firstDay, lastDay] = [session.sittings[0]!.day, session.sittings.at(-1)!.day]
    for (const person of group.cells.flatMap((cell) => byCell.get(cell)!)) {
      const route = routes.of.get(person)!
      if (route === 'class') book.attend(session, person)
      else if (route === 'national' || route === 'conference') {
        if (person.home === person.unit && firstDay > city.history.conferences.to && book.random.chance(city.history.studiedTwice))
          book.attend(session, person)
      } else if (!missed.has(person)) {
        closed.set(person, lastDay)
        const isSaid = route === 'make_up' || book.random.chance(0.8) // of others the roll says nothing
        if (isSaid && wasExpected(person, firstDay)) book.stayAway(session, person, !routes.onlyFirstDay.includes(person) && book.random.chance(0.3))
      }
    }
    book.enter(session)
  }
  holdKnownClass(city, tree, byCell, book)
  cancelSome(city, tree, people, book)
  return closed
}

function groupCells(city: City, tree: Tree, routes: Routes, byCell: Map<Unit, Person[]>): Group[] {
  const pupils = (cell: Unit) => byCell.get(cell)!.filter((person) => routes.of.get(person) === 'class').length
  const parents = tree.units
    .map((unit) => ({
      unit,
      cells: unit.children.filter((cell) => cell.kind === 'cell' && cell.code !== city.wellKnownCell.code && pupils(cell) > 0),
    }))
    .filter(({ cells }) => cells.length > 0)
    .map((parent) => ({ ...parent, people: parent.cells.reduce((sum, cell) => sum + pupils(cell), 0), classes: 1 }))
  for (let left = city.history.classes.count - 1 - parents.length; left > 0; left--) {
    const fullest = parents.reduce((one, other) => {
      if (other.classes >= other.cells.length) return one
      return one.classes >= one.cells.length || other.people / (other.classes + 1) > one.people / (one.classes + 1) ? other : one
    })
    fullest.classes++
  }
  return parents.flatMap(({ unit, cells, classes }) =>
    inParts(cells, classes, pupils).map((part) => ({
      unit: part.length === 1 ? part[0]! : unit,
      cells: part,
      people: part.reduce((sum, cell) => sum + pupils(cell), 0),
    })),
  )
}

/** The last day of each class, such that the whole city's curve comes near the description's. */
function daysOfGroups(city: City, groups: Group[], routes: Routes, book: Book): Day[] {
  const studiedBy = new Map<Day, number>()
  const add = (day: Day, count: number) => studiedBy.set(day, (studiedBy.get(day) ?? 0) + count)
  for (const session of book.sessions) {
    for (const mark of session.sittings.at(-1)!.marks) {
      const route = routes.of.get(mark.person)
      if ((session.kind === 'national_conference' ? 'national' : 'conference') === route && mark.status !== 'excused' && mark.status !== 'absent')
        add(session.sittings.at(-1)!.day, 1)
    }
  }
  const before = (day: Day) => [...studiedBy].reduce((sum, [on, count]) => (on <= day ? sum + count : sum), 0)
  const makeUpsBy = (day: Day) =>
    city.history.makeUpClasses.people * Math.max(0, Math.min(1, (Date.parse(day) - Date.parse('2021-05-28')) / (33 * 86_400_000))) ** 2
  const points = [{ day: '2021-04-10', people: 0 }]
  for (const [day, studied] of Object.entries(city.history.curve)) {
    const declared = Object.keys(declarationShares).filter((on) => on <= day).length * 60
    points.push({ day, people: Math.max(points.at(-1)!.people, studied - before(day) - makeUpsBy(day) - declared) })
  }
  points.at(-1)!.people = groups.reduce((sum, group) => sum + group.people, 0)
  let sum = 0
  return groups.map((group) => {
    const at = sum + group.people / 2
    sum += group.people
    const next = Math.max(
      1,
      points.findIndex((point) => point.people >= at),
    )
    const [from, to] = [points[next - 1]!, points[next]!]
    const days = (Date.parse(to.day) - Date.parse(from.day)) / 86_400_000
    return addDays(from.day, Math.ceil((days * (at - from.people)) / (to.people - from.people)))
  })
}

/** How much of a declared unit's people had studied by which day. */
export const declarationShares: Record<Day, number> = { '2021-04-30': 0.4, '2021-05-31': 0.8, '2021-06-30': 1 }

function openClass(city: City, { unit, cells }: Group, wished: Day, book: Book): Session {
  const isOffice = cells[0]!.cellKind !== 'neighbourhood'
  const lastDay = freeDay(city, wished, isOffice)
  const firstDay = freeDay(city, addDays(lastDay, -book.random.between(2, 7)), isOffice)
  const inTwo = firstDay < lastDay && book.random.chance(isOffice ? 0.3 : 0.65)
  const [starts, ends] = isOffice ? ['14:00', '16:45'] : ['19:00', '21:00']
  const names = cells.map((cell) => cell.name.replace('Chi bộ ', ''))
  const shown = names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} và ${names.length - 2} chi bộ khác`
  return book.hold({
    unit,
    kind: 'class',
    name: `Lớp học Nghị quyết Đại hội XIII: ${shown}`,
    times: inTwo
      ? [
          { day: firstDay, starts, ends, topics: [0, 1] },
          { day: lastDay, starts, ends, topics: [2, 3] },
        ]
      : [{ day: lastDay, starts: '07:30', ends: isOffice ? '16:00' : '11:30', topics: allTopics }],
  })
}

/** The two evenings of the cell whose people are written out. */
function holdKnownClass(city: City, tree: Tree, byCell: Map<Unit, Person[]>, book: Book): void {
  const known = city.wellKnownCell
  const unit = tree.byCode.get(known.code)!
  const session = book.hold({
    unit,
    kind: 'class',
    name: 'Lớp học Nghị quyết Đại hội XIII: ấp Tân An',
    times: known.evenings.map((day, index) => ({ day, starts: '19:00', ends: '21:00', topics: index === 0 ? [0, 1] : [2, 3] })),
  })
  for (const [index, person] of byCell.get(unit)!.entries()) {
    for (const [evening, sitting] of session.sittings.entries()) {
      const [status, ...reason] = ((known.members[index]![2 + evening] ?? 'present') as string).split(' ')
      book.mark(sitting, person, status as 'present', reason.join(' ') || null)
    }
  }
  book.enter(session)
}

/** Classes called off when gathering was restricted; nobody was marked. */
function cancelSome(city: City, tree: Tree, people: People, book: Book): void {
  const communes = tree.units.filter((unit) => unit.kind === 'commune_committee')
  for (const unit of choose(book.random, communes, city.history.cancelledClasses, () => 1)) {
    const day = addDays('2021-05-06', book.random.between(0, 20))
    const session = book.hold({
      unit,
      kind: 'class',
      name: 'Lớp học Nghị quyết Đại hội XIII toàn đảng bộ',
      times: [{ day, starts: '07:30', ends: '11:30', topics: allTopics }],
    })
    session.cancelledAt = instant(addDays(day, -1), book.random.between(9 * 60, 16 * 60), book.random)
  }
}

/** Classes for those who had missed theirs; some are entered late, some held after the deadline. */
export function holdMakeUpClasses(city: City, tree: Tree, people: People, routes: Routes, book: Book, closed: Map<Person, Day>): void {
  const known = city.wellKnownCell
  const deadline = city.campaign.studyTo
  const waiting = people.all.filter((person) => isExpected(person) && routes.of.get(person) === 'make_up')
  const readyOn = (person: Person) => addDays([closed.get(person) ?? '2021-05-20', person.change?.day ?? ''].sort().at(-1)!, 1)
  const planned: { session: Session; people: Person[] }[] = []
  const plan = (unit: Unit, day: Day, pupils: Person[]) => {
    const where = unit.kind === 'cell' ? unit.name.replace('Chi bộ ', '') : unit.name
    const isEvening = unit.kind === 'cell' || unit.kind === 'commune_committee'
    const session = book.hold({
      unit,
      kind: 'make_up_class',
      name: `Lớp học bù Nghị quyết Đại hội XIII: ${where}`,
      place: unit.venue,
      times: [{ day, starts: isEvening ? '18:00' : '07:30', ends: isEvening ? '21:00' : '11:30', topics: allTopics }],
    })
    for (const person of pupils) book.attend(session, person)
    planned.push({ session, people: pupils })
    return session
  }
  for (const { unit: top, figures } of tree.tops) {
    const here = waiting.filter((person) => topOf(person.unit) === top)
    const inKnown = here.filter((person) => person.unit.code === known.code)
    const others = here.filter((person) => person.unit.code !== known.code)
    let left = figures.makeUpClasses
    if (inKnown.length > 0) {
      left--
      const session = plan(tree.byCode.get(known.code)!, known.makeUpOn, inKnown)
      people.all
        .filter((person) => person.unit.code === known.code && routes.of.get(person) === 'missing')
        .forEach((person) => book.mark(session.sittings[0]!, person, 'absent', 'Đi công trình ở Bình Dương'))
    }
    const bases = [...Map.groupBy(others, (person) => person.unit.parent!)]
      .filter(([unit]) => unit !== top)
      .sort(([, one], [, other]) => other.length - one.length)
    const own = bases.slice(0, Math.max(0, left - 2))
    for (const [unit, pupils] of own) {
      const ready = pupils.map(readyOn).sort().at(-1)!
      const day = freeDay(city, addDays(ready, book.random.between(0, 4)), false)
      plan(unit, day < deadline ? day : deadline, pupils)
    }
    const rest = others.filter((person) => !own.some(([unit]) => unit === person.unit.parent))
    const early = freeDay(city, addDays('2021-06-08', book.random.between(0, 7)), true)
    const atOnce = left - own.length > 1 ? rest.filter((person) => readyOn(person) <= early && book.random.chance(0.7)) : []
    if (atOnce.length > 0) plan(top, early, atOnce)
    plan(
      top,
      top.code === 'cong-an' ? deadline : addDays('2021-06-29', book.random.between(0, 1)),
      rest.filter((person) => !atOnce.includes(person)),
    )
  }
  const mayComeLate = ({ session }: (typeof planned)[number]) =>
    session.sittings[0]!.day >= '2021-06-28' && session.unit.parent === tree.root && session.unit.code !== 'cong-an'
  const lateOnes = new Set(choose(book.random, planned, city.history.enteredLate, (entry) => (mayComeLate(entry) ? entry.people.length : 0)))
  for (const entry of planned) book.enter(entry.session, lateOnes.has(entry) ? '2021-07-01' : undefined)

  for (const [code, [day, count]] of Object.entries(city.history.afterDeadline)) {
    const top = tree.byCode.get(code)!
    const still = people.all.filter(
      (person) => routes.of.get(person) === 'missing' && topOf(person.unit) === top && !routes.declaredCells.includes(person.unit),
    )
    const session = plan(
      top,
      day,
      choose(book.random, still, count, () => 1),
    )
    book.enter(session)
  }
}
