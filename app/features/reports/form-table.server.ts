import { showCount, showPercent } from '../../figures/figure.ts'
import type { DocumentTable } from '../documents/typesetting/official-document.ts'
import { reportWords } from './reports.messages.ts'

/** One figure of a form as documents print it; `baseName` says what a share is out of. */
export type FormFigure = { name: string; baseName: string | null; numerator: number; denominator: number | null; declared: number }

/** The figures that a form asks for, with what of them is declared; a rate has its base beside its name. */
export function formTable(figures: FormFigure[]): DocumentTable {
  return {
    is: 'table',
    countedIn: null,
    columns: [
      { head: t('column.number'), align: 'center', widthMm: 10 },
      { head: t('column.figure'), align: 'left', widthMm: null },
      { head: t('column.numerator'), align: 'right', widthMm: 23 },
      { head: t('column.denominator'), align: 'right', widthMm: 25 },
      { head: t('column.share'), align: 'right', widthMm: 20 },
      { head: t('column.declared'), align: 'right', widthMm: 23 },
    ],
    rows: figures.map(({ name, baseName, numerator, denominator, declared }, index) => [
      count(index + 1),
      baseName === null ? name : t('document.figureOn', { name, base: baseName }),
      count(numerator),
      denominator === null ? '' : count(denominator),
      denominator === null ? '' : showPercent(numerator, denominator, 'vi'),
      count(declared),
    ]),
    total: null,
  }
}

const t = reportWords.in('vi')
const count = (value: number) => showCount(value, 'vi')
