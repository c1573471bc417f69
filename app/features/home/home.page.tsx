import type { Route } from './+types/home.page'
import type { Ctx } from '../../permissions/permissions.ts'
import { showCount, showPercent } from '../../figures/figure.ts'
import { showDay, type Day } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { addressOf, figureAddress, unitAddress } from '../../web/addresses.ts'
import { dayAsked } from '../../web/as-of.ts'
import { ButtonLink } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { FigureLink } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { EmptyState, Notice } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Grid, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { campaignDay, listCampaigns, type Campaign as AnyCampaign } from '../campaigns/campaigns.server.ts'
import { owedAcknowledgements } from '../acknowledgements/acknowledgement-views.server.ts'
import { ownDuties } from '../duties/duties.server.ts'
import { rowsOf } from '../duties/duty-rows.server.ts'
import { layingNow } from '../duties/rules.server.ts'
import { guideAtHome } from './guide.server.ts'
import { figureUnits } from '../indicators/figures.server.ts'
import { ownUnit, placeAt, type Place } from '../units/place.server.ts'
import { actingToday } from '../acting/acting.server.ts'
import { amendmentDuties } from '../rights/amendments.server.ts'
import { filingDuties } from '../filings/round-views.server.ts'
import { questionDuties } from '../questions/question-views.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { assignedUnits, campaignsToOpen, mayPrepare, missingPeople, nextSitting, ownStudy, sittingsWithoutRoll, standingOfUnit } from './home.server.ts'
import { ActingFor } from './acting-for.tsx'
import { nextOf, whenOf } from './home-view.ts'
import { homeWords } from './home.messages.ts'
import { DutyList, dueWords } from './home-duties.tsx'
import { UnitsOwing } from './home-owing.tsx'
import { Administration, Assigned, Complete, FirstSteps, Laying, Missing, NextSitting, OwnStudy, Stands } from './home-parts.tsx'
import { owingBeneath, type AllOwing, type OwingRow } from './owing.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language, both }) => {
    const { tx, viewer } = ctx
    const campaigns = await listCampaigns(tx)
    const campaign = campaigns.find(isOpen(url.searchParams.get('campaign'))) ?? campaigns.find(isOpen(null)) ?? null
    const told = (day: Day) => (campaign ? campaignDay(campaign, day) : day)
    const { asOf: asked, asOfProblem } = dayAsked(url, told(viewer.today), language)
    const asOf = told(asked)
    const code = url.searchParams.get('unit')
    const unit = code ? await unitByCode(tx, code) : await ownUnit(ctx)
    const place = unit && (await placeAt(tx, unit, asOf))
    const has = (role: string) => viewer.offices.some((office) => office.role === role)
    const { config, dutyButtons } = args.context.get(appContext)
    const own = async () => ({
      asOf,
      asOfProblem,
      place: place && { unit: place.unit, unitTrail: place.unitTrail, unitsBeneath: place.unitsBeneath },
      campaign,
      waiting: await campaignsToOpen(ctx, campaigns),
      mayPrepare: mayPrepare(ctx),
      isAdministrator: has('administrator'),
      guide: await guideAtHome(ctx, unit, (place?.beneath.length ?? 0) > 0),
      ...(await actingToday(ctx)),
      questions: await questionDuties(ctx, language),
      amendments: await amendmentDuties(ctx),
      filings: await filingDuties(ctx, config.timeZone, campaign?.id ?? null),
      duties: rowsOf(ctx, await ownDuties(ctx, { campaignId: campaign?.id ?? null }), dutyButtons, language),
      laying: await layingNow(ctx),
      acknowledgements: (await owedAcknowledgements(ctx, campaign?.id ?? null)).map(({ requestId, title, unitName, depth, dueOn, toldOn }) => ({ requestId, title, unitName, depth, dueOn, toldOn })),
      today: viewer.today,
    })
    if (!campaign || !place || asOf < campaign.openedOn) return { ...(await own()), work: null }
    const [page, work] = await both(own, (beside) => workOf(beside, { campaign, place, asOf, timeZone: config.timeZone }))
    return { ...page, work }
  })

/** A campaign that is open, and of that code where one is asked for. */
const isOpen = (code: string | null) => (campaign: AnyCampaign): campaign is Campaign => campaign.openedOn !== null && (code === null || campaign.code === code)

type Campaign = AnyCampaign & { openedOn: Day }

/** What this person has to do with this unit: lead a cell, lead units, or belong to it. */
async function workOf(ctx: Ctx, asked: { campaign: Campaign; place: Place; asOf: Day; timeZone: string }) {
  const { campaign, asOf, place, place: { unit } } = asked
  const chain = place.trail.map((one) => one.id).toReversed()
  const leads = ctx.viewer.offices.some((office) => ['city_officer', 'secretary', 'deputy', 'clerk'].includes(office.role) && chain.includes(office.unitId))
  const seesFigures = (await figureUnits(ctx.tx, [unit.id])).size > 0
  const assigned = ctx.viewer.offices.some((office) => office.role === 'inspector') ? await assignedUnits(ctx, campaign, asOf) : []
  const isLed = seesFigures && leads
  const next = isLed ? await nextSitting(ctx, asked) : null
  const missing = isLed ? await missingPeople(ctx, asked, next) : null
  const owing = isLed && place.beneath.length > 0 ? await owingBeneath(ctx, { ...asked, campaignId: campaign.id, chain }) : null
  return {
    isLed,
    missing,
    assigned,
    next,
    untaken: isLed ? await sittingsWithoutRoll(ctx, asked) : [],
    owing: owing && { documents: owing.documents, mayUrge: owing.mayUrge },
    standing: isLed ? standingView(await standingOfUnit(ctx, asked), place, owing) : null,
    own: await ownStudy(ctx, { campaign, asOf, isAlone: !isLed }),
  }
}

function standingView({ total, units, otherUnits, missing, onRoster, atConference }: Awaited<ReturnType<typeof standingOfUnit>>, { unit, beneath }: Place, owing: AllOwing | null) {
  const isLow = (one: { studied: number; expected: number }) => one.studied * total.expected < total.studied * one.expected
  const owedBy = new Map(owing?.units.map((one) => [one.unitId, one]))
  const nobody = { expected: 0, studied: 0, exempt: 0, declared: 0 }
  // units without anybody to study, such as caucuses, may owe documents
  const others = beneath.filter((one) => !units.some((with_) => with_.id === one.id)).map(({ id, code, name, kind }) => ({ id, code, name, kind, ...nobody }))
  const rows = [...units, ...others].map((one): OwingRow => ({ ...one, unitId: one.id, missing: one.expected - one.studied, isLow: one.expected > 0 && isLow(one), isOwn: one.id === unit.id, owing: one.id === unit.id ? null : (owedBy.get(one.id) ?? null) }))
  const owingRows = rows.filter((one) => one.missing > 0 || (one.owing && owesNow(one.owing)))
  const rest = otherUnits && otherUnits.studied < otherUnits.expected ? { ...otherUnits, missing: otherUnits.expected - otherUnits.studied } : null
  return {
    total,
    missing,
    onRoster,
    atConference,
    hasUnits: units.length > 0,
    behind: owingRows.filter((one) => one.missing > 0).length,
    owing: owingRows.toSorted(worstOfBoth),
    rest,
    complete: units.filter((one) => one.expected > 0 && one.studied === one.expected && !owingRows.some((row) => row.unitId === one.id)).map((one) => one.name),
  }
}

/** Late or due today; what lies ahead is shown where something else is missing. */
const owesNow = ({ own, beneath }: NonNullable<OwingRow['owing']>) => beneath.late > 0 || own.some((sum) => sum.late + sum.today > 0)
const lateOf = (row: OwingRow) => (row.owing ? row.owing.own.reduce((sum, one) => sum + one.late, 0) : 0)

/** The lowest share first; where nobody is missing, whoever is late with most. */
function worstOfBoth(one: OwingRow, other: OwingRow): number {
  const byShare = (one.missing > 0 ? one.studied / one.expected : 1) - (other.missing > 0 ? other.studied / other.expected : 1)
  return byShare || lateOf(other) - lateOf(one) || (other.owing?.beneath.late ?? 0) - (one.owing?.beneath.late ?? 0) || one.name.localeCompare(other.name, 'vi')
}

export function meta({ matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  return [{ title: `${homeWords.in(language)('title')} · ${webWords.in(language)('appName')}` }]
}

export type Home = Route.ComponentProps['loaderData']
export type Working = Home & { campaign: Campaign; place: NonNullable<Home['place']>; work: NonNullable<Home['work']> }

export default function HomePage({ loaderData: data }: Route.ComponentProps) {
  const { place, asOf, asOfProblem, campaign, work } = data
  const isWorking = campaign && place && work
  return (
    <Shell
      section="home"
      unitTrail={place?.unitTrail ?? []}
      unitsBeneath={work?.isLed ? (place?.unitsBeneath ?? []) : []}
      asOf={asOf}
      asOfProblem={asOfProblem}
      unitHref={(code) => (place?.unitsBeneath.some((one) => one.code === code) ? addressOf('/', { unit: code }) : unitAddress(code))}
    >
      {campaign && <Eyebrow>{campaign.name}</Eyebrow>}
      {isWorking ? <Work {...data} campaign={campaign} place={place} work={work} /> : <NoWork {...data} />}
    </Shell>
  )
}

function Work(data: Working) {
  const { work } = data
  const isCell = work.missing !== null
  return (
    <>
      <h1>{isCell ? <CellAnswer {...data} /> : work.standing ? <LevelAnswer {...data} /> : <OwnAnswer {...data} />}</h1>
      <ActingFor helping={data.helping} helpedBy={data.helpedBy} />
      <Laying laying={data.laying} />
      <Grid>
        {!work.isLed && <OwnDuties {...data} />}
        {isCell && (
          <>
            <NextSitting {...data} />
            <Missing {...data} />
            <DutyList {...data} />
            <Stands {...data} span={5} />
          </>
        )}
        {!isCell && work.standing && (
          <>
            <DutyList {...data} />
            <Stands {...data} span={4} />
            {work.next && <NextSitting {...data} />}
            <UnitsOwing {...data} />
            <Complete {...data} />
          </>
        )}
        {work.assigned.length > 0 && <Assigned {...data} />}
        {data.isAdministrator && <Administration />}
        {work.own && <OwnStudy {...data} isAlone={!work.isLed} />}
        {data.guide && <FirstSteps {...data.guide} />}
      </Grid>
    </>
  )
}

function CellAnswer(data: Working) {
  const t = homeWords.in(useLanguage())
  return (
    <>
      <CellSentence {...data} /> <small>({t('asOfDay', { day: showDay(data.asOf) })})</small>
    </>
  )
}

function CellSentence(data: Working) {
  const { work, today, place } = data
  const language = useLanguage()
  const t = homeWords.in(language)
  const missing = work.missing!.missing.length
  const total = work.standing!.total
  const due = dueWords(data, language)
  if (!work.missing!.hasBegun && !work.next) return <>{[t('cellStart', { unit: place.unit.name, count: total.expected }), ...due].join('; ')}</>
  const rest = [work.missing!.hasBegun && missing > 0 && t(work.missing!.isMidway ? 'andAway' : 'andMissing', { count: missing }), work.untaken.length > 0 && t('andUntaken', { count: work.untaken.length }), ...due].filter(Boolean)
  if (work.next) return <>{[nextOf(work.next, today, language), ...rest].join('; ')}</>
  if (missing === 0) return <>{[t('cellDone', { unit: place.unit.name, count: total.expected }), ...rest].join('; ')}</>
  return <>{[t('cellMissing', { unit: place.unit.name, count: missing }), ...rest.slice(1)].join('; ')}</>
}

function LevelAnswer(data: Working) {
  const { work, campaign, place, asOf } = data
  const language = useLanguage()
  const t = homeWords.in(language)
  const { total, missing, behind } = work.standing!
  const due = <DueFirst {...data} />
  const { unit } = place
  if (total.expected === 0) return <>{t('levelNobody', { unit: unit.name })}</>
  const base = <small>{t('answerBase', baseOf(total, asOf, language))}</small>
  if (missing === 0) {
    return (
      <>
        {due}
        {t('levelDone', { unit: unit.name, count: showCount(total.expected, language) })} {base}
      </>
    )
  }
  return (
    <>
      {due}
      {behind > 1 ? t('levelMissing', { units: behind }) : t('levelMissingOne', { unit: unit.name })}{' '}
      <FigureLink href={`${figureAddress(campaign.code, 'studied', { unit: unit.code, asOf })}#missing`}>{showCount(missing, language)}</FigureLink> {t('levelPeople')} {base}
    </>
  )
}

/** "2 việc đến hạn hôm nay, 1 việc quá hạn; " before what the units have to do. */
function DueFirst(data: Working) {
  const language = useLanguage()
  const due = dueWords(data, language)
  return due.length > 0 ? <>{due.join(', ')}; </> : null
}

/** What somebody who leads no unit owes: asked of a person, or of an office while somebody acts for its holder. */
function OwnDuties(data: Working) {
  if (data.duties.length + data.acknowledgements.length === 0) return null
  return <DutyList {...data} filings={[]} questions={null} amendments={{ ...data.amendments, dueOn: null }} />
}

/** A share never stands without what it is out of. */
const baseOf = ({ studied, expected }: { studied: number; expected: number }, asOf: Day, language: Language) => ({
  share: showPercent(studied, expected, language),
  fraction: `${showCount(studied, language)} / ${showCount(expected, language)}`,
  day: showDay(asOf),
})

function OwnAnswer({ work, isAdministrator, asOf, today }: Working) {
  const language = useLanguage()
  const t = homeWords.in(language)
  const { own, assigned } = work
  const [one] = assigned
  if (one && assigned.length === 1) {
    return (
      <>
        {t('inspectorOne', { unit: one.name, missing: showCount(one.expected - one.studied, language) })} <small>{t('answerBase', baseOf(one, asOf, language))}</small>
      </>
    )
  }
  if (one) return <>{t('inspectorAnswer', { count: assigned.length })}</>
  if (isAdministrator) return <>{t('adminAnswer')}</>
  if (!own) return <>{t('memberOffRoster', { day: showDay(asOf) })}</>
  if (!own.mustStudy) return <>{t('memberExempt', { reason: own.exemptReason ?? '' })}</>
  const done = own.topics.filter((topic) => topic.on)
  const last = done.map((topic) => topic.on!).sort().at(-1)
  const next = own.next[0]
  const answer = done.length === own.topics.length && last ? t('memberDone', { day: showDay(last) }) : t('memberLeft', { done: done.length, wanted: own.topics.length })
  return <>{next && done.length < own.topics.length ? `${answer}; ${next.heldOn === today ? nextOf(next, today, language).toLocaleLowerCase(language) : t(next.heldOn < today ? 'memberThen' : 'memberNext', { when: whenOf(next, language) })}` : answer}</>
}

function NoWork({ campaign, place, asOf, today, waiting, questions, filings, amendments, duties, laying, acknowledgements, helping, helpedBy, guide, mayPrepare: may, isAdministrator }: Home) {
  const t = homeWords.in(useLanguage())
  if (campaign && place) {
    return (
      <>
        <h1>{t('before', { day: showDay(asOf) })}</h1>
        <Notice className="after-lede" actions={<ButtonLink href={addressOf('/', { unit: place.unit.code, asOf: campaign.openedOn })}>{t('showDay', { day: showDay(campaign.openedOn) })}</ButtonLink>}>
          <p>{t('beforeBody', { openedOn: showDay(campaign.openedOn) })}</p>
        </Notice>
      </>
    )
  }
  return (
    <>
      <h1>{place ? (isAdministrator ? t('adminAnswer') : t('noCampaign')) : t('noUnit')}</h1>
      <ActingFor helping={helping} helpedBy={helpedBy} />
      <Laying laying={laying} />
      <Grid>
        {(waiting.length > 0 || amendments.count > 0 || duties.length > 0 || acknowledgements.length > 0) && <DutyList campaign={null} waiting={waiting} questions={questions} filings={filings} amendments={amendments} duties={duties} acknowledgements={acknowledgements} work={null} place={place} asOf={asOf} today={today} />}
        {isAdministrator && <Administration />}
        {!isAdministrator && waiting.length === 0 && (
          <div className="c8">
            {!place ? (
              <p className="q2">{t('noUnitBody')}</p>
            ) : (
              <EmptyState title={t('noCampaign')} actions={may && <ButtonLink href="/campaigns/new" kind="primary">{t('prepare')}</ButtonLink>}>
                {may ? t('noCampaignBody') : t('noCampaignWait')}
              </EmptyState>
            )}
          </div>
        )}
        {guide && <FirstSteps {...guide} />}
      </Grid>
    </>
  )
}
