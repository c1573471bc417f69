import { showCount, showPercent } from '../../figures/figure.ts'
import { showDay } from '../../platform/clock.ts'
import { addressOf, figureAddress } from '../../web/addresses.ts'
import { ButtonLink } from '../../web/button.tsx'
import { DataTable } from '../../web/data-table.tsx'
import { Count, DayText, FigureLink, PersonName, Tag } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { Notice } from '../../web/notice.tsx'
import type { Addend } from './behind.server.ts'
import type { Opened } from './figure.page.tsx'
import { indicatorWords } from './indicators.messages.ts'
import type { PersonBehind } from './people-behind.server.ts'

/** What the figure adds up from, each opening the same page one level down. */
export function Addends({ indicator: key, campaign, asOf, behind }: Opened) {
  const language = useLanguage()
  const t = indicatorWords.in(language)
  const { addends, numerator, denominator, part } = behind
  if (addends.length === 0) return null
  const isRate = denominator !== null
  const isMissingShown = key === 'studied' && !part.kind
  const href = (one: Addend) => (one.kind === 'own' ? '#people' : one.kind === 'unit' ? figureAddress(campaign.code, key, { unit: one.code, asOf, part: part.dimension || null }) : null)
  const nameOf = (one: Addend) => (one.kind === 'own' ? t('ownPeople', { unit: one.name }) : one.kind === 'other' ? t('otherUnits') : one.name)
  const number = (value: number) => showCount(value, language)
  const fraction = (one: { numerator: number; denominator: number | null }) => `${number(one.numerator)} / ${number(one.denominator ?? 0)}`
  const cells = (one: { numerator: number; denominator: number | null }) => [
    ...(isMissingShown ? [number((one.denominator ?? 0) - one.numerator)] : []),
    ...(isRate ? [fraction(one), showPercent(one.numerator, one.denominator, language)] : [number(one.numerator)]),
  ]
  const units = addends.filter((one) => one.kind === 'unit').length
  const unitOfCount = key.includes('attendances') ? t('attendances') : t('people')
  return (
    <section aria-labelledby="addends-title">
      <h2 id="addends-title" className="before-table">{units === addends.length ? t('addendsUnits', { count: units }) : t('addends', { count: addends.length })}</h2>
      <DataTable
        isSmall
        columns={[
          { label: t('unit') },
          ...(isMissingShown ? [{ label: t('missing'), isFigure: true }] : []),
          ...(isRate ? [{ label: t(`fraction.${key}` as 'fraction.studied'), isFigure: true, isDeskOnly: true }, { label: t('share'), isFigure: true }] : [{ label: unitOfCount, isFigure: true }]),
        ]}
        rows={addends.map((one) => {
          const [name, ...figures] = [nameOf(one), ...cells(one)]
          return {
            id: one.id,
            cells: [
              <span key="name">
                <FigureLink href={href(one)}>{name}</FigureLink>
                {one.declared > 0 && <Tag kind="declared" />}
                {isRate && <span className="only-phone xs q3 n">{fraction(one)}</span>}
              </span>,
              ...figures.map((figure, index) => (
                <FigureLink key={index} href={href(one)}>
                  {figure}
                </FigureLink>
              )),
            ],
          }
        })}
        total={{ id: 'total', cells: [<span key="total">{t('total')}{isRate && <span className="only-phone xs n">{fraction({ numerator, denominator })}</span>}</span>, ...cells({ numerator, denominator })] }}
      />
    </section>
  )
}

/** The people behind the figure by name, for those whom the matrix allows. */
export function People({ indicator: key, campaign, place, behind, groups }: Opened) {
  const language = useLanguage()
  const t = indicatorWords.in(language)
  if (!behind.people) return behind.hasOwnPeople && !behind.seesPeople && !key.includes('attendances') && behind.addends.length === 0 ? <span id="missing" /> : null
  const headings: Record<PersonBehind['state'], 'missingPeople' | 'notAtConference' | 'donePeople' | 'exemptPeople' | 'listedPeople' | 'expectedPeople' | 'writers'> = {
    missing: key === 'studied' ? 'missingPeople' : 'notAtConference',
    done: 'donePeople',
    exempt: 'exemptPeople',
    listed: key === 'must-write' ? 'writers' : key === 'expected' || key === 'on-roster' ? 'expectedPeople' : 'listedPeople',
  }
  const isWholeOwn = behind.addends.length === 0
  const counted = key === 'studied' || key === 'studied-at-national-conference' ? 'done' : null
  const listed = counted ? (groups.find((group) => group.state === counted)?.people.length ?? 0) : 0
  return (
    <div id="people" className="stack">
      {behind.isDeclared && key === 'studied' && <Notice>{t('declaredPeople')}</Notice>}
      {!behind.isDeclared && isWholeOwn && counted && listed !== behind.numerator && <Notice>{t('differs', { listed, counted: behind.numerator })}</Notice>}
      {groups.map((group) => (
        <section key={group.state} id={group.state} aria-labelledby={`${group.state}-title`}>
          <h2 id={`${group.state}-title`} className="before-table">{t(headings[group.state], { count: group.people.length })}</h2>
          <DataTable
            isSmall
            columns={group.state === 'listed' ? [{ label: t('person') }] : group.state === 'done' ? [{ label: t('personAndWhere') }, { label: t('studiedOn'), isFigure: true }] : [{ label: t('person') }, { label: t('state') }]}
            rows={group.people.map((person) => ({ id: person.personId, cells: cellsOf(person, t), note: person.where && <FigureLink href={`/sessions/${person.where.sessionId}`}>{[person.where.name, person.where.place].filter(Boolean).join(', ')}</FigureLink> }))}
          />
          {group.state === 'missing' && key === 'studied' && (
            <p className="after-lede noprint">
              <ButtonLink href={addressOf('/sessions/new', { campaign: campaign.code, unit: place.unit.code, kind: 'make_up_class' })}>{t('makeUp', { count: group.people.length })}</ButtonLink>
            </p>
          )}
        </section>
      ))}
    </div>
  )
}

type Say = ReturnType<typeof indicatorWords.in>

function cellsOf(person: PersonBehind, t: Say) {
  const name = (
    <span key="name">
      <PersonName name={person.name} /> {person.bornOn && <small className="xs q3 n">{person.bornOn.slice(0, 4)}</small>}
    </span>
  )
  switch (person.state) {
    case 'listed':
      return [name]
    case 'exempt':
      return [name, t('exemptBecause', { reason: person.exemptReason ?? '' })]
    case 'done':
      return [name, person.on ? <DayText key="day" day={person.on} /> : '']
    case 'missing':
      return [name, stateOf(person, t)]
  }
}

/** How far somebody who is missing got: "Vắng có lý do ngày 3/6/2021: nằm viện; đã học 2 / 4 chuyên đề". */
function stateOf({ last, topicsDone, topicsWanted }: PersonBehind, t: Say): string {
  if (!last) return t('noMark')
  const mark = t(`mark.${last.status}` as 'mark.absent', { day: showDay(last.heldOn) })
  const state = last.reason ? t('markReason', { mark, reason: last.reason }) : mark
  return topicsDone > 0 ? `${state}; ${t('topics', { done: topicsDone, wanted: topicsWanted })}` : state
}

/** The printed copies that make members of the unit reached in time, or not. */
export function Copies({ behind, place }: Opened) {
  const language = useLanguage()
  const t = indicatorWords.in(language)
  if (behind.copies.length === 0) return null
  const isInTime = ({ received, receivedOn, reachBy }: Opened['behind']['copies'][number]) => (received ?? 0) > 0 && receivedOn! <= reachBy!
  return (
    <section id="people" aria-labelledby="copies-title">
      <h2 id="copies-title" className="before-table">{t('copies')}</h2>
      <DataTable
        isSmall
        columns={[{ label: t('material') }, { label: t('copiesSent'), isFigure: true }, { label: t('copiesReceived'), isFigure: true }, { label: t('state') }]}
        rows={behind.copies.map((copy) => ({
          id: copy.id,
          note: t('copiesBy', { sentOn: showDay(copy.sentOn), reachBy: showDay(copy.reachBy!) }),
          cells: [
            <FigureLink key="title" href={addressOf(`/materials/${copy.materialId}/copies`, { unit: place.unit.code })}>
              {copy.title}
            </FigureLink>,
            showCount(copy.sent, language),
            copy.received === null ? '–' : showCount(copy.received, language),
            <span key="state" className={isInTime(copy) ? 'q2' : 'attn'}>
              {copy.receivedOn ? t(isInTime(copy) ? 'copiesInTime' : 'copiesLate', { day: showDay(copy.receivedOn) }) : t('copiesNotYet')}
            </span>,
          ],
        }))}
      />
    </section>
  )
}

/** The sittings that attendances were counted at. */
export function Sittings({ behind }: Opened) {
  const t = indicatorWords.in(useLanguage())
  if (behind.sittings.length === 0) return null
  return (
    <section id="people" aria-labelledby="sittings-title">
      <h2 id="sittings-title" className="before-table">{t('sittings')}</h2>
      <DataTable
        isSmall
        columns={[{ label: t('session') }, { label: t('day'), isFigure: true }, { label: t('attendances'), isFigure: true }]}
        rows={behind.sittings.map((sitting) => ({
          id: sitting.sittingId,
          note: sitting.place,
          cells: [<FigureLink key="name" href={`/sessions/${sitting.sessionId}`}>{sitting.name}</FigureLink>, <DayText key="day" day={sitting.heldOn} />, <Count key="n" value={sitting.people} />],
        }))}
      />
    </section>
  )
}

/** What the unit itself declared, and who did. */
export function Declarations({ behind }: Opened) {
  const t = indicatorWords.in(useLanguage())
  if (behind.declarations.length === 0) return null
  return (
    <section aria-labelledby="declarations-title">
      <h2 id="declarations-title" className="before-table">{t('declarations')}</h2>
      <DataTable
        isSmall
        columns={[{ label: t('declaredOn') }, { label: t('declaredBy') }, { label: t('declaredStudied'), isFigure: true }]}
        rows={behind.declarations.map((one) => ({
          id: one.declaredOn,
          cells: [<DayText key="day" day={one.declaredOn} />, t('declaredFor', { name: one.declaredBy ?? t('somebody'), at: one.recordedAt }), <Count key="n" value={one.studied} />],
          note: one.note,
        }))}
      />
    </section>
  )
}

/** Why people are exempt: counts alone, which everybody sees who sees the figure. */
export function Reasons({ campaign, place, asOf, behind }: Opened) {
  const t = indicatorWords.in(useLanguage())
  if (behind.reasons.length === 0) return null
  return (
    <section aria-labelledby="reasons-title">
      <h2 id="reasons-title" className="before-table">{t('reasons')}</h2>
      <DataTable
        isSmall
        columns={[{ label: t('reason') }, { label: t('people'), isFigure: true }]}
        rows={behind.reasons.map((row) => ({
          id: row.reason,
          cells: [row.reason, <Count key="n" value={row.people} href={figureAddress(campaign.code, 'exempt', { unit: place.unit.code, asOf, part: `reason:${row.reason}` })} />],
        }))}
        total={{ id: 'total', cells: [t('total'), <Count key="n" value={behind.numerator} />] }}
      />
    </section>
  )
}
