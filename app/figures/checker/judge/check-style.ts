import { figureWords } from '../../figures.messages.ts'
import type { Draft } from './finding.ts'
import type { Quantity, Reading } from '../read/quantities.ts'

/** Notes: shares side by side with different decimals; decimal comma and decimal point in one text. */
export function checkStyle(reading: Reading): Draft[] {
  return [...mixedPrecision(reading), ...mixedDecimals(reading)]
}

function mixedPrecision({ tokens, quantities }: Reading): Draft[] {
  const drafts: Draft[] = []
  let group: Quantity[] = []
  const close = () => {
    const most = commonest(group.map((share) => share.decimals))
    const odd = group.find((share) => share.decimals !== most)
    if (odd) drafts.push({ code: 'mixed-precision', start: odd.start, end: odd.end, printed: odd.text, expected: '', message: figureWords.say('mixed-precision', { printed: odd.text, decimals: most }) })
    group = []
  }
  for (const share of quantities) {
    if (share.kind !== 'share' || share.value === 100 || share.value === 0 || share.isGrowth || share.isPlanned || share.isWished || share.qualifier || share.range) continue
    const last = group.at(-1)
    if (last && share.decimals === 0 && !share.shareOf && tokens.slice(last.to, share.from).some((token) => token.low === ';')) continue // a clause of its own
    const isList = last && last.block === share.block && tokens[last.from]!.bullet !== '' && tokens[last.from]!.bullet === tokens[share.from]!.bullet
    if (last && last.sentence !== share.sentence && !isList) close()
    group.push(share)
  }
  close()
  return drafts
}

/** The commonest of the numbers; the first of equals. */
function commonest(numbers: number[]): number {
  const counts = new Map<number, number>()
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
  return [...counts].sort((one, other) => other[1] - one[1])[0]?.[0] ?? 0
}

function mixedDecimals({ quantities }: Reading): Draft[] {
  const comma = quantities.filter(({ style }) => style === 'comma')
  const point = quantities.filter(({ style }) => style === 'point')
  const rare = comma.length < point.length ? comma : point
  const often = comma.length < point.length ? point : comma
  const [odd] = rare
  if (!odd) return []
  return [{ code: 'mixed-decimal-style', start: odd.start, end: odd.end, printed: odd.text, expected: '', message: figureWords.say('mixed-decimal-style', { printed: odd.text, usual: often[0]!.text }) }]
}
