import type { Language } from '../../platform/i18n.ts'
import type { Checked, Finding } from './checks.server.ts'

/** Shares whose right figure follows from their own count and total: what can be written into the text as it stands. */
export function mendable({ findings }: Pick<Checked, 'findings'>): Finding[] {
  return findings.filter(({ code, text, expected }) => code === 'share-mismatch' && aNumber.test(expected) && text.match(everyNumber)?.length === 1)
}

/** The text with the right figure in place of these of its mendable shares, counted from 0; the rest of it as it was. */
export function mended(checked: Pick<Checked, 'text' | 'findings'>, chosen: number[]): { text: string; count: number } {
  const places = mendable(checked).filter((_, at) => chosen.includes(at)).toSorted((one, other) => other.start - one.start)
  const text = places.reduce((so, { start, end, expected }) => so.slice(0, start) + so.slice(start, end).replace(aNumber, expected.match(aNumber)![0]) + so.slice(end), checked.text)
  return { text, count: places.length }
}

const aNumber = /\d+(?:[.,]\d+)*/
const everyNumber = /\d+(?:[.,]\d+)*/g

/** The text with the number of its remark behind each place, and the remarks below it, for sending to whoever wrote it. */
export function withRemarks(text: string, remarks: { end: number; number: number; sentences: string[] }[], head: string): string {
  const marked = remarks.toSorted((one, other) => other.end - one.end).reduce((so, { end, number }) => `${so.slice(0, end)} [${number}]${so.slice(end)}`, text)
  const told = remarks.toSorted((one, other) => one.number - other.number).map(({ number, sentences }) => `[${number}] ${sentences.join(' ')}`)
  return `${marked.trimEnd()}\n\n${head}\n${told.join('\n')}\n`
}

/** What is said of each place; what is said of several at once stands with the first. */
export function remarksOf(groups: { places: { number: number; start: number; end: number }[]; findings: Finding[] }[], language: Language) {
  return groups.flatMap(({ places, findings }) =>
    places.map(({ number, start, end }, at) => {
      const own = findings.filter((finding) => finding.start === start && finding.end === end)
      const ofAll = at === 0 ? findings.filter((finding) => !places.some((place) => place.start === finding.start && place.end === finding.end)) : []
      return { number, end, sentences: [...own, ...ofAll].map(({ message }) => message[language]) }
    }),
  )
}
