/** What a string of digits, points and commas says. */
export type Numeral = {
  value: number
  decimals: number // digits printed after the decimal mark
  style: 'comma' | 'point' | null // which decimal mark it uses or implies; null when it shows neither
  other: { value: number; decimals: number } | null // the second reading of 1.234: one and some thousandths
}

/**
 * Reads `49.901`, `49,901`, `1.234,5`, `98.96`, `05`. One separator before exactly three digits groups thousands unless the
 * caller knows better (`12,345%`), so both readings are given. Null for what is no number: `1.2.3`, `0912.345.678`.
 */
export function readNumeral(text: string): Numeral | null {
  const digits = text.replace(/[\u00a0\u2009\u202f]/g, '')
  if (digits.length > 24) return null
  if (/^\d+$/.test(digits)) return digits.length > 15 ? null : { value: Number(digits), decimals: 0, style: null, other: null }
  const grouped = readGrouped(digits, '.', 'comma') ?? readGrouped(digits, ',', 'point')
  if (grouped) return grouped
  const plain = /^(\d+)([.,])(\d+)$/.exec(digits)
  if (!plain) return null
  return { value: Number(`${plain[1]}.${plain[3]}`), decimals: plain[3]!.length, style: plain[2] === ',' ? 'comma' : 'point', other: null }
}

function readGrouped(text: string, separator: '.' | ',', style: 'comma' | 'point'): Numeral | null {
  const decimal = separator === '.' ? ',' : '.'
  const [whole, fraction, ...more] = text.split(decimal)
  const groups = whole!.split(separator)
  if (more.length > 0 || groups.length < 2 || groups[0]!.startsWith('0') || groups[0]!.length > 3 || !groups.slice(1).every((group) => group.length === 3)) return null
  const value = Number(`${groups.join('')}.${fraction ?? '0'}`)
  const other = groups.length === 2 && fraction === undefined ? { value: Number(`${groups[0]}.${groups[1]}`), decimals: 3 } : null
  return { value, decimals: fraction?.length ?? 0, style, other }
}
