import type { Route } from './+types/report.page'
import { showPercent, showCount } from '../../figures/figure.ts'
import { showDay, type Day } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { addressOf, figureAddress, reportAddress } from '../../web/addresses.ts'
import { dayAsked } from '../../web/as-of.ts'
import { ButtonLink, Buttons } from '../../web/button.tsx'
import { shareOverTime } from '../../web/chart.server.ts'
import { Chart } from '../../web/chart.tsx'
import { appContext } from '../../web/context.ts'
import { DataTable } from '../../web/data-table.tsx'
import { Count, Fact, FigureLink, Figures, Percent } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { Notice } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { LowRule } from '../../web/share-bar.tsx'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { Trail } from '../../web/trail.tsx'
import { trailWords } from '../../web/trail.messages.ts'
import { trailOfUnit } from '../../web/trail.server.ts'
import { orderOf } from '../../web/unit-sort.ts'
import { UnitTable } from '../../web/unit-table.tsx'
import { webWords } from '../../web/web.messages.ts'
import { campaignByCode, defaultDay } from '../campaigns/campaigns.server.ts'
import { placeOf } from '../units/place.server.ts'
import { standingRows } from './report-rows.ts'
import type { Report } from './report.ts'
import { reportPageWords } from './report.messages.ts'
import { reportAt, thinned } from './reports.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const campaign = await campaignByCode(ctx.tx, params.campaign)
    const { asOf, asOfProblem } = dayAsked(url, defaultDay(campaign, ctx.viewer.today), language)
    const place = await placeOf(ctx, url.searchParams.get('unit'), asOf)
    const page = { campaign, asOf, asOfProblem, place }
    const { openedOn } = campaign
    if (!openedOn || asOf < openedOn) return { ...page, report: null }
    const resolutionCode = url.searchParams.get('resolution') ?? undefined
    const report = await reportAt(ctx.tx, { campaign: { ...campaign, openedOn }, place, asOf, resolutionCode })
    const order = orderOf(url)
    const { timeZone } = args.context.get(appContext).config
    return {
      ...page,
      report,
      order,
      rows: standingRows(report, { campaign: campaign.code, unit: place.unit, asOf, order, language, resolution: resolutionOf(report) }),
      ...summaryOf(report),
      ...curveOf(report, language),
      happened: await trailOfUnit(ctx, { unitId: place.unit.id, asOf, language, timeZone }),
    }
  })

/** The resolution that figures behind this report are narrowed to: none where it is the campaign's only one. */
const resolutionOf = (report: Report) => (report.resolution && report.resolutions.length > 1 ? report.resolution.code : null)

function summaryOf({ units, total, categories, figures }: Report) {
  const isBelow = (one: { studied: number; expected: number }) => one.expected > 0 && one.studied * total.expected < total.studied * one.expected
  const shown = units.filter((one) => one.expected > 0)
  const figure = (key: string) => figures.find((one) => one.key === key)!
  return {
    missing: total.expected - total.studied,
    unitsMissing: shown.filter((one) => one.studied < one.expected).length,
    unitsBelow: shown.filter(isBelow).length,
    lowest: shown.length > 1 && shown[0]!.studied < shown[0]!.expected ? shown[0]! : null,
    onRoster: figure('on-roster').numerator,
    atConference: figure('studied-at-national-conference'),
    attendances: figure('attendances').numerator,
    nonMembers: figure('non-member-attendances').numerator,
    categoryRows: categories
      .map((one) => ({ ...one, missing: one.expected - one.studied, isLow: isBelow(one) }))
      .toSorted((a, b) => a.studied * b.expected - b.studied * a.expected || b.missing - a.missing),
  }
}

function curveOf(report: Report, language: Language) {
  const points = thinned(report.curve, 8)
  const deadline = report.campaign.studyTo
  return { points, chart: shareOverTime({ points: points.map(({ day, studied, expected }) => ({ day, numerator: studied, denominator: expected })), deadline, language, palette: 'page' }) }
}

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  const t = reportPageWords.in(language)
  const report = loaderData?.report
  const title = report && report.total.expected > 0 ? `${showPercent(report.total.studied, report.total.expected, language)} ${t('answer')}` : t('title')
  return [{ title: `${title} · ${loaderData?.place.unit.name ?? ''} · ${webWords.in(language)('appName')}` }]
}

export default function ReportPage({ loaderData }: Route.ComponentProps) {
  const { campaign, place, asOf, asOfProblem } = loaderData
  const t = reportPageWords.in(useLanguage())
  return (
    <Shell section="report" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} asOf={asOf} asOfProblem={asOfProblem}>
      <Eyebrow>{t('eyebrow', { name: campaign.name })}</Eyebrow>
      {loaderData.report === null ? <NotYet {...loaderData} /> : loaderData.report.total.expected === 0 && loaderData.onRoster === 0 ? <Nobody {...loaderData} /> : <Answer {...loaderData} />}
    </Shell>
  )
}

type Data = Route.ComponentProps['loaderData']
type Whole = Extract<Data, { report: Report }>

function NotYet({ campaign, place, asOf }: Data) {
  const t = reportPageWords.in(useLanguage())
  if (!campaign.openedOn) {
    return (
      <>
        <h1>{t('notOpenTitle')}</h1>
        <Notice className="after-lede" actions={<ButtonLink href={`/campaigns/${campaign.code}`} kind="primary">{t('toCampaign')}</ButtonLink>}>
          <p>{t('notOpenBody')}</p>
        </Notice>
      </>
    )
  }
  const days = [...new Set([campaign.openedOn, campaign.dataDay])]
  return (
    <>
      <h1>{t('beforeTitle', { day: showDay(asOf) })}</h1>
      <Notice
        className="after-lede"
        actions={days.map((day) => (
          <ButtonLink key={day} href={reportAddress(campaign.code, { unit: place.unit.code, asOf: day })}>
            {t('showOpened', { day: showDay(day) })}
          </ButtonLink>
        ))}
      >
        <p>{t('beforeBody', { openedOn: showDay(campaign.openedOn) })}</p>
      </Notice>
    </>
  )
}

function Nobody({ campaign, place, asOf }: Whole) {
  const t = reportPageWords.in(useLanguage())
  const above = place.unitTrail.at(-2)
  return (
    <>
      <h1>{t('nobodyTitle', { unit: place.unit.name })}</h1>
      <Notice
        className="after-lede"
        actions={above && <ButtonLink href={reportAddress(campaign.code, { unit: above.code, asOf })}>{t('toAbove', { unit: above.name })}</ButtonLink>}
      >
        <p>{t('nobodyBody')}</p>
      </Notice>
    </>
  )
}

function Answer(data: Whole) {
  const { campaign, place, report, asOf } = data
  const language = useLanguage()
  const t = reportPageWords.in(language)
  const { total } = report
  const file = { unit: place.unit.code, asOf, resolution: report.resolution?.code ?? null }
  const behind = behindOf(data)
  return (
    <>
      <h1>
        <Percent numerator={total.studied} denominator={total.expected} href={behind('studied')} /> {report.resolution ? t('answerOf', { resolution: report.resolution.name }) : t('answer')}{' '}
        <small>
          (<Count value={total.studied} href={behind('studied')} /> / <Count value={total.expected} href={behind('expected')} />, {t('asOf', { day: showDay(asOf) })})
        </small>
      </h1>
      <Summary {...data} />
      <div className="noprint after-lede">
        <Buttons>
          <ButtonLink href={reportAddress(campaign.code, file, 'docx')} kind="primary" download>{t('word')}</ButtonLink>
          <ButtonLink href={reportAddress(campaign.code, file, 'pdf')} download>{t('pdf')}</ButtonLink>
          <ButtonLink href={reportAddress(campaign.code, file, 'xlsx')} download>{t('excel')}</ButtonLink>
          <ButtonLink href={reportAddress(campaign.code, file, 'json')} label={t('jsonLabel')} download>{t('json')}</ButtonLink>
          {!report.resolution && <ButtonLink href={addressOf(`/campaigns/${campaign.code}/narrative`, { unit: place.unit.code, asOf })} kind="quiet">{t('inSentences')}</ButtonLink>}
          <ButtonLink href={addressOf('/rounds', { unit: place.unit.code })} kind="quiet">{t('toRounds')}</ButtonLink>
          <ButtonLink href={addressOf('/seals', { unit: place.unit.code, campaign: campaign.code })} kind="quiet">{t('toSeals')}</ButtonLink>
        </Buttons>
      </div>
      <Grid>
        <ByUnit {...data} />
        <OverTime {...data} />
        <ByResolution {...data} />
        <ByCategory {...data} />
        <ByKind {...data} />
        <Exempt {...data} />
        <OtherFigures {...data} />
        <Column span={12} id="happened" title={t('happened')}>
          {data.happened.length > 0 ? <Trail entries={data.happened} /> : <p className="sm q3">{trailWords.in(language)('nothing')}</p>}
        </Column>
      </Grid>
    </>
  )
}

/** The address of what is behind a figure of this report; `key` and perhaps a part of it or another day. */
function behindOf({ campaign, place, report, asOf }: Whole) {
  const within = resolutionOf(report)
  return (key: string, part?: string | null, day: Day = asOf) => {
    const narrowed = within && key === 'studied' ? [`resolution:${within}`, part].filter(Boolean).join('|') : part
    return figureAddress(campaign.code, key, { unit: place.unit.code, asOf: day, part: narrowed ?? null })
  }
}

function Summary(data: Whole) {
  const { missing, unitsMissing, unitsBelow, lowest, report, campaign, asOf } = data
  const language = useLanguage()
  const t = reportPageWords.in(language)
  const number = (value: number) => showCount(value, language)
  const within = resolutionOf(report)
  return (
    <>
      <Lede>
        {missing === 0 ? (
          t('nobodyMissing')
        ) : (
          <>
            {t('left')} <Count value={missing} href={`${behindOf(data)('studied')}#missing`} /> {unitsMissing > 0 && report.units.length > 1 ? t('leftInUnits', { units: number(unitsMissing) }) : t('leftPeople')}
          </>
        )}{' '}
        {lowest && (
          <>
            {unitsBelow > 1 ? t('belowShare', { count: number(unitsBelow), unit: lowest.name }) : t('lowest', { unit: lowest.name })}{' '}
            <Percent
              numerator={lowest.studied}
              denominator={lowest.expected}
              href={figureAddress(campaign.code, 'studied', { unit: lowest.code, asOf, part: within && `resolution:${within}` })}
            />
            , {t('peopleMissing', { count: number(lowest.expected - lowest.studied) })}.
          </>
        )}
      </Lede>
      {report.resolution && report.resolutions.length > 1 && (
        <p className="sm q2">
          {t('showsResolution', { name: report.resolution.name })} <a href={reportAddress(campaign.code, { unit: data.place.unit.code, asOf })}>{t('showWhole')}</a>
        </p>
      )}
    </>
  )
}

function ByUnit(data: Whole) {
  const { rows, report, order, missing } = data
  const language = useLanguage()
  const t = reportPageWords.in(language)
  const behind = behindOf(data)
  if (rows.length === 0) return null
  const { total } = report
  return (
    <Column span={8} id="units" title={t('byUnit')}>
      <UnitTable
        order={order}
        caption={order === 'share' ? t('byUnitCaption') : t('byUnitSorted')}
        rule={rows.some((row) => row.isLow) && webWords.in(language)('lowerThan', { share: showPercent(total.studied, total.expected, language) })}
        rows={rows.map((row) => ({
          ...row,
          isDeclared: row.declared > 0,
          note: row.id === 'other' ? t('otherUnitsNote') : row.declared > 0 ? t('declaredNote', { count: showCount(row.declared, language) }) : null,
        }))}
        total={{ id: 'total', name: t('total'), numerator: total.studied, denominator: total.expected, missing, shareHref: behind('studied'), missingHref: `${behind('studied')}#missing` }}
      />
    </Column>
  )
}

function OverTime(data: Whole) {
  const { chart, points } = data
  const t = reportPageWords.in(useLanguage())
  const behind = behindOf(data)
  if (points.length === 0) return null
  const year = points.at(-1)!.day.slice(0, 4)
  return (
    <Column span={data.rows.length > 0 ? 4 : 6} id="time" title={t('overTime')}>
      {points.length > 1 && <Chart svg={chart} />}
      <DataTable
        caption={t('overTimeCaption')}
        isCaptionHidden
        columns={[{ label: t('untilDay') }, { label: t('studiedSoFar'), isFigure: true }, { label: webWords.in(useLanguage())('columnShare'), isFigure: true }]}
        rows={points.map((point) => ({
          id: point.day,
          cells: [
            <Figures key="day">{point.day.startsWith(year) ? showDay(point.day).replace(`/${year}`, '') : showDay(point.day)}</Figures>,
            <Count key="count" value={point.studied} href={behind('studied', null, point.day)} />,
            <Percent key="share" numerator={point.studied} denominator={point.expected} />,
          ],
        }))}
      />
    </Column>
  )
}

function ByResolution(data: Whole) {
  const { report, campaign, place, asOf } = data
  const language = useLanguage()
  const t = reportPageWords.in(language)
  if (report.resolutions.length < 2) return null
  const { expected } = report.total
  return (
    <Column span={12} id="resolutions" title={t('byResolution')}>
      <UnitTable
        caption={t('byResolutionCaption', { expected: showCount(expected, language) })}
        words={{ unit: t('resolution') }}
        rows={report.resolutions.map((one) => {
          const behind = figureAddress(campaign.code, 'studied', { unit: place.unit.code, asOf, part: `resolution:${one.code}` })
          return {
            id: one.code,
            name: one.name,
            href: reportAddress(campaign.code, { unit: place.unit.code, asOf, resolution: one.code }),
            numerator: one.studied,
            denominator: expected,
            missing: expected - one.studied,
            shareHref: behind,
            missingHref: `${behind}#missing`,
          }
        })}
      />
    </Column>
  )
}

function ByCategory(data: Whole) {
  const { categoryRows, report } = data
  const language = useLanguage()
  const t = reportPageWords.in(language)
  const behind = behindOf(data)
  if (categoryRows.length === 0) return null
  return (
    <Column span={6} id="categories" title={t('byCategory')}>
      <UnitTable
        kind="categories"
        words={{ unit: t('category') }}
        caption={
          <>
            {t('byCategoryCaption')}
            {categoryRows.some((row) => row.isLow) && (
              <span className="only-phone">
                <LowRule>{webWords.in(language)('lowerThan', { share: showPercent(report.total.studied, report.total.expected, language) })}</LowRule>
              </span>
            )}
          </>
        }
        rows={categoryRows.map((row) => ({
          id: row.key,
          name: row.name,
          numerator: row.studied,
          denominator: row.expected,
          missing: row.missing,
          isLow: row.isLow,
          shareHref: behind('studied', `category:${row.key}`),
          missingHref: `${behind('studied', `category:${row.key}`)}#missing`,
        }))}
      />
    </Column>
  )
}

function ByKind(data: Whole) {
  const { report, missing } = data
  const language = useLanguage()
  const t = reportPageWords.in(language)
  const behind = behindOf(data)
  const { expected } = report.total
  return (
    <Column span={6} id="kinds" title={t('byKind')}>
      <DataTable
        caption={t('byKindCaption', { expected: showCount(expected, language) })}
        columns={[{ label: t('where') }, { label: t('peopleStudied'), isFigure: true }, { label: webWords.in(language)('columnShare'), isFigure: true }]}
        rows={[
          ...report.kinds.map((row) => ({
            id: row.kind,
            note: heldOf(row, t),
            cells: [t(`kind.${row.kind}`), <FigureLink key="n" href={row.studied > 0 ? behind('studied', `kind:${row.kind}`) : null}>{showCount(row.studied, language)}</FigureLink>, showPercent(row.studied, expected, language)],
          })),
          { id: 'missing', cells: [t('notStudied'), <FigureLink key="n" href={missing > 0 ? `${behind('studied')}#missing` : null}>{showCount(missing, language)}</FigureLink>, showPercent(missing, expected, language)] },
        ]}
        total={{ id: 'total', cells: [t('expected'), <FigureLink key="n" href={behind('expected')}>{showCount(expected, language)}</FigureLink>, showPercent(expected, expected, language)] }}
      />
    </Column>
  )
}

function heldOf({ kind, sessions, venues }: Report['kinds'][number], t: ReturnType<typeof reportPageWords.in>): string | null {
  if (kind === 'declared') return t('declaredKindNote')
  const held = t(kind === 'national_conference' || kind === 'conference' ? 'heldConferences' : 'heldClasses', { count: sessions })
  return [sessions > 0 && held, venues > 0 && t('venues', { count: venues })].filter(Boolean).join(', ') || null
}

function Exempt(data: Whole) {
  const { report, onRoster } = data
  const language = useLanguage()
  const t = reportPageWords.in(language)
  const behind = behindOf(data)
  const { exempt } = report.total
  const counts = { exempt: showCount(exempt, language), onRoster: showCount(onRoster, language) }
  return (
    <Column span={6} id="exempt" title={t('exempt')}>
      {exempt === 0 ? (
        <p className="sm q2">{t('nobodyExempt')}</p>
      ) : (
        <DataTable
          caption={t(report.campaign.exemptExpected ? 'exemptExpectedCaption' : 'exemptCaption', counts)}
          columns={[{ label: t('reason') }, { label: t('count'), isFigure: true }]}
          rows={report.exemptReasons.map((row) => ({
            id: row.reason,
            cells: [row.reason, <Count key="n" value={row.people} href={behind('exempt', `reason:${row.reason}`)} />],
          }))}
          total={{ id: 'total', cells: [t('total'), <Count key="n" value={exempt} href={behind('exempt')} />] }}
        />
      )}
    </Column>
  )
}

function OtherFigures(data: Whole) {
  const { atConference, attendances, nonMembers } = data
  const language = useLanguage()
  const t = reportPageWords.in(language)
  const behind = behindOf(data)
  return (
    <Column span={6} id="others" title={t('otherFigures')}>
      <Fact label={t('atConference')} numerator={atConference.numerator} denominator={atConference.denominator ?? 0} base={t('baseExpected')} href={behind('studied-at-national-conference')} />
      <PlainFact label={t('attendances')} value={attendances} base={t('attendancesBase')} href={behind('attendances')} />
      <PlainFact label={t('nonMembers')} value={nonMembers} base={t('nonMembersBase')} href={behind('non-member-attendances')} />
    </Column>
  )
}

function PlainFact({ label, value, base, href }: { label: string; value: number; base: string; href: string }) {
  const language = useLanguage()
  return (
    <div className="fact">
      <span>{label}</span>
      <a className="fig big" href={href}>
        {showCount(value, language)}
      </a>
      <span className="base xs q3">{base}</span>
    </div>
  )
}
