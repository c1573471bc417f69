import type { Route } from './+types/rounds.page'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import type { Language } from '../../platform/i18n.ts'
import { addressOf } from '../../web/addresses.ts'
import { ButtonLink, Buttons, DisabledButton } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { DataTable } from '../../web/data-table.tsx'
import { DayText } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { EmptyState } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { placeOf } from '../units/place.server.ts'
import { momentOf, showMoment } from './filing-wording.ts'
import { filingPageWords } from './filing-pages.messages.ts'
import { MomentText, Parts, State } from './filing-parts.tsx'
import { filingsAskedOf, roundsAskedBy, type RoundShown } from './round-views.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const { tx, viewer } = ctx
    const { timeZone } = args.context.get(appContext).config
    const place = await placeOf(ctx, url.searchParams.get('unit'), viewer.today)
    const reason = reasonAgainst(viewer, 'open a round', await chainOf(tx, place.unit.id, viewer.today))
    const asked = await filingsAskedOf(tx, place.unit.id)
    const asking = await roundsAskedBy(tx, place.unit.id)
    return {
      place,
      asked: asked.map((filing) => ({ ...filing, due: momentOf(filing.dueAt, timeZone) })),
      asking: asking.map((round) => ({ ...round, due: momentOf(round.dueAt, timeZone) })),
      reasonAgainst: await whyNot(tx, reason, language),
    }
  })

export function meta({ matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  return [{ title: `${filingPageWords.in(language)('toRounds')} · ${webWords.in(language)('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function RoundsPage({ loaderData }: Route.ComponentProps) {
  const { place, asked, asking, reasonAgainst: reason } = loaderData
  const t = filingPageWords.in(useLanguage())
  const newRound = addressOf('/rounds/new', { unit: place.unit.code })
  return (
    <Shell section="report" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath}>
      <Parts current="rounds" unit={place.unit.code} />
      <Eyebrow>{`${t('toRounds')} · ${place.unit.name}`}</Eyebrow>
      <h1>
        <Answer {...loaderData} />
      </h1>
      {asking.length > 0 && (
        <Buttons>
          {reason ? <DisabledButton reason={reason}>{t('roundNew')}</DisabledButton> : <ButtonLink kind="primary" href={newRound}>{t('roundNew')}</ButtonLink>}
        </Buttons>
      )}
      {asked.length === 0 && asking.length === 0 ? (
        <Grid>
          <Column span={8} id="rounds" title={t('toRounds')}>
            <EmptyState actions={!reason && place.unitsBeneath.length > 0 && <ButtonLink kind="primary" href={newRound}>{t('roundNew')}</ButtonLink>}>
              {reason || place.unitsBeneath.length === 0 ? t('roundsNoneWait') : t('roundsNoneBody')}
            </EmptyState>
          </Column>
        </Grid>
      ) : (
        <Grid>
          {asked.length > 0 && <Asked {...loaderData} />}
          {asking.length > 0 && <Asking {...loaderData} />}
        </Grid>
      )}
    </Shell>
  )
}

/** What is owed comes before what is awaited. */
function Answer({ asked, asking }: Data) {
  const language = useLanguage()
  const t = filingPageWords.in(language)
  const owed = asked.filter((filing) => filing.state === 'draft' || filing.state === 'returned')
  const latest = asking[0]
  if (owed[0]) {
    return (
      <>
        {t('roundsMine', { count: owed.length })} <small>({t('roundsMineDue', { due: showMoment(owed[0].due, language) })})</small>
      </>
    )
  }
  if (!latest) return <>{asked.length > 0 ? t('roundsNothing') : t('roundsNone')}</>
  return (
    <>
      {t('roundsReceived', { name: latest.name, received: latest.received, expected: latest.expected })}
      {latest.overdue > 0 && t('roundsOverdue', { count: latest.overdue })}
    </>
  )
}

function Asked({ asked, place }: Data) {
  const t = filingPageWords.in(useLanguage())
  return (
    <Column span={12} id="asked" title={t('roundsAskedOf', { unit: place.unit.name })}>
      <DataTable
        isCards
        columns={[{ label: t('columnRound') }, { label: t('columnAsker') }, { label: t('columnAsOf'), isFigure: true }, { label: t('columnDue'), isFigure: true }, { label: t('columnState') }]}
        rows={asked.map((filing) => ({
          id: filing.id,
          cells: [
            <a key="name" href={`/filings/${filing.id}`}>
              {filing.roundName}
            </a>,
            filing.askerName,
            <DayText key="as-of" day={filing.asOf} />,
            <MomentText key="due" at={filing.due} />,
            <State key="state" {...filing} />,
          ],
          note: t(`form.${filing.kind}`),
        }))}
      />
    </Column>
  )
}

function Asking({ asking, place }: Data) {
  const t = filingPageWords.in(useLanguage())
  return (
    <Column span={12} id="asking" title={t('roundsAskedBy', { unit: place.unit.name })}>
      <DataTable
        isCards
        columns={[
          { label: t('columnRound') },
          { label: t('columnAsOf'), isFigure: true },
          { label: t('columnDue'), isFigure: true },
          { label: t('columnReceived'), isFigure: true },
          { label: t('columnLate'), isFigure: true },
          { label: t('columnReturned'), isFigure: true },
          { label: t('columnMissing'), isFigure: true },
          { label: t('columnConsolidated') },
        ]}
        rows={asking.map((round) => ({
          id: round.id,
          cells: [
            <a key="name" href={`/rounds/${round.id}`}>
              {round.name}
            </a>,
            <DayText key="as-of" day={round.asOf} />,
            <MomentText key="due" at={round.due} />,
            t('acceptedOf', { accepted: round.received, expected: round.expected }),
            round.late,
            round.returned,
            round.overdue > 0 ? (
              <span key="missing" className="attn">
                {round.missing}
              </span>
            ) : (
              round.missing
            ),
            <Consolidated key="consolidated" {...round} />,
          ],
          note: t(`form.${round.kind}`),
        }))}
      />
    </Column>
  )
}

function Consolidated({ consolidated }: Pick<RoundShown, 'consolidated'>) {
  const t = filingPageWords.in(useLanguage())
  if (!consolidated) return null
  return consolidated.state === 'sealed' ? t('consolidatedSealed') : consolidated.consolidatedAt ? t('consolidatedDone') : <span className="q3">{t('consolidatedNone')}</span>
}
