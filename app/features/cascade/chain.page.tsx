import type { ReactNode } from 'react'
import type { Route } from './+types/chain.page'
import { showDay } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { addressOf } from '../../web/addresses.ts'
import { dayAsked } from '../../web/as-of.ts'
import { ButtonLink } from '../../web/button.tsx'
import { DataTable } from '../../web/data-table.tsx'
import { DayText, FigureLink } from '../../web/figure.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { EmptyState, Notice } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { timeline } from '../../web/timeline.server.ts'
import { webWords } from '../../web/web.messages.ts'
import { campaignByCode, campaignDay } from '../campaigns/campaigns.server.ts'
import { placeOf } from '../units/place.server.ts'
import { cascadeWords } from './cascade.messages.ts'
import { CascadeParts } from './cascade-parts.tsx'
import type { ChainNode } from './chain.ts'
import { chainOfCampaign, clauseCounts, type Chain, type ChainDocument, type TimelineRow } from './chain.server.ts'
import { matrixOf } from './matrix.server.ts'
import { matrixHeading } from './matrix-wording.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const campaign = await campaignByCode(ctx.tx, params.code)
    const now = campaignDay(campaign, ctx.viewer.today)
    const day = dayAsked(url, now, language)
    const place = await placeOf(ctx, url.searchParams.get('unit'), day.asOf)
    const where = { campaignId: campaign.id, unitId: place.unit.id, asOf: day.asOf }
    const chain = await chainOfCampaign(ctx.tx, where)
    const { totals } = await matrixOf(ctx.tx, { ...where, isNow: day.asOf >= now })
    return { campaign: { code: campaign.code, name: campaign.name }, place, ...day, chain, totals, clauses: await clauseCounts(ctx.tx, chain.documents), picture: pictureOf(chain, language) }
  })

const levels = ['city_committee', 'district_committee', 'attached_committee', 'commune_committee', 'base_organisation', 'cell', 'caucus', 'commission', 'partner'] as const

function pictureOf({ documents }: Chain, language: Language): string {
  const t = cascadeWords.in(language)
  const rowOf = (document: ChainDocument) => {
    if (document.issuerId === null) return t('chainLevelAbove')
    const level = levels.find((one) => one === document.unitKind)
    return level ? t(`level.${level}`) : t('chainLevelOwn')
  }
  const dated = documents.flatMap((document) => (document.day ? [{ day: document.day, row: rowOf(document) }] : []))
  if (dated.length < 2) return ''
  return timeline({ points: dated, rows: [t('chainLevelAbove'), ...levels.map((level) => t(`level.${level}`)), t('chainLevelOwn')], title: t('chainTimelineTitle', { count: dated.length, from: showDay(dated[0]!.day), to: showDay(dated.at(-1)!.day) }) })
}

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${cascadeWords.in(language)('chainEyebrow')}${loaderData ? `, ${loaderData.campaign.name}` : ''} · ${webWords.in(language)('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function ChainPage({ loaderData }: Route.ComponentProps) {
  const { campaign, place, asOf, asOfProblem, chain, totals, picture } = loaderData
  const t = cascadeWords.in(useLanguage())
  const { documents, tree, isCut } = chain
  const first = documents[0]?.day
  return (
    <Shell section="documents" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} asOf={asOf} asOfProblem={asOfProblem} unitHref={(code) => addressOf(`/campaigns/${campaign.code}/documents/chain`, { unit: code, asOf })}>
      <CascadeParts current="chain" campaign={campaign.code} unit={place.unit.code} asOf={asOf} />
      <Eyebrow>
        {t('chainEyebrow')} · <a href={`/campaigns/${campaign.code}`}>{campaign.name}</a>
      </Eyebrow>
      {documents.length === 0 ? (
        <>
          <h1>{t('chainHeadNone')}</h1>
          <EmptyState title={t('chainHeadNone')} actions={<ButtonLink href={addressOf('/documents/new', { kind: 'incoming', unit: place.unit.code, campaign: campaign.code })}>{t('chainRegister')}</ButtonLink>}>
            {t('chainHeadNoneBody')}
          </EmptyState>
        </>
      ) : (
        <>
          <h1>{t('chainHead', { count: documents.length, day: showDay(first!) })}</h1>
          {totals.required > 0 && <Lede>{matrixHeading(totals, t)}.</Lede>}
          {isCut && <Notice>{t('chainCut', { count: documents.length })}</Notice>}
          <Grid>
            <Column span={7} id="tree" title={t('chainTree')}>
              <p className="xs q3 before-table">{t('chainTreeHint')}</p>
              <ul className="chain">
                {tree.map((node) => (
                  <Node key={node.document.id} node={node} page={loaderData} />
                ))}
              </ul>
            </Column>
            <Column span={5} id="timeline" title={t('chainTimeline')}>
              {picture && <figure className="charted wide" dangerouslySetInnerHTML={{ __html: picture }} />}
              <TimelineTable rows={chain.timeline} />
            </Column>
          </Grid>
        </>
      )}
    </Shell>
  )
}

const shownAtOnce = 8

function Node({ node, page }: { node: ChainNode<ChainDocument>; page: Data }) {
  const t = cascadeWords.in(useLanguage())
  const { document, relation, also, beneath } = node
  const clauses = page.clauses.get(document.id) ?? 0
  const row = page.chain.timeline.find((one) => one.document.id === document.id)
  const nodes = (some: ChainNode<ChainDocument>[]) => some.map((one) => <Node key={one.document.id} node={one} page={page} />)
  return (
    <li id={`d-${document.id}`}>
      <p>
        <FigureLink href={`/documents/${document.id}`}>
          <b>{document.written ?? document.abstract}</b>
        </FigureLink>{' '}
        {document.issuerName}, {document.day && <DayText day={document.day} />}
        {relation && (
          <span className="q3">
            {' '}
            · {t(`chainRelation.${relation}`)}
            {row && row.days !== null && `, ${row.days === 0 ? t('chainSameDay') : t('chainDays', { days: row.days })}`}
          </span>
        )}
      </p>
      <p className="abstract">
        {document.abstract}
        {clauses > 0 && (
          <>
            {' '}
            · <a href={`/documents/${document.id}/answers`}>{t('chainClauses', { count: clauses })}</a>
          </>
        )}
      </p>
      {also.length > 0 && (
        <p className="q3">
          {also.map((one, index) => (
            <span key={`${one.kind} ${one.document.id}`}>
              {index > 0 && '; '}
              {t(`chainAlso.${one.kind}`)} <a href={`#d-${one.document.id}`}>{one.document.written ?? one.document.abstract}</a>
            </span>
          ))}
        </p>
      )}
      {beneath.length > 0 && <Folded count={beneath.length - shownAtOnce} shown={<ul>{nodes(beneath.slice(0, shownAtOnce))}</ul>} rest={<ul>{nodes(beneath.slice(shownAtOnce))}</ul>} label={(count) => t('chainMore', { count })} />}
    </li>
  )
}

/** The first ones, and the rest behind a line that says how many. */
function Folded({ count, shown, rest, label }: { count: number; shown: ReactNode; rest: ReactNode; label: (count: number) => string }) {
  return (
    <>
      {shown}
      {count > 0 && (
        <details>
          <summary>{label(count)}</summary>
          {rest}
        </details>
      )}
    </>
  )
}

const rowsAtOnce = 20

function TimelineTable({ rows }: { rows: TimelineRow[] }) {
  const t = cascadeWords.in(useLanguage())
  const columns = [{ label: t('columnDocument') }, { label: t('columnIssuer') }, { label: t('columnDay'), isFigure: true }, { label: t('columnAfter'), isFigure: true }]
  const table = (some: TimelineRow[]) => (
    <DataTable
      isCards
      columns={columns}
      rows={some.map(({ document, after, days }) => ({
        id: document.id,
        cells: [
          <FigureLink key="document" href={`/documents/${document.id}`}>{document.written ?? document.abstract}</FigureLink>,
          document.issuerName,
          document.day ? showDay(document.day) : '',
          after && days !== null ? <a key="after" href={`#d-${document.id}`} title={t('columnAfterOf', { number: after.written ?? '…', issuer: after.issuerName })}>{days === 0 ? t('chainSameDay') : t('chainDays', { days })}</a> : '',
        ],
      }))}
    />
  )
  return <Folded count={rows.length - rowsAtOnce} shown={table(rows.slice(0, rowsAtOnce))} rest={rows.length > rowsAtOnce && table(rows.slice(rowsAtOnce))} label={(count) => t('chainMore', { count })} />
}
