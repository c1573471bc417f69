import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { testDatabase } from '../../../../tests/database.ts'
import { organisation } from '../../../../tests/people.ts'
import { testFiles } from '../../../../tests/files.ts'
import { asViewer } from '../../../db/open.ts'
import { Forbidden } from '../../../platform/errors.ts'
import { keepFile } from '../../../platform/files/files.ts'
import { documentKinds } from '../../../platform/files/media-types.ts'
import { pagePdf } from '../../../platform/reading/hostile.fixture.ts'
import { readText } from '../../../platform/reading/read-text.server.ts'
import { draftDocument } from '../documents.server.ts'
import { DocumentDraft } from '../documents.schema.ts'
import { filesOf } from '../files.server.ts'
import { letter, plan, stateDecision } from '../typesetting/official-document.fixture.ts'
import type { OfficialDocument } from '../typesetting/official-document.ts'
import { renderDocx } from '../typesetting/official-docx.server.ts'
import { renderPdf } from '../typesetting/official-pdf.server.ts'
import { readFirstPage } from './first-page.ts'
import { bringFile, broughtFile, suggestFrom } from './suggest.server.ts'

const ofPlan = {
  written: '09-KH/ĐU',
  type: 'plan',
  issuedOn: '5/2/2026',
  place: 'La Bằng',
  issuerName: 'Đảng ủy xã La Bằng',
  abstract: 'học tập, quán triệt nghị quyết',
  recipientLines: 'Huyện ủy Đại Từ (để báo cáo)\nLưu Văn phòng Đảng ủy',
  signedAs: 'T/M BAN THƯỜNG VỤ',
  signerPosition: 'BÍ THƯ',
  signerName: 'Người Ký Mẫu',
}
const ofLetter = { ...ofPlan, written: '123-CV/TU', type: 'official_letter', issuedOn: '22/3/2021', place: 'Cần Thơ', issuerName: 'Thành ủy Cần Thơ', abstract: 'học tập, quán triệt Nghị quyết', recipientLines: 'Như trên\nLưu Văn phòng Thành ủy' }
const ofDecision = { ...ofPlan, written: '156/QĐ-UBND', type: 'decision', place: 'Ninh Kiều', issuerName: 'UBND phường Ninh Kiều', abstract: 'Về việc thành lập tổ công tác', recipientLines: 'Như Điều 3\nLưu: VT', signedAs: 'TM. ỦY BAN NHÂN DÂN', signerPosition: 'CHỦ TỊCH' }

describe('what the typesetting printed', () => {
  test.each([
    ['a plan', plan, ofPlan],
    ['a letter', letter, ofLetter],
    ['a decision of the State', stateDecision, ofDecision],
  ] as [string, OfficialDocument, object][])('%s is read back from DOCX and from PDF', async (_, document, expected) => {
    for (const bytes of [await renderDocx(document), await renderPdf(document)]) {
      const { values, doubts, note } = readFirstPage(await readText(bytes, { betweenParagraphs: '\n' }))
      expect(values).toEqual({ ...expected, text: values.text })
      expect([doubts, note]).toEqual([{}, null])
    }
  })
})

test.each([
  ['ĐẢNG ỦY XÃ A\n*\nSố 1 7-KH/ĐU\nAn Hòa, ngày 31 tháng 2 năm 2026\nKẾ HOẠCH\nhọc tập', { type: 'plan', issuerName: 'Đảng ủy xã A', abstract: 'học tập', place: 'An Hòa' }, { written: 'Số 1 7-KH/ĐU', issuedOn: 'An Hòa, ngày 31 tháng 2 năm 2026' }],
  ['BỘ CHÍNH TRỊ\n*\nSố 01-CT/TW\tĐẢNG CỘNG SẢN VIỆT NAM\nQUYẾT ĐỊNH', { written: '01-CT/TW', issuerName: 'Bộ Chính trị' }, { type: 'quyết định' }],
])('what is not sure stays empty and is told: %s', (text, values, doubts) => {
  const read = readFirstPage(text)
  expect({ ...read.values, text: undefined }).toEqual({ ...values, text: undefined })
  expect(read.doubts).toEqual(doubts)
})

test('any text whatever is read without a crash, and what is filled in stands in it', () => {
  const piece = fc.oneof(fc.string(), fc.constantFrom('Số 17-KH/TU', 'KẾ HOẠCH', 'Cần Thơ, ngày 22 tháng 3 năm 2021', 'Nơi nhận:', '- Lưu;', 'T/M BAN THƯỜNG VỤ', '| a | b |', 'V/v việc', '', '*', '-----'))
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (lines) => {
      const text = lines.join('\n').normalize('NFC')
      const { values } = readFirstPage(text)
      const plain = text.replace(/[\s|]+/g, '').toLowerCase()
      for (const name of ['place', 'issuerName', 'signerName', 'signedAs'] as const) {
        if (values[name]) expect(plain).toContain(values[name].replace(/[\s|]+/g, '').toLowerCase())
      }
    }),
    { numRuns: 500 },
  )
})

describe('a file that is brought', async () => {
  const { db } = await testDatabase()
  const { viewer } = await organisation(db)
  const files = await testFiles()
  const keep = (bytes: Uint8Array, name: string) => keepFile(files, bytes, { allowed: documentKinds, most: 10_000_000, name })

  test('waits for who brought it alone, and is attached when the draft is saved', async () => {
    const kept = await keep(await renderPdf(plan), 'Kế hoạch.pdf')
    const suggestion = await suggestFrom(files, kept)
    expect(suggestion.values.written).toBe('09-KH/ĐU')
    const { uploadId } = await asViewer(db, viewer.ngoc, (tx) => bringFile({ tx, viewer: viewer.ngoc, source: 'page' }, { unitCode: 'an-hoa', file: kept }, suggestion))
    expect(await asViewer(db, viewer.ngoc, (tx) => broughtFile(tx, uploadId))).toMatchObject({ name: 'Kế hoạch.pdf', values: { issuedOn: '5/2/2026' } })
    for (const other of [viewer.mai, viewer.duc, viewer.lan]) expect(await asViewer(db, other, (tx) => broughtFile(tx, uploadId))).toBeNull()
    const input = DocumentDraft.parse({ unitCode: 'an-hoa', type: 'plan', abstract: 'học tập', uploadId })
    const { documentId } = await asViewer(db, viewer.ngoc, (tx) => draftDocument({ tx, viewer: viewer.ngoc, source: 'page' }, input))
    expect(await asViewer(db, viewer.ngoc, (tx) => filesOf(tx, documentId))).toMatchObject([{ name: 'Kế hoạch.pdf', kind: 'text', mediaType: 'application/pdf' }])
    expect(await asViewer(db, viewer.mai, (tx) => filesOf(tx, documentId))).toEqual([])
    await expect(asViewer(db, viewer.ngoc, (tx) => draftDocument({ tx, viewer: viewer.ngoc, source: 'page' }, input))).rejects.toThrow('no longer waiting')
    await expect(asViewer(db, viewer.duc, (tx) => bringFile({ tx, viewer: viewer.duc, source: 'page' }, { unitCode: 'an-hoa', file: kept }, suggestion))).rejects.toThrow(Forbidden)
    await kept.drop()
  })
  test('without a text in it gives nothing and says so', async () => {
    const scan = await keep(pagePdf(['', Buffer.from('0 0 m 100 100 l S')]), 'scan.pdf')
    expect(await suggestFrom(files, scan)).toEqual({ values: {}, doubts: {}, note: 'scan' })
    const words = await keep(Buffer.from('Một đoạn văn không phải văn bản.'), 'a.txt')
    expect(await suggestFrom(files, words)).toMatchObject({ note: 'nothing', doubts: {} })
    await Promise.all([scan.drop(), words.drop()])
  })
})
