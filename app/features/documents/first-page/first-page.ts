import { showDay } from '../../../platform/clock.ts'
import { plainOf } from '../numbers/plain-text.server.ts'
import { readDocumentNumber } from '../numbers/read-number.server.ts'
import { documentTypes, type DocumentType } from '../typesetting/document-types.schema.ts'

/** What a file's first page seems to say, by the names of the form's fields, to be confirmed there. */
export type Suggestion = {
  values: Partial<Record<Suggested, string>>
  /** What was read and may be something else: shown beside the field, which stays empty. */
  doubts: Partial<Record<Suggested, string>>
  /** Why nothing was read; null when something was. `scan`: pictures of pages without a text. */
  note: 'scan' | 'unread' | 'nothing' | null
}
export type Suggested = 'written' | 'type' | 'issuedOn' | 'place' | 'issuerName' | 'abstract' | 'signedAs' | 'signerPosition' | 'signerName' | 'recipientLines' | 'text'

/** Reads what stands where an official document has it: letterhead, title, abstract, recipients and signature. Nothing is guessed. */
export function readFirstPage(text: string): Suggestion {
  const lines = linesOf(text)
  const titleAt = lines.findIndex((line, at) => at < mostHead && titles.has(plainOf(line)))
  const addressAt = lines.findIndex((line, at) => at < mostHead && plainOf(line).startsWith('kinh gui'))
  const bodyAt = [titleAt, addressAt, mostHead].filter((at) => at >= 0).sort((one, other) => one - other)[0]!
  const head = lines.slice(0, bodyAt)
  const numberAt = head.findIndex((line) => /^so\b ?:?/.test(plainOf(line)))
  const number = numberAt >= 0 ? readDocumentNumber(head[numberAt]!) : null
  const named = titleAt >= 0 ? titles.get(plainOf(lines[titleAt]!))! : number?.types.length === 1 ? number.types[0]! : null
  const dated = head.map(placeAndDayIn).find((one) => one !== null) ?? null
  const values: Suggestion['values'] = {
    ...(number && number.number !== null && number.symbol && !number.unsure.includes('number') && { written: writtenIn(head[numberAt]!) }),
    ...(named && (number === null || number.types.length === 0 || number.types.includes(named)) && { type: named }),
    ...(dated?.day && { issuedOn: showDay(dated.day) }),
    ...(dated?.place && { place: dated.place }),
    ...issuerIn(numberAt >= 0 ? head.slice(0, numberAt) : []),
    ...abstractIn(lines, { titleAt, numberAt }),
    ...closingIn(lines),
    ...(text.trim() !== '' && { text: text.trim().slice(0, 200_000) }),
  }
  const doubts: Suggestion['doubts'] = {
    ...(number && !values.written && { written: head[numberAt]!.slice(0, 80) }),
    ...(named && !values.type && { type: documentTypes[named].name.toLowerCase() }),
    ...(dated && !dated.day && { issuedOn: dated.line.slice(0, 80) }),
  }
  const { text: _, ...read } = values
  return { values, doubts, note: Object.keys(read).length + Object.keys(doubts).length > 0 ? null : 'nothing' }
}

const mostHead = 30
const titles = new Map(Object.entries(documentTypes).map(([type, { name }]) => [plainOf(name), type as DocumentType]))
const mottos = /(dang cong san viet nam|cong hoa xa hoi chu nghia viet nam|doc lap ?- ?tu do ?- ?hanh phuc)/

/** Lines as a reader sees them: cells of a letterhead one below the other, the motto taken out where it stands beside the body. */
function linesOf(text: string): string[] {
  return text
    .replace(/^\| ([\s\S]*?) \|$/gm, (_, row: string) => row.split(' | ').join('\n'))
    .split(/\n|\t/)
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .map((line) => {
      const motto = mottos.exec(plainOf(line))
      return motto ? (line.slice(0, motto.index) + line.slice(motto.index + motto[0].length)).trim() : line
    })
}

/** The number alone, out of its line: what stands behind it is a place or a day. */
function writtenIn(line: string): string {
  const [, written] = /^\S+\s*:?\s*(.+?\/\s*[\p{L}\d]+(?:\s*-\s*[\p{L}\d]+)*)/u.exec(line) ?? []
  return (written ?? line).replace(/\s+/g, '')
}

function placeAndDayIn(line: string): { place: string | null; day: string | null; line: string } | null {
  const match = /(?:^|\/\S+ )([^,/|]{2,60}), ?ngày\b/iu.exec(line)
  if (!match && !/^ngày .*tháng .*năm/iu.test(line)) return null
  const { day } = readDocumentNumber(line.slice(match ? line.indexOf(match[1]!) : 0))
  return { place: match?.[1]?.trim() ?? null, day, line }
}

const isRule = (line: string) => /^[-–_=*.\s]*$/.test(line)

/** The last body above the number issues; the one above that is its superior. */
function issuerIn(above: string[]): { issuerName?: string } {
  const body = above.filter((line) => !isRule(line) && !/, ngày\b/iu.test(line)).at(-1)
  return body ? { issuerName: body === body.toUpperCase() ? asName(body) : body } : {}
}

// In names of bodies these are no proper names.
const common = new Set('đảng bộ ủy xã phường thị trấn huyện quận thành phố tỉnh ban nhân dân hội đồng tuyên giáo và vận tổ chức kiểm tra nội chính chấp hành thường vụ văn phòng chi mặt trận đoàn khối các cơ quan doanh nghiệp trung ương'.split(' '))

const abbreviated = new Set(['ubnd', 'hđnd', 'ubmttq', 'mttq', 'tw'])

// Bodies whose name has capitals of its own.
const bodies = ['Bộ Chính trị', 'Ban Bí thư', 'Ban Chấp hành', 'Ban Thường vụ', 'Trung ương', 'Ban Tuyên giáo', 'Ban Dân vận', 'Ban Tổ chức', 'Ban Nội chính', 'Ủy ban Kiểm tra', 'Mặt trận Tổ quốc', 'Việt Nam']

/** "ĐẢNG ỦY XÃ LA BẰNG" as it is written in a sentence. */
function asName(capitals: string): string {
  const name = inSentence(capitals.toLowerCase().split(' '))
  return bodies.reduce((said, body) => said.replace(new RegExp(`(?<!\\p{L})${body}(?!\\p{L})`, 'giu'), body), name)
}

function inSentence(words: string[]): string {
  return words.map((word, at) => (abbreviated.has(word) ? word.toUpperCase() : at > 0 && common.has(word) ? word : word[0]!.toUpperCase() + word.slice(1))).join(' ')
}

/** Under the title until a rule, an empty line or the text; of a letter what stands behind "V/v". */
function abstractIn(lines: string[], { titleAt, numberAt }: { titleAt: number; numberAt: number }): { abstract?: string } {
  const from = titleAt >= 0 ? titleAt + 1 : numberAt >= 0 ? lines.findIndex((line, at) => at > numberAt && /^v\/v\b/i.test(line)) : -1
  if (from < 0) return {}
  const first = lines.slice(from).findIndex((line) => line !== '')
  if (first < 0) return {}
  const said: string[] = []
  for (const line of lines.slice(from + first)) {
    if (isRule(line) || /^(?:[IVX]+|\d+|[A-Z])[.)]|^(?:căn cứ|thực hiện|kính gửi|ngày|điều 1)\b/iu.test(line) || /, ngày\b/iu.test(line) || said.length === 6) break
    said.push(line)
  }
  const abstract = said.join(' ').replace(/^v\/v:? */i, '')
  return abstract === '' ? {} : { abstract }
}

const authority = /(?:^| )((?:T\/M|TM\.|K\/T|KT\.|T\/L|TL\.|TUQ\.|T\/U|Q\.) ?\p{Lu}.*)$/u

/** From "Nơi nhận" on: who gets it, in whose name it is signed, as what and by whom. */
function closingIn(lines: string[]): Pick<Suggestion['values'], 'recipientLines' | 'signedAs' | 'signerPosition' | 'signerName'> {
  const at = lines.findIndex((line) => /^noi nhan\b/.test(plainOf(line)))
  const recipients = at < 0 ? [] : lines.slice(at).filter((line) => /^(?:nơi nhận:? ?)?- ?\S/iu.test(line)).map((line) => line.replace(authority, '').replace(/^nơi nhận:? ?/iu, '').replace(/^- ?/, '').replace(/[;.]$/, '').trim())
  const signedAt = lines.findIndex((line, place) => place > Math.max(at, 5) - 6 && authority.test(line))
  const after = signedAt < 0 ? [] : lines.slice(signedAt + 1).filter((line) => line !== '' && !/^- ?\S/.test(line)).slice(0, 6)
  const position = after.find((line) => line === line.toUpperCase() && /\p{Lu}{2}/u.test(line))
  const name = after.slice(position ? after.indexOf(position) + 1 : 0).find((line) => /^\p{Lu}\p{Ll}*(?: \p{Lu}\p{Ll}*){1,5}$/u.test(line))
  return {
    ...(recipients.length > 0 && { recipientLines: recipients.slice(0, 100).join('\n') }),
    ...(signedAt >= 0 && { signedAs: authority.exec(lines[signedAt]!)![1]! }),
    ...(position && { signerPosition: position }),
    ...(name && { signerName: name }),
  }
}
