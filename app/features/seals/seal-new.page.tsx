import type { Route } from './+types/seal-new.page'
import { showCount, showPercent } from '../../figures/figure.ts'
import { chainOf, reasonAgainst, type Ctx } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { readDay, showDay, type Day } from '../../platform/clock.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import type { Language } from '../../platform/i18n.ts'
import { addressOf } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons, DisabledButton } from '../../web/button.tsx'
import { useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { campaignByCode, defaultDay } from '../campaigns/campaigns.server.ts'
import { buildReport } from '../reports/reports.server.ts'
import { placeOf } from '../units/place.server.ts'
import { definitionsOf } from './definitions.server.ts'
import { figureRows } from './figure-rows.ts'
import { FiguresTable } from './figures-table.tsx'
import { sealAddress } from './seal-addresses.ts'
import type { SealedFiling } from './seal-content.ts'
import { Texts } from './seal-texts.tsx'
import { filingToSeal, sealedFiling } from './sealed-filing.server.ts'
import { sealWords } from './seals.messages.ts'
import { CampaignReportSeal, FilingSeal } from './seals.schema.ts'
import { sealCampaignReport, sealCodeOf, sealReport } from './seals.server.ts'

/** What would be sealed, to be looked at first: the consolidated report of a round, or a unit's report of a day. */
export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const asked = 'id' in params && params.id ? await askedOfFiling(ctx, params.id, language) : await askedOfDay(ctx, url)
    const { tx, viewer } = ctx
    const place = await placeOf(ctx, asked.unitCode, asked.asOf)
    const reason = reasonAgainst(viewer, 'seal the report', await chainOf(tx, place.unit.id, viewer.today))
    const page = { ...asked, unitTrail: place.unitTrail, unitName: place.unit.name, isToday: asked.asOf >= viewer.today, reasonAgainst: (await whyNot(tx, reason, language)) ?? asked.problem }
    const { openedOn } = await campaignByCode(tx, asked.campaignCode)
    if (!openedOn || asked.asOf < openedOn) return { ...page, total: null, rows: null }
    const report = await buildReport(tx, asked)
    const rows = figureRows({ content: { report, filing: asked.filing, definitions: await definitionsOf(tx, report, asked.filing) }, corrections: [] }, language)
    return { ...page, total: report.total, rows }
  })

type Asked = { filingId: string | null; filing: SealedFiling | null; campaignCode: string; unitCode: string; asOf: Day; sealedAs: string | null; problem: string | null }

async function askedOfFiling({ tx }: Ctx, id: string, language: Language): Promise<Asked> {
  const filing = await filingToSeal(tx, idOf(id), { isLocked: false })
  if (!filing.isConsolidated) throw new NotFound()
  const { campaignCode, unitCode, asOf } = filing
  const asked = { filingId: filing.id, filing: null, campaignCode, unitCode, asOf, sealedAs: await sealCodeOf(tx, { filingId: filing.id }), problem: null }
  try {
    return { ...asked, filing: await sealedFiling(tx, filing) }
  } catch (error) {
    if (error instanceof Refused) return { ...asked, problem: error.sentence(language) }
    throw error
  }
}

async function askedOfDay(ctx: Ctx, url: URL): Promise<Asked> {
  const { tx, viewer } = ctx
  const campaign = await campaignByCode(tx, url.searchParams.get('campaign') ?? '')
  const asOf = readDay(url.searchParams.get('asOf') ?? '') ?? defaultDay(campaign, viewer.today)
  const { unit } = await placeOf(ctx, url.searchParams.get('unit'), asOf)
  const sealedAs = await sealCodeOf(tx, { campaignId: campaign.id, unitId: unit.id, asOf })
  return { filingId: null, filing: null, campaignCode: campaign.code, unitCode: unit.code, asOf, sealedAs, problem: null }
}

export function action(args: Route.ActionArgs) {
  const told = { to: ({ code }: { code: string }) => sealAddress(code), saved: ({ code }: { code: string }) => sealWords.say('savedSeal', { code }) }
  if ('id' in args.params && args.params.id) return write(args, FilingSeal, sealReport, told)
  return write(args, CampaignReportSeal, sealCampaignReport, told)
}

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  return [{ title: `${sealWords.in(language)('newEyebrow', { unit: loaderData?.unitName ?? '' })} · ${webWords.in(language)('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function SealNewPage({ loaderData, actionData }: Route.ComponentProps) {
  const { unitName, total, asOf, filing } = loaderData
  const language = useLanguage()
  const t = sealWords.in(language)
  return (
    <Shell section="report">
      <Eyebrow>{t('newEyebrow', { unit: unitName })}</Eyebrow>
      <h1>
        {!total ? (
          t('newNotOpen')
        ) : total.expected === 0 ? (
          t('newNobody', { unit: unitName })
        ) : (
          <>
            {t('newOf', { share: showPercent(total.studied, total.expected, language) })}{' '}
            <small>{t('newBase', { studied: showCount(total.studied, language), expected: showCount(total.expected, language), day: showDay(asOf) })}</small>
          </>
        )}
      </h1>
      <Lede>
        {filing && `${t('newRound', { round: filing.round, form: filing.form })} `}
        {t('newLead')}
      </Lede>
      {total && <Sealing {...loaderData} answer={actionData} />}
      <Grid>
        <Column span={8} id="figures" title={t('newFigures')}>
          <Figures {...loaderData} />
        </Column>
        {filing && filing.texts.length > 0 && (
          <Column span={4} id="texts" title={t('newTexts')}>
            <Texts texts={filing.texts} />
          </Column>
        )}
      </Grid>
    </Shell>
  )
}

function Sealing({ sealedAs, reasonAgainst: reason, isToday, asOf, filing, filingId, campaignCode, unitCode, answer }: Data & { answer: Route.ComponentProps['actionData'] }) {
  const t = sealWords.in(useLanguage())
  if (sealedAs) {
    return (
      <Notice title={t('newSealed')} actions={<ButtonLink kind="primary" href={sealAddress(sealedAs)}>{t('openSealed')}</ButtonLink>}>
        <p>{t('newSealedBody', { code: sealedAs })}</p>
      </Notice>
    )
  }
  return (
    <form method="post" action={filingId ? `/filings/${filingId}/seal` : addressOf('/seals/new', { campaign: campaignCode, unit: unitCode, asOf })}>
      <ProblemList problems={answer && { form: Object.values(answer.problems)[0]! }} />
      {filing && filing.missing.length > 0 && <Notice isAttention>{t('newMissing', { units: filing.missing.map((unit) => unit.name).join(', ') })}</Notice>}
      {isToday && <Notice isAttention>{t('newToday', { day: showDay(asOf) })}</Notice>}
      {filingId ? (
        <input type="hidden" name="filingId" value={filingId} />
      ) : (
        <>
          <input type="hidden" name="campaignCode" value={campaignCode} />
          <input type="hidden" name="unitCode" value={unitCode} />
          <input type="hidden" name="asOf" value={asOf} />
        </>
      )}
      <Buttons>
        {reason ? <DisabledButton reason={reason}>{t('newButton', { day: showDay(asOf) })}</DisabledButton> : <Button kind="primary" isWide>{t('newButton', { day: showDay(asOf) })}</Button>}
        {filingId && <ButtonLink href={`/filings/${filingId}`} kind="quiet">{t('toFiling')}</ButtonLink>}
      </Buttons>
    </form>
  )
}

function Figures({ rows, filing }: Data) {
  const t = sealWords.in(useLanguage())
  if (!rows) return null
  return (
    <>
      {rows.ofForm.length > 0 && <FiguresTable rows={rows.ofForm} caption={t('figuresOfForm', { form: filing!.form })} />}
      <div className={rows.ofForm.length > 0 ? 'after-lede' : undefined}>
        <FiguresTable rows={rows.others} {...(rows.ofForm.length > 0 && { caption: t('figuresOther') })} />
      </div>
    </>
  )
}
