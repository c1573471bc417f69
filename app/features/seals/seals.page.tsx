import { redirect } from 'react-router'
import type { Route } from './+types/seals.page'
import { showCount } from '../../figures/figure.ts'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { showDay, showInstant } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { addressOf } from '../../web/addresses.ts'
import { dayAsked } from '../../web/as-of.ts'
import { Button, Buttons } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { DataTable } from '../../web/data-table.tsx'
import { DayField, Field } from '../../web/field.tsx'
import { DayText, FigureLink, Percent, Tag } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { EmptyState } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { currentCampaign, defaultDay } from '../campaigns/campaigns.server.ts'
import { placeOf } from '../units/place.server.ts'
import { sealAddress } from './seal-addresses.ts'
import { findSeal, sealsOf } from './seal-views.server.ts'
import { sealWords } from './seals.messages.ts'

/** The sealed reports of a unit. `?code=` looks one up, as the form for printed codes asks. */
export async function loader(args: Route.LoaderArgs) {
  const page = await read(args, async (ctx, { url, language }) => {
    const { tx, viewer } = ctx
    const typed = url.searchParams.get('code')?.slice(0, 60) ?? ''
    const found = typed ? await findSeal(tx, typed) : null
    const { timeZone } = args.context.get(appContext).config
    const campaign = await currentCampaign(tx, url.searchParams.get('campaign'))
    const { asOf } = dayAsked(url, campaign ? defaultDay(campaign, viewer.today) : viewer.today, language)
    const place = await placeOf(ctx, url.searchParams.get('unit'), viewer.today)
    const reason = reasonAgainst(viewer, 'seal the report', await chainOf(tx, place.unit.id, viewer.today))
    return {
      found,
      typed,
      unit: place.unit,
      unitTrail: place.unitTrail,
      unitsBeneath: place.unitsBeneath,
      campaign: campaign && { code: campaign.code, name: campaign.name },
      asOf,
      maySeal: reason === null && campaign !== null,
      seals: (await sealsOf(tx, place.unit.id)).map(({ sealedAt, ...line }) => ({ ...line, at: showInstant(sealedAt, timeZone) })),
    }
  })
  if (page.found) throw redirect(sealAddress(page.found))
  return page
}

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  return [{ title: `${sealWords.in(language)('listEyebrow', { unit: loaderData?.unit.name ?? '' })} · ${webWords.in(language)('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function SealsPage({ loaderData }: Route.ComponentProps) {
  const { unit, unitTrail, unitsBeneath, seals, maySeal } = loaderData
  const t = sealWords.in(useLanguage())
  return (
    <Shell section="report" unitTrail={unitTrail} unitsBeneath={unitsBeneath}>
      <Eyebrow>{t('listEyebrow', { unit: unit.name })}</Eyebrow>
      <h1>{seals.length === 0 ? t('listNone', { unit: unit.name }) : t('listTitle', { count: seals.length })}</h1>
      <Grid>
        <Column span={8} id="sealed" title={t('columnReport')}>
          {seals.length === 0 ? <EmptyState>{t('listNoneBody')}</EmptyState> : <Seals {...loaderData} />}
        </Column>
        <Column span={4} id="look-up" title={t('lookUp')}>
          <LookUp {...loaderData} />
        </Column>
        {maySeal && (
          <Column span={4} id="new" title={t('sealNew')}>
            <NewSeal {...loaderData} />
          </Column>
        )}
      </Grid>
    </Shell>
  )
}

function Seals({ seals }: Data) {
  const language = useLanguage()
  const t = sealWords.in(language)
  return (
    <DataTable
      isCards
      caption={t('listCaption')}
      columns={[{ label: t('columnReport') }, { label: t('columnAsOf') }, { label: t('columnStudied'), isFigure: true }, { label: t('columnShare'), isFigure: true }, { label: t('columnCode') }]}
      rows={seals.map((seal) => ({
        id: seal.code,
        note: (
          <>
            {seal.sealedBy ? t('sealedBy', { at: seal.at, name: seal.sealedBy }) : t('sealedBySomebody', { at: seal.at })}
            {seal.corrected && <> {t('studiedCorrected', { studied: showCount(seal.corrected.numerator, language), expected: showCount(seal.corrected.denominator, language) })}</>}
            {seal.corrections > 0 && (
              <>
                {' '}
                <Tag>{t('correctedTimes', { count: seal.corrections })}</Tag>
              </>
            )}
          </>
        ),
        cells: [
          <a key="name" href={sealAddress(seal.code)}>
            {seal.round ?? seal.campaignName}
          </a>,
          <DayText key="day" day={seal.asOf} />,
          <FigureLink key="count" href={sealAddress(seal.code)}>
            {showCount(seal.studied, language)} / {showCount(seal.expected, language)}
          </FigureLink>,
          <Percent key="share" numerator={seal.studied} denominator={seal.expected} href={sealAddress(seal.code)} />,
          <span key="code" className="n">
            {seal.code}
          </span>,
        ],
      }))}
    />
  )
}

function LookUp({ unit, typed }: Data) {
  const t = sealWords.in(useLanguage())
  return (
    <form method="get" action={addressOf('/seals', {})}>
      <input type="hidden" name="unit" value={unit.code} />
      <Field name="code" label={t('lookUpCode')} hint={t('lookUpHint')} value={typed} problem={typed ? t('noSuchCode') : null} maxLength={30} autoComplete="off" isRequired />
      <Buttons>
        <Button>{t('lookUpButton')}</Button>
      </Buttons>
    </form>
  )
}

function NewSeal({ unit, campaign, asOf }: Data) {
  const t = sealWords.in(useLanguage())
  return (
    <form method="get" action="/seals/new">
      <p className="sm q2">{t('sealNewBody')}</p>
      <input type="hidden" name="unit" value={unit.code} />
      <input type="hidden" name="campaign" value={campaign!.code} />
      <DayField name="asOf" label={t('sealDay')} value={showDay(asOf)} isRequired />
      <Buttons>
        <Button>{t('sealLook')}</Button>
      </Buttons>
    </form>
  )
}
