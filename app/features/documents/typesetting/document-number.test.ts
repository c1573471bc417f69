import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayInText, numberAndSymbol, placeAndDay } from './document-number.server.ts'
import { documentTypes, type DocumentType } from './document-types.schema.ts'

test.each([
  [17, 'plan', 'TU', 'Số 17-KH/TU'],
  [5, 'resolution', 'ĐU', 'Số 05-NQ/ĐU'],
  [10, 'action_programme', 'TU', 'Số 10-CTr/TU'],
  [123, 'official_letter', 'TU', 'Số 123-CV/TU'],
  [66, 'regulation', 'TW', 'Số 66-QĐ/TW'],
  [null, 'report', 'TU', 'Số …-BC/TU'],
  [null, 'report', null, 'Số …-BC/…'],
] as const)('number %s of a %s from %s is written "%s" by the Party', (number, type, issuerSymbol, written) => {
  expect(numberAndSymbol({ issuedBy: 'party', number, type, issuerSymbol })).toBe(written)
})

test.each([
  [156, 'decision', 'UBND', 'Số: 156/QĐ-UBND'],
  [5, 'plan', 'UBND', 'Số: 05/KH-UBND'],
  [7, 'regulation', 'UBND', 'Số: 07/QyĐ-UBND'],
  [12, 'official_letter', 'UBND-VX', 'Số: 12/UBND-VX'],
  [null, 'official_letter', null, 'Số: …/…'],
  [null, 'report', 'UBND', 'Số: …/BC-UBND'],
] as const)('number %s of a %s from %s is written "%s" by the State', (number, type, issuerSymbol, written) => {
  expect(numberAndSymbol({ issuedBy: 'state', number, type, issuerSymbol })).toBe(written)
})

test('the Party\'s kinds of documents have their own abbreviations', () => {
  const abbreviations = new Set(Object.values(documentTypes).map(({ abbreviation }) => abbreviation))
  expect([...abbreviations].toSorted()).toEqual('BB BC BS CT CTr CV GM HD KH KL NQ PA QC QĐ TB TT TTr ĐA'.split(' ').toSorted())
})

test.each([0, -1, 1.5, Number.NaN])('%s is no document number', (number) => {
  expect(() => numberAndSymbol({ issuedBy: 'party', number, type: 'report', issuerSymbol: 'TU' })).toThrow(RangeError)
})

test.each([
  ['Cần Thơ', '2026-02-05', 'Cần Thơ, ngày 05 tháng 02 năm 2026'],
  ['Cần Thơ', '2021-07-02', 'Cần Thơ, ngày 02 tháng 7 năm 2021'],
  ['La Bằng', '2026-01-31', 'La Bằng, ngày 31 tháng 01 năm 2026'],
  ['Cần Thơ', '2021-12-10', 'Cần Thơ, ngày 10 tháng 12 năm 2021'],
  ['Cần Thơ', null, 'Cần Thơ, ngày … tháng … năm …'],
  [null, '2021-03-09', '…, ngày 09 tháng 3 năm 2021'],
])('place %s and day %s are written "%s"', (place, day, written) => {
  expect(placeAndDay(place, day)).toBe(written)
})

test('a day in a text has the same digits as in the letterhead', () => {
  expect(dayInText('2021-03-09')).toBe('09/3/2021')
  expect(dayInText('2021-02-28')).toBe('28/02/2021')
  expect(() => dayInText('2021-02-30')).toThrow(RangeError)
})

test('every number reads back, has at least two digits and no colon', () => {
  const type = fc.constantFrom(...(Object.keys(documentTypes) as DocumentType[]))
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 99_999 }), type, fc.constantFrom('TW', 'TU', 'QU', 'HU', 'ĐU', 'CB'), (number, kind, symbol) => {
      const [, digits, abbreviation, issuer] = /^Số (\d{2,})-(\p{L}+)\/(\p{L}+)$/u.exec(numberAndSymbol({ issuedBy: 'party', number, type: kind, issuerSymbol: symbol }))!
      expect([Number(digits), abbreviation, issuer]).toEqual([number, documentTypes[kind].abbreviation, symbol])
      expect(digits!.startsWith('0')).toBe(number < 10)
    }),
  )
})

test('every day reads back; days below 10 and months 1 and 2 have two digits, months 3 to 9 have one', () => {
  const from = { min: new Date('1930-02-03T00:00:00Z'), max: new Date('2130-12-31T00:00:00Z'), noInvalidDate: true }
  fc.assert(
    fc.property(fc.date(from), (date) => {
      const day = date.toISOString().slice(0, 10)
      const [, date2, month, year] = /^X, ngày (\d{2}) tháng (\d{1,2}) năm (\d{4})$/.exec(placeAndDay('X', day))!
      expect(`${year}-${month!.padStart(2, '0')}-${date2}`).toBe(day)
      expect(month!.length).toBe(Number(month) >= 3 && Number(month) <= 9 ? 1 : 2)
      expect(dayInText(day)).toBe(`${date2}/${month}/${year}`)
    }),
  )
})
