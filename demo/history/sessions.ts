import { addDays, type Day } from '../../app/platform/clock.ts'
import type { City } from '../city.ts'
import type { People, Person } from '../people.ts'
import { idOf, idsOf, type Random, randomOf } from '../random.ts'
import type { Unit } from '../units.ts'

export type Status = 'present' | 'late' | 'excused' | 'absent'
export type Source = 'page' | 'import'

/** `at` and every other instant is written with its offset, so that order as text is order in time. */
export type Mark = {
  person: Person
  status: Status
  reason: string | null
  at: string
  by: Person
  onBehalfOf: Person | null
  source: Source
  supersededAt: string | null
}
export type HeadCount = { kind: string; people: number; at: string; by: Person }
export type Sitting = { id: string; position: number; day: Day; starts: string; ends: string; topics: number[]; marks: Mark[]; heads: HeadCount[] }
export type Session = {
  id: string
  unit: Unit
  kind: 'national_conference' | 'conference' | 'class' | 'make_up_class'
  name: string
  place: string
  partOf: Session | null
  categories: string[]
  sittings: Sitting[]
  at: string
  by: Person
  cancelledAt: string | null
}

type Plan = Pick<Session, 'unit' | 'kind' | 'name'> & Partial<Session> & { times: { day: Day; starts: string; ends: string; topics: number[] }[] }

/** What sessions are built with: one place that knows who records what, and when. */
export type Book = {
  sessions: Session[]
  random: Random
  hold(plan: Plan): Session
  /** Marks one person at one sitting; the roll is entered by `enter`. */
  mark(sitting: Sitting, person: Person, status: Status, reason?: string | null): void
  /** Enters the rolls of a session, on the evening of each sitting or from that day on. */
  enter(session: Session, lateFrom?: Day): void
  attend(session: Session, person: Person): void
  /** Somebody who should have come and did not, or not to every sitting. */
  stayAway(session: Session, person: Person, mayComeInPart: boolean): void
}

export function openBook(city: City, people: People): Book {
  const random = randomOf(city.seed, 'sessions')
  const nextSitting = idsOf(city.seed, 'sitting')
  const sessions: Session[] = []
  const lines = new Map<Sitting, { person: Person; status: Status; reason: string | null }[]>()

  const hold: Book['hold'] = ({ times, ...plan }) => {
    const by = leaderOf(people, plan.unit)
    const planned = later(addDays(times[0]!.day, -random.between(2, 8)), city.campaign.openedOn)
    const session: Session = {
      place: plan.unit.venue,
      partOf: null,
      categories: [],
      cancelledAt: null,
      at: instant(planned, random.between(16 * 60, 17 * 60), random),
      by,
      ...plan,
      id: idOf(city.seed, 'session', `${plan.unit.code} ${plan.kind} ${times[0]!.day} ${plan.name}`),
      sittings: times.map((time, index) => ({ ...time, id: nextSitting(), position: index + 1, marks: [], heads: [] })),
    }
    sessions.push(session)
    return session
  }
  const mark: Book['mark'] = (sitting, person, status, reason = null) => {
    lines.set(sitting, lines.get(sitting) ?? [])
    lines.get(sitting)!.push({ person, status, reason })
  }
  const enter: Book['enter'] = (session, lateFrom) => {
    for (const sitting of session.sittings) {
      const rolls =
        session.unit.kind === 'cell'
          ? [[session.unit.parent!, lines.get(sitting) ?? []] as const]
          : [...Map.groupBy(lines.get(sitting) ?? [], (line) => line.person.home.parent!)]
      for (const [parent, roll] of rolls) {
        const secretary = session.unit.kind === 'cell' ? people.holder(session.unit, 'secretary')! : null
        const byHerself = secretary && (random.chance(0.8) || session.unit.code === city.wellKnownCell.code)
        const by = byHerself ? secretary : people.holder(parent, 'clerk')!
        const source: Source = !secretary && roll.length > 25 ? 'import' : 'page'
        const at = lateFrom
          ? instant(addDays(lateFrom, random.between(0, 2)), random.between(8 * 60, 17 * 60), random)
          : instant(sitting.day, Math.min(minutes(sitting.ends) + random.between(4, source === 'page' ? 40 : 240), 22 * 60 + 40), random)
        for (const line of roll) sitting.marks.push({ ...line, at, by, onBehalfOf: byHerself ? null : secretary, source, supersededAt: null })
      }
      lines.delete(sitting)
    }
  }
  const attend: Book['attend'] = (session, person) =>
    session.sittings.forEach((sitting) => mark(sitting, person, random.chance(0.025) ? 'late' : 'present'))
  const stayAway: Book['stayAway'] = (session, person, mayComeInPart) => {
    const camePart = mayComeInPart && session.sittings.length > 1 ? random.between(0, session.sittings.length - 1) : -1
    const reason = random.chance(0.7) ? random.pick(reasonsAway) : null
    for (const [index, sitting] of session.sittings.entries()) {
      if (index === camePart) mark(sitting, person, 'present')
      else mark(sitting, person, reason && random.chance(0.85) ? 'excused' : 'absent', reason)
    }
  }
  return { sessions, random, hold, mark, enter, attend, stayAway }
}

const reasonsAway = [
  'Đi làm xa',
  'Đi làm xa',
  'Đi làm xa',
  'Ốm',
  'Ốm',
  'Đi điều trị bệnh',
  'Đi công tác',
  'Trực cơ quan',
  'Việc gia đình',
  'Chăm người ốm',
  'Nghỉ thai sản',
]

/** Who holds the sessions of a unit: its clerk, a cell's secretary, the officer of the city. */
export function leaderOf(people: People, unit: Unit): Person {
  return (unit.parent ? (people.holder(unit, 'clerk') ?? people.holder(unit, 'secretary')) : people.holder(unit, 'city_officer'))!
}

/** An instant of that day in the city's own time. */
export function instant(day: Day, minute: number, random: Random): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${day}T${two(Math.floor(minute / 60))}:${two(minute % 60)}:${two(random.between(0, 59))}+07:00`
}

function later(one: string, other: string): string {
  return one > other ? one : other
}

function minutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
}

/** The first day from there on that is no rest day, and no Sunday where offices are concerned. */
export function freeDay(city: City, day: Day, isOffice: boolean): Day {
  const isSunday = new Date(`${day}T00:00:00Z`).getUTCDay() === 0
  return city.history.restDays.includes(day) || (isOffice && isSunday) ? freeDay(city, addDays(day, 1), isOffice) : day
}

export const allTopics = [0, 1, 2, 3]
