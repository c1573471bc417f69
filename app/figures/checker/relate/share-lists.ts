import { overlapping } from '../read/lexicon.ts'
import type { Breakdown, Part } from './parts.ts'
import type { Reading } from '../read/quantities.ts'

const longestList = 200

/** `427 25,84%, 1.016 55,64%, 348 21,02%`: nothing but counts and shares, which make about a whole. */
export function bareGroups({ tokens }: Reading, parts: Part[]): Breakdown[] {
  const groups: Breakdown[] = []
  let open: Part[] = []
  const close = () => {
    const sum = open.reduce((total, part) => total + part.share!.value, 0)
    if (open.length >= 3 && Math.abs(sum - 100) <= 5) groups.push({ parts: open, totals: [], family: null, isClosed: true, isExclusive: true, isNear: false })
    open = []
  }
  for (const part of parts) {
    const last = open.at(-1)
    const isBare = part.count && part.share && !part.label && !part.count.base && tokens.slice(part.count.unitTo + 1, part.share.from).every((token) => token.kind === 'mark')
    const isJoined = last && part.count && part.count.from - last.share!.to <= 3 && tokens.slice(last.share!.to + 1, part.count.from).every((token) => token.kind === 'mark' || token.low === 'và' || token.low === 'and') && part.count.block === last.count!.block
    if (!isBare || (last && !isJoined) || open.length > longestList) close()
    if (isBare) open.push(part)
  }
  close()
  return groups
}

/** Shares without counts that are said to be of one whole: `cơ cấu ...: 30,5%; 40,2%; 29,3%`, or three times "chiếm". */
export function shareGroups({ tokens }: Reading, parts: Part[]): Breakdown[] {
  const groups: Breakdown[] = []
  for (let from = 0; from < parts.length; ) {
    let to = from
    while (to < parts.length && to - from < longestList && !parts[to]!.count && !parts[to]!.label && parts[to]!.share!.sentence === parts[from]!.share?.sentence) to++
    const open = parts.slice(from, to)
    from = Math.max(to, from + 1)
    if (open.length < 3 || open.some(({ share }) => share!.isWished || share!.isPlanned || share!.qualifier || share!.depth !== open[0]!.share!.depth)) continue
    const sum = open.reduce((total, part) => total + part.share!.value, 0)
    const first = open[0]!.share!
    const said = tokens.slice(Math.max(0, first.from - 30), open.at(-1)!.share!.from).filter((token) => token.sentence === first.sentence).map((token) => token.low)
    const isStructure = said.some((word, at) => (word === 'cơ' && said[at + 1] === 'cấu') || (word === 'tỷ' && said[at + 1] === 'trọng') || word === 'structure')
    const isAccounted = open.every(({ share }) => tokens.slice(Math.max(0, share!.from - 3), share!.from).some((token) => token.low === 'chiếm'))
    const isInOrder = said.some((word, at) => (word === 'lần' && said[at + 1] === 'lượt') || word === 'respectively') && ['tốt', 'khá', 'trung'].every((word) => said.includes(word)) && open.length === 3
    const mayOverlap = said.some((word, at) => overlapping.has(word) || overlapping.has(`${word} ${said[at + 1] ?? ''}`))
    if (isInOrder || areAges(said.join(' '), open.length) || (isStructure && Math.abs(sum - 100) <= 5) || (isAccounted && !mayOverlap && Math.abs(sum - 100) <= 1.5)) groups.push({ parts: open, totals: [], family: null, isClosed: true, isExclusive: true, isNear: false })
  }
  return groups
}

/** `dưới 30 tuổi ..., từ 30 đến 50 tuổi ..., trên 50 tuổi ...`: ages that touch and leave none out. */
function areAges(said: string, parts: number): boolean {
  const ages = /dưới (\d+) tuổi.* từ (\d+) (?:tuổi )?đến (?:dưới )?(\d+) tuổi.* (?:trên|từ) (\d+) tuổi/.exec(said)?.slice(1).map(Number)
  return parts === 3 && ages !== undefined && [0, 1].includes(ages[1]! - ages[0]!) && [0, 1].includes(ages[3]! - ages[2]!)
}
