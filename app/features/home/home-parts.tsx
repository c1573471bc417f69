import { showCount } from '../../figures/figure.ts'
import { addDays, showDay } from '../../platform/clock.ts'
import { addressOf, figureAddress, unitAddress } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { DataTable } from '../../web/data-table.tsx'
import { DayText, Fact, PersonName } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { EmptyState, Notice } from '../../web/notice.tsx'
import { ShareBar } from '../../web/share-bar.tsx'
import { Column } from '../../web/shell.tsx'
import { DefinitionList } from '../../web/trail.tsx'
import { UnitTable } from '../../web/unit-table.tsx'
import { GuideSteps } from './guide-steps.tsx'
import { guideWords } from './guide.messages.ts'
import type { Home, Working } from './home.page.tsx'
import type { NearSitting } from './home.server.ts'
import { isEvening, whenOf } from './home-view.ts'
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

/** Rules of one's own that are being laid: left, and found again here. */
export function Laying({ laying }: Pick<Home, 'laying'>) {
  const t = homeWords.in(useLanguage())
  return laying.map((one) => (
    <Notice key={one.ruleId} role="status" className="after-lede">
      <a href={`/duties/rules/${one.ruleId}`}>{t('laying', { title: one.title, done: one.unitsDone, units: one.units })}</a>
      <ShareBar numerator={one.unitsDone} denominator={Math.max(1, one.units)} />
    </Notice>
  ))
}

/** Where the campaign stands in this unit. */
export function Stands({ work, campaign, place, asOf, span }: Working & { span: 4 | 5 }) {
  const language = useLanguage()
  const t = homeWords.in(language)
  const { total, onRoster, atConference } = work.standing!
  const documents = work.owing?.documents
  const behind = (key: string) => figureAddress(campaign.code, key, { unit: place.unit.code, asOf })
  if (onRoster === 0) return null
  return (
    <Column span={span} id="stands" title={t('stands')}>
      <Fact label={t('studied')} numerator={total.studied} denominator={total.expected} base={t('baseExpected')} href={behind('studied')}>
        {total.declared > 0 && t('declaredShare', { count: showCount(total.declared, language) })}
      </Fact>
      {atConference > 0 && <Fact label={t('atConference')} numerator={atConference} denominator={total.expected} base={t('baseExpected')} href={behind('studied-at-national-conference')} />}
      {documents && documents.wanted > 0 && (
        <Fact label={t('documentsIssued')} numerator={documents.done} denominator={documents.wanted} base={t('baseDocuments')} href={addressOf(`/campaigns/${campaign.code}/documents`, { unit: place.unit.code, asOf })}>
          {documents.today > 0 && t('documentsToday', { count: documents.today })}
        </Fact>
      )}
      {total.exempt > 0 && <Fact label={t('exempt')} numerator={total.exempt} denominator={onRoster} base={t('baseRoster')} href={behind('exempt')} />}
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
