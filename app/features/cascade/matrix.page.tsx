import type { Route } from './+types/matrix.page'
import { showDay } from '../../platform/clock.ts'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { addressOf } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { EmptyState, Notice } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { Urging } from '../duties/duties.schema.ts'
import { reasonAgainstOrdering } from '../duties/rules.server.ts'
import { urgeUnits } from '../duties/urges.server.ts'
import { cascadeWords } from './cascade.messages.ts'
import { CascadeParts } from './cascade-parts.tsx'
import { MatrixTable } from './matrix-table.tsx'
import { matrixAsked } from './matrix-view.server.ts'
import { matrixHeading, matrixLede, withOpen } from './matrix-wording.ts'
import { filters, passes } from './matrix.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const { campaign, place, matrix, rows, ...asked } = await matrixAsked(ctx, params.code, url, language)
    const reason = reasonAgainst(ctx.viewer, 'urge units', await chainOf(ctx.tx, place.unit.id, ctx.viewer.today))
    return {
      campaign: { code: campaign.code, name: campaign.name },
      place,
      ...asked,
      rows,
      columns: matrix.columns,
      totals: matrix.totals,
      reached: matrix.reached,
      firstOn: matrix.firstOn,
      counts: Object.fromEntries(filters.map((filter) => [filter, matrix.rows.filter((row) => passes(row, filter)).length])) as Record<(typeof filters)[number], number>,
      // a unit does not urge itself
      overdue: reason === null ? matrix.rows.filter((row) => row.missing > 0 && row.unit.parentId !== null).map((row) => row.unit.code) : [],
      mayUrge: reason === null,
      mayOrder: place.unitsBeneath.length > 0 && (await reasonAgainstOrdering(ctx, place.unit.id)) === null,
      today: ctx.viewer.today,
    }
  })

export const action = (args: Route.ActionArgs) =>
  write(args, Urging, urgeUnits, { saved: ({ urged }) => cascadeWords.say('urged', { count: urged }) })

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${cascadeWords.in(language)('matrixEyebrow')}${loaderData ? `, ${loaderData.campaign.name}` : ''} · ${webWords.in(language)('appName')}` }]
}

export type MatrixData = Route.ComponentProps['loaderData']

export default function MatrixPage({ loaderData, actionData }: Route.ComponentProps) {
  const { campaign, place, asOf, asOfProblem, totals, filter, open, rows, overdue } = loaderData
  const t = cascadeWords.in(useLanguage())
  const query = { unit: place.unit.code, asOf }
  const problem = actionData && Object.values(actionData.problems)[0]
  return (
    <Shell section="documents" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} asOf={asOf} asOfProblem={asOfProblem} unitHref={(code) => addressOf(`/campaigns/${campaign.code}/documents`, { unit: code, asOf })}>
      <CascadeParts current="matrix" campaign={campaign.code} {...query} />
      <Eyebrow>
        {t('matrixEyebrow')} · <a href={`/campaigns/${campaign.code}`}>{campaign.name}</a>
      </Eyebrow>
      <h1>{matrixHeading(totals, t)}</h1>
      {problem && (
        <Notice isAttention role="alert">
          {problem}
        </Notice>
      )}
      {totals.required === 0 ? (
        <EmptyState title={t('headNothing')} actions={loaderData.mayOrder && <ButtonLink href={addressOf('/duties/rules/new', { campaign: campaign.code, unit: place.unit.code, kind: 'document' })}>{t('headMakeRule')}</ButtonLink>}>
          {t('headNothingBody')}
        </EmptyState>
      ) : (
        <>
          <Lede>
            {matrixLede(totals, t)}{' '}
            <ReachedSentence {...loaderData} />
          </Lede>
          <Buttons>
            {overdue.length > 0 && (
              <form method="post" className="wide">
                <input type="hidden" name="campaignCode" value={campaign.code} />
                {overdue.map((code) => (
                  <input key={code} type="hidden" name="unitCodes" value={code} />
                ))}
                <Button kind="primary" isWide>
                  {t('urgeLate', { count: overdue.length })}
                </Button>
              </form>
            )}
            <ButtonLink href={withOpen(addressOf(`/campaigns/${campaign.code}/documents.xlsx`, { ...query, show: filter === 'all' ? null : filter }), open)} download>
              {t('toExcel')}
            </ButtonLink>
          </Buttons>
          <Filters {...loaderData} />
          {rows.length === 0 ? <EmptyState title={t('filterNothing')}>{t('filterNothingBody')}</EmptyState> : <MatrixTable {...loaderData} />}
        </>
      )}
    </Shell>
  )
}

function ReachedSentence({ reached, place, firstOn }: MatrixData) {
  const t = cascadeWords.in(useLanguage())
  const whole = reached.get(place.unit.id)
  if (!whole || whole.cells === 0) return null
  const { cells, lastOn, days } = whole
  const said = lastOn === null ? t('reachedNone', { cells }) : t(whole.reached === cells ? 'reachedAll' : 'reachedSome', { cells, reached: whole.reached, day: showDay(lastOn) })
  return (
    <>
      {said}
      {firstOn && days !== null ? t('reachedDays', { days, unit: place.unitTrail[0]!.name }) : t('stop')}
    </>
  )
}

function Filters({ campaign, place, asOf, filter, counts }: MatrixData) {
  const t = cascadeWords.in(useLanguage())
  return (
    <nav className="states sm after-lede" aria-label={t('filter')}>
      {filters.map((one) => (
        <a key={one} href={addressOf(`/campaigns/${campaign.code}/documents`, { unit: place.unit.code, asOf, show: one === 'all' ? null : one })} aria-current={one === filter ? 'true' : undefined}>
          {t(`filter.${one}`, { count: counts[one] })}
        </a>
      ))}
    </nav>
  )
}
