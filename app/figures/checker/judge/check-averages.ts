import { figureWords } from '../../figures.messages.ts'
import type { Draft } from './finding.ts'
import type { Quantity, Reading } from '../read/quantities.ts'

/** `bình quân 82-84%`: an average is one number. A wished range (`phấn đấu bình quân 7-8%`) is none. */
export function checkAverages(reading: Reading): Draft[] {
  return reading.quantities.flatMap((quantity) => {
    if (!quantity.range || quantity.isWished || quantity.isPlanned || !isCalledAverage(reading, quantity)) return []
    return [{ code: 'range-called-average', start: quantity.start, end: quantity.end, printed: quantity.text, expected: '', message: figureWords.say('range-called-average', { printed: quantity.text }) }]
  })
}

const grades = new Set(['loại', 'hạng', 'mức', 'khá', 'học', 'giỏi', 'yếu', 'doanh', 'trên', 'dưới', 'cao', 'thấp'])

function isCalledAverage({ tokens }: Reading, quantity: Quantity): boolean {
  for (let at = quantity.from - 1; at >= quantity.from - 12 && at >= 0; at--) {
    const { low, sentence, kind } = tokens[at]!
    if (sentence !== quantity.sentence || low === ';' || low === '(' || kind === 'number') return false
    const next = tokens[at + 1]!.low
    const before = tokens[at - 1]?.low ?? ''
    if ((low === 'bình' && next === 'quân') || (low === 'trung' && next === 'bình' && !grades.has(before) && !['cấp', 'trở', 'khá'].includes(tokens[at + 2]?.low ?? ''))) return !isComparison(tokens, at)
    if (low === 'average' || low === 'averaged' || low === 'averaging' || low === 'mean') return true
    if (low === ',' && quantity.from - at > 6) return false
  }
  return false
}

/** `cao hơn bình quân chung 2 - 3 điểm`: the range is of the distance. */
function isComparison(tokens: Reading['tokens'], at: number): boolean {
  return tokens.slice(Math.max(0, at - 4), at).some((token) => token.sentence === tokens[at]!.sentence && ['hơn', 'so', 'bằng', 'vượt', 'dưới', 'trên'].includes(token.low))
}
