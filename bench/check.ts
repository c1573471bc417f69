import { checkText, type Code } from '../app/figures/check.ts'
import { correctSentences, sentences, texts, type Example } from './check.examples.ts'

// How well the checker reads: precision and recall of each code over the labelled set, texts as the unit; false alarms on
// correct prose; and the time for a megabyte. Texts that go wrong are told on standard error.

const examples = [...sentences, ...correctSentences, ...texts]
const scores = new Map<Code, { right: number; wrong: number; missed: number }>()
let faultless = 0
let alarmed = 0

for (const example of examples) score(example)
for (const [code, { right, wrong, missed }] of [...scores].sort(([one], [other]) => one.localeCompare(other))) {
  print({ bench: 'check', code, right, wrong, missed, precision: ratio(right, right + wrong), recall: ratio(right, right + missed) })
}
print({ bench: 'check', examples: examples.length, sentences: sentences.length + correctSentences.length, texts: texts.length, faultless, faultlessWithFaults: alarmed })

const dense = examples.map(({ text }) => text).join('\n')
const usual = examples.map(({ text }) => `${text} ${'Các cấp ủy đã tập trung lãnh đạo, chỉ đạo việc học tập bằng nhiều hình thức phù hợp với tình hình của từng địa phương, đơn vị. '.repeat(2)}`).join('\n')
for (const [kind, text] of [['report', usual], ['figures only', dense]] as const) {
  const megabyte = text.repeat(Math.ceil(1e6 / text.length)).slice(0, 1e6)
  const [began, used] = [performance.now(), process.cpuUsage()]
  const { figures, findings } = checkText(megabyte)
  print({ bench: 'check', text: kind, units: megabyte.length, figures, findings: findings.length, ms: Math.round(performance.now() - began), cpuMs: Math.round(process.cpuUsage(used).user / 1000), budgetMs: 1000 })
}

function score({ text, codes }: Example): void {
  const { findings } = checkText(text)
  const found = new Set(findings.map((finding) => finding.code))
  const faults = new Set(findings.filter((finding) => finding.severity === 'fault').map((finding) => finding.code))
  const notes = new Set<Code>(['share-truncated', 'share-without-base', 'mixed-precision', 'mixed-decimal-style'])
  if (codes.every((code) => notes.has(code))) {
    faultless++
    if (faults.size > 0) alarmed++
  }
  for (const code of new Set([...found, ...codes])) {
    const one = scores.get(code) ?? { right: 0, wrong: 0, missed: 0 }
    scores.set(code, one)
    const [isFound, isTrue] = [found.has(code), codes.includes(code)]
    one[isFound && isTrue ? 'right' : isFound ? 'wrong' : 'missed']++
    if (isFound !== isTrue) console.error(`${isFound ? 'wrong' : 'missed'} ${code}: ${text.slice(0, 160).replaceAll('\n', ' ⏎ ')}`)
  }
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000
}

function print(line: Record<string, unknown>): void {
  console.log(JSON.stringify(line))
}
