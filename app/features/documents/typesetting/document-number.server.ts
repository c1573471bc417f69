import { isDay, type Day } from '../../../platform/clock.ts'
import { documentTypes } from './document-types.schema.ts'
import type { OfficialDocument } from './official-document.ts'

/**
 * Number and symbol as the issuer writes them, `…` while it has none; two digits below 10. The Party's has no colon
 * (`Số 05-NQ/ĐU`), the State's has one (`Số: 156/QĐ-UBND`; of a letter, which has no abbreviation, `Số: 12/UBND-VX`).
 */
export function numberAndSymbol({ issuedBy, number, type, issuerSymbol }: Pick<OfficialDocument, 'issuedBy' | 'number' | 'type' | 'issuerSymbol'>): string {
  if (number !== null && !(Number.isSafeInteger(number) && number > 0)) throw new RangeError(`${number} is not a document number`)
  const written = number === null ? '…' : twoDigits(number)
  const symbol = issuerSymbol ?? '…'
  const kind: { abbreviation: string; state?: string } = documentTypes[type]
  if (issuedBy === 'party') return `Số ${written}-${kind.abbreviation}/${symbol}`
  const abbreviation = kind.state ?? kind.abbreviation
  return `Số: ${written}/${abbreviation === '' ? symbol : `${abbreviation}-${symbol}`}`
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
