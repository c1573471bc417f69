import { isDay, type Day } from '../../platform/clock.ts'
import { documentTypes, type DocumentType } from './official-document.ts'

/**
 * Number and symbol of a Party document, `Số 05-NQ/ĐU`: two digits below 10, no colon; `Số …-BC/TU` while it has none.
 * State documents are written otherwise (`Số: 156/QĐ-UBND`).
 */
export function partyNumber(number: number | null, type: DocumentType, issuerSymbol: string | null): string {
  if (number !== null && !(Number.isSafeInteger(number) && number > 0)) throw new RangeError(`${number} is not a document number`)
  return `Số ${number === null ? '…' : twoDigits(number)}-${documentTypes[type].abbreviation}/${issuerSymbol ?? '…'}`
}

/** `Cần Thơ, ngày 05 tháng 02 năm 2026`; what is not known yet is left as `…`. */
export function placeAndDay(place: string | null, day: Day | null): string {
  const { date, month, year } = day === null ? { date: '…', month: '…', year: '…' } : partsOf(day)
  return `${place ?? '…'}, ngày ${date} tháng ${month} năm ${year}`
}

/** A day inside a document's text, `09/3/2021`, by the same rule of digits as in its letterhead. */
export function dayInText(day: Day): string {
  const { date, month, year } = partsOf(day)
  return `${date}/${month}/${year}`
}

// Days below 10 and months 1 and 2 have two digits: nothing can be written before them afterwards. Months 3 to 9 have one.
function partsOf(day: Day): { date: string; month: string; year: string } {
  if (!isDay(day)) throw new RangeError(`"${day}" is not a day`)
  const [year, month, date] = day.split('-') as [string, string, string]
  return { date: twoDigits(Number(date)), month: Number(month) < 3 ? twoDigits(Number(month)) : String(Number(month)), year }
}

const twoDigits = (value: number) => String(value).padStart(2, '0')
