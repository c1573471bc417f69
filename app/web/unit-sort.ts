import type { Language } from '../platform/i18n.ts'

/** Columns by which lists of units can be ordered. */
export const unitOrders = ['share', 'name', 'missing', 'done', 'expected'] as const
export type UnitOrder = (typeof unitOrders)[number]

type Sortable = { name: string; numerator: number; denominator: number }

/** The order that `?sort=` asks for; lowest share first unless it asks for another. */
export function orderOf(url: URL): UnitOrder {
  const asked = url.searchParams.get('sort')
  return unitOrders.find((order) => order === asked) ?? 'share'
}

/**
 * Rows with the worst first: lowest share, most missing, fewest done; names and sizes as one reads them.
 * Rows without a base have no share and stand last.
 */
export function sortUnits<Row extends Sortable>(rows: Row[], order: UnitOrder, language: Language): Row[] {
  const collator = new Intl.Collator(language, { numeric: true })
  const missing = (row: Row) => row.denominator - row.numerator
  // cross-multiplied: shares compare exactly on whole numbers
  const byShare = (a: Row, b: Row) => (a.denominator && b.denominator ? a.numerator * b.denominator - b.numerator * a.denominator : (b.denominator ? 1 : 0) - (a.denominator ? 1 : 0))
  const compare: Record<UnitOrder, (a: Row, b: Row) => number> = {
    share: (a, b) => byShare(a, b) || missing(b) - missing(a),
    name: () => 0,
    missing: (a, b) => missing(b) - missing(a),
    done: (a, b) => a.numerator - b.numerator,
    expected: (a, b) => b.denominator - a.denominator,
  }
  return rows.toSorted((a, b) => compare[order](a, b) || collator.compare(a.name, b.name))
}
