import { addDays, type Day } from '../app/platform/clock.ts'
import type { City, NamedPerson } from './city.ts'
import { type Gender, inventName } from './names.ts'
import { choose, idsOf, type Random, randomOf, wordsOf } from './random.ts'
import { type CellKind, topOf, type Tree, type Unit } from './units.ts'

/** A change of the roster after opening, as `changeRoster` knows them. */
export type Change = { kind: 'arrive' | 'transfer' | 'exempt' | 'expect' | 'leave'; day: Day; reason: string }

/** Somebody of the city. Where nothing else is said, as of the campaign's data day. */
export type Person = {
  id: string
  name: string
  gender: Gender
  born: Day
  joined: Day // the unit
  unit: Unit
  home: Unit // until a transfer
  exempt: string | null // the reason
  hasLeft: boolean
  isProbationary: boolean
  category: string
  change: Change | null
  named: NamedPerson | null
}

export type Office = { id: string; person: Person; unit: Unit; role: NamedPerson['offices'][number][0]; title: string | null }
export type People = { all: Person[]; offices: Office[]; holder(unit: Unit, role: Office['role']): Person | null }

/** Everyone who belongs to a cell, the offices they hold, and what changed after opening. */
export function buildPeople(city: City, tree: Tree): People {
  const all = fillCells(city, tree)
  const offices = fillOffices(city, tree, all)
  sortIntoCategories(city, all, offices)
  changeRoster(city, tree, all, offices)
  admitProbationers(city, all, offices)
  const byPlace = new Map(offices.map((office) => [`${office.unit.id} ${office.role}`, office.person]))
  return { all, offices, holder: (unit, role) => byPlace.get(`${unit.id} ${role}`) ?? null }
}

/** Must study on the data day. */
export function isExpected(person: Person): boolean {
  return !person.exempt && !person.hasLeft
}

export function bornIn(person: Person): number {
  return Number(person.born.slice(0, 4))
}

const asOf = 2021
const since: Day = '2020-08-01' // the terms of the committees

const ages: Record<CellKind, { female: number; years: [share: number, youngest: number, oldest: number][] }> = {
  neighbourhood: {
    female: 0.36,
    years: [
      [0.2, 22, 40],
      [0.35, 41, 60],
      [0.45, 60, 86],
    ],
  },
  office: {
    female: 0.38,
    years: [
      [0.5, 26, 40],
      [0.5, 41, 59],
    ],
  },
  school: {
    female: 0.7,
    years: [
      [0.6, 25, 40],
      [0.4, 41, 58],
    ],
  },
  health: {
    female: 0.6,
    years: [
      [0.6, 25, 40],
      [0.4, 41, 58],
    ],
  },
  police: {
    female: 0.14,
    years: [
      [0.65, 22, 38],
      [0.35, 39, 55],
    ],
  },
  military: {
    female: 0.05,
    years: [
      [0.7, 20, 36],
      [0.3, 37, 53],
    ],
  },
  district_agency: {
    female: 0.42,
    years: [
      [0.5, 25, 40],
      [0.5, 41, 59],
    ],
  },
  agency: {
    female: 0.44,
    years: [
      [0.5, 25, 40],
      [0.5, 41, 59],
    ],
  },
  enterprise: {
    female: 0.36,
    years: [
      [0.6, 24, 40],
      [0.4, 41, 59],
    ],
  },
  university: {
    female: 0.48,
    years: [
      [0.6, 26, 42],
      [0.4, 43, 60],
    ],
  },
}

function fillCells(city: City, tree: Tree): Person[] {
  const random = randomOf(city.seed, 'people')
  const nextId = idsOf(city.seed, 'person')
  const anyReason = wordsOf(
    Object.entries(city.exemptReasons)
      .map(([reason, weight]) => `${reason.replaceAll(',', '\u201a')} ${weight}`)
      .join(','),
  ) // a comma would end the word
  const all: Person[] = []
  const add = (cell: Unit, person: Pick<Person, 'gender' | 'born'> & Partial<Person>): Person => {
    const year = Number(person.born.slice(0, 4))
    const made: Person = {
      id: nextId(),
      name: person.name ?? inventName(random, person.gender, year),
      joined: dayIn(random, Math.min(year + 19 + Math.floor(random.next() ** 2 * 25), 2019)),
      unit: cell,
      home: cell,
      exempt: null,
      hasLeft: false,
      isProbationary: false,
      category: 'other',
      change: null,
      named: null,
      ...person,
    }
    all.push(made)
    return made
  }
  for (const cell of tree.cells) {
    const written = writtenOut(city, cell)
    for (const { name, born, named } of written) add(cell, { name, named, gender: genderOf(name), born: dayIn(random, born) })
    for (let count = written.length; count < cell.expected; count++) add(cell, ordinary(random, cell))
    for (let count = 0; count < cell.exempt; count++) {
      const reason = anyReason(random).replaceAll('\u201a', ',')
      const exempt = reason.startsWith('Tuổi') && cell.cellKind !== 'neighbourhood' ? 'Ốm đau dài ngày' : reason
      add(cell, { exempt, ...exemptPerson(random, exempt, cell) })
    }
  }
  for (const { who, count } of [
    { who: 'left', count: city.rosterChanges.left },
    { who: 'died', count: city.rosterChanges.died },
  ]) {
    const homes = choose(random, tree.cells, count, (cell) =>
      cell.cellKind === 'neighbourhood' && cell.expected < 35 && cell.code !== city.wellKnownCell.code ? 1 : 0,
    )
    for (const home of homes) {
      const exempt = who === 'died' ? 'Tuổi cao, sức yếu' : null
      add(home, {
        ...(exempt ? exemptPerson(random, exempt, home) : { gender: 'male', born: dayIn(random, random.between(1972, 1994)) }),
        exempt,
        hasLeft: true,
      })
    }
  }
  return all
}

function writtenOut(city: City, cell: Unit): { name: string; born: number; named: NamedPerson | null }[] {
  const named = city.named.filter((person) => person.cell === cell.code)
  if (cell.code !== city.wellKnownCell.code) return named.map((person) => ({ name: person.name, born: person.born, named: person }))
  return city.wellKnownCell.members.map(([name, born]) => ({
    name,
    born,
    named: named.find((person) => person.name === name && person.born === born) ?? null,
  }))
}

function ordinary(random: Random, cell: Unit): Pick<Person, 'gender' | 'born'> {
  const { female, years } = ages[cell.cellKind!]
  let share = random.next()
  const [, youngest, oldest] = cell.name.includes('Sinh viên') ? [1, 19, 24] : (years.find(([part]) => (share -= part) < 0) ?? years.at(-1)!)
  return { gender: random.chance(female) ? 'female' : 'male', born: dayIn(random, asOf - random.between(youngest, oldest)) }
}

function exemptPerson(random: Random, reason: string, cell: Unit): Pick<Person, 'gender' | 'born'> {
  if (reason.startsWith('Tuổi')) return { gender: random.chance(0.4) ? 'female' : 'male', born: dayIn(random, asOf - random.between(71, 93)) }
  if (reason.includes('thai sản')) return { gender: 'female', born: dayIn(random, asOf - random.between(25, 38)) }
  if (reason.startsWith('Ốm') || reason.startsWith('Bệnh'))
    return { gender: ordinary(random, cell).gender, born: dayIn(random, asOf - random.between(45, 74)) }
  return { gender: random.chance(0.3) ? 'female' : 'male', born: dayIn(random, asOf - random.between(24, 48)) }
}

function genderOf(name: string): Gender {
  return / Thị /.test(name) || /(Thu Hà|Ngọc Trâm|Ngọc Hân)$/.test(name) ? 'female' : 'male'
}

function dayIn(random: Random, year: number): Day {
  return addDays(`${year}-01-01`, random.between(0, 364))
}

/** Every cell a secretary, larger ones a deputy; every committee a secretary, a deputy and a clerk from its own office's cell. */
function fillOffices(city: City, tree: Tree, all: Person[]): Office[] {
  const random = randomOf(city.seed, 'offices')
  const nextId = idsOf(city.seed, 'office')
  const offices: Office[] = []
  const taken = new Set<Person>()
  const held = new Set<string>()
  const add = (person: Person, unit: Unit, role: Office['role'], title: string | null = null) => {
    offices.push({ id: nextId(), person, unit, role, title })
    taken.add(person)
    held.add(`${unit.id} ${role}`)
  }
  for (const person of all) {
    for (const [role, code, title] of person.named?.offices ?? []) add(person, tree.byCode.get(code)!, role, title)
    if (person.named) taken.add(person)
  }
  const members = Map.groupBy(all.filter(isExpected), (person) => person.unit)
  const appoint = (unit: Unit, cell: Unit, role: Office['role'], fitting: (age: number) => number) => {
    if (held.has(`${unit.id} ${role}`)) return
    const free = members.get(cell)!.filter((person) => !taken.has(person))
    const [person] = choose(random, free, 1, (one) => fitting(asOf - bornIn(one)) + 1e-6)
    add(person!, unit, role)
  }
  for (const unit of tree.units.filter((one) => one !== tree.root && one.children.length > 0)) {
    const cell = staffCell(city, tree, unit)
    appoint(unit, cell, 'secretary', (age) => (age >= 42 && age < 60 ? 1 : 0))
    appoint(unit, cell, 'deputy', (age) => (age >= 38 && age < 59 ? 1 : 0))
    appoint(unit, cell, 'clerk', (age) => (age >= 26 && age < 46 ? 1 : 0))
  }
  for (const cell of tree.cells) {
    appoint(cell, cell, 'secretary', (age) => (age < 33 ? 0 : age < 69 ? 1 : 0.1))
    if (cell.expected >= 13) appoint(cell, cell, 'deputy', (age) => (age < 30 ? 0 : age < 66 ? 1 : 0.1))
  }
  return offices
}

function staffCell(city: City, tree: Tree, unit: Unit): Unit {
  const written = city.attached.find((committee) => committee.code === unit.code)?.staff
  if (written) return tree.byCode.get(written)!
  const first = unit.children[0]!
  return first.kind === 'cell' ? first : staffCell(city, tree, first)
}

/** The days between which a term of office runs: all of them run still. */
export const termOfOffice = `[${since},)`

function sortIntoCategories(city: City, all: Person[], offices: Office[]): void {
  const random = randomOf(city.seed, 'categories')
  const known = city.wellKnownCell.code
  const rank = new Map<Person, number>()
  for (const { person, unit, role } of offices) {
    if (role !== 'secretary' && role !== 'deputy') continue
    const level = ['city_committee', 'district_committee', 'attached_committee'].includes(unit.kind)
      ? 4
      : unit.kind !== 'cell'
        ? 3
        : role === 'secretary'
          ? 2
          : 1
    rank.set(person, Math.max(level, rank.get(person) ?? 0))
  }
  const age = (person: Person) => asOf - bornIn(person)
  const weights: Record<string, (person: Person) => number> = {
    'key-cadre': (person) => {
      if (rank.get(person) === 4) return 1e7
      const kind = person.unit.cellKind!
      if (age(person) < 38 || rank.get(person) === 3) return 0
      return kind === 'district_agency' ? 5 : kind === 'agency' && topOf(person.unit).code === 'khoi-co-quan' ? 2 : 0
    },
    'base-key-cadre': (person) => {
      const level = rank.get(person) ?? 0
      if (level > 0) return [0, 300, 1e4, 1e6][level]!
      return person.unit.code !== known && person.unit.cellKind === 'office' && age(person) >= 35 ? 20 : 0
    },
    'reporter-editor': (person) => {
      if (/ban-tuyen-giao|bao-can-tho|dai-phat-thanh/.test(person.unit.code)) return 25
      return person.unit.cellKind === 'office' ? 5 : person.unit.cellKind === 'district_agency' ? 1 : person.unit.cellKind === 'school' ? 0.2 : 0
    },
    'artist-intellectual': (person) => {
      if (age(person) < 29) return 0
      if (person.unit.code.includes('hoi-van-hoc')) return 60
      return { university: 8, school: 1.5, health: 1.2, agency: 1.2 }[person.unit.cellKind as string] ?? 0
    },
    'retired-cadre': (person) => (person.unit.code !== known && person.unit.cellKind === 'neighbourhood' && age(person) >= 60 ? 1 : 0),
  }
  let left = all.filter(isExpected)
  for (const [key, weight] of Object.entries(weights)) {
    const { expected } = city.categories.find((category) => category.key === key)!
    const chosen = new Set(choose(random, left, expected, weight))
    for (const person of chosen) person.category = key
    left = left.filter((person) => !chosen.has(person))
  }
}

/** Arrivals, returns and exemptions after opening; transfers are chosen later, among people who had studied by then. */
function changeRoster(city: City, tree: Tree, all: Person[], offices: Office[]): void {
  const random = randomOf(city.seed, 'changes')
  const inOffice = new Set(offices.map((office) => office.person))
  const isOrdinary = (person: Person) =>
    !person.change && !person.named && !inOffice.has(person) && person.category === 'other' && person.unit.code !== city.wellKnownCell.code
  const on = () => addDays('2021-04-02', random.between(0, 75))
  const change = (people: Person[], kind: Change['kind'], reason: (person: Person, index: number) => string) =>
    people.forEach((person, index) => (person.change = { kind, day: on(), reason: reason(person, index) }))

  const ordinaryPeople = all.filter((person) => isExpected(person) && isOrdinary(person) && !['police', 'military'].includes(person.unit.cellKind!))
  const arrived = choose(random, ordinaryPeople, city.rosterChanges.arrived, (person) => (bornIn(person) > 1975 ? 1 : 0))
  change(arrived, 'arrive', (person, index) => (index % 5 < 2 && bornIn(person) > 1985 ? newlyAdmitted : 'Chuyển sinh hoạt đảng từ tỉnh khác đến'))
  const returned = choose(random, ordinaryPeople, city.rosterChanges.returned, (person) => (!person.change && bornIn(person) < 1985 ? 1 : 0))
  change(returned, 'expect', () => 'Đã khỏe, trở lại sinh hoạt')
  change(
    choose(random, all, city.rosterChanges.exempted, (person) => (person.exempt && !person.hasLeft ? 1 : 0)),
    'exempt',
    (person) => person.exempt!,
  )
  change(
    all.filter((person) => person.hasLeft),
    'leave',
    (person) => (person.exempt ? 'Từ trần' : 'Chuyển sinh hoạt đảng đi tỉnh khác'),
  )
}

const newlyAdmitted = 'Mới kết nạp'

/** Some members are in their year of probation on the day of opening, those newly admitted after it too. */
function admitProbationers(city: City, all: Person[], offices: Office[]): void {
  const random = randomOf(city.seed, 'probation')
  const inOffice = new Set(offices.map((office) => office.person))
  const isNew = (person: Person) => person.change?.reason === newlyAdmitted
  const young = all.filter((person) => isExpected(person) && !person.change && !inOffice.has(person) && !person.named && person.category === 'other')
  const chosen = choose(
    random,
    young,
    city.people.probationary - all.filter(isNew).length,
    (person) => Math.max(0, (bornIn(person) - 1976) / 20) ** 2,
  )
  for (const person of chosen) {
    person.isProbationary = true
    person.joined = addDays('2020-04-05', random.between(0, 340))
  }
  for (const person of all.filter(isNew)) person.isProbationary = true
}
