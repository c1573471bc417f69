import type { Route } from './+types/home.page'
import { chainOf, type Ctx } from '../../permissions/permissions.ts'
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
import { defaultDay, listCampaigns, type Campaign as AnyCampaign } from '../campaigns/campaigns.server.ts'
import { guideAtHome } from './guide.server.ts'
import { figureUnits } from '../indicators/figures.server.ts'
import { ownUnit, placeAt, type Place } from '../units/place.server.ts'
import { helpersOfOne, helping } from '../accounts/acting.server.ts'
import { amendmentDuties } from '../rights/amendments.server.ts'
import { filingDuties } from '../filings/round-views.server.ts'
import { questionDuties } from '../questions/question-views.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { assignedUnits, campaignsToOpen, mayPrepare, missingPeople, nextSitting, ownStudy, sittingsWithoutRoll, standingOfUnit } from './home.server.ts'
import { ActingFor } from './acting-for.tsx'
import { nextOf, whenOf } from './home-view.ts'
import { homeWords } from './home.messages.ts'
import { Administration, Assigned, FirstSteps, Complete, DutyList, Missing, NextSitting, OwnStudy, Stands, UnitsMissing } from './home-parts.tsx'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const { tx, viewer } = ctx
    const campaigns = await listCampaigns(tx)
    const campaign = campaigns.find(isOpen(url.searchParams.get('campaign'))) ?? campaigns.find(isOpen(null)) ?? null
    const { asOf, asOfProblem } = dayAsked(url, campaign ? defaultDay(campaign, viewer.today) : viewer.today, language)
    const code = url.searchParams.get('unit')
    const unit = code ? await unitByCode(tx, code) : await ownUnit(ctx)
    const place = unit && (await placeAt(tx, unit, asOf))
    const has = (role: string) => viewer.offices.some((office) => office.role === role)
    const page = {
      asOf,
      asOfProblem,
      place,
      campaign,
      waiting: await campaignsToOpen(ctx, campaigns),
      mayPrepare: mayPrepare(ctx),
      isAdministrator: has('administrator'),
      guide: await guideAtHome(ctx, unit, (place?.beneath.length ?? 0) > 0),
      helping: (await helping(ctx)).filter((one) => one.isInForce),
      helpedBy: viewer.actedBy ? [] : (await helpersOfOne(ctx)).filter((one) => one.isInForce),
      questions: await questionDuties(ctx, language),
      amendments: await amendmentDuties(ctx),
      filings: await filingDuties(ctx, args.context.get(appContext).config.timeZone),
      today: viewer.today,
    }
    if (!campaign || !place || asOf < campaign.openedOn) return { ...page, work: null }
    return { ...page, work: await workOf(ctx, { campaign, place, asOf }) }
  })

/** A campaign that is open, and of that code where one is asked for. */
const isOpen = (code: string | null) => (campaign: AnyCampaign): campaign is Campaign => campaign.openedOn !== null && (code === null || campaign.code === code)

type Campaign = AnyCampaign & { openedOn: Day }

/** What this person has to do with this unit: lead a cell, lead units, or belong to it. */
async function workOf(ctx: Ctx, asked: { campaign: Campaign; place: Place; asOf: Day }) {
  const { campaign, asOf, place: { unit } } = asked
  const chain = await chainOf(ctx.tx, unit.id, asOf)
  const leads = ctx.viewer.offices.some((office) => ['city_officer', 'secretary', 'deputy', 'clerk'].includes(office.role) && chain.includes(office.unitId))
  const seesFigures = (await figureUnits(ctx.tx, [unit.id])).size > 0
  const assigned = ctx.viewer.offices.some((office) => office.role === 'inspector') ? await assignedUnits(ctx, campaign, asOf) : []
  const isLed = seesFigures && leads
  const next = isLed ? await nextSitting(ctx, asked) : null
  const missing = isLed ? await missingPeople(ctx, asked, next) : null
  return {
    isLed,
    missing,
    assigned,
    next,
    untaken: isLed ? await sittingsWithoutRoll(ctx, asked) : [],
    standing: isLed ? standingView(await standingOfUnit(ctx, asked)) : null,
    own: await ownStudy(ctx, { campaign, asOf, isAlone: !isLed }),
  }
}

function standingView({ total, units, otherUnits, missing, onRoster, atConference }: Awaited<ReturnType<typeof standingOfUnit>>) {
  const isLow = (one: { studied: number; expected: number }) => one.studied * total.expected < total.studied * one.expected
  const behind = units.filter((one) => one.studied < one.expected).map((one) => ({ ...one, missing: one.expected - one.studied, isLow: isLow(one) }))
  const rest = otherUnits && otherUnits.studied < otherUnits.expected ? { ...otherUnits, missing: otherUnits.expected - otherUnits.studied } : null
  return { total, missing, onRoster, atConference, hasUnits: units.length > 0, behind, rest, complete: units.filter((one) => one.expected > 0 && one.studied === one.expected).map((one) => one.name) }
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
      <Grid>
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
            <UnitsMissing {...data} />
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

function CellSentence({ work, today, place }: Working) {
  const language = useLanguage()
  const t = homeWords.in(language)
  const missing = work.missing!.missing.length
  const total = work.standing!.total
  if (!work.missing!.hasBegun && !work.next) return <>{t('cellStart', { unit: place.unit.name, count: total.expected })}</>
  const rest = [work.missing!.hasBegun && missing > 0 && t(work.missing!.isMidway ? 'andAway' : 'andMissing', { count: missing }), work.untaken.length > 0 && t('andUntaken', { count: work.untaken.length })].filter(Boolean)
  if (work.next) return <>{[nextOf(work.next, today, language), ...rest].join('; ')}</>
  if (missing === 0) return <>{t('cellDone', { unit: place.unit.name, count: total.expected })}</>
  return <>{[t('cellMissing', { unit: place.unit.name, count: missing }), ...rest.slice(1)].join('; ')}</>
}

function LevelAnswer({ work, campaign, place, asOf }: Working) {
  const language = useLanguage()
  const t = homeWords.in(language)
  const { total, missing, behind } = work.standing!
  const { unit } = place
  if (total.expected === 0) return <>{t('levelNobody', { unit: unit.name })}</>
  const base = <small>{t('answerBase', baseOf(total, asOf, language))}</small>
  if (missing === 0) {
    return (
      <>
        {t('levelDone', { unit: unit.name, count: showCount(total.expected, language) })} {base}
      </>
    )
  }
  return (
    <>
      {behind.length > 1 ? t('levelMissing', { units: behind.length }) : t('levelMissingOne', { unit: unit.name })}{' '}
      <FigureLink href={`${figureAddress(campaign.code, 'studied', { unit: unit.code, asOf })}#missing`}>{showCount(missing, language)}</FigureLink> {t('levelPeople')} {base}
    </>
  )
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

function NoWork({ campaign, place, asOf, today, waiting, questions, filings, amendments, helping, helpedBy, guide, mayPrepare: may, isAdministrator }: Home) {
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
      <Grid>
        {(waiting.length > 0 || amendments.count > 0) && <DutyList campaign={null} waiting={waiting} questions={questions} filings={filings} amendments={amendments} work={null} place={place} asOf={asOf} today={today} />}
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
