import { addDays } from '../../app/platform/clock.ts'
import type { City } from '../city.ts'
import { bornIn, isExpected, type People, type Person } from '../people.ts'
import { apportion, choose, type Random, randomOf } from '../random.ts'
import { topOf, type Tree, type Unit } from '../units.ts'

/** Where somebody came to have studied by the data day, or that they have not. */
export type Route = 'national' | 'conference' | 'class' | 'make_up' | 'declared' | 'missing'

export type Routes = {
  of: Map<Person, Route> // everybody who must study
  declaredCells: Unit[]
  conferenceCells: Map<Unit, Unit[]> // by district or attached committee; the last of each went only in part
  onlyFirstDay: Person[]
  invitedButAway: Person[]
}

/** Decides for everybody how they studied, so that every figure of the description holds exactly. */
export function planRoutes(city: City, tree: Tree, people: People): Routes {
  const random = randomOf(city.seed, 'routes')
  const of = new Map<Person, Route>()
  const expected = people.all.filter(isExpected)
  const isKnown = (person: Person) => person.unit.code === city.wellKnownCell.code
  const open = () => expected.filter((person) => !of.has(person))
  const send = (chosen: Person[], route: Route) => chosen.forEach((person) => of.set(person, route))

  send(chooseMissing(city, tree, people, expected, random), 'missing')
  const declaredCells = chooseDeclared(city, tree, people, of, random)
  send(
    open().filter((person) => declaredCells.includes(person.unit)),
    'declared',
  )

  const rank = new Map(people.offices.map(({ person, unit, role }) => [person, unit.kind === 'cell' ? (role === 'secretary' ? 3 : 2) : 9]))
  for (const { key, national } of city.categories) {
    const invited = open().filter((person) => person.category === key && !person.change && !isKnown(person) && isInvited(city, person))
    send(
      choose(random, invited, national, (person) => (rank.get(person) ?? 1) * (bornIn(person) > 1955 ? 1 : 0.4)),
      'national',
    )
  }
  transfer(city, tree, people, of, declaredCells, random)

  const madeUp = (person: Person) =>
    person.change?.kind === 'arrive' || person.change?.kind === 'expect' || (isKnown(person) && knownMakeUps(city).has(person.name))
  send(open().filter(madeUp), 'make_up')
  const already = [...of.values()].filter((route) => route === 'make_up').length
  const byTop = Map.groupBy(
    open().filter((person) => !isKnown(person)),
    (person) => topOf(person.unit),
  )
  const tops = tree.tops.map(({ unit }) => unit)
  const openOf = (top: Unit) => byTop.get(top)!.filter((person) => !of.has(person))
  const makeUps = apportion(
    city.history.makeUpClasses.people - already,
    tops.map((top) => openOf(top).length),
  )
  const habit = new Map(tree.cells.map((cell) => [cell, 0.2 + random.next() ** 2]))
  for (const [index, top] of tops.entries())
    send(
      choose(random, openOf(top), makeUps[index]!, (person) => habit.get(person.unit)! * (rank.has(person) ? 0.1 : 1)),
      'make_up',
    )

  const conferences = apportion(
    city.history.conferences.people,
    tops.map((top) => openOf(top).length),
  )
  const conferenceCells = new Map(
    tops.map((top, index) => [top, sendCells(openOf(top), conferences[index]!, random, (chosen) => send(chosen, 'conference'))]),
  )
  send(open(), 'class')

  const mayHaveCome = expected.filter((person) => {
    const route = of.get(person)
    return (route === 'class' || route === 'make_up') && !person.change && !isKnown(person) && person.unit.parent!.kind === 'commune_committee'
  })
  const invited = choose(
    random,
    mayHaveCome,
    city.history.nationalConference.cameOnlyOnTheFirstDay + city.history.nationalConference.invitedButAway,
    (person) => (rank.has(person) ? 12 : 1),
  )
  const mixed = random.shuffled(invited)
  const split = city.history.nationalConference.cameOnlyOnTheFirstDay
  return { of, declaredCells, conferenceCells, onlyFirstDay: mixed.slice(0, split), invitedButAway: mixed.slice(split) }
}

/** Members without a function came to the venues of communes, universities and a few base organisations, where there was room. */
function isInvited(city: City, person: Person): boolean {
  const { parent } = person.unit
  return (
    person.category !== 'other' ||
    parent!.kind === 'commune_committee' ||
    topOf(person.unit).code.startsWith('dai-hoc') ||
    city.history.nationalConference.furtherVenues.includes(parent!.code)
  )
}

function knownMakeUps(city: City): Set<string> {
  return new Set(city.wellKnownCell.members.filter((member) => member[4] === 'present').map(([name]) => name))
}

function chooseMissing(city: City, tree: Tree, people: People, expected: Person[], random: Random): Person[] {
  const left = new Map(tree.tops.map(({ unit, figures }) => [unit, figures.missing]))
  const known = city.wellKnownCell
  const absentees = new Set(known.members.filter((member) => member[4] === 'absent').map(([name]) => name))
  const inOffice = new Set(people.offices.filter(({ role, unit }) => role !== 'deputy' || unit.kind !== 'cell').map(({ person }) => person))
  const missing: Person[] = []
  const miss = (person: Person) => {
    missing.push(person)
    left.set(topOf(person.unit), left.get(topOf(person.unit))! - 1)
  }
  expected.filter((person) => person.unit.code === known.code && absentees.has(person.name)).forEach(miss)

  const eligible = expected.filter((person) => !person.change && !person.named && !inOffice.has(person) && person.unit.code !== known.code)
  const habit = new Map(
    tree.cells.map((cell) => [cell, random.next() ** 4 * (['police', 'military', 'office', 'district_agency'].includes(cell.cellKind!) ? 0.02 : 1)]),
  )
  for (const { key, missing: count } of city.categories.slice(0, -1)) {
    const ofCategory = eligible.filter((person) => person.category === key)
    for (let nth = 0; nth < count; nth++) {
      choose(random, ofCategory, 1, (person) =>
        left.get(topOf(person.unit))! > 6 && !missing.includes(person) ? left.get(topOf(person.unit))! : 0,
      ).forEach(miss)
    }
  }
  const others = Map.groupBy(
    eligible.filter((person) => person.category === city.categories.at(-1)!.key),
    (person) => topOf(person.unit),
  )
  for (const { unit } of tree.tops) {
    const lifeAway = (person: Person) => (bornIn(person) > 1985 ? 1.6 : bornIn(person) < 1950 ? 1.4 : 0.7)
    choose(random, others.get(unit)!, left.get(unit)!, (person) => habit.get(person.unit)! * lifeAway(person)).forEach(miss)
  }
  return missing
}

/** Cells that keep no rolls and report totals: nobody in them came or went after opening. */
function chooseDeclared(city: City, tree: Tree, people: People, of: Map<Person, Route>, random: Random): Unit[] {
  const unsteady = new Set(people.all.filter((person) => person.change || person.named).map((person) => person.unit))
  const weight = (cell: Unit) => {
    if (unsteady.has(cell) || cell.code === city.wellKnownCell.code || cell.expected < 9 || cell.expected > 30) return 0
    return cell.cellKind === 'enterprise' ? 8 : cell.cellKind === 'neighbourhood' && cell.parent!.symbol === 'ĐU' ? 0.6 : 0
  }
  return choose(random, tree.cells, city.history.declaredUnits, weight)
}

function transfer(city: City, tree: Tree, people: People, of: Map<Person, Route>, declaredCells: Unit[], random: Random): void {
  const inOffice = new Set(people.offices.map(({ person }) => person))
  const isPlain = (cell: Unit) =>
    cell.cellKind === 'neighbourhood' && !declaredCells.includes(cell) && cell.code !== city.wellKnownCell.code && cell.expected < 36
  const movable = people.all.filter(
    (person) =>
      of.get(person) === 'national' && person.category === 'other' && isPlain(person.unit) && !inOffice.has(person) && !person.isProbationary,
  )
  const homes = tree.cells.filter(isPlain)
  for (const person of choose(random, movable, city.rosterChanges.transferred, () => 1)) {
    const near = homes.filter((cell) => cell !== person.unit && cell.parent === person.unit.parent)
    person.home = near.length > 0 && random.chance(0.5) ? random.pick(near) : random.pick(homes.filter((cell) => cell.parent !== person.unit.parent))
    person.change = { kind: 'transfer', day: addDays('2021-05-04', random.between(0, 45)), reason: 'Chuyển nơi cư trú' }
  }
}

/** Sends whole cells to the conference, agencies and schools first, until so many people go; the last cell only in part. */
function sendCells(open: Person[], count: number, random: Random, send: (people: Person[]) => void): Unit[] {
  const byCell = Map.groupBy(open, (person) => person.unit)
  const eagerness = { neighbourhood: 1, office: 4, school: 3 } as Record<string, number>
  const order = [...byCell.keys()]
    .map((cell) => ({ cell, key: -Math.log(1 - random.next()) / (eagerness[cell.cellKind!] ?? 6) }))
    .sort((one, other) => one.key - other.key)
    .map(({ cell }) => cell)
  const cells: Unit[] = []
  let left = count
  for (const cell of order) {
    if (left === 0) break
    const going = byCell.get(cell)!.slice(0, left)
    send(going)
    cells.push(cell)
    left -= going.length
  }
  return cells
}
