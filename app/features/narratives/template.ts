/** A template cut at its placeholders. */
export type TemplatePiece = { is: 'text'; text: string } | { is: 'value'; name: string }

/** Cuts `{studied}/{expected} đảng viên`; a brace that belongs to no placeholder stays text, see problemOf. */
export function readTemplate(template: string): TemplatePiece[] {
  return template
    .split(/(\{[A-Za-z]+\})/)
    .filter((piece) => piece !== '')
    .map((piece) => (/^\{[A-Za-z]+\}$/.test(piece) ? { is: 'value', name: piece.slice(1, -1) } : { is: 'text', text: piece }))
}

/** Why a template cannot be taken; null when it can. A share is counted and never typed: only "100%", which no figure is, may stand there. */
export function problemOf(template: string, known: string[]): { kind: 'unknown'; name: string } | { kind: 'brace' | 'typedShare' } | null {
  const pieces = readTemplate(template)
  const unknown = pieces.find((piece) => piece.is === 'value' && !known.includes(piece.name))
  if (unknown?.is === 'value') return { kind: 'unknown', name: unknown.name }
  const text = pieces.map((piece) => (piece.is === 'text' ? piece.text : ' ')).join('')
  if (/[{}]/.test(text)) return { kind: 'brace' }
  const shares = text.normalize('NFC').match(aShare) ?? []
  return shares.some((share) => !theWhole.test(share)) ? { kind: 'typedShare' } : null
}

const digit = 'không|một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|bẩy|tám|chín|mười'
const percent = '(?:%|phần\\s+trăm|per\\s?cent)'
const english = 'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred'
// "98,96%", "chín mươi tám phần trăm", "hai phần ba", "quá nửa": in figures or in words
const aShare = new RegExp(
  [
    `\\d[\\d.,]*\\s*${percent}`,
    `(?<!\\p{L})(?:(?:${digit}|mươi|trăm|linh|lẻ|phẩy|rưỡi|${english}|and|point)[\\s-]+)+${percent}`,
    `(?<!\\p{L})(?:${digit})\\s+phần\\s+(?:${digit})(?!\\p{L})`,
    `(?<!\\p{L})(?:một|quá|hơn|già|non|gần)\\s+nửa(?!\\p{L}|\\s+(?:năm|tháng|tuần|ngày|buổi|giờ|tiếng|nhiệm kỳ|thế kỷ))`,
    `(?<!\\p{L})(?:half|a third|two thirds|a quarter|three quarters)(?!\\p{L})`,
  ].join('|'),
  'giu',
)
const theWhole = /^(?:100|một\s+trăm|(?:one\s+|a\s+)?hundred)\s*(?:%|phần\s+trăm|per\s?cent)$/iu
