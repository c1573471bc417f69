import { addDays, showDay } from '../clock.ts'

/** How a cell shows its number. `decimals` null: as many as it has. */
export type CellFormat = { kind: 'number' | 'percent' | 'day' | 'time'; decimals: number | null; isGrouped: boolean }

const plain: CellFormat = { kind: 'number', decimals: null, isGrouped: false }

// Formats that files name by number alone, ECMA-376 part 1, 18.8.30.
const known: Record<string, string> = { 1: '0', 2: '0.00', 3: '#,##0', 4: '#,##0.00', 9: '0%', 10: '0.00%', 37: '#,##0', 38: '#,##0', 39: '#,##0.00', 40: '#,##0.00' }

/** Reads the format of that number, from the file's own list or the standard one. */
export function formatOf(id: string, codes: Map<string, string>): CellFormat {
  const number = Number(id)
  if (!codes.has(id) && ((number >= 14 && number <= 17) || number === 22)) return { ...plain, kind: 'day' }
  if (!codes.has(id) && ((number >= 18 && number <= 21) || (number >= 45 && number <= 47))) return { ...plain, kind: 'time' }
  const code = (codes.get(id) ?? known[id] ?? 'General').split(';')[0]!.replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '')
  if (/general|@/i.test(code) || code === '') return plain
  if (/[dy]/i.test(code)) return { ...plain, kind: 'day' }
  if (/[hs]/i.test(code)) return { ...plain, kind: 'time' }
  const decimals = /\.([0#?]*)/.exec(code)?.[1]?.length ?? 0
  return { kind: code.includes('%') ? 'percent' : 'number', decimals, isGrouped: /[#0?],[#0?]/.test(code) }
}

/** The number as the sheet shows it to a Vietnamese reader: a decimal comma, points between thousands; '' for a time of day. */
export function showCell(value: number, { kind, decimals, isGrouped }: CellFormat = plain, isFrom1904 = false): string {
  if (!Number.isFinite(value)) return ''
  if (kind === 'day') return value >= 1 && value < 2_958_466 ? showDay(addDays(isFrom1904 ? '1904-01-01' : '1899-12-30', Math.floor(value))) : ''
  if (kind === 'time') return ''
  const shown = new Intl.NumberFormat('vi-VN', {
    useGrouping: isGrouped,
    minimumFractionDigits: decimals ?? 0,
    maximumFractionDigits: decimals ?? 10, // what a sum of fractions adds beyond is no digit of anybody's
  }).format(kind === 'percent' ? Number((value * 100).toPrecision(15)) : value)
  return kind === 'percent' ? `${shown}%` : shown
}
