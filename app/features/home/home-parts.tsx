import { showCount, showPercent } from '../../figures/figure.ts'
import { addDays, showDay } from '../../platform/clock.ts'
import { addressOf, figureAddress, reportAddress, unitAddress } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { DataTable } from '../../web/data-table.tsx'
import { Count, DayText, Fact, Figures, PersonName } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { EmptyState } from '../../web/notice.tsx'
import { LowRule, ShareBar } from '../../web/share-bar.tsx'
import { Column } from '../../web/shell.tsx'
import { DefinitionList, Duties, type Duty } from '../../web/trail.tsx'
import { UnitTable } from '../../web/unit-table.tsx'
import { GuideSteps } from './guide-steps.tsx'
import { guideWords } from './guide.messages.ts'
import type { Home, Working } from './home.page.tsx'
import type { NearSitting } from './home.server.ts'
import { daysAhead, isEvening, whenOf } from './home-view.ts'
import { homeWords } from './home.messages.ts'

/** The session that comes next, with the button that takes its roll. */
export function NextSitting({ work, campaign, place, today }: Working) {
  const language = useLanguage()
  const t = homeWords.in(language)
  const { next } = work
  const newSession = addressOf('/sessions/new', { campaign: campaign.code, unit: place.unit.code })
  if (!next) {
    return (
      <Column span={7} id="next" title={t('sittingNext')}>
        <EmptyState title={t('noSitting')} actions={<ButtonLink href={newSession}>{t('newSession')}</ButtonLink>}>
          {t('noSittingBody')}
        </EmptyState>
      </Column>
    )
  }
  const isOpen = next.heldOn <= today
  const isHere = next.unitCode === place.unit.code
  const roll = addressOf(`/sittings/${next.id}/roll`, { unit: isHere ? null : place.unit.code })
  return (
    <Column span={7} id="next" title={t(next.heldOn > today ? 'sittingNext' : next.heldOn < today ? 'sittingThen' : isEvening(next.startsAt) ? 'sittingTonight' : 'sitting')}>
      <DefinitionList
        items={[
          { term: t('when'), value: <b>{whenOf(next, language)}</b> },
          { term: t('where'), value: next.place ?? t('whereUnknown') },
          { term: t('what'), value: topicsOf(next, t) },
          ...(isHere ? [] : [{ term: t('host'), value: next.unitName }]),
          ...(next.people === null ? [] : [{ term: t('people'), value: t('peopleExpected', { count: next.people }) }]),
        ]}
      />
      <div className="after-lede">
        <Buttons>
          {next.people !== null && next.people > 0 && (
            <ButtonLink href={roll} kind={isOpen ? 'primary' : 'plain'} isWide>
              {t(isOpen ? 'takeRoll' : 'openRoll', { count: next.people })}
            </ButtonLink>
          )}
          {next.people !== null && next.people > 0 && <ButtonLink href={addressOf(`/sittings/${next.id}/roll`, { unit: isHere ? null : place.unit.code, print: '1' })}>{t('printRoll')}</ButtonLink>}
          <ButtonLink href={`/sessions/${next.sessionId}`}>{t('openSession')}</ButtonLink>
        </Buttons>
      </div>
    </Column>
  )
}

type Say = ReturnType<typeof homeWords.in>

function topicsOf(sitting: NearSitting, t: Say): string {
  const topics = sitting.topics.length > 0 ? sitting.topics.join('; ') : sitting.name
  return sitting.sittings > 1 ? t('whatPart', { position: sitting.position, count: sitting.sittings, topics }) : topics
}

const shownMissing = 12

/** Who has not studied, with what the last roll said, and the class that makes up for it. */
export function Missing({ work, campaign, place, asOf }: Working) {
  const t = homeWords.in(useLanguage())
  const { missing: people, isDeclared, isMidway, hasBegun } = work.missing!
  if (!hasBegun) return null
  return (
    <Column span={5} id="missing" title={people.length > 0 ? t(isMidway ? 'away' : 'missing', { count: people.length }) : t(isMidway ? 'nobodyAway' : 'nobodyMissing')} isTall>
      {isDeclared && <p className="sm q2 before-table">{t('declaredMissing')}</p>}
      <ul className="people">
        {people.slice(0, shownMissing).map((person) => (
          <li key={person.personId}>
            <div>
              <PersonName name={person.name} /> {person.bornOn && <span className="xs q3 n">{person.bornOn.slice(0, 4)}</span>}
              <p className="sm q2">{markOf(person, t)}</p>
            </div>
          </li>
        ))}
      </ul>
      {people.length > 0 && (
        <div className="after-lede">
          <Buttons>
            <ButtonLink href={addressOf('/sessions/new', { campaign: campaign.code, unit: place.unit.code, kind: 'make_up_class' })} isWide>
              {t('makeUp', { count: people.length })}
            </ButtonLink>
            {people.length > shownMissing && <ButtonLink href={`${figureAddress(campaign.code, 'studied', { unit: place.unit.code, asOf })}#missing`}>{t('allMissing', { count: people.length })}</ButtonLink>}
          </Buttons>
        </div>
      )}
    </Column>
  )
}

function markOf({ last, topicsDone, topicsWanted }: NonNullable<Working['work']['missing']>['missing'][number], t: Say): string {
  const mark = last ? t(`mark.${last.status}` as 'mark.absent', { day: showDay(last.heldOn) }) : t('noMark')
  const isAway = last?.status === 'absent' || last?.status === 'excused'
  const reason = last?.reason ? `: ${last.reason}.` : isAway ? `. ${t('noReason')}.` : '.'
  const done = topicsDone > 0 ? ` ${t('topicsDone', { done: topicsDone, wanted: topicsWanted }).replace(/^./, (letter) => letter.toUpperCase())}.` : ''
  return mark + reason + done
}

/** What is due, by date, with the button that does it. */
export function DutyList({ work, campaign, place, asOf, today, waiting, questions, filings, amendments }: Pick<Home, 'campaign' | 'place' | 'asOf' | 'today' | 'work' | 'waiting' | 'questions' | 'filings' | 'amendments'>) {
  const language = useLanguage()
  const t = homeWords.in(language)
  const short = (day: string) => showDay(day).replace(/\/\d{4}$/, day.startsWith(today.slice(0, 4)) ? '' : '$&')
  const byCalendar = (day: string): Pick<Duty, 'when' | 'day' | 'isOverdue'> => {
    const left = daysAhead(day, today)
    return { when: left === 0 ? t('today') : left < 0 ? t('overdue', { count: -left }) : t('inDays', { count: left }), day: short(day), isOverdue: left < 0 }
  }
  // where the page stands at another day, nothing is due "today" or "late" on it: the day alone is said
  const whenDue = (day: string) => (asOf === today ? byCalendar(day) : { when: short(day) })
  const duties: Duty[] = []
  const isCell = work?.missing !== null
  const unit = place?.unit.code ?? ''
  for (const one of waiting) {
    const href = `/campaigns/${one.code}`
    duties.push({ when: t('today'), what: t('duty.open', { name: one.name }), href, detail: t('duty.openDetail'), action: <ButtonLink href={href} kind="primary">{t('duty.openAction')}</ButtonLink> })
  }
  for (const one of (questions ?? []).slice(0, 8)) {
    const href = `/questions/${one.id}`
    const words = { value: one.value, figure: one.figure, unit: one.unitName, asker: one.askedByUnitName }
    // a question is due by the calendar, whatever day the page stands at
    const when = one.kind === 'read' ? { when: t('today') } : byCalendar(one.dueOn)
    duties.push({ ...when, what: t(`duty.question.${one.kind}`, words), href, detail: t('duty.questionDetail', words), action: <ButtonLink href={href}>{t(`duty.questionAction.${one.kind}`)}</ButtonLink> })
  }
  if (amendments.dueOn) {
    duties.push({ ...byCalendar(amendments.dueOn), what: t('duty.amendments', { count: amendments.count }), href: '/amendments', detail: t('duty.amendmentsDetail'), action: <ButtonLink href="/amendments">{t('duty.amendmentsAction')}</ButtonLink> })
  }
  for (const one of filings) {
    if (one.kind === 'read') {
      const href = `/rounds/${one.id}`
      duties.push({ when: t('today'), what: t('duty.filing.read', { count: one.waiting }), href, detail: t('duty.filingReadDetail', { round: one.roundName, received: one.received, expected: one.expected }), action: <ButtonLink href={href} label={`${t('duty.filingAction.read')}: ${one.roundName}`}>{t('duty.filingAction.read')}</ButtonLink> })
      continue
    }
    const href = `/filings/${one.id}`
    const when = one.isOverdue ? { when: t('overduePlain'), day: showDay(one.dueOn), isOverdue: true } : byCalendar(one.dueOn)
    duties.push({ ...when, what: t(`duty.filing.${one.kind}`, { round: one.roundName }), href, detail: t('duty.filingDetail', { asker: one.askerName, time: one.dueTime, day: showDay(one.dueOn) }), action: <ButtonLink href={href} label={`${t('duty.filingAction.submit')}: ${one.roundName}`}>{t('duty.filingAction.submit')}</ButtonLink> })
  }
  for (const one of (work?.untaken ?? []).filter((sitting) => sitting.id !== work?.next?.id).slice(0, 8)) {
    const href = `/sittings/${one.id}/roll`
    duties.push({ ...whenDue(one.heldOn), what: t('duty.roll', { name: one.name }), href, detail: t('duty.rollDetail'), action: <ButtonLink href={href} label={`${t('duty.roll', { name: one.name })}, ${showDay(one.heldOn)}`}>{t('duty.rollAction')}</ButtonLink> })
  }
  if (campaign && work?.standing) {
    const { missing } = work.standing
    const behind = `${figureAddress(campaign.code, 'studied', { unit, asOf })}${missing > 0 ? '#missing' : ''}`
    const report = reportAddress(campaign.code, { unit, asOf })
    const isLate = asOf === today && daysAhead(campaign.studyTo, today) < 0 && missing === 0
    const deadline = { ...whenDue(campaign.studyTo), ...(isLate ? { when: t('past'), isOverdue: false } : {}) }
    duties.push({
      ...deadline,
      what: t('duty.deadline'),
      href: behind,
      detail: missing > 0 ? t('duty.deadlineDetail', { count: showCount(missing, language) }) : t('duty.deadlineDone'),
      action: missing > 0 && <ButtonLink href={behind}>{t(isCell ? 'duty.deadlineAction' : 'duty.deadlineActionUnits')}</ButtonLink>,
    })
    if (daysAhead(campaign.dataDay, asOf) >= 0) {
      duties.push({
        ...whenDue(campaign.dataDay),
        what: t('duty.report'),
        href: report,
        detail: t('duty.reportDetail', { day: showDay(campaign.dataDay) }),
        action: <ButtonLink href={report} kind={isCell || waiting.length > 0 ? 'plain' : 'primary'}>{t('duty.reportAction')}</ButtonLink>,
      })
    }
  }
  return (
    <Column span={isCell ? 7 : 8} id="duties" title={t(work?.next && isCell ? 'otherDuties' : 'duties')} action={questions && <ButtonLink href="/questions" kind="quiet">{t('toQuestions')}</ButtonLink>}>
      {duties.length > 0 ? <Duties duties={duties} /> : <p className="q2">{t('noDuties')}</p>}
    </Column>
  )
}

/** Where the campaign stands in this unit. */
export function Stands({ work, campaign, place, asOf, span }: Working & { span: 4 | 5 }) {
  const language = useLanguage()
  const t = homeWords.in(language)
  const { total, onRoster, atConference } = work.standing!
  const behind = (key: string) => figureAddress(campaign.code, key, { unit: place.unit.code, asOf })
  if (onRoster === 0) return null
  return (
    <Column span={span} id="stands" title={t('stands')}>
      <Fact label={t('studied')} numerator={total.studied} denominator={total.expected} base={t('baseExpected')} href={behind('studied')}>
        {total.declared > 0 && t('declaredShare', { count: showCount(total.declared, language) })}
      </Fact>
      {atConference > 0 && <Fact label={t('atConference')} numerator={atConference} denominator={total.expected} base={t('baseExpected')} href={behind('studied-at-national-conference')} />}
      {total.exempt > 0 && <Fact label={t('exempt')} numerator={total.exempt} denominator={onRoster} base={t('baseRoster')} href={behind('exempt')} />}
    </Column>
  )
}

/** Units with people missing, worst first, each opening in place. */
export function UnitsMissing({ work, campaign, place, asOf }: Working) {
  const language = useLanguage()
  const t = homeWords.in(language)
  const { behind, rest, total, hasUnits } = work.standing!
  if (!hasUnits) return null
  const number = (value: number) => showCount(value, language)
  const share = showPercent(total.studied, total.expected, language)
  return (
    <Column span={12} id="behind" title={behind.length > 0 ? t('unitsMissing', { count: behind.length }) : t('noUnitsMissing')}>
      {behind.length > 0 && (
        <p className="xs q3 before-table">
          {t('worstFirst')} {behind.some((one) => one.isLow) && <LowRule>{t('below', { share })}</LowRule>}
        </p>
      )}
      {behind.map((one) => {
        const isOwn = one.id === place.unit.id
        const name = isOwn ? t('unitOwn', { unit: one.name }) : one.name
        const at = { unit: one.code, asOf }
        return (
          <details key={one.id + String(isOwn)} className="unitrow">
            <summary>
              <span>
                <b>{name}</b> <span className="sm q3"><Figures>{number(one.missing)}</Figures> {t('unitMissing')}</span>
              </span>
              <span className="sharecell">
                <ShareBar numerator={one.studied} denominator={one.expected} isLow={one.isLow} />
                <span className="n sm">{showPercent(one.studied, one.expected, language)}</span>
              </span>
            </summary>
            <div className="inside sm">
              <p>
                <b><Count value={one.missing} href={`${figureAddress(campaign.code, 'studied', at)}#missing`} /></b> {t('unitMissing')} <span className="q3 n">({number(one.studied)} / {number(one.expected)})</span>
                {one.declared > 0 && ` · ${t('unitDeclared', { count: number(one.declared) })}`}
              </p>
              <div className="after-lede">
                <Buttons>
                  {!isOwn && <ButtonLink href={unitAddress(one.code, asOf)} label={`${t('toUnit')}: ${one.name}`}>{t('toUnit')}</ButtonLink>}
                  {!isOwn && <ButtonLink href={reportAddress(campaign.code, at)} label={`${t('toReport')}: ${one.name}`}>{t('toReport')}</ButtonLink>}
                  <ButtonLink href={figureAddress(campaign.code, 'studied', at)} kind="quiet" label={`${t('toFigure')}: ${name}`}>{t('toFigure')}</ButtonLink>
                </Buttons>
              </div>
            </div>
          </details>
        )
      })}
      {rest && <p className="sm q2 after-lede">{t('unitOther')}: {number(rest.missing)} {t('unitMissing')}.</p>}
    </Column>
  )
}

/** Which units have nobody missing: in order, so in one quiet line. */
export function Complete({ work }: Working) {
  const t = homeWords.in(useLanguage())
  const { complete } = work.standing!
  if (complete.length === 0) return null
  return <p className="c12 sm q2 tight">{t('complete', { names: complete.join(', ') })}</p>
}

/** Units that an inspector was assigned, with where each stands. */
export function Assigned({ work, campaign, asOf }: Working) {
  const t = homeWords.in(useLanguage())
  return (
    <Column span={12} id="assigned" title={t('assigned')}>
      <UnitTable
        rows={work.assigned.map((one) => {
          const behind = figureAddress(campaign.code, 'studied', { unit: one.code, asOf })
          return {
            id: one.id,
            name: one.name,
            href: unitAddress(one.code, asOf),
            numerator: one.studied,
            denominator: one.expected,
            missing: one.expected - one.studied,
            shareHref: behind,
            missingHref: `${behind}#missing`,
            note: t('assignedUntil', { day: showDay(addDays(one.until, -1)) }),
          }
        })}
      />
    </Column>
  )
}

/** What an administrator keeps. */
export function Administration() {
  const t = homeWords.in(useLanguage())
  return (
    <Column span={12} id="admin" title={t('admin')}>
      <p className="q2 before-table">{t('adminScope')}</p>
      <ul className="rights">
        {administered.map(({ key, href }) => (
          <li key={key}>
            <b>
              <a href={href}>{t(`admin.${key}`)}</a>
            </b>
            <p>{t(`adminBody.${key}`)}</p>
          </li>
        ))}
      </ul>
    </Column>
  )
}

const administered = [
  { key: 'units', href: '/units' },
  { key: 'accounts', href: '/accounts' },
  { key: 'imports', href: '/imports' },
] as const

/** The first steps, with the way to put them away. */
export function FirstSteps({ steps }: NonNullable<Home['guide']>) {
  const t = guideWords.in(useLanguage())
  return (
    <Column span={12} id="first-steps" title={t('steps')} action={<a href="/guide">{t('all')}</a>}>
      <GuideSteps steps={steps} />
      <form method="post" action="/guide" className="after-lede">
        <input type="hidden" name="hidden" value="yes" />
        <Button kind="quiet" type="submit">{t('hide')}</Button>
      </form>
    </Column>
  )
}

/** When and where one's own sessions are, what has been studied, how one was marked. */
export function OwnStudy({ work, isAlone }: Working & { isAlone: boolean }) {
  const language = useLanguage()
  const t = homeWords.in(language)
  const own = work.own!
  const { isDone } = own
  return (
    <>
      {own.mustStudy && (isAlone || (own.next.length > 0 && !own.next.some((one) => one.id === work.next?.id))) && (
        <Column span={isAlone ? 7 : 12} id="mine" title={t(isAlone ? 'mySessions' : 'mine')}>
          {isDone ? (
            <p className="q2">{t('allTopics')}</p>
          ) : own.next.length > 0 ? (
            <ul className="rights">
              {(isAlone ? own.next : own.next.slice(0, 2)).map((sitting) => (
                <li key={sitting.id}>
                  <b><a href={`/sessions/${sitting.sessionId}`}>{whenOf(sitting, language)}</a></b>
                  <p>{[sitting.place ?? t('whereUnknown'), sitting.unitName].join(' · ')}</p>
                  <p>{topicsOf(sitting, t)}</p>
                </li>
              ))}
            </ul>
          ) : (
            <p className="q2">
              {t('noNext')} {t('askSecretary')}
            </p>
          )}
        </Column>
      )}
      {isAlone && own.mustStudy && (
        <Column span={5} id="topics" title={t('myTopics')}>
          <DataTable
            caption={t('myTopics')}
            isCaptionHidden
            columns={[{ label: t('topic') }, { label: t('state'), isFigure: true }]}
            rows={own.topics.map((topic, index) => ({ id: String(index), cells: [topic.name, topic.on ? t('topicDone', { day: showDay(topic.on) }) : <span key="no" className="attn">{t('topicLeft')}</span>] }))}
          />
        </Column>
      )}
      {isAlone && (
        <Column span={12} id="marks" title={t('myMarks')}>
          {own.marks.length === 0 ? (
            <p className="q2">{t('noMarks')}</p>
          ) : (
            <DataTable
              caption={t('myMarks')}
              isCaptionHidden
              columns={[{ label: t('session') }, { label: t('state') }, { label: t('day'), isFigure: true }]}
              rows={own.marks.map((mark, index) => ({
                id: String(index),
                note: [mark.place, mark.unitName].filter(Boolean).join(' · ') || null,
                cells: [mark.session ?? t('elsewhere'), [t(`status.${mark.status}` as 'status.present'), mark.reason].filter(Boolean).join(': '), mark.heldOn ? <DayText key="day" day={mark.heldOn} /> : ''],
              }))}
            />
          )}
        </Column>
      )}
    </>
  )
}
