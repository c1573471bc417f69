import { numberAndSymbol, placeAndDay } from './document-number.server.ts'
import { profileOn, profiles, type DocumentProfile } from './document-profile.ts'
import { documentTypes } from './document-types.schema.ts'
import type { Block, Column, DocumentTable, OfficialDocument } from './official-document.ts'

/**
 * An official document in its final words, in the order they are read, with their measures: what DOCX and PDF have in
 * common. A renderer draws it and adds no word of its own.
 */
export type Composition = {
  profile: DocumentProfile
  title: string
  author: string
  letterhead: Pair[] // rows of its two columns
  opening: Line[]
  body: SetBlock[]
  closing: Pair
}

export type Pair = { left: Line[]; right: Line[] }
export type Line = TextLine | RuleLine
export type TextLine = {
  is: 'text'
  text: string
  sizePt: number
  linePt: number
  align: 'left' | 'center'
  bold: boolean
  italic: boolean
  underlined: boolean
  beforePt: number
  afterPt: number
  leftMm: number
  rightMm: number
  hangingMm: number // lines after the first begin that much further right
}
/** A thin line in the middle of its column. */
export type RuleLine = { is: 'rule'; widthMm: number; beforePt: number; heightPt: number }
export type SetBlock = Exclude<Block, DocumentTable> | SetTable
export type SetTable = { is: 'table'; caption: string | null; columns: (Column & { widthMm: number })[]; rows: string[][]; total: string[] | null }

/** Puts an official document into the words and lines of the format in force on its day. */
export function compose(document: OfficialDocument): Composition {
  const profile = profiles[profileOn(document.issuedBy, document.day)]
  const isLetter = document.type === 'official_letter'
  return {
    profile,
    title: isLetter ? clean(aboutOf(document)) : clean(`${documentTypes[document.type].name} ${document.abstract}`),
    author: clean(document.issuingBody),
    letterhead: document.issuedBy === 'party' ? partyLetterhead(document, profile) : stateLetterhead(document, profile),
    opening: [...(isLetter ? [] : titleOf(document, profile)), ...addresseesOf(document, profile)],
    body: document.body.map((block) => setBlock(block, textWidthMm(profile))),
    closing: { left: recipientsOf(document, profile), right: signatureOf(document, profile) },
  }
}

/** The width between the margins. */
export function textWidthMm({ pageMm, marginsMm }: DocumentProfile): number {
  return pageMm.width - marginsMm.left - marginsMm.right
}

type Style = Partial<Omit<TextLine, 'is' | 'text'>>

function styler({ fontPt, linePt }: DocumentProfile) {
  const upright = { align: 'center', bold: false, italic: false, underlined: false } as const
  const nothing = { beforePt: 0, afterPt: 0, leftMm: 0, rightMm: 0, hangingMm: 0 }
  return (text: string, style: Style = {}): TextLine => ({ is: 'text', text: clean(text), sizePt: fontPt.text, linePt, ...upright, ...nothing, ...style })
}

function partyLetterhead(document: OfficialDocument, profile: DocumentProfile): Pair[] {
  const line = styler(profile)
  const { bodies, title, number } = profile.fontPt
  return [
    {
      left: [
        ...(document.superiorBody === null ? [] : [line(capitals(document.superiorBody), { sizePt: bodies })]),
        line(capitals(document.issuingBody), { sizePt: bodies, bold: true }),
        line('*'),
        line(numberAndSymbol(document), { sizePt: number }),
        ...letterAbstract(document, profile, { italic: true }),
      ],
      right: [
        line('ĐẢNG CỘNG SẢN VIỆT NAM', { sizePt: title, bold: true }),
        { is: 'rule', widthMm: profile.titleRuleMm, beforePt: 2, heightPt: 4 },
        line(placeAndDay(document.place, document.day), { italic: true, beforePt: 3 }),
      ],
    },
  ]
}

// Number and day stand on one line however long the names above are.
function stateLetterhead(document: OfficialDocument, profile: DocumentProfile): Pair[] {
  const line = styler(profile)
  const { bodies, title, motto, number } = profile.fontPt
  const issuing = capitals(document.issuingBody)
  return [
    {
      left: [
        ...(document.superiorBody === null ? [] : [line(capitals(document.superiorBody), { sizePt: bodies })]),
        line(issuing, { sizePt: bodies, bold: true }),
        { is: 'rule', widthMm: partOfWidthMm(issuing, bodies, profile.columnsMm.left), beforePt: 2, heightPt: 4 },
      ],
      right: [
        line('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', { sizePt: title, bold: true }),
        line('Độc lập - Tự do - Hạnh phúc', { sizePt: motto, bold: true }),
        { is: 'rule', widthMm: profile.titleRuleMm, beforePt: 2, heightPt: 4 },
      ],
    },
    {
      left: [line(numberAndSymbol(document), { sizePt: number, beforePt: 3 }), ...letterAbstract(document, profile, {})],
      right: [line(placeAndDay(document.place, document.day), { italic: true, beforePt: 3 })],
    },
  ]
}

function letterAbstract(document: OfficialDocument, profile: DocumentProfile, style: Style): TextLine[] {
  if (document.type !== 'official_letter') return []
  return [styler(profile)(aboutOf(document), { sizePt: profile.fontPt.letterAbstract, ...style })]
}

const aboutOf = ({ abstract }: OfficialDocument) => (/^v\/v\s/iu.test(abstract) ? abstract : `V/v ${abstract}`)

function titleOf(document: OfficialDocument, profile: DocumentProfile): Line[] {
  const line = styler(profile)
  const sideMm = profile.abstractSideMm
  const isParty = document.issuedBy === 'party'
  const abstractMm = textWidthMm(profile) - 2 * sideMm
  return [
    line(documentTypes[document.type].name, { bold: true, sizePt: profile.fontPt.name, linePt: profile.nameLinePt, beforePt: 18, afterPt: 2 }),
    line(document.abstract, { bold: true, leftMm: sideMm, rightMm: sideMm }),
    ...(isParty
      ? [line('-----', { afterPt: 12 })]
      : [{ is: 'rule', widthMm: partOfWidthMm(document.abstract, profile.fontPt.text, abstractMm), beforePt: 3, heightPt: 12 } as const]),
  ]
}

function addresseesOf({ addressees, type }: OfficialDocument, profile: DocumentProfile): TextLine[] {
  const line = styler(profile)
  const { label, names } = profile.addressMm
  const beforePt = type === 'official_letter' ? 24 : 0
  if (addressees.length === 0) return []
  if (addressees.length === 1) return [line(`Kính gửi: ${addressees[0]}`, { beforePt, afterPt: 12, leftMm: profile.abstractSideMm, rightMm: profile.abstractSideMm })]
  return [
    line('Kính gửi:', { beforePt, align: 'left', leftMm: label }),
    ...addressees.map((name, index) => {
      const isLast = index === addressees.length - 1
      return line(`- ${name}${isLast ? '.' : ','}`, { align: 'left', leftMm: names, hangingMm: 3, afterPt: isLast ? 12 : 0 })
    }),
  ]
}

function recipientsOf({ recipients, type, issuedBy }: OfficialDocument, profile: DocumentProfile): TextLine[] {
  const line = styler(profile)
  const isAbove = type === 'official_letter' && !recipients.some((one) => /^như trên/iu.test(one))
  const all = isAbove ? ['Như trên', ...recipients] : recipients
  const head: Style = issuedBy === 'party' ? { underlined: true } : { bold: true, italic: true }
  return [
    line('Nơi nhận:', { ...head, align: 'left', sizePt: profile.fontPt.recipientsHead }),
    ...all.map((recipient, index) =>
      line(`- ${recipient}${index === all.length - 1 ? '.' : ';'}`, { align: 'left', sizePt: profile.fontPt.recipients, hangingMm: 3 }),
    ),
  ]
}

function signatureOf({ signature, issuedBy }: OfficialDocument, profile: DocumentProfile): TextLine[] {
  const line = styler(profile)
  return [
    ...signature.authority.map((authority) => line(authority, { bold: true })),
    line(signature.position, { bold: issuedBy === 'state' }),
    line(signature.name ?? '', { bold: true, beforePt: (profile.signatureRoomMm * 72) / 25.4 }),
  ]
}

function setBlock(block: Block, widthMm: number): SetBlock {
  switch (block.is) {
    case 'heading':
    case 'paragraph':
      return { ...block, text: clean(block.text) }
    case 'chart':
      return { ...block, alt: clean(block.alt) }
    case 'table': {
      const widths = columnWidthsMm(block.columns, widthMm)
      return {
        is: 'table',
        caption: block.countedIn === null ? null : clean(`Đơn vị tính: ${block.countedIn}`),
        columns: block.columns.map((column, index) => ({ ...column, head: clean(column.head), widthMm: widths[index]! })),
        rows: block.rows.map((row) => block.columns.map((_, index) => clean(row[index] ?? ''))),
        total: block.total && block.columns.map((_, index) => clean(block.total![index] ?? '')),
      }
    }
  }
}

// They sum to the width of the text; the widest gives way where the fixed ones do not.
function columnWidthsMm(columns: Column[], wholeMm: number): number[] {
  const free = columns.filter((column) => column.widthMm === null).length
  const fixed = columns.reduce((sum, column) => sum + (column.widthMm ?? 0), 0)
  const widths = columns.map((column) => column.widthMm ?? (wholeMm - fixed) / free)
  const widest = widths.indexOf(Math.max(...widths))
  widths[widest] = widths[widest]! + wholeMm - widths.reduce((sum, width) => sum + width, 0)
  return widths
}

// The State's rules under names are a third to a half as wide as the words. Widths of Times New Roman, near enough for that.
function partOfWidthMm(text: string, sizePt: number, columnMm: number): number {
  const widthEm = Array.from(text.normalize('NFC')).reduce((sum, letter) => sum + (letter === ' ' ? 0.25 : /\p{Lu}/u.test(letter) ? 0.7 : 0.48), 0)
  return 0.42 * Math.min((widthEm * sizePt * 25.4) / 72, columnMm)
}

const capitals = (text: string) => text.toLocaleUpperCase('vi')

/**
 * The text as a document can hold it: composed letters, one line, no control characters and no halves of pairs, which XML
 * cannot hold (a DOCX with one does not open at all).
 */
function clean(text: string): string {
  return text
    .normalize('NFC')
    .toWellFormed()
    .replace(/[\t\n\r\u0085\u2028\u2029]+/gu, ' ')
    .replace(/[\u0000-\u001f\ufffe\uffff]/gu, '')
}
