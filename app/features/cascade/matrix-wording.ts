import { showDay, type Day } from '../../platform/clock.ts'
import type { cascadeWords } from './cascade.messages.ts'
import type { MatrixCell, MatrixTotals } from './matrix.ts'

type Say = ReturnType<typeof cascadeWords.in>

/** "Kế hoạch học tập", with its month where the rule asks for one each month. */
export function columnTitle({ title, period }: { title: string; period: string }, t: Say): string {
  const [year, month] = period.split('-')
  return month ? `${title}, ${t('duePeriod', { month: `${Number(month)}/${year}` })}` : title
}

/** The state of one required document in words; a day of the year one looks at goes without its year. */
export function stateInWords(cell: MatrixCell, asOf: Day, t: Say): string {
  switch (cell.state) {
    case 'missing':
      return t('cellMissing', { days: cell.lateBy })
    case 'late':
      return t('cellLate', { days: cell.lateBy })
    case 'today':
      return t('cellToday')
    case 'due':
      return cell.dueOn ? t('cellDue', { day: shortDay(cell.dueOn, asOf) }) : t('cellUnknown')
    case 'waived':
      return t('cellWaived')
    default:
      return t('state.issued')
  }
}

/** `29/3`; with the year where it is another. */
export function shortDay(day: Day, asOf: Day): string {
  return day.slice(0, 4) === asOf.slice(0, 4) ? showDay(day).replace(/\/\d{4}$/, '') : showDay(day)
}

/** The answer first: how many units have not issued how many documents, who was late, what is due today. */
export function matrixHeading(totals: MatrixTotals, t: Say): string {
  if (totals.required === 0) return t('headNothing')
  const first = totals.missing > 0 ? t('headMissing', { units: totals.missingUnits, documents: totals.missing }) : totals.issued + totals.late + totals.waived === totals.required ? t('headComplete', { units: totals.units }) : t('headAllIn')
  return [first, ...(totals.lateUnits > 0 ? [t('headLate', { units: totals.lateUnits })] : []), ...(totals.today > 0 ? [t('headToday', { count: totals.today })] : [])].join('; ')
}

/** What the required documents are, in numbers; what there is none of is not told. */
export function matrixLede(totals: MatrixTotals, t: Say): string {
  const parts = (['issued', 'late', 'missing', 'today', 'due', 'waived'] as const).flatMap((what) => (totals[what] > 0 ? [t(`lede.${what}`, { count: totals[what] })] : []))
  return t('ledeMatrix', { required: totals.required, parts: parts.join(', '), done: totals.doneUnits, units: totals.units })
}

/** The address with the units that are open in place. */
export const withOpen = (address: string, open: string[]): string => [address, ...open.map((code) => `open=${encodeURIComponent(code)}`)].reduce((all, part) => `${all}${all.includes('?') ? '&' : '?'}${part}`)
