import { beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation } from '../../../tests/people.ts'
import { asViewer } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { correctDocument, correctionsOf } from './corrections.server.ts'
import { documentById } from './document-rows.server.ts'
import { draftDocument, issueDocument, withdrawDocument } from './documents.server.ts'
import { DocumentCorrection, DocumentDraft, IncomingDocument } from './documents.schema.ts'
import { registerIncoming } from './incoming.server.ts'
import { nextNumber } from './numbers/series.server.ts'
import { confirmReceived, recipientsOf } from './recipients.server.ts'
import { relationsOf } from './relations.server.ts'
import { searchDocuments } from './search.server.ts'

const { db } = await testDatabase()
const people = await organisation(db, '2021-04-15')
const { mai, duc, ngoc, binh, thu, lan } = people.viewer

const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
const issued = async (viewer: Viewer, input: Partial<Record<keyof DocumentDraft, unknown>>, more: { number?: number; issuedOn?: string } = {}) => {
  const { documentId } = await as(viewer, (ctx) => draftDocument(ctx, DocumentDraft.parse({ type: 'plan', abstract: 'học tập nghị quyết', ...input })))
  await as(viewer, (ctx) => issueDocument(ctx, { documentId, issuedOn: '2021-03-22', isKnownEmpty: false, ...more }))
  return documentId
}
const incoming = async (input: object) => (await as(mai, (ctx) => registerIncoming(ctx, IncomingDocument.parse({ unitCode: 'can-tho', issuerName: 'Bộ Chính trị', abstract: 'học tập nghị quyết', issuedOn: '9/3/2021', ...input })))).documentId
/** The form as the page fills it, with some fields changed. */
const correct = (viewer: Viewer, documentId: string, changed: Partial<Record<keyof DocumentCorrection, unknown>>) =>
  as(viewer, async (ctx) => {
    const head = await documentById(ctx.tx, documentId)
    const all = await recipientsOf(ctx.tx, documentId)
    const { to } = await relationsOf(ctx.tx, documentId)
    const { version, type, abstract, urgency, campaignCode, place, signedAs, signerPosition, signerName, issuedOn, receivedOn } = head
    const form = {
      documentId, version, type, abstract, urgency, campaignCode: campaignCode ?? '', place: place ?? '', signedAs: signedAs ?? '', signerPosition: signerPosition ?? '', signerName: signerName ?? '', issuedOn, receivedOn: receivedOn ?? '',
      ...(head.isIncoming ? { written: head.written ?? '', issuerName: head.issuerName } : { number: head.number ?? '', symbol: head.symbol ?? '' }),
      recipientUnits: all.flatMap((one) => (one.unitCode && !one.isOneOfThem ? [one.unitCode] : [])),
      toAllBeneath: all.some((one) => one.isBeneath),
      recipientLines: all.filter((one) => one.unitId === null && !one.isBeneath).map((one) => one.name).join('\n'),
      relations: to.map(({ kind, document }) => ({ kind, toId: document.id })),
    }
    return correctDocument(ctx, DocumentCorrection.parse({ ...form, ...changed }))
  })
const changesOf = async (documentId: string) => (await as(mai, ({ tx }) => correctionsOf(tx, documentId))).corrections[0]
const headOf = (documentId: string) => as(mai, ({ tx }) => documentById(tx, documentId))
const noticesOf = async (documentId: string) => (await db.selectFrom('notice').select(['kind', 'person_id']).where('about_id', '=', documentId).execute()).map((row) => `${row.kind} ${Object.entries(people.person).find(([, id]) => id === row.person_id)?.[0] ?? ''}`).toSorted()
const refusal = async (work: Promise<unknown>) => {
  const error = await work.then(() => null, (thrown: unknown) => thrown)
  if (!(error instanceof Refused)) throw error ?? new Error('nothing was refused')
  return `${error.field}: ${error.sentence('vi')}`
}

beforeAll(async () => {
  await openedCampaign(db, people)
})

describe('what was registered from outside', () => {
  test('is put right with who did it, when, and from what to what; it is found by the new words and not by the old', async () => {
    const id = await incoming({ written: '01-CT/TW', abstract: 'về việc hoc tạp', signerName: 'Nguyễn Văn An', receivedOn: '12/3/2021' })
    await correct(mai, id, { written: '02-CT/TW', abstract: 'về việc học tập', signerName: 'Nguyễn Văn Ân', issuedOn: '8/3/2021', reason: 'gõ nhầm khi vào sổ' })
    expect(await headOf(id)).toMatchObject({ written: '02-CT/TW', abstract: 'về việc học tập', signerName: 'Nguyễn Văn Ân', issuedOn: '2021-03-08', receivedOn: '2021-03-12' })
    expect(await changesOf(id)).toMatchObject({
      by: 'Huỳnh Thị Mai',
      reason: 'gõ nhầm khi vào sổ',
      changes: [
        { field: 'written', from: '01-CT/TW', to: '02-CT/TW' },
        { field: 'issuedOn', from: '2021-03-09', to: '2021-03-08' },
        { field: 'abstract', from: 'về việc hoc tạp', to: 'về việc học tập' },
        { field: 'signerName', from: 'Nguyễn Văn An', to: 'Nguyễn Văn Ân' },
      ],
    })
    const found = async (words: string) => (await as(mai, (ctx) => searchDocuments(ctx, { words }))).documents.map((one) => one.id)
    expect(await found('02-CT/TW')).toContain(id)
    expect(await found('01-CT/TW')).not.toContain(id)
  })
  test('is refused as one that the register has already, with a day before it was issued, and by whom it is not', async () => {
    await incoming({ written: '05-KL/TW' })
    const other = await incoming({ written: '06-KL/TW' })
    expect(await refusal(correct(mai, other, { written: '5-kl/tw' }))).toMatch(/^written: Văn bản này đã có trong sổ/)
    expect(await refusal(correct(mai, other, { receivedOn: '8/3/2021' }))).toMatch(/^receivedOn: Ngày đến không thể trước/)
    expect(await refusal(correct(mai, other, {}))).toBe('form: Chưa có gì khác với điều đang ghi trong sổ.')
    for (const viewer of [duc, ngoc, lan]) await expect(correct(viewer, other, { abstract: 'khác' })).rejects.toThrow(Forbidden)
    expect(await headOf(other)).toMatchObject({ written: '06-KL/TW', version: 1 })
  })
})

describe('one’s own that is out', () => {
  test('takes another number only where that is free, and what it leaves can be used', async () => {
    const seventeen = await issued(duc, { unitCode: 'ninh-kieu' }, { number: 17 })
    const eighteen = await issued(duc, { unitCode: 'ninh-kieu' })
    expect(await refusal(correct(duc, eighteen, { number: 17 }))).toBe('number: Số 17-KH/QU đã dùng cho văn bản ngày 22/3/2021. Số kế tiếp là 19-KH/QU.')
    expect(await refusal(correct(duc, eighteen, { number: '' }))).toBe('number: Văn bản của đơn vị phải có số.')
    expect(await refusal(correct(duc, eighteen, { issuedOn: '16/4/2021' }))).toMatch(/^issuedOn: Ngày 16\/4\/2021 chưa tới/)
    await correct(duc, eighteen, { number: 25 })
    expect((await headOf(eighteen)).written).toBe('25-KH/QU')
    await correct(duc, seventeen, { number: 18 })
    const state = await as(duc, (ctx) => nextNumber(ctx, { unitId: people.unit.district, grammar: 'party', type: 'plan', symbol: 'QU', issuedOn: '2021-03-23' }))
    expect(state).toMatchObject({ last: 25, gaps: [19, 20, 21, 22, 23, 24] })
    expect(await refusal(correct(ngoc, await issued(ngoc, { unitCode: 'an-hoa' }), { type: 'directive' }))).toMatch(/^type: Theo 66-QĐ\/TW/)
  })
  test('two who correct it at once: the second is told, and looks again', async () => {
    const id = await issued(duc, { unitCode: 'ninh-kieu' })
    const both = await Promise.allSettled([correct(duc, id, { version: 2, abstract: 'một' }), correct(duc, id, { version: 2, abstract: 'hai' })])
    expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect((await as(mai, ({ tx }) => correctionsOf(tx, id))).corrections).toHaveLength(1)
  })
  test('is corrected by nobody past the register, and a correction is never changed', async () => {
    const id = await issued(duc, { unitCode: 'ninh-kieu' })
    await correct(duc, id, { abstract: 'sau khi sửa' })
    await expect(db.updateTable('document').set({ abstract: 'khác', version: 4 }).where('id', '=', id).execute()).rejects.toThrow('what was issued stays')
    await expect(db.updateTable('document').set({ signer_name: 'khác' }).where('id', '=', id).execute()).rejects.toThrow('what was issued stays')
    await expect(as(duc, ({ tx }) => tx.updateTable('document_correction').set({ reason: 'khác' }).execute())).rejects.toThrow('permission denied')
    await expect(as(duc, ({ tx }) => tx.deleteFrom('document_correction').execute())).rejects.toThrow('permission denied')
  })
  test('keeps who received it; who is added is told; who has received cannot be left out until the word is taken back', async () => {
    const id = await issued(ngoc, { unitCode: 'an-hoa', recipientUnits: ['an-hoa-1'], recipientLines: 'Lưu Văn phòng Đảng ủy' })
    await as(binh, (ctx) => confirmReceived(ctx, { documentId: id, isReceived: true }))
    const before = await as(ngoc, ({ tx }) => recipientsOf(tx, id))
    expect(await noticesOf(id)).toEqual(['document-received binh'])
    await correct(ngoc, id, { recipientUnits: ['an-hoa-1', 'an-hoa-2'] })
    const after = await as(ngoc, ({ tx }) => recipientsOf(tx, id))
    expect(after.find((one) => one.unitCode === 'an-hoa-1')).toEqual(before.find((one) => one.unitCode === 'an-hoa-1'))
    expect(await noticesOf(id)).toEqual(['document-received binh', 'document-received thu'])
    expect(await changesOf(id)).toMatchObject({ changes: [{ field: 'recipients', from: ['Chi bộ khu vực 1', 'Lưu Văn phòng Đảng ủy'], to: ['Chi bộ khu vực 1', 'Chi bộ khu vực 2', 'Lưu Văn phòng Đảng ủy'] }] })
    expect(await refusal(correct(ngoc, id, { recipientUnits: ['an-hoa-2'] }))).toMatch(/^recipientUnits: Chi bộ khu vực 1 đã xác nhận nhận văn bản/)
    await expect(db.deleteFrom('document_recipient').where('document_id', '=', id).execute()).rejects.toThrow('a unit has received it')
    await as(binh, (ctx) => confirmReceived(ctx, { documentId: id, isReceived: false }))
    await correct(ngoc, id, { recipientUnits: ['an-hoa-2'] })
    expect((await as(ngoc, ({ tx }) => recipientsOf(tx, id))).map((one) => one.name)).toEqual(['Chi bộ khu vực 2', 'Lưu Văn phòng Đảng ủy'])
  })
  test('sent to all beneath afterwards reaches each of them once, and who has it is told what it is called now', async () => {
    const id = await issued(ngoc, { unitCode: 'an-hoa', recipientUnits: ['an-hoa-1'] })
    await correct(ngoc, id, { toAllBeneath: true, abstract: 'trích yếu đúng' })
    expect((await as(ngoc, ({ tx }) => recipientsOf(tx, id))).map((one) => one.name)).toEqual(['Các đơn vị trực thuộc', 'Chi bộ khu vực 2', 'Chi bộ khu vực 1'])
    expect(await noticesOf(id)).toEqual(['document-corrected binh', 'document-received binh', 'document-received thu'])
    await correct(ngoc, id, { toAllBeneath: false })
    expect((await as(ngoc, ({ tx }) => recipientsOf(tx, id))).map((one) => [one.name, one.isOneOfThem])).toEqual([['Chi bộ khu vực 1', false]])
  })
  test('gets its right relation; who may not see the other document is not told of it by the correction', async () => {
    const hidden = await issued(binh, { unitCode: 'an-hoa-1', abstract: 'của chi bộ một' })
    const id = await issued(ngoc, { unitCode: 'an-hoa', toAllBeneath: true })
    await correct(ngoc, id, { relations: [{ kind: 'based_on', toId: hidden }] })
    await correct(binh, hidden, { abstract: 'của riêng chi bộ một' })
    expect((await as(ngoc, ({ tx }) => correctionsOf(tx, hidden))).corrections).toHaveLength(1)
    expect((await as(thu, ({ tx }) => correctionsOf(tx, hidden))).corrections).toEqual([]) // who does not see the document
    expect((await as(ngoc, ({ tx }) => correctionsOf(tx, id))).related.map((one) => one.id)).toEqual([hidden])
    const seen = await as(thu, ({ tx }) => correctionsOf(tx, id))
    expect(seen.related).toEqual([])
    expect(seen.corrections[0]!.changes).toEqual([{ field: 'relations', from: [], to: [{ kind: 'based_on', toId: hidden }] }])
    expect(await refusal(correct(ngoc, id, { relations: [{ kind: 'based_on', toId: id }] }))).toMatch(/^relations: /)
  })
  test('withdrawn stays as it was withdrawn; a draft is edited; one that is not seen is not there', async () => {
    const id = await issued(duc, { unitCode: 'ninh-kieu' })
    await as(duc, (ctx) => withdrawDocument(ctx, { documentId: id, reason: 'sai' }))
    expect(await refusal(correct(duc, id, { abstract: 'khác' }))).toMatch(/^form: Văn bản đã thu hồi/)
    const { documentId } = await as(duc, (ctx) => draftDocument(ctx, DocumentDraft.parse({ unitCode: 'ninh-kieu', type: 'plan', abstract: 'dự thảo' })))
    expect(await refusal(as(duc, (ctx) => correctDocument(ctx, DocumentCorrection.parse({ documentId, version: 1, abstract: 'khác', issuedOn: '22/3/2021' }))))).toMatch(/^form: Văn bản còn là dự thảo/)
    await expect(as(ngoc, (ctx) => correctDocument(ctx, DocumentCorrection.parse({ documentId, version: 1, abstract: 'khác', issuedOn: '22/3/2021' })))).rejects.toThrow(NotFound)
  })
})

describe('a head’s own plan', () => {
  test('names units on paper and sends it to none; its author alone makes it the unit’s again', async () => {
    const plan = { unitCode: 'ninh-kieu', type: 'plan', abstract: 'kế hoạch cá nhân', recipientUnits: ['an-hoa'], toAllBeneath: true }
    const { documentId } = await as(duc, (ctx) => draftDocument(ctx, DocumentDraft.parse(plan)))
    await as(duc, (ctx) => draftDocument(ctx, DocumentDraft.parse({ ...plan, documentId, isPersonalPlan: true })))
    const lines = async () => (await as(duc, ({ tx }) => recipientsOf(tx, documentId))).map((one) => [one.name, one.unitId !== null || one.isBeneath])
    expect(await lines()).toEqual([['Các đơn vị trực thuộc', false], ['Đảng ủy phường An Hòa', false]])
    await as(duc, (ctx) => draftDocument(ctx, DocumentDraft.parse({ ...plan, documentId })))
    expect(await lines()).toEqual([['Các đơn vị trực thuộc', true], ['Đảng ủy phường An Hòa', true]])
    expect((await as(duc, ({ tx }) => documentById(tx, documentId))).authorId).toBeNull()
  })
})
