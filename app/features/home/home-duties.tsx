import { showCount } from '../../figures/figure.ts'
import { showDay, type Day } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { figureAddress, reportAddress } from '../../web/addresses.ts'
import { ButtonLink } from '../../web/button.tsx'
import { useLanguage } from '../../web/language.ts'
import { Column } from '../../web/shell.tsx'
import { Duties, type Duty } from '../../web/trail.tsx'
import type { Home } from './home.page.tsx'
import { daysAhead } from './home-view.ts'
import { homeWords } from './home.messages.ts'

type Listed = Pick<Home, 'campaign' | 'place' | 'asOf' | 'today' | 'work' | 'waiting' | 'questions' | 'filings' | 'amendments' | 'duties' | 'acknowledgements'>
/**
 * One thing that is owed, `dueOn` null while nobody knows the day. `isPlain`: the day is said, and neither early nor late. `toldOn`: the
 * day on which it is today, early or late: the page's, or today for what is due by the calendar.
 */
type Entry = { dueOn: Day | null; isPlain: boolean; isRoll: boolean; toldOn: Day; duty: Omit<Duty, 'when' | 'day' | 'isOverdue'> & Partial<Pick<Duty, 'when' | 'day' | 'isOverdue'>> }

/** "2 việc đến hạn hôm nay", "1 việc quá hạn": the page's first words; nothing where nothing is due. Rolls that wait are said by themselves. */
export function dueWords(data: Listed, language: Language): string[] {
  const t = homeWords.in(language)
  const dated = entriesOf(data, language).filter((entry) => entry.dueOn !== null && !entry.isPlain && !entry.isRoll)
  const isLate = ({ dueOn, toldOn, duty }: Entry) => duty.isOverdue ?? dueOn! < toldOn
  const due = dated.filter((entry) => entry.dueOn === entry.toldOn && !isLate(entry))
  const counts = { today: due.filter((entry) => entry.dueOn === data.today).length, onDay: due.filter((entry) => entry.dueOn !== data.today).length, late: dated.filter(isLate).length }
  return [counts.today > 0 && t('dueToday', { count: counts.today }), counts.onDay > 0 && t('dueOnDay', { count: counts.onDay }), counts.late > 0 && t('dueLate', { count: counts.late })].filter((words) => words !== false)
}

/** What is due, by date, with the button that does it; each thing once. */
export function DutyList(data: Listed) {
  const { work, questions, today } = data
  const language = useLanguage()
  const t = homeWords.in(language)
  const isCell = work?.missing !== null
  const short = (day: string) => showDay(day).replace(/\/\d{4}$/, day.startsWith(today.slice(0, 4)) ? '' : '$&')
  const whenOf = ({ dueOn, isPlain, toldOn }: Entry): Pick<Duty, 'when' | 'day' | 'isOverdue'> => {
    if (!dueOn) return { when: t('dueUnknown') }
    const left = daysAhead(dueOn, toldOn)
    if (isPlain || (toldOn !== today && left >= 0)) return { when: short(dueOn) } // on another day nothing is "today" or ahead
    return { when: left === 0 ? t('today') : left < 0 ? t('overdue', { count: -left }) : t('inDays', { count: left }), day: short(dueOn), isOverdue: left < 0 }
  }
  const entries = entriesOf(data, language)
  return (
    <Column span={isCell ? 7 : 8} id="duties" title={t(work?.next && isCell ? 'otherDuties' : 'duties')} action={questions && <ButtonLink href="/questions" kind="quiet">{t('toQuestions')}</ButtonLink>}>
      {entries.length > 0 ? <Duties duties={entries.map((entry) => ({ ...whenOf(entry), ...entry.duty }))} /> : <p className="q2">{t('noDuties')}</p>}
    </Column>
  )
}

function entriesOf({ work, campaign, place, asOf, today, waiting, questions, filings, amendments, duties, acknowledgements }: Listed, language: Language): Entry[] {
  const t = homeWords.in(language)
  const unit = place?.unit.code ?? ''
  const isCell = work?.missing !== null
  const entries: Entry[] = []
  const add = (dueOn: Day | null, what: string, href: string, detail: string | null, words: string | null, more: Partial<Entry['duty']> & { kind?: 'primary'; isPlain?: boolean; isRoll?: boolean; toldOn?: Day } = {}) => {
    const { kind, isPlain = false, isRoll = false, toldOn = asOf, ...rest } = more
    entries.push({ dueOn, isPlain, isRoll, toldOn, duty: { what, href, ...(detail ? { detail } : {}), ...(words ? { action: <ButtonLink href={href} kind={kind ?? 'plain'} label={`${words}: ${what}`}>{words}</ButtonLink> } : {}), ...rest } })
  }

  const ofFilings = new Set(filings.flatMap((one) => (one.kind === 'read' ? [] : [`/filings/${one.id}`])))
  const ownStudy = duties.find((one) => one.kind === 'study' && one.unitId === place?.unit.id)
  for (const one of duties) {
    if (ofFilings.has(one.path)) continue // the report says it with its hour
    const missing = one === ownStudy && work?.standing ? work.standing.missing : 0
    const detail = [missing > 0 ? t('duty.deadlineDetail', { count: showCount(missing, language) }) : null, one.detail, one.unitId === place?.unit.id ? null : one.unitName].filter(Boolean).join(' · ')
    add(one.dueOn, one.title, one.path, detail, one.words, { toldOn: asOf < one.toldOn ? asOf : one.toldOn })
  }
  for (const one of waiting) add(today, t('duty.open', { name: one.name }), `/campaigns/${one.code}`, t('duty.openDetail'), t('duty.openAction'), { kind: 'primary', toldOn: today })
  for (const one of (questions ?? []).slice(0, 8)) {
    const words = { value: one.value, figure: one.figure, unit: one.unitName, asker: one.askedByUnitName }
    add(one.kind === 'read' ? today : one.dueOn, t(`duty.question.${one.kind}`, words), `/questions/${one.id}`, t('duty.questionDetail', words), t(`duty.questionAction.${one.kind}`), { toldOn: today })
  }
  if (amendments.dueOn) add(amendments.dueOn, t('duty.amendments', { count: amendments.count }), '/amendments', t('duty.amendmentsDetail'), t('duty.amendmentsAction'), { toldOn: today })
  for (const one of acknowledgements) add(one.dueOn, t(`duty.acknowledge.${one.depth}`, { title: one.title }), `/acknowledgements/${one.requestId}`, one.unitName, t('duty.acknowledgeAction'), { toldOn: one.toldOn })
  for (const one of filings) {
    if (one.kind === 'read') {
      const day = one.hasEnded ? asOf : today
      add(day, t('duty.filing.read', { count: one.waiting }), `/rounds/${one.id}`, t('duty.filingReadDetail', { round: one.roundName, received: one.received, expected: one.expected }), t('duty.filingAction.read'), { toldOn: day })
      continue
    }
    const late = one.isOverdue && !one.hasEnded ? { when: t('overduePlain'), day: showDay(one.dueOn), isOverdue: true } : {}
    add(one.dueOn, t(`duty.filing.${one.kind}`, { round: one.roundName }), `/filings/${one.id}`, t('duty.filingDetail', { asker: one.askerName, time: one.dueTime, day: showDay(one.dueOn) }), t('duty.filingAction.submit'), { ...late, toldOn: one.hasEnded ? asOf : today })
  }
  for (const one of (work?.untaken ?? []).filter((sitting) => sitting.id !== work?.next?.id).slice(0, 8)) add(one.heldOn, t('duty.roll', { name: one.name }), `/sittings/${one.id}/roll`, t('duty.rollDetail'), t('duty.rollAction'), { isRoll: true })
  if (campaign && work?.standing) {
    const { missing } = work.standing
    const behind = `${figureAddress(campaign.code, 'studied', { unit, asOf })}${missing > 0 ? '#missing' : ''}`
    const isPast = asOf === today && campaign.studyTo < today && missing === 0
    if (!ownStudy) add(campaign.studyTo, t('duty.deadline'), behind, missing > 0 ? t('duty.deadlineDetail', { count: showCount(missing, language) }) : t('duty.deadlineDone'), missing > 0 ? t(isCell ? 'duty.deadlineAction' : 'duty.deadlineActionUnits') : null, isPast ? { isPlain: true, when: t('past') } : missing === 0 ? { isPlain: true } : {})
    if (daysAhead(campaign.dataDay, asOf) >= 0) {
      add(campaign.dataDay, t('duty.report'), reportAddress(campaign.code, { unit, asOf }), t('duty.reportDetail', { day: showDay(campaign.dataDay) }), t('duty.reportAction'), isCell || waiting.length > 0 ? { isPlain: true } : { isPlain: true, kind: 'primary' })
    }
  }
  return entries.toSorted((one, other) => (one.dueOn ?? '9999').localeCompare(other.dueOn ?? '9999'))
}
