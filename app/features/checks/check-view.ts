import type { Language } from '../../platform/i18n.ts'
import { mendable, remarksOf, withRemarks } from './check-mend.ts'
import { checksWords } from './checks.messages.ts'
import type { Checked, Finding, Proof } from './checks.server.ts'

/** A place of the text, marked there and explained beside it; faults and notes are numbered, right figures have a number of their own. */
export type Place = { number: number; start: number; end: number; kind: 'fault' | 'note' | 'right'; reason: number | null }
/** A piece of a paragraph; `place` where it is marked, whose number stands behind its last piece. */
export type Piece = { text: string; place: Place | null; isFirst: boolean; isLast: boolean }
/** One thing that is wrong, which may show at several places: the parts of one breakdown. */
export type Card = { numbers: number[]; title: string; sentences: string[]; rows: { number: number; printed: string; expected: string; sentence: string; mend: number | null }[]; mends: number[] }
/** The sums that came out right; each leads to its first figure. */
export type Right = { figures: number; sums: { reason: number; figure: number; sentence: string }[]; more: number }
export type CheckView = { title: string; faults: number; notes: number; figures: number; paragraphs: Piece[][]; cards: Card[]; right: Right; more: number; isLong: boolean; samples: Record<Place['kind'], string | null>; remarks: string | null }

const mostPlaces = 300 // who has more corrects these first
const mostSums = 40
const longText = 100_000

/** What the page shows of a checked text. */
export function viewOf(checked: Checked, language: Language): CheckView {
  const groups = groupsOf(checked.findings)
  const places: Place[] = []
  const cards: Card[] = []
  const told: Parameters<typeof remarksOf>[0] = []
  const counted = { faults: 0, notes: 0 }
  const mends = mendable(checked)
  for (const group of groups) {
    const spans = spansOf(group)
    for (const { severity } of spans) counted[severity === 'fault' ? 'faults' : 'notes']++
    if (places.length + spans.length > mostPlaces && places.length > 0) continue
    const own = spans.map(({ start, end, severity: kind }, index) => ({ number: places.length + index + 1, reason: places.length + index + 1, start, end, kind }))
    places.push(...own)
    cards.push(cardOf(group, own, mends, language))
    told.push({ places: own, findings: group })
  }
  const { right, marked } = rightOf(checked.proofs, places, language)
  const all = [...places, ...marked].sort((one, other) => one.start - other.start)
  return {
    ...counted,
    title: titleOf(checked, groups, counted.faults, language),
    figures: checked.figures,
    paragraphs: paragraphsOf(checked.text, all),
    cards,
    right,
    more: counted.faults + counted.notes - places.length,
    isLong: checked.text.length > longText,
    remarks: told.length > 0 ? withRemarks(checked.text, remarksOf(told, language), checksWords.in(language)('remarksHead')) : null,
    samples: { fault: sampleOf(checked.text, all, 'fault'), note: sampleOf(checked.text, all, 'note'), right: sampleOf(checked.text, all, 'right') },
  }
}

/** How such a mark looks: the first of the text, shortened. */
function sampleOf(text: string, places: Place[], kind: Place['kind']): string | null {
  const place = places.find((one) => one.kind === kind)
  return place ? text.slice(place.start, Math.min(place.end, place.start + 24)) : null
}

/** The figures that some sum shows to be right, where nothing else is said of them; of very many the first are marked. */
function rightOf(proofs: Proof[], places: Place[], language: Language): { right: Right; marked: Place[] } {
  const marked = new Map<number, Place>()
  const shown = new Map<string, Right['sums'][number]>()
  const isSaid = overlaps(places)
  proofs.forEach((proof) => {
    const free = proof.places.filter((place) => !isSaid(place))
    if (free.length === 0) return
    const sentence = proof.message?.[language]
    const reason = (sentence ? shown.get(sentence)?.reason : undefined) ?? shown.size + 1
    for (const { start, end } of free) if (!marked.has(start)) marked.set(start, { number: marked.size + 1, reason, start, end, kind: 'right' })
    if (sentence && !shown.has(sentence)) shown.set(sentence, { reason, figure: marked.get(free[0]!.start)!.number, sentence })
  })
  const sums = [...shown.values()]
  return {
    right: { figures: marked.size, sums: sums.slice(0, mostSums), more: Math.max(0, sums.length - mostSums) },
    marked: withoutOverlap([...marked.values()]).slice(0, mostPlaces).map((place) => ((place.reason ?? 0) > mostSums ? { ...place, reason: null } : place)),
  }
}

/** Whether a place meets one of these, which are in the order of the text and do not overlap. */
function overlaps(places: Place[]): (place: { start: number; end: number }) => boolean {
  return ({ start, end }) => {
    let [low, high] = [0, places.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (places[middle]!.end <= start) low = middle + 1
      else high = middle
    }
    return low < places.length && places[low]!.start < end
  }
}

function withoutOverlap(places: Place[]): Place[] {
  let end = -1
  return places.sort((one, other) => one.start - other.start).filter((place) => place.start >= end && ((end = place.end), true))
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

function cardOf(group: Finding[], places: Place[], mends: Finding[], language: Language): Card {
  const lead = group.toSorted((one, other) => rank(one) - rank(other) || other.end - other.start - (one.end - one.start))[0]!
  const isTable = places.length > 1
  const numberOf = (finding: Finding) => places.find(({ start, end }) => start === finding.start && end === finding.end)?.number
  const inTable = (finding: Finding) => isTable && finding.expected !== '' && numberOf(finding) !== undefined
  return {
    numbers: places.map(({ number }) => number),
    title: headOf(lead, language),
    sentences: group.filter((finding) => !inTable(finding)).map(({ message }) => message[language]),
    rows: group.filter(inTable).map((finding) => ({ number: numberOf(finding)!, printed: finding.printed, expected: finding.expected, sentence: finding.message[language], mend: orNull(mends.indexOf(finding)) })),
    mends: group.map((finding) => mends.indexOf(finding)).filter((at) => at >= 0),
  }
}

const orNull = (index: number) => (index < 0 ? null : index)

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
