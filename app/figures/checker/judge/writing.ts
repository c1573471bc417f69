import { roundedShare } from '../relate/rounding.ts'
import type { Quantity, Reading } from '../read/quantities.ts'

export type Style = 'comma' | 'point'

/** The decimal mark that most numbers of the text use; where none shows one, a text with Vietnamese letters has commas. */
export function styleOf({ text, quantities }: Reading): Style {
  let commas = 0
  let points = 0
  for (const { style } of quantities) {
    if (style === 'comma') commas++
    if (style === 'point') points++
  }
  if (commas !== points) return commas > points ? 'comma' : 'point'
  return isVietnamese(text) ? 'comma' : 'point'
}

export function isVietnamese(text: string): boolean {
  return /[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/i.test(text)
}

/** `1.791` or `1,791`; up to two decimals for amounts. */
export function writeCount(value: number, style: Style): string {
  const [whole, fraction] = String(Math.round(value * 100) / 100).split('.')
  const grouped = whole!.replace(/\B(?=(?:\d{3})+$)/g, ',')
  const written = fraction ? `${grouped}.${fraction}` : grouped
  return style === 'point' ? written : written.replace(/[.,]/g, (mark) => (mark === ',' ? '.' : ','))
}

/** n/N in the precision and style of the printed share. */
export function writeShare(n: number, base: number, printed: Quantity, style: Style): string {
  return writePercent(roundedShare(n, base, printed.decimals), printed.decimals, printed.style ?? style)
}

/** A whole number of the last decimal place as `98,96%`. */
export function writePercent(scaled: number, decimals: number, style: Style): string {
  const digits = String(Math.abs(scaled)).padStart(decimals + 1, '0')
  const whole = Number(digits.slice(0, digits.length - decimals))
  const fraction = decimals > 0 ? `${style === 'comma' ? ',' : '.'}${digits.slice(-decimals)}` : ''
  return `${writeCount(whole, style)}${fraction}%`
}
