import { addDays, isDay, showDay, type Day } from '../../../platform/clock.ts'

/** What a cell of a sheet holds once read: a date of the sheet is told from a number by its format alone. */
export type Cell = string | number | { day: Day } | null

/** A text without stray, doubled and non-breaking spaces, composed. */
export function tidy(text: string): string {
  if (/^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(text)) return text
  return text.normalize('NFC').replace(/[\u200b-\u200d\u2060\ufeff]/g, '').replace(/[\s\u00a0]+/g, ' ').trim()
}

/** A cell as a person sees it in the sheet. */
export function showCell(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'object') return showDay(cell.day)
  return typeof cell === 'number' ? String(cell) : cell
}

/** Lower case without marks, đ as d, anything but letters and digits a space: how headings and names of units are compared. */
export function plain(text: string): string {
  return tidy(text).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd').replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
}

/** A day; a year alone, which says no day; or null for neither. */
export type Read = { day: Day } | { year: number } | null

/** Reads a day as sheets hold it: a date, Excel's serial number, d/m/yyyy with any sign between, "ngày 3 tháng 2 năm 1980", a year alone. */
export function readSheetDay(cell: Cell): Read {
  if (cell === null) return null
  if (typeof cell === 'object') return within({ day: cell.day })
  if (typeof cell === 'number') return fromNumber(cell)
  const text = tidy(cell)
  if (/^\d{4,5}(?:[.,]0+)?$/.test(text)) return fromNumber(Number(text.replace(',', '.')))
  const parts =
    /^(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4})(?:\s+\d{1,2}:\d{2}(?::\d{2})?(?:\.0+)?)?$/.exec(text) ??
    /^(?:ngày\s*)?(\d{1,2})\s*(?:tháng|th\.?)\s*(\d{1,2})\s*(?:năm|,)\s*(\d{4})$/i.exec(text)
  if (parts) return dayOf(parts[3]!, parts[2]!, parts[1]!)
  const turned = /^(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?$/.exec(text)
  if (turned) return dayOf(turned[1]!, turned[2]!, turned[3]!)
  const packed = /^(\d{2})(\d{2})((?:19|20)\d{2})$/.exec(text)
  return packed ? dayOf(packed[3]!, packed[2]!, packed[1]!) : null
}

function fromNumber(number: number): Read {
  if (!Number.isInteger(number)) number = Math.floor(number)
  if (number >= 1900 && number <= 2100) return { year: number }
  // serials of 1905-03-14 onward, so that no year is taken for one; 73050 is 2100-01-01
  if (number > 2100 && number < 73_050) return within({ day: addDays('1899-12-30', number) })
  if (number > 1_011_900 && number < 99_999_999) {
    const text = String(number).padStart(8, '0') // 03021980 that lost its zero
    return /(?:19|20)\d{2}$/.test(text) ? dayOf(text.slice(4), text.slice(2, 4), text.slice(0, 2)) : null
  }
  return null
}

function dayOf(year: string, month: string, date: string): Read {
  const day = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
  return isDay(day) ? within({ day }) : null
}

const within = (read: { day: Day }): Read => (read.day >= '1900-01-01' && read.day < '2101-01-01' ? read : null)

/** A Vietnamese phone number as 0 and nine digits (or ten, of a land line); null when it is none. A number that lost its zero gets it back. */
export function readPhone(text: string): { phone: string; isMended: boolean } | null {
  const typed = tidy(text).replace(/[\s.()-]/g, '')
  const digits = typed.replace(/^(?:\+84|0084|84(?=\d{9,10}$))/, '0')
  if (/^0[2-9]\d{8,9}$/.test(digits)) return { phone: digits, isMended: false }
  // nine digits as mobile numbers begin, or ten as land lines do
  if (/^(?:[35789]\d{8}|2\d{9})$/.test(digits)) return { phone: `0${digits}`, isMended: true }
  return null
}

/** A name as it is kept: one space between words; written all in capitals or all small it gets a capital a word. */
export function readName(text: string, wasOld = false): { name: string; isMended: boolean } {
  const name = tidy(text)
  const isOneCase = name === name.toUpperCase() || name === name.toLowerCase()
  // fonts of old code pages show capitals that the text itself has not
  const mended = isOneCase || wasOld ? name.split(' ').map((word) => capital(isOneCase ? word.toLowerCase() : word)).join(' ') : name
  return { name: mended, isMended: mended !== name }
}

const capital = (word: string) => word.replace(/^(\p{L})|(?<=['’-])(\p{L})/gu, (letter) => letter.toUpperCase())

/** Whether a cell ticks what its column names: x, X, v, ✓, 1, có. */
export const isTick = (text: string) => /^(?:x|v|✓|✔|√|1|co|yes|y)$/i.test(plain(text) || text.trim())
