import { addDays, showDay, type Day } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import type { OwnRecord } from './own-record.server.ts'
import { peopleWords } from './people.messages.ts'

/** One thing a person may or may not see, and why. */
export type Right = { what: string; why: string }

type Facts = { record: OwnRecord; today: Day; people: number; depth: number; chain: { name: string }[]; beneath: Set<string>; language: Language }

const leading = ['city_officer', 'secretary', 'deputy', 'clerk']

/** What the visibility matrix gives this person, in sentences: the answer, what may be seen and what may not. */
export function rightsOf({ record, today, people, depth, chain, beneath, language }: Facts): { answer: string; can: Right[]; cannot: Right[] } {
  const t = peopleWords.in(language)
  const offices = record.offices.filter((office) => (office.from === null || office.from <= today) && (office.until === null || today < office.until))
  const leads = offices.filter((office) => leading.includes(office.role))
  const administers = offices.filter((office) => office.role === 'administrator')
  const own = record.memberships.find((one) => (one.from === null || one.from <= today) && (one.until === null || today < one.until))
  const role = (office: { role: string; title: string | null }) => t(`role.${office.role}` as 'role.clerk')
  const first = leads[0]

  const can: Right[] = [
    ...(first && people > 0 ? [{ what: t('can.people', { count: people }), why: t('can.peopleWhy', { role: role(first), unit: first.unitName, depth }) }] : []),
    ...leads.map((office) => ({ what: t('can.figures', { unit: office.unitName }), why: t('can.figuresWhy', { role: role(office), since: office.from ? showDay(office.from) : '' }) })),
    ...record.assignments.map((one) => ({ what: t('can.inspect', { unit: one.unitName }), why: t('can.inspectWhy', { until: showDay(addDays(one.until, -1)) }) })),
    ...administers.map((office) => ({ what: t('can.names', { unit: office.unitName }), why: t('can.namesWhy') })),
    ...(own ? [{ what: t('can.chain', { units: chain.map((unit) => unit.name).join(', ') }), why: t('can.chainWhy', { unit: own.unitName }) }] : []),
    { what: t('can.own'), why: t('can.ownWhy') },
  ]
  const leadsDeep = leads.some((office) => beneath.has(office.unitId))
  const cannot: Right[] = [
    ...(leadsDeep ? [{ what: t('cannot.beneath'), why: t('cannot.beneathWhy') }] : []),
    ...(leads.length === 0 && record.assignments.length === 0 && administers.length === 0 ? [{ what: t('cannot.members'), why: t('cannot.membersWhy') }] : []),
    ...(administers.length > 0 ? [{ what: t('cannot.study'), why: t('cannot.studyWhy') }] : []),
    { what: t('cannot.others'), why: t('cannot.othersWhy') },
  ]
  const answer = first
    ? t(people > 0 ? 'answer.people' : 'answer.figures', { count: people, unit: first.unitName, role: role(first) })
    : record.assignments[0]
      ? t('answer.inspector', { unit: record.assignments.map((one) => one.unitName).join(', ') })
      : administers[0]
        ? t('answer.administrator', { unit: administers[0].unitName })
        : own
          ? t('answer.member', { unit: own.unitName })
          : t('answer.nothing')
  return { answer, can, cannot }
}
