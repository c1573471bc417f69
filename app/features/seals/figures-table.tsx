import { showCount, showPercent } from '../../figures/figure.ts'
import { DataTable } from '../../web/data-table.tsx'
import { Count, FigureLink, Tag } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { sealWords } from './seals.messages.ts'

/** A figure ready to be shown: its words as they were sealed, what of it was declared, and what it was corrected to. */
export type FigureRow = {
  key: string
  name: string
  meaning: string | null
  base: string | null
  numerator: number
  denominator: number | null
  declared: number
  isDeclared: boolean
  corrected: { numerator: number; denominator: number | null } | null
  href: string | null
}

/** Figures with their definitions; a corrected one has the correction beside the sealed number. */
export function FiguresTable({ rows, caption }: { rows: FigureRow[]; caption?: string }) {
  const language = useLanguage()
  const t = sealWords.in(language)
  return (
    <DataTable
      isCards
      caption={caption}
      columns={[{ label: t('columnFigure') }, { label: t('columnCount'), isFigure: true }, { label: t('columnBase'), isFigure: true }, { label: t('columnShare'), isFigure: true }]}
      rows={rows.map((row) => ({
        id: row.key,
        note: [row.meaning, row.base && t('basedOn', { base: row.base })].filter(Boolean).join(' ') || null,
        cells: [
          <span key="name">
            {row.name}
            {(row.isDeclared || row.declared > 0) && <Tag kind="declared">{row.declared === row.numerator ? t('allDeclared') : t('declaredPart', { share: showPercent(row.declared, row.numerator, language) })}</Tag>}
            {row.corrected && <Tag>{t('correctedTo', { value: valueOf(row.corrected, language) })}</Tag>}
          </span>,
          <Count key="count" value={row.numerator} href={row.href} />,
          row.denominator === null ? '' : showCount(row.denominator, language),
          row.denominator === null ? (
            ''
          ) : (
            <FigureLink key="share" href={row.href}>
              {showPercent(row.numerator, row.denominator, language)}
            </FigureLink>
          ),
        ],
      }))}
    />
  )
}

/** `49.901 / 50.424`, or a plain count. */
export function valueOf({ numerator, denominator }: { numerator: number; denominator: number | null }, language: 'vi' | 'en'): string {
  return denominator === null ? showCount(numerator, language) : `${showCount(numerator, language)} / ${showCount(denominator, language)}`
}
