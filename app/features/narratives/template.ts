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
  const shares = text.match(/\d[\d.,]*\s*(%|phần trăm)/giu) ?? []
  return shares.some((share) => !/^100\s*%$/.test(share)) ? { kind: 'typedShare' } : null
}
