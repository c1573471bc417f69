import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { writtenNumber } from '../document-rows.server.ts'
import { numberAndSymbol, placeAndDay } from '../typesetting/document-number.server.ts'
import { documentTypes, type DocumentType } from '../typesetting/document-types.schema.ts'
import { readDocumentNumber, type ReadNumber } from './read-number.server.ts'

const read = (typed: string) => {
  const { types: _, ...rest } = readDocumentNumber(typed)
  return rest
}
const plan: Omit<ReadNumber, 'types'> = { type: 'plan', number: 17, symbol: 'TU', grammar: 'party', day: null, unsure: [] }

test.each([
  ['Ke hoach 17 KH/TU ngay 22-3-21', { ...plan, day: '2021-03-22' }],
  ['17-kh/tu', plan],
  ['Số 17-KH/TU'.normalize('NFD'), plan],
  ['SỐ: 17 – KH / TU', plan],
  ['17-KH_TU.pdf', plan],
  ['17-KH-TU', plan],
  ['số 05-NQ/ĐU ngày 5 tháng 2 năm 2026', { ...plan, type: 'resolution', number: 5, symbol: 'ĐU', day: '2026-02-05' }],
  ['05-nq/du', { ...plan, type: 'resolution', number: 5, symbol: 'ĐU' }],
  ['156/QD-UBND', { ...plan, type: 'decision', number: 156, symbol: 'UBND', grammar: 'state' }],
  ['Số: 07/QyĐ-UBND', { ...plan, type: 'regulation', number: 7, symbol: 'UBND', grammar: 'state' }],
  ['12/UBND-VX', { ...plan, type: 'official_letter', number: 12, symbol: 'UBND-VX', grammar: 'state' }],
  ['Công văn 12/STC-NS', { ...plan, type: 'official_letter', number: 12, symbol: 'STC-NS', grammar: 'state' }],
  ['Quy định số 66-QĐ/TW', { ...plan, type: 'regulation', number: 66, symbol: 'TW' }],
  ['Số …-BC/TU', { ...plan, type: 'report', number: null }],
  ['ngày 2 2 tháng 3 năm 2 0 2 1 Số 17-KH/T U', { ...plan, day: '2021-03-22' }],
])('"%s" is read whole', (typed, expected) => expect(read(typed)).toEqual(expected))

test.each([
  ['66-QĐ/TW', { type: null, number: 66, unsure: ['type'] }],
  ['10-CTr/TU', { type: null, number: 10, unsure: ['type'] }],
  ['Chỉ thị 17-KH/TU', { type: null, number: 17, unsure: ['type'] }],
  ['12/ABC-XY', { type: null, number: 12, unsure: ['type'] }],
  ['Số 1 7-KH/TU', { number: 17, unsure: ['number'] }],
  ['năm 2021 17-KH/TU', { number: null, unsure: ['number'] }],
  ['17-KH/XYZ-D', { number: 17, symbol: 'XYZ-D', unsure: ['symbol'] }],
  ['17 KH', { number: 17, symbol: null, grammar: null, unsure: ['symbol', 'number', 'grammar'] }],
  ['17-KH/TU và 18-KH/TU', { type: null, number: null, symbol: null, unsure: ['type', 'number', 'symbol', 'grammar'] }],
  ['17-KH/TU ngày 31/2/2021', { number: 17, day: null, unsure: ['day'] }],
  ['17-KH/TU ngày 3/22/2021', { number: 17, day: null, unsure: ['day'] }],
  ['17-KH/TU ngày 22/3', { number: 17, day: null, unsure: ['day'] }],
  ['17-KH/TU ngày 22/3/2021, sửa ngày 23/3/2021', { number: 17, day: null, unsure: ['day'] }],
  ['0-KH/TU', { number: null, unsure: ['number'] }],
  ['kế hoạch số 17 của Thành ủy', { type: 'plan', number: 17, symbol: null, grammar: null, unsure: ['symbol', 'grammar'] }],
])('"%s" says what it is unsure of', (typed, expected) => expect(readDocumentNumber(typed)).toMatchObject(expected))

test.each(['kế hoạch 5 năm 2021–2025', 'l7-KH/TU', '1.117-CV/TU', 'có 10 đã, 5 da', '98,96% (49.901/50.424)', '', 'Nghị quyết Đại hội XIII', 'ngày … tháng … năm …'])('"%s" has no number', (typed) => {
  expect(readDocumentNumber(typed)).toMatchObject({ type: null, number: null, symbol: null, grammar: null, day: null })
})

describe('whatever the typesetting prints', () => {
  const type = fc.constantFrom(...(Object.keys(documentTypes) as DocumentType[]))
  const number = fc.integer({ min: 1, max: 99_999 })
  const day = fc.date({ min: new Date('1945-09-02T00:00:00Z'), max: new Date('2049-12-31T00:00:00Z'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10))
  const party = fc.constantFrom('TW', 'TU', 'QU', 'HU', 'ĐU', 'CB', 'VPTU', 'BTGTU', 'BTGDVTU', 'UBKTTU', 'ĐH', 'BCSĐ', 'ĐUK', 'BCĐ35')
  const state = fc.constantFrom('UBND', 'HĐND', 'MTTQ-BTT', 'UBND-VX', 'UBND-NCPC')
  const sign = fc.oneof(
    fc.record({ issuedBy: fc.constant('party' as const), issuerSymbol: party, number, type, day }),
    fc.record({ issuedBy: fc.constant('state' as const), issuerSymbol: state, number, type, day }),
  )
  // what one abbreviation stands for: the name before the number decides
  const expected = (types: DocumentType[], said: DocumentType) => expect(types).toContain(said)

  test('reads back, with its day, however the scanner spaced it', () => {
    fc.assert(
      fc.property(sign, fc.boolean(), fc.boolean(), (one, isDecomposed, isSpaced) => {
        const printed = `${numberAndSymbol(one)} ${placeAndDay('Cần Thơ', one.day)}`
        const typed = isSpaced ? printed.replace(/([-/:])/g, ' $1 ') : printed
        const result = readDocumentNumber(isDecomposed ? typed.normalize('NFD') : typed)
        expect(result).toMatchObject({ number: one.number, symbol: one.issuerSymbol, grammar: one.issuedBy, day: one.day })
        expected(result.types, one.type)
        expect(result.unsure.filter((part) => part !== 'type')).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
  test('reads back from the name and the number as registers write it', () => {
    fc.assert(
      fc.property(sign, (one) => {
        const written = writtenNumber({ grammar: one.issuedBy, number: one.number, type: one.type, symbol: one.issuerSymbol })!
        const result = readDocumentNumber(`${documentTypes[one.type].name} số ${written}`)
        expect(result).toMatchObject({ type: one.type, number: one.number, symbol: one.issuerSymbol, grammar: one.issuedBy, unsure: [] })
      }),
      { numRuns: 500 },
    )
  })
  test('without marks and capitals is read alike, or says that it is not', () => {
    fc.assert(
      fc.property(sign, (one) => {
        const typed = numberAndSymbol(one).normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase()
        const result = readDocumentNumber(typed)
        expect(result.number).toBe(one.number)
        if (!result.unsure.includes('symbol')) expect(result.symbol).toBe(one.issuerSymbol)
        if (result.type) expect(result.type).toBe(one.type)
      }),
      { numRuns: 500 },
    )
  })
})

test('nothing is invented: every part that is read stands in the text', () => {
  const piece = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('17', '-KH', '/TU', 'ngày ', '22/3/2021', ' năm ', 'số ', 'QĐ', '/', '-', ' ', 'ĐU', '156', 'UBND', '05', '…', 'kế hoạch '))
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const typed = pieces.join('')
      const { number, symbol, day, type, types, unsure } = readDocumentNumber(typed)
      const figures = typed.normalize('NFC').replace(/\D/g, '')
      if (number !== null) expect(figures).toContain(String(number))
      if (symbol !== null) expect(typed.length).toBeGreaterThanOrEqual(symbol.length)
      if (day !== null) expect(figures).toContain(String(Number(day.slice(8))))
      expect(type !== null).toBe(types.length === 1)
      expect(new Set(unsure).size).toBe(unsure.length)
    }),
    { numRuns: 2000 },
  )
})
