import { isCapitalised, type Token } from './tokens.ts'

/** A list of names, by its first and last token: at least as many as certain commas, at most as many as commas and "và". */
export type Names = { start: number; end: number; least: number; most: number }

const openers = new Set(['sở', 'ban', 'phòng', 'đảng', 'chi', 'huyện', 'quận', 'xã', 'phường', 'thị', 'trường', 'hội', 'đoàn', 'công', 'bệnh', 'trung', 'ủy', 'văn', 'tỉnh', 'thành', 'viện', 'tòa', 'cục', 'báo', 'đài', 'khối', 'mặt', 'liên', 'hợp', 'ấp', 'khu', 'ngân', 'bộ', 'trạm', 'thanh', 'kho'])
const ends = new Set(['chưa', 'là', 'do', 'đang', 'vì', 'không', 'sẽ', 'đã', 'chậm'])

/** The names from token `from` on; null when it is no list of names. */
export function namesFrom(tokens: Token[], from: number): Names | null {
  const first = tokens[from]
  if (!isCapitalised(first) && !(first?.kind === 'word' && openers.has(first.low))) return null
  const names = { start: from, end: from, least: 1, most: 1 }
  const isKindNamed = openers.has(first!.low)
  let capitals = 0
  for (let at = from; at < tokens.length && at < from + 120; at++) {
    const token = tokens[at]!
    if (token.sentence !== first!.sentence || ends.has(token.low)) break
    if (token.kind === 'number') {
      if (at === from || tokens[at - 1]!.kind !== 'word') return null
      names.end = at
    } else if (token.low === ',' || token.low === ';' || token.low === 'và') {
      const next = tokens[at + 1]
      if (token.low === ',' && next?.low === 'chưa') break
      if (!isCapitalised(next) && !(next && openers.has(next.low))) return null
      names.most++
      if (!isKindNamed || openers.has(next!.low)) names.least++
    } else {
      if (token.kind !== 'word') break
      const before = tokens[at - 1]
      if (isCapitalised(token)) capitals++
      else if (!openers.has(token.low) && !isCapitalised(before) && !openers.has(before?.low ?? '')) return null
      names.end = at
    }
  }
  return capitals === 0 ? null : names
}
