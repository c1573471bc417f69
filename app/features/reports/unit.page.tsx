import type { Route } from './+types/unit.page'
import { showCount, showPercent } from '../../figures/figure.ts'
import { addDays, showDay, type Day } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { chainOf, reasonAgainst, type Ctx } from '../../permissions/permissions.ts'
import { addressOf, figureAddress, reportAddress, unitAddress } from '../../web/addresses.ts'
import { dayAsked } from '../../web/as-of.ts'
import { ButtonLink, Buttons } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { Count, Figures, Percent } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { Notice } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { DefinitionList, Trail } from '../../web/trail.tsx'
import { trailWords } from '../../web/trail.messages.ts'
import { trailOfUnit } from '../../web/trail.server.ts'
import { orderOf, type UnitOrder } from '../../web/unit-sort.ts'
import { UnitTable } from '../../web/unit-table.tsx'
import { webWords } from '../../web/web.messages.ts'
import { currentCampaign, defaultDay } from '../campaigns/campaigns.server.ts'
import { figureUnits } from '../indicators/figures.server.ts'
import { reasonAgainstKeeping } from '../units/keep-units.server.ts'
import { placeAt, type Place } from '../units/place.server.ts'
import { officeHolders, successionOf, unitByCode } from '../units/units.server.ts'
import { standingRows } from './report-rows.ts'
import { reportPageWords } from './report.messages.ts'
import { standingOf } from './reports.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const { tx, viewer } = ctx
    const campaign = await currentCampaign(tx, url.searchParams.get('campaign'))
    const unit = await unitByCode(tx, params.code)
    const succession = await successionOf(tx, unit.id)
    const usual = campaign ? defaultDay(campaign, viewer.today) : viewer.today
    const { asOf, asOfProblem } = dayAsked(url, usual, language)
    const place = await placeAt(tx, unit, asOf)
    const { beneath } = place
    const seesFigures = (await figureUnits(tx, [unit.id])).size > 0
    const isCounted = campaign && seesFigures && asOf >= campaign.openedOn
    const { timeZone } = args.context.get(appContext).config
    return {
      unit,
      place,
      asOf,
      asOfProblem,
      campaign,
      seesFigures,
      succession: succession && { ...succession, successors: succession.successors.map(({ code, name }) => ({ code, name })) },
      beneath,
      kinds: kindsOf(beneath),
      offices: await officeHolders(tx, unit.id, dayWithin(asOf, succession?.endedOn ?? null)),
      standing: isCounted ? await unitStanding(ctx, campaign, place, asOf, orderOf(url), language) : null,
      hasMembers: (await tx.selectFrom('unit_kind').select('has_members').where('key', '=', unit.kind).executeTakeFirst())?.has_members ?? false,
      mayKeep: (await reasonAgainstKeeping(ctx, unit.id)) === null,
      hasEnded: succession !== null,
      mayAddBeneath: !succession && reasonAgainst(viewer, 'keep units', await chainOf(tx, unit.id, viewer.today)) === null,
      happened: seesFigures ? await trailOfUnit(ctx, { unitId: unit.id, asOf, language, timeZone }) : [],
    }
  })

/** An abolished unit is shown with those who held its offices on its last day. */
const dayWithin = (day: Day, endedOn: Day | null) => (endedOn && day >= endedOn ? addDays(endedOn, -1) : day)

function kindsOf(beneath: { kind: string }[]) {
  const counts = new Map<string, number>()
  for (const { kind } of beneath) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts].map(([kind, count]) => ({ kind, count }))
}

async function unitStanding({ tx }: Ctx, campaign: { id: string; code: string }, place: Place, asOf: Day, order: UnitOrder, language: Language) {
  const standing = await standingOf(tx, { campaignId: campaign.id, asOf }, place)
  const rows = standingRows(standing, { campaign: campaign.code, unit: place.unit, asOf, order, language })
  const { total } = standing
  return {
    total,
    rows,
    order,
    onRoster: standing.own.whole('on-roster'),
    missing: total.expected - total.studied,
    unitsMissing: rows.filter((row) => row.missing > 0).length,
    worst: rows.filter((row) => row.href && row.missing > 0).toSorted((a, b) => b.missing - a.missing)[0] ?? null,
  }
}

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  return [{ title: `${loaderData?.unit.name ?? ''} · ${webWords.in(language)('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']
type Counted = Data & { campaign: NonNullable<Data['campaign']>; standing: NonNullable<Data['standing']> }

export default function UnitPage({ loaderData: data }: Route.ComponentProps) {
  const { unit, place, asOf, asOfProblem, campaign, standing } = data
  const language = useLanguage()
  const t = reportPageWords.in(language)
  const isCounted = campaign && standing && standing.onRoster > 0
  return (
    <Shell section="units" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} asOf={asOf} asOfProblem={asOfProblem} unitHref={(code) => unitAddress(code)}>
      {campaign && data.seesFigures && <Eyebrow>{t('eyebrow', { name: campaign.name })}</Eyebrow>}
      {isCounted ? <Heading {...data} campaign={campaign} standing={standing} /> : <h1>{unit.name}</h1>}
      {!isCounted && <Lede>{!data.seesFigures ? t('unitNamesOnly') : campaign && asOf < campaign.openedOn ? t('beforeTitle', { day: showDay(asOf) }) : standing ? t('unitWithoutMembers') : ''}</Lede>}
      <Succession {...data} />
      <Grid>
        <Column span={8} id="beneath" title={t('beneath')}>
          {isCounted ? <StandingTable {...data} campaign={campaign} standing={standing} /> : <Names {...data} units={data.beneath} />}
          {isCounted && <Names {...data} units={data.beneath.filter((one) => !one.hasMembers)} title={t('withoutMembers')} />}
        </Column>
        <Column span={4} id="day" title={t('onDay', { day: showDay(asOf) })}>
          <DefinitionList items={factsOf(data, language)} />
          <div className="after-lede noprint">
            <Buttons>
              {data.hasMembers && <ButtonLink href={`/units/${unit.code}/people`}>{t('toMembers')}</ButtonLink>}
              {data.mayKeep && <ButtonLink href={`/units/${unit.code}/edit`}>{t(data.hasEnded ? 'toRestoreUnit' : 'toEditUnit')}</ButtonLink>}
              {data.mayAddBeneath && <ButtonLink href={addressOf('/units/new', { unit: unit.code })}>{t('toNewUnit')}</ButtonLink>}
            </Buttons>
          </div>
          {data.seesFigures && campaign && (
            <div className="after-lede noprint">
              <Buttons>
                <ButtonLink href={reportAddress(campaign.code, { unit: unit.code, asOf })}>{t('toReport')}</ButtonLink>
                <ButtonLink href={addressOf('/sessions', { campaign: campaign.code, unit: unit.code })}>{t('toSessions')}</ButtonLink>
                <ButtonLink href={addressOf(`/campaigns/${campaign.code}/roster`, { unit: unit.code, asOf })}>{t('toPeople')}</ButtonLink>
                <ButtonLink href={addressOf('/declarations', { campaign: campaign.code, unit: unit.code })}>{t('toDeclaration')}</ButtonLink>
              </Buttons>
            </div>
          )}
        </Column>
        {data.seesFigures && (
          <Column span={12} id="happened" title={t('happened')}>
            {data.happened.length > 0 ? <Trail entries={data.happened} /> : <p className="sm q3">{trailWords.in(language)('nothing')}</p>}
          </Column>
        )}
      </Grid>
    </Shell>
  )
}

function Heading({ unit, asOf, campaign, standing }: Counted) {
  const language = useLanguage()
  const t = reportPageWords.in(language)
  const { total, missing, unitsMissing, worst } = standing
  const at = { unit: unit.code, asOf }
  const number = (value: number) => showCount(value, language)
  return (
    <>
      <h1>
        {t('unitAnswer', { unit: unit.name })} <Percent numerator={total.studied} denominator={total.expected} href={figureAddress(campaign.code, 'studied', at)} /> {t('answer')}{' '}
        <small>
          ({number(total.studied)} / {number(total.expected)}, {t('asOf', { day: showDay(asOf) })})
        </small>
      </h1>
      <Lede>
        {missing === 0
          ? t('nobodyMissing')
          : worst && worst.missing > 1
            ? t('unitLede', { missing: number(missing), units: number(unitsMissing), worst: worst.name, count: t('people', { count: number(worst.missing) }) })
            : worst
              ? t('missingInUnits', { missing: number(missing), units: number(unitsMissing) })
              : t('missing', { missing: number(missing) })}
      </Lede>
    </>
  )
}

function Succession({ unit, asOf, succession }: Data) {
  const t = reportPageWords.in(useLanguage())
  if (!succession) return null
  const words = { day: showDay(asOf), endedOn: showDay(succession.endedOn), unit: unit.name }
  return (
    <Notice className="after-lede">
      <p>
        {asOf < succession.endedOn ? t('unitPast', words) : t('unitEnded', words)}{' '}
        {succession.successors.length > 0 && (
          <>
            {t('unitSuccessors')}{' '}
            {succession.successors.map((one, index) => (
              <span key={one.code}>
                {index > 0 && ', '}
                <a href={unitAddress(one.code)}>{one.name}</a>
              </span>
            ))}
            .
          </>
        )}
      </p>
    </Notice>
  )
}

function StandingTable({ unit, asOf, campaign, standing }: Counted) {
  const language = useLanguage()
  const t = reportPageWords.in(language)
  const { rows, total, order, missing } = standing
  if (rows.length === 0) return <p className="sm q3">{t('noneBeneath')}</p>
  const behind = figureAddress(campaign.code, 'studied', { unit: unit.code, asOf })
  return (
    <UnitTable
      order={order}
      caption={order === 'share' ? t('beneathCaption') : t('byUnitSorted')}
      rule={rows.some((row) => row.isLow) && t('belowUnit', { share: showPercent(total.studied, total.expected, language) })}
      rows={rows.map((row) => ({ ...row, isDeclared: row.declared > 0 }))}
      total={{ id: 'total', name: t('total'), numerator: total.studied, denominator: total.expected, missing, shareHref: behind, missingHref: `${behind}#missing` }}
    />
  )
}

function Names({ units, asOf, title }: Data & { units: { code: string; name: string }[]; title?: string }) {
  const t = reportPageWords.in(useLanguage())
  if (units.length === 0) return title ? null : <p className="sm q3">{t('noneBeneath')}</p>
  return (
    <>
      {title && <h3 className="before-table after-table">{title}</h3>}
      <ul className="names sm">
        {units.map((one) => (
          <li key={one.code}>
            <a href={unitAddress(one.code, asOf)}>{one.name}</a>
          </li>
        ))}
      </ul>
    </>
  )
}

function factsOf({ unit, place, offices, kinds, standing, campaign, asOf }: Data, language: Language) {
  const t = reportPageWords.in(language)
  const above = place.unitTrail.at(-2)
  const behind = (key: string) => campaign && figureAddress(campaign.code, key, { unit: unit.code, asOf })
  const counts = standing && standing.onRoster > 0 ? standing : null
  return [
    ...(above ? [{ term: t('superior'), value: <a href={unitAddress(above.code, asOf)}>{above.name}</a> }] : []),
    ...offices.map((one) => ({
      term: t(`role.${one.role}` as 'role.clerk'),
      value: (
        <>
          {one.name ?? t('unknownName')}
          {one.title && `, ${one.title}`}
          {/^\d/.test(one.since) && (
            <>
              , <Figures>{t('since', { day: showDay(one.since) })}</Figures>
            </>
          )}
        </>
      ),
    })),
    ...(kinds.length > 0 ? [{ term: t('unitsBeneath'), value: kinds.map(({ kind, count }) => [showCount(count, language), t(`kindName.${kind}` as 'kindName.cell')].join(' ')).join(', ') }] : []),
    ...(counts
      ? [
          { term: t('members'), value: <Count value={counts.onRoster} href={behind('on-roster')} /> },
          { term: t('expected'), value: <Count value={counts.total.expected} href={behind('expected')} /> },
          { term: t('exemptCount'), value: <><Count value={counts.total.exempt} href={behind('exempt')} />{counts.total.exempt > 0 && `, ${t('reasonsKept')}`}</> },
          ...(counts.total.declared > 0 ? [{ term: t('declaredCount'), value: <Count value={counts.total.declared} href={behind('studied-declared')} /> }] : []),
        ]
      : []),
  ]
}
