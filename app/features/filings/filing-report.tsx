import { DataTable } from '../../web/data-table.tsx'
import { FigureLink, Tag } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { Notice } from '../../web/notice.tsx'
import type { FilingPageData } from './filing.page.tsx'
import { filingPageWords } from './filing-pages.messages.ts'
import { AskLink, EvidenceLink, Findings } from './filing-parts.tsx'
import type { FigureView } from './report-view.server.ts'

/** A report as it was handed up: nobody changes it here. */
export function Report({ report, head, submissions, shown, viewerId }: FilingPageData) {
  const t = filingPageWords.in(useLanguage())
  const { sections, warnings, missing } = report!
  return (
    <div className="filing" data-handed-up={`filing:${head.id}`} data-viewer={viewerId}>
      {shown !== submissions[0]?.number && <Notice>{t('submissionOldLead', { number: shown ?? 0 })}</Notice>}
      {missing.length > 0 && (
        <Notice isAttention title={t('basesDifferTitleSent', { count: missing.length })}>
          {t('basesDiffer', { names: missing.join(', ') })}
        </Notice>
      )}
      {sections.map((section, index) => (
        <section key={section.id} className="part" aria-labelledby={`part-${section.id}`}>
          <h2 id={`part-${section.id}`}>
            {index + 1}. {section.title}
          </h2>
          {section.kind === 'figures' ? <FigureTable figures={section.figures} filingId={head.id} accepted={null} /> : <p className={section.text?.text ? 'written' : 'sm q2'}>{section.text?.text || t('textEmpty')}</p>}
        </section>
      ))}
      {warnings.length > 0 && (
        <section className="part" aria-labelledby="warnings-title">
          <h2 id="warnings-title">{t('warningsSent', { count: warnings.length })}</h2>
          <Findings findings={warnings} />
        </section>
      )}
    </div>
  )
}

/** Figures of one part: the number, its share and base, and where it comes from. */
export function FigureTable({ figures, filingId, accepted }: { figures: FigureView[]; filingId?: string; accepted: number | null }) {
  const t = filingPageWords.in(useLanguage())
  const hasShares = figures.some((figure) => figure.share !== null)
  return (
    <DataTable
      isCards
      columns={[{ label: t('figureName') }, { label: t('figureValue'), isFigure: true }, ...(hasShares ? [{ label: t('figureShare'), isFigure: true }] : []), { label: t('figureOrigin') }]}
      rows={figures.map((figure) => ({
        id: figure.key,
        cells: [
          figure.title,
          figure.value === null ? (
            <span key="value" className="attn">
              {t('figureMissing')}
            </span>
          ) : (
            <FigureLink key="value" href={figure.href}>
              {figure.value}
            </FigureLink>
          ),
          ...(hasShares ? [figure.share ?? ''] : []),
          <Origin key="origin" figure={figure} filingId={filingId} accepted={accepted} />,
        ],
        note: [t(`unit.${figure.unitOfCount}` as 'unit.people'), figure.base && t('ofBase', { base: figure.base })].filter(Boolean).join(', '),
      }))}
    />
  )
}

function Origin({ figure, filingId, accepted }: { figure: FigureView; filingId: string | undefined; accepted: number | null }) {
  const t = filingPageWords.in(useLanguage())
  const { origin, declared, declaredShare, evidence } = figure
  return (
    <span>
      {origin === 'declared' ? <Tag kind="declared" /> : <span className="q3">{origin === 'summed' && accepted !== null ? t('originSummedOf', { count: accepted }) : t(`origin.${origin}`)}</span>}
      {origin !== 'declared' && declared && (
        <>
          {', '}
          <span className="nb">{t('declaredPart', { share: declaredShare!, count: declared })}</span>
        </>
      )}
      {figure.askHref && (
        <>
          {' · '}
          <AskLink href={figure.askHref} figure={figure.title} />
        </>
      )}
      {evidence && filingId && (
        <>
          {' '}
          <EvidenceLink filingId={filingId} evidence={evidence} />
        </>
      )}
    </span>
  )
}
