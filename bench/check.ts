import { checkText, type Code } from '../app/figures/check.ts'
import { noteCodes } from '../app/figures/checker/judge/finding.ts'
import { correctSentences, sentences, texts, type Example } from './check.examples.ts'
import { heldOut } from './check.held-out.ts'
import { moreSentences, moreTexts } from './check.more-examples.ts'

// How well the checker reads: precision and recall of each code over the labelled set, texts as the unit, and over the held-out
// part, which nobody looked at while mending; false alarms on correct prose; and the time for a megabyte. Texts of the labelled
// set that go wrong are told on standard error.

const notes: ReadonlySet<Code> = new Set(noteCodes)
const labelled = [...sentences, ...correctSentences, ...texts, ...moreSentences, ...moreTexts]

report('labelled', labelled)
report('held-out', heldOut)
for (const [kind, filler] of [['report', 2], ['figures only', 0]] as const) time(kind, labelled.map(({ text }) => `${text}${' Các cấp ủy đã tập trung lãnh đạo, chỉ đạo việc học tập bằng nhiều hình thức phù hợp với tình hình của từng địa phương, đơn vị.'.repeat(filler)}`).join('\n'))

type Score = { right: number; wrong: number; missed: number }

function report(set: string, examples: Example[]): void {
  const scores = new Map<Code, Score>()
  let faultless = 0
  let alarmed = 0
  for (const example of examples) {
    const found = new Set(checkText(example.text).findings.map((finding) => finding.code))
    score(scores, example, found, set === 'labelled')
    if (!example.codes.every((code) => notes.has(code))) continue
    faultless++
    if ([...found].some((code) => !notes.has(code))) alarmed++
  }
  for (const [code, one] of [...scores].sort(([one], [other]) => one.localeCompare(other))) print({ bench: 'check', set, code, ...ratios(one) })
  const faults = [...scores].filter(([code]) => !notes.has(code)).map(([, one]) => one)
  const all = (key: keyof Score) => faults.reduce((sum, one) => sum + one[key], 0)
  print({ bench: 'check', set, code: 'all faults', ...ratios({ right: all('right'), wrong: all('wrong'), missed: all('missed') }), examples: examples.length, faultless, faultlessWithFaults: alarmed })
}

function score(scores: Map<Code, Score>, { text, codes }: Example, found: Set<Code>, isTold: boolean): void {
  for (const code of new Set([...found, ...codes])) {
    const one = scores.get(code) ?? { right: 0, wrong: 0, missed: 0 }
    scores.set(code, one)
    const [isFound, isTrue] = [found.has(code), codes.includes(code)]
    one[isFound && isTrue ? 'right' : isFound ? 'wrong' : 'missed']++
    if (isTold && isFound !== isTrue) console.error(`${isFound ? 'wrong' : 'missed'} ${code}: ${text.slice(0, 160).replaceAll('\n', ' ⏎ ')}`)
  }
}

function ratios({ right, wrong, missed }: Score): Score & { precision: number | null; recall: number | null } {
  return { right, wrong, missed, precision: ratio(right, right + wrong), recall: ratio(right, right + missed) }
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000
}

function time(kind: string, text: string): void {
  const megabyte = text.repeat(Math.ceil(1e6 / text.length)).slice(0, 1e6)
  const [began, used] = [performance.now(), process.cpuUsage()]
  const { figures, findings } = checkText(megabyte)
  print({ bench: 'check', text: kind, units: megabyte.length, figures, findings: findings.length, ms: Math.round(performance.now() - began), cpuMs: Math.round(process.cpuUsage(used).user / 1000), budgetMs: 1000 })
}

function print(line: Record<string, unknown>): void {
  console.log(JSON.stringify(line))
}
