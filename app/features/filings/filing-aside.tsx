import { showDay } from '../../platform/clock.ts'
import { addressOf } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons, DisabledButton } from '../../web/button.tsx'
import { DataTable } from '../../web/data-table.tsx'
import { Drawer } from '../../web/drawer.tsx'
import { TextField } from '../../web/field.tsx'
import { Tag } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { Notice } from '../../web/notice.tsx'
import { DefinitionList, Trail } from '../../web/trail.tsx'
import type { FilingAnswer, FilingPageData } from './filing.page.tsx'
import { filingPageWords } from './filing-pages.messages.ts'
import { AskLink, EvidenceLink, MomentText } from './filing-parts.tsx'
import { showMoment } from './filing-wording.ts'

/** What the asking unit decides about a report, and what seals a consolidated one. */
export function Review({ loaderData, answer }: { loaderData: FilingPageData; answer: FilingAnswer }) {
  const { head, reasons, next } = loaderData
  const t = filingPageWords.in(useLanguage())
  if (head.isConsolidated) return <Sealing {...loaderData} />
  const mayReturn = reasons.return === null && (head.state === 'submitted' || head.state === 'accepted')
  return (
    <>
      {head.state === 'submitted' && (reasons.accept === null || head.isOwn) && (
        <section aria-labelledby="review-title" id="review">
          <h2 id="review-title">{t(reasons.accept === null ? 'reviewTitle' : 'reviewWait')}</h2>
          {reasons.accept === null ? (
            <form method="post" action={`/filings/${head.id}?do=accept`}>
              <input type="hidden" name="filingId" value={head.id} />
              <input type="hidden" name="version" value={head.version} />
              <Buttons>
                <Button kind="primary" isWide>
                  {t('accept')}
                </Button>
              </Buttons>
            </form>
          ) : (
            <p className="sm q2">{t('submitFrozen')}</p>
          )}
        </section>
      )}
      {mayReturn && <ReturnForm head={head} answer={answer} />}
      {next && reasons.return === null && head.state !== 'submitted' && (
        <p className="sm">
          <a href={`/filings/${next.id}`}>{t('reviewNext', { unit: next.unitName })}</a>
        </p>
      )}
    </>
  )
}

function ReturnForm({ head, answer }: { head: FilingPageData['head']; answer: FilingAnswer }) {
  const t = filingPageWords.in(useLanguage())
  const mine = answer && 'comment' in answer.values ? answer : undefined
  return (
    <details open={mine !== undefined} id="return" className="quiet-part">
      <summary className="sm">{t('returnTitle')}…</summary>
      <form method="post" action={`/filings/${head.id}?do=return#return`}>
        <input type="hidden" name="filingId" value={head.id} />
        <input type="hidden" name="version" value={head.version} />
        <TextField name="comment" label={t('returnComment')} hint={t('returnCommentHint')} value={mine?.values['comment']} problem={mine?.problems['comment']} isRequired rows={5} />
        <Buttons>
          <Button>{t('return')}</Button>
        </Buttons>
      </form>
    </details>
  )
}

function Sealing({ head, isSummed, isStale, seal, reasons }: FilingPageData) {
  const t = filingPageWords.in(useLanguage())
  const isReady = isSummed && !isStale
  return (
    <section aria-labelledby="seal-title" id="seal">
      <h2 id="seal-title">{t(seal ? 'sealedTitle' : 'seal')}</h2>
      <p className="sm q2">{seal ? t('sealedLead') : isReady ? t('sealLead') : isStale ? t('sealStale') : t('sealNeedsConsolidation')}</p>
      <div className="after-lede">
        <Buttons>
          {seal ? (
            <ButtonLink kind="primary" href={`/seals/${seal}`} isWide>
              {t('sealedOpen', { code: seal })}
            </ButtonLink>
          ) : !isReady ? (
            <button className="btn" type="button" disabled>
              {t('seal')}
            </button>
          ) : reasons.seal ? (
            <DisabledButton reason={reasons.seal}>{t('seal')}</DisabledButton>
          ) : (
            <ButtonLink kind="primary" href={`/filings/${head.id}/seal`} isWide>
              {t('seal')}
            </ButtonLink>
          )}
        </Buttons>
      </div>
    </section>
  )
}

/** Who asks for what, until when. */
export function Facts({ head }: FilingPageData) {
  const language = useLanguage()
  const t = filingPageWords.in(language)
  return (
    <section aria-labelledby="facts-title">
      <h2 id="facts-title">{t('factsTitle')}</h2>
      <DefinitionList
        items={[
          { term: t('columnForm'), value: <a href={`/forms/${head.formId}`}>{head.formName}</a> },
          { term: t('columnKind'), value: t(`form.${head.formKind}`) },
          { term: t('columnAsOf'), value: showDay(head.asOf) },
          ...(head.isConsolidated
            ? [{ term: t('columnRound'), value: <a href={`/rounds/${head.roundId}`}>{head.roundName}</a> }]
            : [
                { term: t('columnAsker'), value: head.askerName },
                { term: t('columnDue'), value: showMoment(head.due, language) },
                { term: t('columnState'), value: <span className={head.timeliness === 'overdue' ? 'attn' : undefined}>{t(`timeliness.${head.timeliness}`)}</span> },
              ]),
          { term: t('factCampaign'), value: <a href={`/campaigns/${head.campaignCode}`}>{head.campaignName}</a> },
        ]}
      />
    </section>
  )
}

/** Every handing up; the one that is shown is named. */
export function Submissions({ head, submissions, shown, draft }: FilingPageData) {
  const t = filingPageWords.in(useLanguage())
  if (submissions.length === 0 || (submissions.length === 1 && !draft)) return null
  return (
    <section aria-labelledby="submissions-title">
      <h2 id="submissions-title">{t(head.isConsolidated ? 'consolidationsTitle' : 'submissionsTitle')}</h2>
      <ol className="people">
        {submissions.map((one) => (
          <li key={one.number}>
            <a href={`/filings/${head.id}?submission=${one.number}`} aria-current={one.number === shown ? 'true' : undefined}>
              {t('submissionNumber', { number: one.number })}
            </a>
            <span className="sm q3">
              <MomentText at={one.at} />
            </span>
          </li>
        ))}
      </ol>
      {draft && !head.isConsolidated && <p className="xs q3">{t('submissionsDraft')}</p>}
      {!draft && shown !== submissions[0]!.number && (
        <p className="sm">
          <a href={`/filings/${head.id}`}>{t('submissionLatest')}</a>
        </p>
      )}
    </section>
  )
}

/** The report as handed up, as a document to print and sign; a sealed one has its own, with the seal. */
export function Files({ head, submissions, shown, seal }: FilingPageData) {
  const t = filingPageWords.in(useLanguage())
  if (submissions.length === 0 || seal) return null
  const file = (format: string) => addressOf(`/filings/${head.id}/report.${format}`, { submission: shown === null || shown === submissions[0]!.number ? null : String(shown) })
  return (
    <section aria-labelledby="files-title" className="noprint">
      <h2 id="files-title">{t('filesTitle')}</h2>
      <p className="sm q2">{t('fileLead')}</p>
      <div className="after-lede">
        <Buttons>
          <ButtonLink href={file('docx')} download>{t('fileWord')}</ButtonLink>
          <ButtonLink href={file('pdf')} download>{t('filePdf')}</ButtonLink>
        </Buttons>
      </div>
    </section>
  )
}

/** Who did what to this report, newest first. */
export function Happened({ events }: FilingPageData) {
  const t = filingPageWords.in(useLanguage())
  return (
    <section aria-labelledby="happened-title">
      <h2 id="happened-title">{t('happened')}</h2>
      {events.length === 0 ? (
        <p className="sm q3">{t('nothingHappened')}</p>
      ) : (
        <Trail
          entries={events.map((event) => ({
            at: `${event.at.time}, ${showDay(event.at.day)}`,
            instant: event.at.instant,
            sentence: t(`event.${event.kind}`, { who: event.who ?? t(event.isJob ? 'system' : 'somebody'), comment: event.comment ?? '' }),
          }))}
        />
      )}
    </section>
  )
}

/** The reports that one number of the sum was made from, each as it was handed up. */
export function Summed({ head, report, summed }: FilingPageData) {
  const language = useLanguage()
  const t = filingPageWords.in(language)
  const figure = report!.sections.flatMap((section) => section.figures).find((one) => one.key === summed!.key)
  const { rows } = summed!
  if (!figure) return null
  const number = new Intl.NumberFormat(language === 'vi' ? 'vi-VN' : 'en-GB')
  const hasShares = rows.some((row) => row.share !== null)
  return (
    <Drawer id="summed" isOpen closeHref={`/filings/${head.id}`} label={t('figureOpen')} title={t('summedTitle', { name: figure.title, value: figure.value ?? '', count: rows.length })} subtitle={t('summedLead')}>
      {report!.missing.length > 0 && <Notice>{t('summedMissing', { names: report!.missing.join(', ') })}</Notice>}
      <DataTable
        isSmall
        columns={[{ label: t('summedUnit') }, { label: t('figureValue'), isFigure: true }, ...(hasShares ? [{ label: t('figureShare'), isFigure: true }] : []), { label: t('figureOrigin') }]}
        rows={[
          ...rows.map((row) => ({
            id: row.filingId,
            cells: [
              <a key="unit" href={`/filings/${row.filingId}`}>
                {row.unitName}
              </a>,
              row.value,
              ...(hasShares ? [row.share ?? ''] : []),
              <span key="origin">
                {row.origin === 'counted' ? <span className="q3">{t('origin.counted')}</span> : <Tag kind="declared" />} · <AskLink href={row.askHref} figure={`${figure.title}, ${row.unitName}`} /> {row.evidence && <EvidenceLink filingId={row.filingId} evidence={row.evidence} />}
              </span>,
            ],
          })),
          ...(figure.typed?.own ? [{ id: 'own', cells: [t('summedOwn', { unit: head.unitName }), number.format(figure.typed.own), ...(hasShares ? [''] : []), <Tag key="origin" kind="declared" />] }] : []),
        ]}
        total={{ id: 'total', cells: [t('total'), figure.value ?? '', ...(hasShares ? [figure.share ?? ''] : []), figure.declared ? t('declaredPart', { share: figure.declaredShare!, count: figure.declared }) : ''] }}
      />
    </Drawer>
  )
}
