import { isCapitalised, type Token } from './tokens.ts'

/**
 * Lays sentences, blocks and depth of parentheses over the tokens. Line ends inside a sentence (text pasted from a PDF) are
 * dropped; a line that announces a list and the bulleted lines under it are one block.
 */
export function layOut(tokens: Token[]): Token[] {
  const kept: Token[] = []
  let sentence = 0
  let block = 0
  let depth = 0
  let bullet = ''
  let opensLine = true
  let lineStart = 0 // offset where the current line began
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!
    const last = kept.at(-1)
    if (token.kind === 'break') {
      const next = tokens[i + 1]
      if (!next || !last) continue
      const from = lineStart
      lineStart = next.start
      if (token.low === '\n' && last.cell < 2 && isWrapped(last, next, tokens[i + 2], token.start - from)) continue
      const listed = bulletOf(tokens, i + 1)
      const isItem = listed !== '' && token.low === '\n' && (last.low === ':' || bullet !== '')
      if (!isItem) block++
      sentence++
      depth = 0
      bullet = listed
      opensLine = true
      continue
    }
    if (i === 0) bullet = bulletOf(tokens, 0)
    if (token.low === ')' && depth > 0) depth--
    token.sentence = sentence
    token.block = block
    token.bullet = bullet
    token.opensLine = opensLine
    token.depth = depth
    opensLine = false
    if (token.low === '(') depth++
    kept.push(token)
    if (endsSentence(token, last, tokens[i + 1])) {
      sentence++
      depth = 0
    }
  }
  return kept
}

/** Whether the line end between the two is only where the paper ended. */
function isWrapped(last: Token, next: Token, second: Token | undefined, lengthOfLine: number): boolean {
  if ('.!?:;'.includes(last.low) || '-+*•–|'.includes(next.low)) return false
  if (last.low === ',') return !(second && next.kind === 'word' && second.low === ')')
  if (next.kind === 'word' && !isCapitalised(next)) return second?.low !== ')' && lengthOfLine > 20
  if (next.low === '(' || next.low === '%') return true
  if (next.kind === 'number') return lengthOfLine >= 40 && last.kind === 'word' && !(second && '.)'.includes(second.low))
  return lengthOfLine >= 70 && last.kind === 'word' && isCapitalised(next)
}

/** `-`, `+`, `•`, or `1` for `1.`, `a` for `a)`; '' when the line begins with words. */
function bulletOf(tokens: Token[], i: number): string {
  const token = tokens[i]
  const next = tokens[i + 1]
  if (!token) return ''
  if (token.kind === 'mark') return '-+*•·▪●○◦✓'.includes(token.low) ? token.low : ''
  const isEnumerator = next?.glued && (next.low === ')' || next.low === '.') && token.text.length <= 2 && !tokens[i + 2]?.glued
  return isEnumerator ? (token.kind === 'number' ? '1' : 'a') : ''
}

const abbreviations = new Set(['tp', 'tx', 'tt', 'ths', 'ts', 'pgs', 'gs', 'bs', 'ks', 'dr', 'mr', 'mrs', 'no', 'st', 'q', 'p', 'h', 'x', 'đ', 'v'])

function endsSentence(token: Token, last: Token | undefined, next: Token | undefined): boolean {
  if (token.kind !== 'mark' || !'.!?…'.includes(token.low)) return false
  if (!next || next.glued || next.kind === 'break') return !!next && !next.glued
  if (token.low === '.' && last?.opensLine && last.text.length <= 3) return false // 1. Kết quả
  if (token.low === '.' && last?.kind === 'word' && (abbreviations.has(last.low) || (last.text.length === 1 && isCapitalised(last)))) return false
  return isCapitalised(next) || next.kind !== 'word'
}
