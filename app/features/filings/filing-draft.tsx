import { Button, Buttons, DisabledButton } from '../../web/button.tsx'
import { Field, TextField } from '../../web/field.tsx'
import { Tag } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { FigureTable } from './filing-report.tsx'
import type { FilingAnswer, FilingPageData } from './filing.page.tsx'
import { filingPageWords } from './filing-pages.messages.ts'
import { EvidenceLink, Findings } from './filing-parts.tsx'
import { markOf, showMoment } from './filing-wording.ts'
import type { FigureView, SectionView, TextView, TypedView } from './report-view.server.ts'

type Page = { loaderData: FilingPageData; answer: FilingAnswer }

/** The report in the making: what records hold is there, the rest is typed. One form, so that saving one part keeps the others. */
export function DraftForm({ loaderData, answer }: Page) {
  const { head, report } = loaderData
  const t = filingPageWords.in(useLanguage())
  const { form: _, version: __, ...problems } = answer?.problems ?? {}
  return (
    <form method="post" action={`/filings/${head.id}`} encType="multipart/form-data" className="filing" data-draft={`filing:${head.id}`} data-viewer={loaderData.viewerId} data-version={head.version} data-unsaved={answer ? '' : undefined}>
      <ProblemList problems={problems} />
      <input type="hidden" name="filingId" value={head.id} />
      <input type="hidden" name="version" value={head.version} />
      {report!.sections.map((section, index) => (
        <DraftSection key={section.id} section={section} number={index + 1} loaderData={loaderData} answer={answer} />
      ))}
      <Warnings loaderData={loaderData} answer={answer} />
      <section className="part" aria-labelledby="send-title" id="send">
        <h2 id="send-title">{t(head.isConsolidated ? 'consolidateTitle' : 'submitTitle')}</h2>
        <Send {...loaderData} />
      </section>
    </form>
  )
}

function DraftSection({ section, number, ...page }: Page & { section: SectionView; number: number }) {
  const { title, kind, figures, text } = section
  const shown = figures.filter((figure) => figure.typed === null || page.loaderData.head.isConsolidated)
  const typed = figures.filter((figure) => figure.typed !== null)
  return (
    <section className="part" aria-labelledby={`part-${section.id}`}>
      <h2 id={`part-${section.id}`}>
        {number}. {title}
      </h2>
      {kind === 'figures' ? (
        <>
          {shown.length > 0 && <FigureTable figures={shown} accepted={page.loaderData.draft?.accepted ?? 0} />}
          {typed.length > 0 && (page.loaderData.head.isConsolidated ? <OwnFigures typed={typed} {...page} /> : <TypedFigures typed={typed} {...page} />)}
        </>
      ) : (
        text && <Written sectionId={section.id} title={title} text={text} {...page} />
      )}
    </section>
  )
}

type Typing = Page & { typed: SectionView['figures'] }

function TypedFigures({ typed, ...page }: Typing) {
  return typed.map((figure) => <TypedFigure key={figure.key} figure={figure} typed={figure.typed!} {...page} />)
}

/** What the asking unit adds of its own to the sums: mostly nothing, so folded until something stands there. */
function OwnFigures({ typed, ...page }: Typing) {
  const { loaderData, answer } = page
  const t = filingPageWords.in(useLanguage())
  const isOpen = typed.some((figure) => figure.typed!.own !== null || answer?.values[`values.${figure.key}.value`] || answer?.problems[`files.${figure.key}`])
  return (
    <details className="part" open={isOpen}>
      <summary>{t('ownFigures', { unit: loaderData.head.unitName })}</summary>
      <TypedFigures typed={typed} {...page} />
    </details>
  )
}

/** A figure that no record holds: its number and the file that proves it. */
function TypedFigure({ figure, typed, loaderData, answer }: Page & { figure: FigureView; typed: TypedView }) {
  const { head } = loaderData
  const language = useLanguage()
  const t = filingPageWords.in(language)
  const name = `values.${figure.key}`
  const own = typed.own === null ? '' : String(typed.own)
  const told = [
    t(`unit.${figure.unitOfCount}` as 'unit.people'),
    typed.savedAt && t('typedBy', { who: typed.savedBy ?? t('somebody'), at: showMoment(typed.savedAt, language) }),
    typed.suggested && t('typedSuggested', { value: typed.suggested }),
  ]
  return (
    <div className="typed">
      <Field
        name={`${name}.value`}
        label={
          <>
            {figure.title} <Tag kind="declared" />
          </>
        }
        hint={told.filter(Boolean).join(' · ')}
        value={answer?.values[`${name}.value`] ?? own}
        problem={answer?.problems[`${name}.value`] ?? answer?.problems[`${name}.evidenceId`]}
        inputMode="numeric"
        maxLength={13}
        autoComplete="off"
      />
      <input type="hidden" name={`${name}.was`} value={own} />
      <div className="proof sm">
        {typed.evidence ? (
          <>
            <EvidenceLink filingId={head.id} evidence={typed.evidence} />
            <label className="chk">
              <input type="checkbox" name={`${name}.evidenceId`} value="none" /> <span>{t('evidenceOff')}</span>
            </label>
          </>
        ) : null}
        <label htmlFor={`files.${figure.key}`}>{typed.evidence ? t('evidenceOther') : t('evidenceAdd')}</label>
        <input id={`files.${figure.key}`} type="file" name={`files.${figure.key}`} accept=".pdf,.jpg,.jpeg,.png" aria-describedby={answer?.problems[`files.${figure.key}`] ? `files.${figure.key}-problem` : undefined} />
        {answer?.problems[`files.${figure.key}`] && (
          <span className="attn" id={`files.${figure.key}-problem`}>
            {answer.problems[`files.${figure.key}`]}
          </span>
        )}
      </div>
    </div>
  )
}

/** A narrative part. When somebody else was quicker both texts are there: theirs to read, one's own still in the field. */
function Written({ sectionId, title, text, loaderData, answer }: Page & { sectionId: string; title: string; text: TextView }) {
  const language = useLanguage()
  const t = filingPageWords.in(language)
  const { beneath } = loaderData.draft!
  const name = `texts.${sectionId}`
  const typed = answer?.values[`${name}.text`]?.replaceAll('\r\n', '\n')
  const hasChanged = typed !== undefined && markOf(typed) !== answer!.values[`${name}.was`]
  const isBehind = hasChanged && typed !== text.text && Number(answer!.values[`${name}.version`]) !== text.version
  const others = beneath[sectionId] ?? []
  return (
    <>
      {isBehind && (
        <Notice isAttention role="alert" id={`theirs-${sectionId}`} title={t('versionTitle', { who: text.savedBy ?? t('somebody'), at: text.savedAt?.time ?? '' })}>
          {t('versionBody')}
          <blockquote className="theirs">{text.text || t('versionEmpty')}</blockquote>
        </Notice>
      )}
      {others.length > 0 && (
        <details className="part">
          <summary>{t('textsBeneath', { count: others.length })}</summary>
          <dl className="said">
            {others.map((one) => (
              <div key={one.unitName}>
                <dt>{one.unitName}</dt>
                <dd>{one.text}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      <TextField
        name={`${name}.text`}
        label={isBehind ? t('versionYours') : <span className="vh">{title}</span>}
        hint={text.savedAt ? t('textSavedBy', { who: text.savedBy ?? t('somebody'), at: showMoment(text.savedAt, language) }) : t('textHint')}
        value={hasChanged ? typed : text.text}
        problem={answer?.problems[`${name}.text`]}
        rows={10}
      />
      <input type="hidden" name={`${name}.version`} value={text.version} />
      <input type="hidden" name={`${name}.was`} value={markOf(text.text)} />
    </>
  )
}

function Warnings({ loaderData, answer }: Page) {
  const { problems, warnings } = answer?.findings ?? loaderData.report!
  const t = filingPageWords.in(useLanguage())
  return (
    <>
      {problems.length > 0 && (
        <section className="part" aria-labelledby="faults-title">
          <h2 id="faults-title">{t('faults', { count: problems.length })}</h2>
          <Findings findings={problems} />
        </section>
      )}
      {warnings.length > 0 && (
        <section className="part" aria-labelledby="warnings-title">
          <h2 id="warnings-title">{t('warnings', { count: warnings.length })}</h2>
          <p className="sm q2">{t('warningsLead')}</p>
          {warnings.map((warning) => (
            <div key={warning.id} className="warning">
              <p>{warning.field ? <a href={`#${warning.field}`}>{warning.sentence}</a> : warning.sentence}</p>
              <TextField
                name={`reasons.${warning.id}`}
                label={t('warningReason')}
                value={answer?.values[`reasons.${warning.id}`] ?? warning.reason}
                problem={answer?.problems[`reasons.${warning.id}`]}
                rows={2}
              />
            </div>
          ))}
        </section>
      )}
    </>
  )
}

/** Saving, which may be done at any time, and the one deed that sends the report on. */
function Send({ head, draft, reasons, isSummed, isStale }: FilingPageData) {
  const language = useLanguage()
  const t = filingPageWords.in(language)
  const due = showMoment(head.due, language)
  if (reasons.fill) return <p className="sm q2">{reasons.fill}</p>
  const save = <Button formAction={`/filings/${head.id}`}>{t('save')}</Button>
  if (head.isConsolidated) {
    const isFresh = isSummed && !isStale
    return (
      <>
        <p className="sm q2">{t('consolidateLead', { accepted: draft!.accepted })}</p>
        {draft!.missing.length > 0 && <Notice isAttention>{t('consolidateMissing', { count: draft!.missing.length, names: draft!.missing.join(', ') })}</Notice>}
        {isSummed && isStale && <Notice isAttention>{t('consolidateStale')}</Notice>}
        <Buttons>
          {save}
          {reasons.consolidate ? (
            <DisabledButton reason={reasons.consolidate}>{t('consolidate')}</DisabledButton>
          ) : (
            <Button kind={isFresh ? 'plain' : 'primary'} formAction={`/filings/${head.id}?do=consolidate`} isWide>
              {t(isSummed ? 'consolidateAgain' : 'consolidate')}
            </Button>
          )}
        </Buttons>
      </>
    )
  }
  return (
    <>
      <p className="sm q2">
        {head.timeliness === 'overdue' ? t('submitLate', { due }) : head.timeliness === 'waiting' ? t('submitOnTime', { due }) : null} {t('submitFrozen')}
      </p>
      <Buttons>
        {save}
        {reasons.submit ? (
          <DisabledButton reason={reasons.submit}>{t('submit', { asker: head.askerName })}</DisabledButton>
        ) : (
          <Button kind="primary" formAction={`/filings/${head.id}?do=submit`} isWide>
            {t(head.state === 'returned' ? 'submitAgain' : 'submit', { asker: head.askerName })}
          </Button>
        )}
      </Buttons>
    </>
  )
}
