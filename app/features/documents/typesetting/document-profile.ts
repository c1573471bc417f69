import type { Day } from '../../../platform/clock.ts'
import type { IssuedBy } from './official-document.ts'

/** Measures of an official document on A4 by one rule of format. Positions follow from them; tests read them back out of the files. */
export type DocumentProfile = {
  pageMm: { width: number; height: number }
  marginsMm: { top: number; bottom: number; left: number; right: number }
  pageNumberMm: number // from the upper edge
  columnsMm: { left: number; right: number } // of the letterhead
  closingColumnsMm: { left: number; right: number } // of recipients and signature
  titleRuleMm: number // under the last words of the letterhead's right column, as wide as they are
  signatureRoomMm: number
  abstractSideMm: number // keeps a last line of the abstract from being one word
  addressMm: { label: number; names: number } // where "Kính gửi:" and the names under it begin
  firstLineMm: number
  linePt: number
  nameLinePt: number
  fontPt: {
    text: number
    title: number
    motto: number
    bodies: number
    number: number
    name: number
    letterAbstract: number
    table: number
    recipientsHead: number
    recipients: number
  }
}

const a4 = { width: 210, height: 297 }

const hd36: DocumentProfile = {
  pageMm: a4,
  marginsMm: { top: 20, bottom: 20, left: 30, right: 15 },
  pageNumberMm: 10,
  columnsMm: { left: 77, right: 88 },
  closingColumnsMm: { left: 77, right: 88 },
  // "ĐẢNG CỘNG SẢN VIỆT NAM" in Times New Roman Bold 15 pt, from the font's advance widths
  titleRuleMm: 72.9,
  signatureRoomMm: 25,
  abstractSideMm: 12,
  addressMm: { label: 30, names: 50 },
  firstLineMm: 10,
  linePt: 18,
  nameLinePt: 19,
  fontPt: { text: 14, title: 15, motto: 15, bodies: 14, number: 14, name: 16, letterAbstract: 12, table: 13, recipientsHead: 14, recipients: 12 },
}

/**
 * Formats by name. `hd36` is guidance 36-HD/VPTW (3/4/2018) and `hd05` is 05-HD/VPTW (2026), whose text was not seen: it
 * has the values of `hd36` until it is (decision 0008). `nd30` is the State's decree 30/2020/NĐ-CP.
 */
export const profiles = {
  hd36,
  hd05: hd36,
  nd30: {
    ...hd36,
    columnsMm: { left: 68, right: 97 },
    // "Độc lập - Tự do - Hạnh phúc" in Times New Roman Bold 14 pt
    titleRuleMm: 60.5,
    nameLinePt: 18,
    fontPt: { text: 14, title: 13, motto: 14, bodies: 13, number: 13, name: 14, letterAbstract: 12, table: 13, recipientsHead: 12, recipients: 11 },
  },
} satisfies Record<string, DocumentProfile>

export type ProfileName = keyof typeof profiles

// Newest first. The day of 05-HD was not seen; 399-QĐ/TW, which it guides, is of this one.
const inForce: Record<IssuedBy, { from: Day; profile: ProfileName }[]> = {
  party: [
    { from: '2026-01-09', profile: 'hd05' },
    { from: '2018-04-03', profile: 'hd36' },
  ],
  state: [{ from: '2020-03-05', profile: 'nd30' }],
}

/** The format in force on the day of issue; the newest for a document without a day yet, the oldest known before it. */
export function profileOn(issuedBy: IssuedBy, day: Day | null): ProfileName {
  const formats = inForce[issuedBy]
  return (day === null ? formats[0] : (formats.find(({ from }) => from <= day) ?? formats.at(-1)))!.profile
}
