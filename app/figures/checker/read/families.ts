import { countable } from './lexicon.ts'
import type { Token } from './tokens.ts'

/** Names of parts that exclude each other; `isWhole` says when the labels present leave nothing out, `isOpenEnded` that any further count may be one more part. */
export type Family = { name: string; labels: Map<string, string>; isWhole: (present: Set<string>) => boolean; isOpenEnded?: boolean }

const family = (name: string, labels: Record<string, string>, isWhole: Family['isWhole']): Family => ({
  name,
  labels: new Map(Object.entries(labels).flatMap(([label, words]) => words.split(', ').map((word): [string, string] => [word, label]))),
  isWhole,
})
const pair = (one: string, other: string) => (present: Set<string>) => present.has(one) && present.has(other)

/** `đã học 480 đồng chí, chưa học 12 đồng chí`: of each verb its own. */
const doneOrNot = ['học', 'nộp', 'nộp bài', 'báo cáo', 'tổ chức', 'tham gia'].map((verb) => family(`done ${verb}`, { done: `đã ${verb}`, not: `chưa ${verb}` }, pair('done', 'not'))).map((one) => ({ ...one, isOpenEnded: true }))

const families: Family[] = [
  ...doneOrNot,
  family('task', { top: 'hoàn thành xuất sắc, hoàn thành xuất sắc nhiệm vụ, hoàn thành xuất sắc chức trách', good: 'hoàn thành tốt, hoàn thành tốt nhiệm vụ', done: 'hoàn thành, hoàn thành nhiệm vụ', not: 'không hoàn thành, không hoàn thành nhiệm vụ, chưa hoàn thành nhiệm vụ' }, (present) => present.has('not') && present.size === 4),
  family('grade', { top: 'xuất sắc, excellent', best: 'giỏi, very good', good: 'tốt, good', fair: 'khá, fair', upper: 'trung bình khá', average: 'trung bình, tb, average', weak: 'yếu, weak', poor: 'kém, poor', pass: 'đạt yêu cầu', fail: 'không đạt, chưa đạt, không đạt yêu cầu, chưa đạt yêu cầu' },
    (present) => (present.has('average') && present.has('fair') && present.size >= 3) || pair('pass', 'fail')(present)),
  family('gender', { men: 'nam, nam giới, men, male', women: 'nữ, nữ giới, phụ nữ, women, female' }, pair('men', 'women')),
  family('status', { full: 'chính thức, đảng viên chính thức', trial: 'dự bị, đảng viên dự bị' }, pair('full', 'trial')),
  family('mode', { direct: 'trực tiếp, in person', online: 'trực tuyến, online' }, pair('direct', 'online')),
  family('land', { town: 'thành thị', country: 'nông thôn' }, pair('town', 'country')),
  family('time', { early: 'trước hạn', due: 'đúng hạn, on time', late: 'trễ hạn, quá hạn, chậm, late' }, pair('due', 'late')),
  family('validity', { valid: 'hợp lệ, valid', invalid: 'không hợp lệ, invalid, spoilt' }, pair('valid', 'invalid')),
  family('trust', { high: 'tín nhiệm cao', some: 'tín nhiệm', low: 'tín nhiệm thấp' }, (present) => present.size === 3),
  family('presence', { present: 'có mặt, present', absent: 'vắng, vắng mặt, absent' }, pair('present', 'absent')),
  family('vote', { yes: 'đồng ý, tán thành', no: 'không đồng ý, không tán thành', none: 'không ý kiến, không có ý kiến' }, (present) => present.size === 3),
  family('work', { done: 'đã giải quyết', doing: 'đang giải quyết', not: 'chưa giải quyết' }, () => false),
  family('decision', { yes: 'approved, accepted', no: 'rejected, refused' }, () => false),
  family('discipline', { least: 'khiển trách', less: 'cảnh cáo', more: 'cách chức', most: 'khai trừ' }, () => false),
  family('letter', { complaint: 'khiếu nại', charge: 'tố cáo', wish: 'kiến nghị, phản ánh, kiến nghị phản ánh, đề nghị' }, () => false),
  family('seat', { hamlet: 'ấp, thôn, khóm, khu vực, khu phố, nông thôn', school: 'trường học, trường', office: 'cơ quan', police: 'công an', army: 'quân sự', health: 'trạm y tế, y tế', firm: 'doanh nghiệp' }, () => false),
  family('role', { head: 'trưởng đoàn, tổ trưởng, trưởng ban, đội trưởng, nhóm trưởng', deputy: 'phó trưởng đoàn, phó đoàn, tổ phó, phó trưởng ban, phó ban, đội phó, nhóm phó', clerk: 'thư ký', member: 'thành viên, ủy viên' }, pair('head', 'member')),
  family('level', { nation: 'trung ương, toàn quốc, central, national', province: 'tỉnh, thành phố, thành ủy, tỉnh ủy, city, provincial, municipal', district: 'quận, huyện, thị xã, quận ủy, huyện ủy, district', commune: 'xã, phường, thị trấn, đảng ủy xã, commune, ward', base: 'cơ sở, chi bộ, grassroots, cell' },
    (present) => present.size >= 3),
]

export type Label = { family: Family; label: string }

const tails = new Set(['có', 'đạt', 'là', 'chiếm', 'được', 'số', 'bài', 'với', 'tỷ', 'lệ', ':', '-', 'đồng', 'chí', 'nhiệm', 'vụ', 'gồm', 'đảng', 'viên', 'were', 'was', 'is', 'at'])
const heads = new Set(['đạt', 'xếp', 'được', 'loại', 'hạng', 'mức', 'là', 'có', 'đánh', 'giá', 'ở', 'tại', 'các', 'của', 'thuộc', 'cấp', 'chính', 'dự', 'học', 'tham', 'gia', 'theo', 'hình', 'thức', 'nộp', 'giải', 'quyết', 'at', 'in', 'the', 'finished', 'rated', 'graded', 'of', 'quality', 'were', 'as', 'on', 'hoạt', 'động', 'tuyến'])

/** The family of a part by the words before its number (nearest last) or after it. */
export function labelOf(before: Token[], after: Token[]): Label | null {
  return labelBefore(before) ?? labelAfter(after)
}

function labelBefore(words: Token[]): Label | null {
  let end = words.length
  for (let strips = 0; strips < 6; strips++) {
    for (let length = Math.min(5, end); length >= 1; length--) {
      const found = openers.has(words[end - length]!.low) ? match(words.slice(end - length, end), words[end - length - 1]?.low) : null
      if (found) return found
    }
    if (end === 0 || !tails.has(words[end - 1]!.low)) return null
    end--
  }
  return null
}

function labelAfter(words: Token[]): Label | null {
  let start = 0
  let level: Label | null = null // of the noun itself: `11 chi bộ`, which may be told apart by grade or seat
  for (let strips = 0; strips < 9 && start < words.length; strips++) {
    for (let length = openers.has(words[start]!.low) ? Math.min(5, words.length - start) : 0; length >= 1; length--) {
      const found = match(words.slice(start, start + length), words[start - 1]?.low)
      if (found && !(start === 0 && found.family.name === 'level')) return found
      level ??= found
    }
    const two = `${words[start]!.low} ${words[start + 1]?.low ?? ''}`
    const three = `${two} ${words[start + 2]?.low ?? ''}`
    if (countable.has(three)) start += 3
    else if (countable.has(two)) start += 2
    else if (countable.has(words[start]!.low) || heads.has(words[start]!.low)) start += 1
    else break
  }
  return level
}

const openers = new Set(families.flatMap(({ labels }) => [...labels.keys()].map((phrase) => phrase.split(' ')[0]!)))

function match(words: Token[], before: string | undefined): Label | null {
  if (words.some((word) => word.kind !== 'word')) return null
  const phrase = words.map((word) => word.low).join(' ')
  if (phrase === 'nam' && (words[0]!.text !== 'nam' && !words[0]!.opensLine && before !== ':' && before !== undefined || before === 'việt' || before === 'miền')) return null
  for (const family of families) {
    const label = family.labels.get(phrase)
    if (family.name === 'seat' && before !== 'bộ') continue // chi bộ ấp, chi bộ cơ quan
    if (label && !(family.name === 'level' && before !== 'cấp' && before !== 'cầu' && before !== undefined && !heads.has(before) && !countable.has(before))) return { family, label }
  }
  return null
}
