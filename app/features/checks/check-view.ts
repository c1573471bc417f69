import type { Language } from '../../platform/i18n.ts'
import { checksWords } from './checks.messages.ts'
import type { Checked, Finding } from './checks.server.ts'

/** A numbered place of the text, marked there and explained beside it. */
export type Place = { number: number; start: number; end: number; isFault: boolean }
/** A piece of a paragraph; `place` where it is marked, whose number stands behind its last piece. */
export type Piece = { text: string; place: Place | null; isFirst: boolean; isLast: boolean }
/** One thing that is wrong, which may show at several places: the parts of one breakdown. */
export type Card = { numbers: number[]; title: string; sentences: string[]; rows: { number: number; printed: string; expected: string; sentence: string }[] }
export type CheckView = { title: string; faults: number; notes: number; figures: number; paragraphs: Piece[][]; cards: Card[]; more: number; isLong: boolean; samples: { fault: string | null; note: string | null } }

const mostPlaces = 300 // who has more corrects these first
const longText = 100_000

/** What the page shows of a checked text. */
export function viewOf(checked: Checked, language: Language): CheckView {
  const groups = groupsOf(checked.findings)
  const places: Place[] = []
  const cards: Card[] = []
  const counted = { faults: 0, notes: 0 }
  for (const group of groups) {
    const spans = spansOf(group)
    for (const { severity } of spans) counted[severity === 'fault' ? 'faults' : 'notes']++
    if (places.length + spans.length > mostPlaces && places.length > 0) continue
    const own = spans.map(({ start, end, severity }, index) => ({ number: places.length + index + 1, start, end, isFault: severity === 'fault' }))
    places.push(...own)
    cards.push(cardOf(group, own, language))
  }
  return {
    ...counted,
    title: titleOf(checked, groups, counted.faults, language),
    figures: checked.figures,
    paragraphs: paragraphsOf(checked.text, places),
    cards,
    more: counted.faults + counted.notes - places.length,
    isLong: checked.text.length > longText,
    samples: { fault: sampleOf(checked.text, places, true), note: sampleOf(checked.text, places, false) },
  }
}

/** How such a mark looks: the first of the text, shortened. */
function sampleOf(text: string, places: Place[], isFault: boolean): string | null {
  const place = places.find((one) => one.isFault === isFault)
  return place ? text.slice(place.start, Math.min(place.end, place.start + 24)) : null
}

/** Findings whose places overlap are about one thing. They come in the order of the text. */
function groupsOf(findings: Finding[]): Finding[][] {
  const groups: Finding[][] = []
  let end = -1
  for (const finding of findings) {
    if (finding.start >= end) groups.push([])
    groups.at(-1)!.push(finding)
    end = Math.max(end, finding.end)
  }
  return groups
}

/** The narrowest places that do not overlap, faults first: what is said of a whole list is marked at its parts. */
function spansOf(group: Finding[]): Finding[] {
  const chosen: Finding[] = []
  const narrowFirst = group.toSorted((one, other) => rank(one) - rank(other) || one.end - one.start - (other.end - other.start))
  for (const finding of narrowFirst) if (chosen.every(({ start, end }) => finding.end <= start || finding.start >= end)) chosen.push(finding)
  return chosen.sort((one, other) => one.start - other.start)
}

const rank = ({ severity }: Finding) => (severity === 'fault' ? 0 : 1)

function cardOf(group: Finding[], places: Place[], language: Language): Card {
  const lead = group.toSorted((one, other) => rank(one) - rank(other) || other.end - other.start - (one.end - one.start))[0]!
  const isTable = places.length > 1
  const numberOf = (finding: Finding) => places.find(({ start, end }) => start === finding.start && end === finding.end)?.number
  const inTable = (finding: Finding) => isTable && finding.expected !== '' && numberOf(finding) !== undefined
  return {
    numbers: places.map(({ number }) => number),
    title: headOf(lead, language),
    sentences: group.filter((finding) => !inTable(finding)).map(({ message }) => message[language]),
    rows: group.filter(inTable).map((finding) => ({ number: numberOf(finding)!, printed: finding.printed, expected: finding.expected, sentence: finding.message[language] })),
  }
}

function headOf(finding: Finding, language: Language): string {
  const { code, printed, expected } = finding
  return checksWords.in(language)(`head_${code}`, { printed, expected })
}

/** The answer in a sentence: what is wrong, where one thing is; how much, where it is more. */
function titleOf({ figures }: Checked, groups: Finding[][], faults: number, language: Language): string {
  const t = checksWords.in(language)
  if (faults === 0) return figures === 0 ? t('noFigures') : t('noFaults', { figures })
  const wrong = groups.filter((group) => group.some(({ severity }) => severity === 'fault'))
  const shares = wrong[0]!.filter(({ code }) => code === 'share-mismatch')
  if (wrong.length === 1 && shares.length === faults && faults > 1 && faults <= 4) {
    const sum = wrong[0]!.find(({ code }) => code === 'shares-sum')?.printed
    const right = new Intl.ListFormat(language === 'vi' ? 'vi' : 'en-GB', { type: 'conjunction' }).format(shares.map(({ expected }) => expected))
    return sum ? t('sharesWrongSum', { count: faults, sum, right }) : t('sharesWrong', { count: faults, right })
  }
  if (wrong.length === 1 && faults === 1) return headOf(spansOf(wrong[0]!)[0]!, language)
  return faults > figures ? t('faultsAlone', { count: faults }) : t('faultsFound', { count: faults, figures }) // days are no figures
}

/** The text cut at empty lines and at the marked places; no sign of it is lost but those lines. */
function paragraphsOf(text: string, places: Place[]): Piece[][] {
  const paragraphs: Piece[][] = []
  let at = 0
  for (const { index, 0: block } of text.matchAll(/\S(?:(?!\r?\n[^\S\r\n]*\r?\n)[\s\S])*/g)) {
    const end = index + block.length
    const pieces: Piece[] = []
    const push = (from: number, to: number, place: Place | null) => {
      if (to > from) pieces.push({ text: text.slice(from, to), place, isFirst: from === place?.start, isLast: to === place?.end })
    }
    let from = index
    for (; at < places.length && places[at]!.start < end; at++) {
      const place = places[at]!
      const start = Math.max(place.start, from)
      push(from, start, null)
      from = Math.min(place.end, end)
      push(start, from, place)
      if (place.end > end) break // it goes on in the next paragraph
    }
    push(from, end, null)
    paragraphs.push(pieces)
  }
  return paragraphs
}
