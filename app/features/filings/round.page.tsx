import type { Route } from './+types/round.page'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { showDay } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { addressOf } from '../../web/addresses.ts'
import { ButtonLink, Buttons } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { useLanguage } from '../../web/language.ts'
import { Notice } from '../../web/notice.tsx'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Shell } from '../../web/shell.tsx'
import { DefinitionList } from '../../web/trail.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { placeOf } from '../units/place.server.ts'
import { filingPageWords } from './filing-pages.messages.ts'
import { MomentText, Parts, State } from './filing-parts.tsx'
import { momentOf, showMoment } from './filing-wording.ts'
import { DueExtension } from './filings.schema.ts'
import { ExtendForm } from './round-extend.tsx'
import { roundShown, unitsOfRound, type RoundRow } from './round-views.server.ts'
import { extendDue } from './rounds.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const { tx, viewer } = ctx
    const { timeZone } = args.context.get(appContext).config
    const round = await roundShown(tx, idOf(params.id))
    const place = await placeOf(ctx, round.unitCode, viewer.today)
    const moment = (at: Date | null) => at && momentOf(at, timeZone)
    const rows = await unitsOfRound(tx, round.id)
    const reason = reasonAgainst(viewer, 'open a round', await chainOf(tx, round.unitId, viewer.today))
    return {
      place,
      round: { ...round, due: momentOf(round.dueAt, timeZone), consolidatedOn: moment(round.consolidated?.consolidatedAt ?? null) },
      rows: rows.map((row) => ({ ...row, due: momentOf(row.dueAt, timeZone), sent: moment(row.lastSubmittedAt), reminded: moment(row.remindedAt) })),
      names: namesOf(rows),
      extend: url.searchParams.getAll('extend'),
      reasonAgainst: await whyNot(tx, reason, language),
    }
  })

/** Whose reports are late, returned, waiting or missing, by name. */
function namesOf(rows: RoundRow[]) {
  const names = (some: RoundRow[]) => some.map((row) => row.unitName)
  return {
    late: names(rows.filter((row) => row.isLate)),
    waiting: names(rows.filter((row) => row.state === 'submitted')),
    returned: names(rows.filter((row) => row.state === 'returned')),
    missing: names(rows.filter((row) => row.submittedAt === null)),
    notAccepted: names(rows.filter((row) => row.state !== 'accepted')),
  }
}

export const action = (args: Route.ActionArgs) =>
  write(args, DueExtension, (ctx, input) => extendDue(ctx, input, args.context.get(appContext).config.timeZone), { to: () => `/rounds/${args.params.id}`, saved: (_, input) => filingPageWords.say('extendSaved', { time: input.dueTime, day: showDay(input.dueOn) }) })

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  return [{ title: `${loaderData?.round.name ?? ''} · ${filingPageWords.in(language)('toRounds')} · ${webWords.in(language)('appName')}` }]
}

type Page = Route.ComponentProps
export type RoundData = Page['loaderData']
type Shown = RoundData['rows'][number]

export default function RoundPage({ loaderData, actionData }: Page) {
  const { round, place, rows, reasonAgainst: reason } = loaderData
  const language = useLanguage()
  const t = filingPageWords.in(language)
  const mayExtend = reason === null && rows.some((row) => row.state === 'draft' || row.state === 'returned')
  return (
    <Shell section="report" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} unitHref={(code) => addressOf('/rounds', { unit: code })}>
      <Parts current="rounds" unit={place.unit.code} />
      <Eyebrow>
        {round.name} · {t('asOf', { day: showDay(round.asOf) })} · {t('due', { due: showMoment(round.due, language) })}
      </Eyebrow>
      {round.consolidated === null ? (
        <Asked {...loaderData} />
      ) : (
        <>
          <h1>
            {t('roundTitle', { received: round.received, expected: round.expected })}
            {round.overdue > 0 && t('roundTitleOverdue', { count: round.overdue })}
            {round.overdue === 0 && round.waiting > 0 && t('roundTitleReview', { count: round.waiting })}
          </h1>
          <Grid>
            <Column span={8} id="units" title={t('roundUnits')}>
              <p className="xs q3 before-table">{t('roundWorstFirst')}</p>
              {rows.map((row) => (
                <UnitRow key={row.id} row={row} mayExtend={mayExtend} roundId={round.id} />
              ))}
            </Column>
            <div className="c4 stack">
              <Consolidation {...loaderData} />
              <Facts {...loaderData} />
            </div>
            {mayExtend && (
              <Column span={8} id="extend" title={t('extendTitle')}>
                <ExtendForm loaderData={loaderData} answer={actionData} />
              </Column>
            )}
          </Grid>
        </>
      )}
    </Shell>
  )
}

/** For whoever only answers the round: the way to one's own report. */
function Asked({ round, rows }: RoundData) {
  const t = filingPageWords.in(useLanguage())
  return (
    <>
      <h1>{t('roundOfOthers', { unit: round.unitName })}</h1>
      <div className="after-lede">
        {rows.map((row) => (
          <Notice key={row.id} title={row.unitName} actions={<ButtonLink href={`/filings/${row.id}`}>{t('roundOpen')}</ButtonLink>}>
            <State {...row} />
          </Notice>
        ))}
      </div>
    </>
  )
}

function UnitRow({ row, mayExtend, roundId }: { row: Shown; mayExtend: boolean; roundId: string }) {
  const language = useLanguage()
  const t = filingPageWords.in(language)
  const isOwing = row.state === 'draft' || row.state === 'returned'
  return (
    <details className="unitrow">
      <summary>
        <b>{row.unitName}</b>
        <span className="sm">
          <State {...row} />
        </span>
      </summary>
      <div className="inside sm">
        <p>
          {row.sent ? (
            <>
              {t('roundSubmitted')} <MomentText at={row.sent} />
            </>
          ) : (
            t('roundNeverSent')
          )}
          <span className="q3"> · {t('due', { due: showMoment(row.due, language) })}</span>
          {row.reminded && (
            <span className="q3">
              {' '}
              · {t('roundReminded')} <MomentText at={row.reminded} />
            </span>
          )}
        </p>
        {row.state === 'returned' && row.returnComment && <p className="q2">{t('roundReturnedWhy', { comment: row.returnComment })}</p>}
        {row.extension && <p className="q2">{t('roundExtended', { reason: row.extension })}</p>}
        <div className="after-lede">
          <Buttons>
            <ButtonLink href={`/filings/${row.id}`} label={`${t('roundOpen')}: ${row.unitName}`}>
              {t('roundOpen')}
            </ButtonLink>
            {mayExtend && isOwing && (
              <ButtonLink href={`/rounds/${roundId}?extend=${row.id}#extend`} kind="quiet" label={`${t('roundExtend')}: ${row.unitName}`}>
                {t('roundExtend')}
              </ButtonLink>
            )}
          </Buttons>
        </div>
      </div>
    </details>
  )
}

const shownNames = 6

function Facts({ round, names }: RoundData) {
  const t = filingPageWords.in(useLanguage())
  const listed = (count: number, some: string[]) => (
    <>
      <b className="n">{count}</b>
      {some.length > 0 && <span className="q2"> · {some.slice(0, shownNames).join(', ')}{some.length > shownNames && ` ${t('andOthers', { count: some.length - shownNames })}`}</span>}
    </>
  )
  return (
    <section aria-labelledby="facts-title">
      <div className="h2row">
        <h2 id="facts-title">{t('roundFacts')}</h2>
      </div>
      <DefinitionList
        items={[
          { term: t('roundFactExpected'), value: listed(round.expected, []) },
          { term: t('roundFactReceived'), value: listed(round.received, []) },
          { term: t('roundFactOnTime'), value: listed(round.onTime, []) },
          { term: t('roundFactLate'), value: listed(round.late, names.late) },
          { term: t('roundFactAccepted'), value: listed(round.accepted, []) },
          { term: t('roundFactWaiting'), value: listed(round.waiting, names.waiting) },
          { term: t('roundFactReturned'), value: listed(round.returned, names.returned) },
          { term: t('roundFactMissing'), value: listed(round.missing, names.missing) },
        ]}
      />
    </section>
  )
}

/** What the sum of this round would lack, and the way to it. */
function Consolidation({ round, names }: RoundData) {
  const t = filingPageWords.in(useLanguage())
  const { consolidated, consolidatedOn, accepted, expected } = round
  const missing = names.notAccepted
  const words = missing.slice(0, shownNames).join(', ') + (missing.length > shownNames ? ` ${t('andOthers', { count: missing.length - shownNames })}` : '')
  const isSealed = consolidated!.state === 'sealed'
  return (
    <section aria-labelledby="consolidation-title">
      <div className="h2row">
        <h2 id="consolidation-title">{t('consolidateTitle')}</h2>
      </div>
      <p className="sm">
        {isSealed ? t('consolidateSealed') : accepted === 0 ? t('consolidateNone') : missing.length === 0 ? t('consolidateComplete', { accepted, expected }) : t('consolidateMissing', { count: missing.length, names: words })}
      </p>
      {consolidatedOn && (
        <p className="sm q2">
          {t('consolidateDone')} <MomentText at={consolidatedOn} />
        </p>
      )}
      <div className="after-lede">
        <Buttons>
          <ButtonLink kind={isSealed || accepted === 0 ? 'plain' : 'primary'} href={`/filings/${consolidated!.id}`} isWide>
            {isSealed || consolidatedOn ? t('consolidateOpen') : t('consolidate')}
          </ButtonLink>
        </Buttons>
      </div>
    </section>
  )
}
