import type { ReactNode } from 'react'
import { showDay } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { Figures } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import type { Moment } from './filing-wording.ts'
import { filingPageWords } from './filing-pages.messages.ts'
import type { FindingView } from './report-view.server.ts'
import type { FilingShown } from './round-views.server.ts'

type Part = 'rounds' | 'forms' | 'indicators'

/** The pages of this section, one beside the other; the section itself is marked in the bar above. */
export function Parts({ current, unit }: { current: Part | null; unit: string }) {
  const t = filingPageWords.in(useLanguage())
  const parts: { key: Part | null; href: string; label: string }[] = [
    { key: 'rounds', href: `/rounds?unit=${unit}`, label: t('toRounds') },
    { key: 'forms', href: `/forms?unit=${unit}`, label: t('toForms') },
    { key: 'indicators', href: `/indicators?unit=${unit}`, label: t('toIndicators') },
    { key: null, href: `/seals?unit=${unit}`, label: t('toSeals') },
    { key: null, href: `/report?unit=${unit}`, label: t('toStudy') },
  ]
  return (
    <nav className="parts" aria-label={t('sections')}>
      {parts.map((part) => (
        <a key={part.href} href={part.href} aria-current={part.key !== null && part.key === current ? 'page' : undefined}>
          {part.label}
        </a>
      ))}
    </nav>
  )
}

export function MomentText({ at }: { at: Moment }) {
  return (
    <time dateTime={at.instant}>
      <Figures>
        {at.time}, {showDay(at.day)}
      </Figures>
    </time>
  )
}

/** Where a report stands, in words; what needs somebody speaks, what is in order is grey. */
export function State({ state, isOverdue, isLate }: Pick<FilingShown, 'state' | 'isOverdue' | 'isLate'>): ReactNode {
  const t = filingPageWords.in(useLanguage())
  const needsAttention = isOverdue || state === 'returned'
  return (
    <span className={needsAttention ? 'attn' : state === 'submitted' || state === 'draft' ? undefined : 'q3'}>
      {t(`state.${state}`)}
      {isOverdue && `, ${t('stateOverdue')}`}
      {isLate && `, ${t('stateLate')}`}
    </span>
  )
}

/** A file that proves a figure: a download with its size. */
export function EvidenceLink({ filingId, evidence }: { filingId: string; evidence: { id: string; name: string; sizeBytes: number } }) {
  const t = filingPageWords.in(useLanguage())
  return (
    <a href={`/filings/${filingId}/evidence/${evidence.id}`} download>
      {t('evidenceNamed', { name: evidence.name, size: sizeOf(evidence.sizeBytes, useLanguage()) })}
    </a>
  )
}

function sizeOf(bytes: number, language: Language): string {
  const [value, unit] = bytes < 1024 * 1024 ? [bytes / 1024, 'KB'] : [bytes / 1024 / 1024, 'MB']
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)} ${unit}`
}

/** Leads to a question about one figure; the words alone do not say of which. */
export function AskLink({ href, figure }: { href: string; figure: string }) {
  const t = filingPageWords.in(useLanguage())
  return (
    <a href={href} aria-label={t('askLabel', { figure })}>
      {t('ask')}
    </a>
  )
}

/** What validation found, each leading to its field, with the reason it was passed with. */
export function Findings({ findings }: { findings: FindingView[] }) {
  const t = filingPageWords.in(useLanguage())
  return (
    <ul className="findings">
      {findings.map((finding) => (
        <li key={finding.id}>
          {finding.field ? <a href={`#${finding.field}`}>{finding.sentence}</a> : finding.sentence}
          {finding.reason && <span className="sub sm q2">{t('warningReasonGiven', { reason: finding.reason })}</span>}
        </li>
      ))}
    </ul>
  )
}
