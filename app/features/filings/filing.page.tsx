import { data } from 'react-router'
import type { Route } from './+types/filing.page'
import { chainOf, reasonAgainst, type Ctx } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { showDay } from '../../platform/clock.ts'
import type { Language, Sentence } from '../../platform/i18n.ts'
import { appContext } from '../../web/context.ts'
import { languageOf, useLanguage } from '../../web/language.ts'
import { Notice } from '../../web/notice.tsx'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write, type Answer } from '../../web/write.server.ts'
import { placeOf } from '../units/place.server.ts'
import type { Draft } from './drafts.server.ts'
import { Facts, Files, Happened, Review, Submissions, Summed } from './filing-aside.tsx'
import { DraftForm } from './filing-draft.tsx'
import type { FilingHead } from './filing-head.server.ts'
import { sheetUploads } from './evidence.server.ts'
import { filingById } from './filing.server.ts'
import { filingPageWords } from './filing-pages.messages.ts'
import { Parts } from './filing-parts.tsx'
import { consolidateSheet, saveSheet, Sheet, SheetSubmission, submitSheet } from './filing-sheet.server.ts'
import { Report } from './filing-report.tsx'
import { contributionsOf, nextWaiting, sealCode, textsBeneath } from './filing-views.server.ts'
import { momentOf, showMoment } from './filing-wording.ts'
import { FilingAcceptance, FilingReturn } from './filings.schema.ts'
import { sectionsOf } from './forms.server.ts'
import { findingsView, reportView, summedView, type FindingsView } from './report-view.server.ts'
import { acceptFiling, consolidationOf, returnFiling } from './workflow.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const { tx, viewer } = ctx
    const { timeZone } = args.context.get(appContext).config
    const view = await filingById(ctx, idOf(params.id))
    const { filing, submissions } = view
    const asked = submissions.find((one) => one.number === Number(url.searchParams.get('submission')))
    const draft = asked ? null : view.draft
    const content = draft ? null : ((asked ?? submissions[0])?.content ?? null)
    const figure = url.searchParams.get('figure')
    const own = await chainOf(tx, filing.unitId, viewer.today)
    const consolidation = filing.isConsolidated ? await consolidationOf(tx, filing.id) : null
    const { dueAt, submittedAt: _, ...head } = filing
    return {
      head: { ...head, due: momentOf(dueAt, timeZone), timeliness: view.timeliness },
      viewerId: viewer.personId,
      place: await placeOf(ctx, filing.unitCode, viewer.today),
      report: draft || content ? reportView({ head: filing, sections: await sectionsOf(tx, filing.formId), draft, content, mayAsk: !filing.isOwn && reasonAgainst(viewer, 'ask about figures', own) === null, told: { language, timeZone } }) : null,
      draft: draft && (await draftView(ctx, filing, draft, timeZone)),
      summed: figure && filing.isConsolidated ? { key: figure, rows: summedView(filing, await contributionsOf(tx, filing.roundId, figure), language) } : null,
      submissions: submissions.map(({ number, submittedAt, submittedBy }) => ({ number, submittedBy, at: momentOf(submittedAt, timeZone) })),
      shown: draft ? null : ((asked ?? submissions[0])?.number ?? null),
      events: view.events.map(({ at, ...event }) => ({ ...event, at: momentOf(at, timeZone), who: event.isJob ? null : event.actor })),
      isSummed: consolidation !== null,
      isStale: consolidation?.isStale ?? false,
      seal: filing.state === 'sealed' ? await sealCode(tx, filing.id) : null,
      next: view.reasonsAgainst.accept === null || filing.state === 'accepted' ? await nextWaiting(tx, filing) : null,
      reasons: {
        ...(await reasonsShown(ctx, view.reasonsAgainst, language)),
        seal: await whyNot(tx, reasonAgainst(viewer, 'seal the report', own), language),
      },
    }
  })

async function reasonsShown<What extends string>({ tx }: Ctx, reasons: Record<What, Sentence | null>, language: Language) {
  const shown = {} as Record<What, string | null>
  for (const what of Object.keys(reasons) as What[]) shown[what] = await whyNot(tx, reasons[what], language)
  return shown
}

/** What only the unit's own officers see of a report in the making. */
async function draftView({ tx }: Ctx, head: FilingHead, draft: Draft, timeZone: string) {
  const texts = head.isConsolidated ? await textsBeneath(tx, head.roundId) : null
  return {
    editors: draft.editors.map((editor) => ({ name: editor.name, at: momentOf(editor.savedAt, timeZone) })),
    accepted: draft.accepted,
    expected: draft.accepted + draft.missing.length,
    missing: draft.missing.map((one) => one.unitName),
    beneath: texts ? Object.fromEntries(texts) : {},
  }
}

export function action(args: Route.ActionArgs) {
  const here = `/filings/${args.params.id}`
  const { timeZone } = args.context.get(appContext).config
  const t = filingPageWords
  switch (new URL(args.request.url).searchParams.get('do')) {
    case 'submit':
      return withFindings(args, (tell) => write(args, SheetSubmission, (ctx, input) => submitSheet(ctx, input, tell), { to: () => here, saved: ({ askerName }) => t.say('submitted', { asker: askerName }), upload: sheetUploads }))
    case 'consolidate':
      return withFindings(args, (tell) => write(args, SheetSubmission, (ctx, input) => consolidateSheet(ctx, input, tell), { to: () => here, saved: ({ accepted }) => t.say('consolidateSaved', { accepted }), upload: sheetUploads }))
    case 'accept':
      return write(args, FilingAcceptance, acceptFiling, { to: () => here, saved: () => t.say('accepted') })
    case 'return':
      return write(args, FilingReturn, returnFiling, { to: () => here, saved: () => t.say('returned') })
    default:
      return write(args, Sheet, saveSheet, { to: () => here, saved: () => (language) => t.in(language)('saved', { time: momentOf(new Date(), timeZone).time }), upload: sheetUploads })
  }
}

/** Adds to a refusal what was found in the report as it was typed, so that every warning has its place for a reason. */
async function withFindings(args: Route.ActionArgs, work: (tell: (draft: Draft) => void) => ReturnType<typeof write>) {
  let findings: FindingsView | undefined
  const refused = await work((draft) => {
    findings = findingsView(draft, languageOf(args.request))
  })
  return data({ ...refused.data, findings }, refused.init ?? {})
}

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  const { head } = loaderData ?? {}
  return [{ title: `${head ? `${head.roundName}, ${head.unitName}` : ''} · ${webWords.in(language)('appName')}` }]
}

export type FilingPageData = Route.ComponentProps['loaderData']
export type FilingAnswer = (Answer & { findings?: FindingsView | undefined }) | undefined

export default function FilingPage({ loaderData, actionData }: Route.ComponentProps) {
  const answer: FilingAnswer = actionData
  const { head, place, report, draft, summed } = loaderData
  const language = useLanguage()
  const t = filingPageWords.in(language)
  return (
    <Shell section="report" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} unitHref={(code) => `/rounds?unit=${code}`}>
      <Parts current="rounds" unit={place.unit.code} />
      <Eyebrow>
        <a href={`/rounds/${head.roundId}`}>{head.roundName}</a> · {t('asOf', { day: showDay(head.asOf) })}
        {!head.isConsolidated && ` · ${t('filingAskedBy', { asker: head.askerName })} · ${t('due', { due: showMoment(head.due, language) })}`}
      </Eyebrow>
      <h1>
        <Answer {...loaderData} />
      </h1>
      {draft && !head.isConsolidated && <Lede>{t('filingFromRecords', { count: report!.counted, day: showDay(head.asOf) })}</Lede>}
      <Attention loaderData={loaderData} answer={answer} />
      <Grid>
        <div className="c8">
          {draft ? <DraftForm loaderData={loaderData} answer={answer} /> : report ? <Report {...loaderData} /> : <Notice>{t('filingNotStarted')}</Notice>}
        </div>
        <div className="c4 stack">
          <Review loaderData={loaderData} answer={answer} />
          <Facts {...loaderData} />
          <Files {...loaderData} />
          <Submissions {...loaderData} />
          <Happened {...loaderData} />
        </div>
      </Grid>
      {summed && report && <Summed {...loaderData} />}
    </Shell>
  )
}

function Answer({ head, report, draft, submissions, shown }: FilingPageData) {
  const t = filingPageWords.in(useLanguage())
  const words = { unit: head.unitName, asker: head.askerName }
  if (head.isConsolidated) {
    if (head.state === 'sealed') return <>{t('filingSealed', words)}</>
    if (draft) return <>{t('filingConsolidated', { ...words, accepted: draft.accepted, expected: draft.expected })}</>
    return <>{t('filingConsolidatedShown', words)}</>
  }
  const untyped = report && draft ? report.untyped : 0
  switch (head.state) {
    case 'draft':
      return (
        <>
          {t('filingDraft', words)}
          {draft && <small>: {untyped > 0 ? t('filingTyped', { count: untyped }) : report!.problems.length > 0 ? t('faults', { count: report!.problems.length }) : t('filingReady')}</small>}
        </>
      )
    case 'returned':
      return <>{t('filingReturned', words)}</>
    case 'submitted':
      return (
        <>
          {t('filingSubmitted', words)} {shown !== null && shown !== submissions[0]?.number && <small>({t('submissionOld', { number: shown })})</small>}
        </>
      )
    default:
      return <>{t('filingAccepted', words)}</>
  }
}

/** What comes before the report itself: why it came back, who else is at it, what was refused. */
function Attention({ loaderData, answer }: { loaderData: FilingPageData; answer: FilingAnswer }) {
  const { head, draft, events } = loaderData
  const language = useLanguage()
  const t = filingPageWords.in(language)
  const returned = head.state === 'returned' ? events.find((event) => event.kind === 'returned') : null
  const extended = events.find((event) => event.kind === 'extended')
  const whole = answer && (answer.problems['form'] ?? answer.problems['version'])
  return (
    <>
      {whole && (
        <Notice isAttention role="alert" title={t('notSaved')}>
          {whole}
        </Notice>
      )}
      {returned && (
        <Notice isAttention title={t('returnedTitle', { who: returned.who ?? t('somebody'), at: showMoment(returned.at, language) })}>
          {returned.comment}
        </Notice>
      )}
      {extended && (head.state === 'draft' || head.state === 'returned') && <Notice>{t('filingExtended', { due: showMoment(head.due, language), reason: extended.comment ?? '' })}</Notice>}
      {head.isConsolidated && draft && draft.missing.length > 0 && draft.accepted > 0 && (
        <Notice isAttention title={t('basesDifferTitle', { count: draft.missing.length, accepted: draft.accepted, expected: draft.expected })}>
          {t('basesDiffer', { names: draft.missing.join(', ') })}
        </Notice>
      )}
      {draft?.editors.map((editor) => (
        <Notice key={editor.at.instant} title={t('filingEditing', { who: editor.name ?? t('somebody'), at: editor.at.time })}>
          {t('filingEditingBody')}
        </Notice>
      ))}
    </>
  )
}
