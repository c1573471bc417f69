import { beforeSo, countable, labels, softLabels } from './lexicon.ts'
import { isCapitalised, type Token } from './tokens.ts'

/** Why a numeral is no count: a day, a document's number, a clock time, the name of something. */
export type Taken = 'date' | 'document' | 'time' | 'name' | 'phone'

export type PrintedDate = { from: number; to: number; day: number | null; month: number; year: number | null; isSure: boolean }

/** Marks the numerals that count nothing, by token index, and gives the dates for checking. */
export function findNotCounts(tokens: Token[]): { taken: Map<number, Taken>; dates: PrintedDate[] } {
  const taken = new Map<number, Taken>()
  const dates: PrintedDate[] = []
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i]!.kind !== 'number' || taken.has(i)) continue
    const date = readDate(tokens, i)
    if (date) {
      dates.push(date)
      for (let at = date.from; at <= date.to; at++) if (tokens[at]!.kind === 'number') taken.set(at, 'date')
      takeEarlierDays(tokens, date.from, taken, dates)
      continue
    }
    const end = documentEnd(tokens, i)
    if (end > i) for (let at = i; at <= end; at++) if (tokens[at]!.kind === 'number') taken.set(at, 'document')
    if (end === i) {
      const reason = reasonAt(tokens, i, taken)
      if (reason) taken.set(i, reason)
    }
  }
  return { taken, dates }
}

const dayCues = new Set(['ngày', 'mùng', 'mồng', 'hôm'])
const untilCues = new Set(['đến', 'tới', 'trước', 'sau', 'từ', 'hết', 'lễ', 'dịp', 'vào', 'sáng', 'chiều', 'tối', 'trưa', 'đường', 'on', 'by', 'until', 'from', 'before', 'after', 'chào mừng', 'kỷ niệm'])
const englishMonths = new Map(['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'].map((name, index) => [name, index + 1]))

/** `27/3/2021`, `27-3-2021`, `2021-03-27`, `ngày 27 tháng 3 năm 2021`, `27/3` where it cannot be a part of a whole, `tháng 3/2021`, `March 27, 2021`. */
function readDate(tokens: Token[], i: number): PrintedDate | null {
  const [a, mark, b, second, c] = [tokens[i]!, tokens[i + 1], tokens[i + 2], tokens[i + 3], tokens[i + 4]]
  const before = tokens[i - 1]
  const number = Number(a.text)
  if (/^\d{1,2}\.\d{1,2}\.(19|20)\d\d$/.test(a.text)) {
    const [day, month, year] = a.text.split('.').map(Number) as [number, number, number]
    return { from: i, to: i, day, month, year, isSure: dayCues.has(before?.low ?? '') || month <= 12 }
  }
  if (!/^\d{1,4}$/.test(a.text)) return null
  const slashed = (mark?.low === '/' || mark?.low === '-') && mark.glued && b?.kind === 'number' && b.glued && /^\d{1,4}$/.test(b.text)
  if (slashed && second?.low === mark.low && second.glued && c?.kind === 'number' && c.glued) {
    if (a.text.length <= 2 && b.text.length <= 2 && /^(19|20)\d\d$|^\d\d$/.test(c.text) && !isGluedOn(tokens, i + 5)) {
      const isSure = c.text.length === 4 && (mark.low === '/' || b.text.length === 2 || dayCues.has(before?.low ?? ''))
      return { from: i, to: i + 4, day: number, month: Number(b.text), year: c.text.length === 4 ? Number(c.text) : null, isSure }
    }
    if (/^(19|20)\d\d$/.test(a.text) && b.text.length <= 2 && c.text.length <= 2) return { from: i, to: i + 4, day: Number(c.text), month: Number(b.text), year: number, isSure: mark.low === '-' && c.text.length === 2 && b.text.length === 2 }
  }
  if (a.text.length <= 2 && tokens[i + 1]?.low === 'tháng' && b?.kind === 'number' && /^\d{1,2}$/.test(b.text)) {
    const year = yearAfter(tokens, i + 3)
    const isSure = dayCues.has(before?.low ?? '') || year !== null
    if (isSure || (number <= 31 && Number(b.text) <= 12)) return { from: i, to: year?.at ?? i + 2, day: number, month: Number(b.text), year: year?.year ?? null, isSure }
  }
  const monthName = englishMonths.get(tokens[i + 1]?.low ?? '')
  if (a.text.length <= 2 && monthName && isCapitalised(tokens[i + 1])) {
    const year = b?.kind === 'number' && /^(19|20)\d\d$/.test(b.text) ? Number(b.text) : null
    return { from: i, to: year ? i + 2 : i, day: number, month: monthName, year, isSure: true }
  }
  const named = englishMonths.get(before?.low ?? '')
  if (a.text.length <= 2 && named && isCapitalised(before)) {
    const at = tokens[i + 1]?.low === ',' ? i + 2 : i + 1
    const year = tokens[at]?.kind === 'number' && /^(19|20)\d\d$/.test(tokens[at].text) ? Number(tokens[at].text) : null
    return { from: i, to: year ? at : i, day: number, month: named, year, isSure: year !== null || !countable.has(tokens[i + 1]?.low ?? '') }
  }
  if (before?.low === 'tháng' && a.text.length <= 2) {
    const year = yearAfter(tokens, i + 1)
    return { from: i, to: year?.at ?? i, day: null, month: number, year: year?.year ?? null, isSure: year !== null }
  }
  if (!slashed || mark.low !== '/' || second?.low === '/' && second.glued) return null
  if (a.text.length <= 2 && /^(19|20)\d\d$/.test(b.text) && number <= 12 && !startsCountable(tokens, i + 3)) return { from: i, to: i + 2, day: null, month: number, year: Number(b.text), isSure: before?.low === 'tháng' }
  if (a.text.length > 2 || b.text.length > 2) return null
  const isCued = dayCues.has(before?.low ?? '') || dayCues.has(tokens[i - 2]?.low ?? '') && before?.kind === 'number'
  const hasUntil = untilCues.has(before?.low ?? '') || (before?.low === '-' && tokens[i - 2]?.kind === 'number')
  const fits = number >= 1 && number <= 31 && Number(b.text) >= 1 && Number(b.text) <= 12
  if (isCued || (tokens[i - 1]?.low === 'đến' && tokens[i - 2]?.low === 'tính') || (fits && hasUntil && !startsCountable(tokens, i + 3))) {
    return { from: i, to: i + 2, day: number, month: Number(b.text), year: null, isSure: isCued || tokens[i - 2]?.low === 'tính' }
  }
  return null
}

function isGluedOn(tokens: Token[], i: number): boolean {
  const [mark, next] = [tokens[i], tokens[i + 1]]
  return !!mark?.glued && (mark.low === '/' || mark.low === '-') && !!next?.glued && next.kind !== 'mark'
}

/** `năm 2021`, `/2021`, `-2021` from token `i` on. */
function yearAfter(tokens: Token[], i: number): { year: number; at: number } | null {
  const isJoined = tokens[i]?.low === 'năm' || (tokens[i]?.glued && (tokens[i]?.low === '/' || tokens[i]?.low === '-'))
  const year = tokens[i + 1]
  return isJoined && year?.kind === 'number' && /^(19|20)\d\d$/.test(year.text) ? { year: Number(year.text), at: i + 1 } : null
}

/** Earlier days of the same month: `27-28/3/2021`, `từ 27 đến 28/3`, `các ngày 27, 28 và 29/3`. */
function takeEarlierDays(tokens: Token[], from: number, taken: Map<number, Taken>, dates: PrintedDate[]): void {
  const date = dates.at(-1)!
  for (let at = from, steps = 0; steps < 8; steps++) {
    const joint = tokens[at - 1]
    const day = tokens[at - 2]
    if (!joint || !['-', ',', 'và', 'đến', 'tới', '&'].includes(joint.low) || day?.kind !== 'number' || !/^\d{1,2}$/.test(day.text) || date.day === null) return
    if (joint.low !== '-' && !taken.has(at - 2) && !['từ', 'ngày', ',', 'và'].includes(tokens[at - 3]?.low ?? '')) return
    if (tokens[at - 3]?.low === '/' || tokens[at - 3]?.low === '%') return
    taken.set(at - 2, 'date')
    if (joint.low === '-' && joint.glued) dates.push({ ...date, from: at - 2, to: at - 2, day: Number(day.text) })
    at -= 2
  }
}

/** The last token of a document's number or of another code: `17-KH/TU`, `30/2020/NĐ-CP`, `156/QĐ-UBND`; `i` itself when there is none. */
function documentEnd(tokens: Token[], i: number): number {
  let end = i
  let hasLetters = false
  for (let at = i + 1; at < tokens.length && at < i + 14; at += 2) {
    const [mark, next] = [tokens[at], tokens[at + 1]]
    const isSpaced = at === i + 1 && mark?.low === '-' && !mark.glued && tokens[at + 2]?.low === '/' && tokens[at + 2]?.glued
    if (!mark || !next || next.kind === 'mark' || !'-/'.includes(mark.low) || !(isSpaced || (mark.glued && next.glued))) break
    if (next.kind === 'word' && !isCode(next)) break
    hasLetters ||= next.kind === 'word'
    end = at + 1
    while (tokens[end + 1]?.glued && tokens[end + 1]!.kind === 'number' && tokens[end]!.kind === 'word') end++ // QH15
  }
  return hasLetters ? end : i
}

function isCode(token: Token): boolean {
  const second = token.text[1]
  return isCapitalised(token) && (second === undefined || second !== second.toLowerCase())
}

const clock = new Set(['giờ', 'h', 'g', 'am', 'pm'])

function reasonAt(tokens: Token[], i: number, taken: Map<number, Taken>): Taken | null {
  const token = tokens[i]!
  const [before, next, second] = [tokens[i - 1], tokens[i + 1], tokens[i + 2]]
  if (token.glued && before && (before.kind === 'word' || before.kind === 'number' || before.low === '_' || before.low === '#' || before.low === '@')) return 'name' // K15
  if (token.glued && before && '-.'.includes(before.low) && before.glued && tokens[i - 2]?.kind === 'word') return 'name' // COVID-19
  if (isEnumerator(tokens, i)) return 'name'
  if (next?.kind === 'word' && next.glued && !'hg'.includes(next.low) && !isGluedUnit(next.low)) return 'name' // 4G, 21st
  if (next && clock.has(next.low) && (next.glued || next.low === 'giờ' || next.low === 'am' || next.low === 'pm')) return 'time'
  if (before && clock.has(before.low) && taken.get(i - 2) === 'time') return 'time'
  if (next?.low === ':' && next.glued && second?.kind === 'number' && second.glued && /^\d{1,2}$/.test(token.text)) return 'time'
  if (before?.low === ':' && before.glued && token.glued && tokens[i - 2]?.kind === 'number') return 'time'
  if (/^0\d[\d.]{2,}$/.test(token.text) || before?.low === '+' && before.glued === false && token.glued && token.text.length > 1 && token.text.startsWith('84')) return 'phone'
  if (before && taken.get(i - 1) === 'phone' && before.kind === 'number') return 'phone'
  if (before?.low === ')' && taken.get(i - 2) === 'phone') return 'phone'
  return nameAt(tokens, i)
}

const gluedUnits = new Set(['ha', 'km', 'm', 'kg', 'cm', 'mm', 'tr', 'k', 'đ', 'kwh', 'mw', 'gb', 'mb', 'tấn', 'vnđ', 'km²', 'm²', 'nghìn', 'triệu', 'tỷ', 'người', 'bài', 'lớp'])

function isGluedUnit(word: string): boolean {
  return gluedUnits.has(word)
}

/** `1.`, `2.1`, `3)` at the head of a line, `(1)` in it. */
function isEnumerator(tokens: Token[], i: number): boolean {
  const token = tokens[i]!
  const [before, next, second] = [tokens[i - 1], tokens[i + 1], tokens[i + 2]]
  const isShort = /^\d{1,2}(\.\d{1,2})*$/.test(token.text)
  if (token.opensLine && isShort && next && (next.low === '.' || next.low === ')') && next.glued && next.sentence === token.sentence && second && !second.glued) return true
  if (token.opensLine && isShort && token.text.includes('.') && isCapitalised(next)) return true
  return before?.low === '(' && next?.low === ')' && /^\d{1,2}$/.test(token.text) && (isShort && Number(token.text) <= 9) && !countable.has(tokens[i - 2]?.low ?? '')
}

/** A number that names: `Điều 5`, `năm 2021`, `Chi bộ 3`, `số 12`, `2020-2025`. */
function nameAt(tokens: Token[], i: number): Taken | null {
  const token = tokens[i]!
  const before = tokens[i - 1]
  const isSameSentence = before?.sentence === token.sentence
  const isOutOf = tokens[i + 1]?.low === '/' && tokens[i + 2]?.kind === 'number'
  const isFollowed = startsCountable(tokens, isOutOf ? i + 3 : i + 1)
  const isYear = /^(19|20)\d\d$/.test(token.text)
  if (isYear && (!isFollowed || !isSameSentence || (before && ['năm', '-', 'đến', 'tới', '/', 'từ'].includes(before.low)))) return isShareNext(tokens, i) ? null : 'name'
  if (/^\d{9,}$/.test(token.text) || (/^\d{7,}$/.test(token.text) && !isFollowed)) return 'name'
  if (!isSameSentence || before?.kind !== 'word' || isShareNext(tokens, i)) return before?.low === ':' && tokens[i - 2]?.low === 'số' && tokens[i - 3]?.low !== 'tổng' && !isFollowed ? 'name' : null
  if (before.low === 'số' && !beforeSo.has(tokens[i - 2]?.low ?? '') && !/[.,]/.test(token.text)) return isFollowed ? null : 'name'
  const two = `${tokens[i - 2]?.low ?? ''} ${before.low}`
  if (labels.has(before.low) || labels.has(two)) return isWeakLabel(before.low) && (isFollowed || /[.,]/.test(token.text)) ? null : 'name'
  if ((softLabels.has(before.low) || softLabels.has(two)) && !isFollowed && !/[.,]/.test(token.text)) return 'name'
  return null
}

// Words that also stand before counts: "in 12 communes", "lực lượng vũ trang 3 lớp".
function isWeakLabel(word: string): boolean {
  return ['in', 'since', 'by', 'until', 'no', 'may', 'page', 'tw', 'trung', 'đường', 'kỳ', 'phần', 'mục', 'trang'].includes(word)
}

function isShareNext(tokens: Token[], i: number): boolean {
  return tokens[i + 1]?.low === '%'
}

/** Whether a noun that reports count starts at token `i`. */
export function startsCountable(tokens: Token[], i: number): boolean {
  let phrase = ''
  for (let at = i; at < i + 3; at++) {
    if (tokens[at]?.kind !== 'word') return false
    phrase = phrase ? `${phrase} ${tokens[at]!.low}` : tokens[at]!.low
    if (countable.has(phrase)) return true
  }
  return false
}
