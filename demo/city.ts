import type { Day } from '../app/platform/clock.ts'

/** What a demonstration city is described by; `can-tho.ts` is one. */
export type City = {
  seed: string
  root: { code: string; name: string; organisation: string; symbol: string; place: string }
  campaign: {
    code: string
    name: string
    studyFrom: Day
    studyTo: Day
    dataDay: Day
    openedOn: Day
    resolution: { code: string; name: string; topics: string[] }
  }
  categories: { key: string; name: string; expected: number; national: number; missing: number }[]
  districts: District[]
  attached: AttachedCommittee[]
  withoutMembers: { kind: 'caucus' | 'commission' | 'partner'; code: string; name: string }[]
  people: { probationary: number }
  exemptReasons: Record<string, number>
  rosterChanges: { arrived: number; returned: number; exempted: number; left: number; died: number; transferred: number }
  history: {
    nationalConference: {
      name: string
      days: [Day, Day]
      place: string
      furtherVenues: string[]
      cameOnlyOnTheFirstDay: number
      invitedButAway: number
    }
    conferences: { people: number; from: Day; to: Day }
    classes: { count: number }
    makeUpClasses: { people: number }
    curve: Record<Day, number>
    restDays: Day[]
    studiedTwice: number // share of those who had studied already and came to their cell's class all the same
    corrections: number
    cancelledClasses: number
    declaredUnits: number
    enteredLate: number
    afterDeadline: Record<string, [on: Day, people: number]>
  }
  wellKnownCell: {
    code: string
    parentCode: string
    name: string
    place: string
    evenings: [Day, Day]
    makeUpOn: Day
    members: [name: string, born: number, first?: string, second?: string, makeUp?: string][]
  }
  named: NamedPerson[]
  password: string
}

export type Figures = { expected: number; missing: number; exempt: number; conferences: number; makeUpClasses: number }

export type District = {
  code: string
  name: string
  kind: 'quận' | 'huyện'
  figures: Figures
  direct: { cells: number; people: number }
  bases: Record<string, number>
  wards?: Record<string, number>
  towns?: Record<string, number>
  communes?: Record<string, number>
}

export type AttachedCommittee = {
  code: string
  name: string
  staff?: string // code of the cell its own secretary, deputy and clerk belong to; else its first
  cellsOf: 'military' | 'police' | 'university' | 'agency' | 'enterprise'
  figures: Figures
  bases: Record<string, number | [people: number, ...cells: string[]]> // cells are named after the kind unless written out
}

export type NamedPerson = {
  name: string
  born: number
  cell: string
  offices: [role: 'city_officer' | 'secretary' | 'deputy' | 'clerk' | 'inspector' | 'administrator', unit: string, title?: string][]
  inspects?: [unit: string, from: Day, until: Day]
  account?: { username: string; vi: string; en: string }
}
