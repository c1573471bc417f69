import { v7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation } from '../../../tests/people.ts'
import { asViewer } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { problemsOf } from '../../web/problems.ts'
import { documentById } from './document-rows.server.ts'
import { discardDraft, draftDocument, issueDocument, withdrawDocument } from './documents.server.ts'
import { DocumentDraft, IncomingDocument } from './documents.schema.ts'
import { registerIncoming } from './incoming.server.ts'
import { CommitteeTerm } from './numbers/numbers.schema.ts'
import { nextNumber } from './numbers/series.server.ts'
import { keepTerm } from './numbers/terms.server.ts'
import { confirmReceived, recipientsOf } from './recipients.server.ts'
import { relationsOf } from './relations.server.ts'
import { searchDocuments } from './search.server.ts'

const { db } = await testDatabase()
const people = await organisation(db, '2021-04-15')
const { mai, duc, ngoc, binh, thu, lan, hoa, khoa, son } = people.viewer

const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
const draft = (viewer: Viewer, input: Partial<Record<keyof DocumentDraft, unknown>>) => as(viewer, (ctx) => draftDocument(ctx, DocumentDraft.parse({ type: 'plan', abstract: 'học tập, quán triệt Nghị quyết', ...input })))
const issue = (viewer: Viewer, documentId: string, more: { number?: number; issuedOn?: string; version?: number } = {}) => as(viewer, (ctx) => issueDocument(ctx, { documentId, issuedOn: '2021-03-22', ...more }))
const issued = async (viewer: Viewer, input: Partial<Record<keyof DocumentDraft, unknown>>, more: { number?: number; issuedOn?: string } = {}) => {
  const { documentId } = await draft(viewer, input)
  return issue(viewer, documentId, more)
}
const sees = async (viewer: Viewer, documentId: string) => as(viewer, ({ tx }) => documentById(tx, documentId)).then(() => true, (error) => (error instanceof NotFound ? false : Promise.reject(error)))
const refusal = async (work: Promise<unknown>) => {
  const error = await work.then(() => null, (thrown: unknown) => thrown)
  if (!(error instanceof Refused)) throw error ?? new Error('nothing was refused')
  return `${error.field}: ${error.sentence('vi')}`
}

beforeAll(async () => {
  await openedCampaign(db, people)
})

describe('a draft', () => {
  test('is its unit’s alone, whoever stands above, beneath or beside it', async () => {
    const { documentId } = await draft(ngoc, { unitCode: 'an-hoa' })
    expect(await sees(ngoc, documentId)).toBe(true)
    for (const other of [mai, duc, binh, thu, lan, hoa, khoa, son]) expect(await sees(other, documentId)).toBe(false)
    for (const other of [mai, duc, binh]) {
      await expect(draft(other, { unitCode: 'an-hoa', documentId })).rejects.toThrow(Forbidden)
      await expect(issue(other, documentId)).rejects.toThrow(NotFound)
      expect((await as(other, (ctx) => searchDocuments(ctx, { words: 'quan triet' }))).documents.map((one) => one.id)).not.toContain(documentId)
      expect(await as(other, ({ tx }) => tx.selectFrom('audit_entry').select('id').where('subject_id', '=', documentId).execute())).toEqual([])
    }
  })
  test('with a recipient does not reach it before it is issued', async () => {
    const { documentId } = await draft(duc, { unitCode: 'ninh-kieu', recipientUnits: ['an-hoa'], toAllBeneath: true })
    expect(await sees(ngoc, documentId)).toBe(false)
    expect(await as(ngoc, ({ tx }) => recipientsOf(tx, documentId))).toEqual([])
    await issue(duc, documentId)
    expect(await sees(ngoc, documentId)).toBe(true)
  })
  test('edited twice at once is kept as the first left it', async () => {
    const { documentId } = await draft(ngoc, { unitCode: 'an-hoa' })
    await draft(ngoc, { unitCode: 'an-hoa', documentId, version: 1, abstract: 'bản thứ hai' })
    expect(await refusal(draft(ngoc, { unitCode: 'an-hoa', documentId, version: 1, abstract: 'bản thứ ba' }))).toMatch(/^version: Người khác vừa sửa/)
    expect((await as(ngoc, ({ tx }) => documentById(tx, documentId))).abstract).toBe('bản thứ hai')
  })
  test('sent twice by one form is one draft', async () => {
    const newId = v7()
    await draft(ngoc, { unitCode: 'an-hoa', newId })
    await draft(ngoc, { unitCode: 'an-hoa', newId })
    const { count } = await db.selectFrom('document').select(({ fn }) => fn.countAll<number>().as('count')).where('id', '=', newId).executeTakeFirstOrThrow()
    expect(count).toBe(1)
    await expect(draft(duc, { unitCode: 'ninh-kieu', newId })).rejects.toThrow(NotFound)
  })
  test('can be discarded, an issued document cannot', async () => {
    const { documentId } = await draft(ngoc, { unitCode: 'an-hoa' })
    await as(ngoc, (ctx) => discardDraft(ctx, { documentId }))
    expect(await sees(ngoc, documentId)).toBe(false)
    const out = await issued(ngoc, { unitCode: 'an-hoa' })
    expect(await refusal(as(ngoc, (ctx) => discardDraft(ctx, { documentId: out.documentId })))).toMatch(/^form: Văn bản này đã ban hành/)
  })
})

describe('numbers', () => {
  test('the city’s plan gets 17 by hand and the next is proposed as 18; what was numbered before on paper is no gap', async () => {
    const seventeen = await issued(mai, { unitCode: 'can-tho', type: 'plan' }, { number: 17 })
    expect(seventeen.written).toBe('17-KH/TU')
    const state = await as(mai, (ctx) => nextNumber(ctx, { unitId: people.unit.city, grammar: 'party', type: 'plan', symbol: 'TU', issuedOn: '2021-03-23' }))
    expect(state).toMatchObject({ series: 'KH/TU', number: 18, last: 17, gaps: [] }) // 01 to 16 were issued on paper
    expect((await issued(mai, { unitCode: 'can-tho', type: 'plan' })).written).toBe('18-KH/TU')
  })
  test('a number used twice is refused with the next, and nothing is half-saved', async () => {
    const { documentId } = await draft(mai, { unitCode: 'can-tho', type: 'plan' })
    expect(await refusal(issue(mai, documentId, { number: 17 }))).toBe('number: Số 17-KH/TU đã dùng cho văn bản ngày 22/3/2021. Số kế tiếp là 19-KH/TU.')
    expect(await as(mai, ({ tx }) => documentById(tx, documentId))).toMatchObject({ state: 'draft', number: null, version: 1 })
  })
  test('each type has its own series, decisions and regulations share one, a congress has one for all', async () => {
    expect((await issued(mai, { unitCode: 'can-tho', type: 'decision' })).written).toBe('01-QĐ/TU')
    expect((await issued(mai, { unitCode: 'can-tho', type: 'regulation' })).written).toBe('02-QĐ/TU')
    expect((await issued(mai, { unitCode: 'can-tho', type: 'official_letter' })).written).toBe('01-CV/TU')
    expect((await issued(mai, { unitCode: 'can-tho', type: 'resolution', symbol: 'ĐH' })).written).toBe('01-NQ/ĐH')
    expect((await issued(mai, { unitCode: 'can-tho', type: 'report', symbol: 'ĐH' })).written).toBe('02-BC/ĐH')
  })
  test('the State’s numbers restart each year, its letters have no abbreviation', async () => {
    const one = (issuedOn: string, type = 'decision', symbol = 'UBND') => issued(mai, { unitCode: 'can-tho', grammar: 'state', type, symbol }, { issuedOn })
    expect((await one('2020-12-31')).written).toBe('01/QĐ-UBND')
    expect((await one('2021-01-01')).written).toBe('01/QĐ-UBND')
    expect((await one('2021-01-02')).written).toBe('02/QĐ-UBND')
    expect((await one('2021-01-02', 'official_letter', 'UBND-VX')).written).toBe('01/UBND-VX')
    expect((await one('2021-01-02', 'official_letter', 'UBND-TH')).written).toBe('02/UBND-TH')
  })
  test('a new term restarts the Party’s numbers, also when it is told afterwards', async () => {
    await issued(duc, { unitCode: 'ninh-kieu', type: 'notice' }, { issuedOn: '2020-03-01', number: 40 })
    await issued(duc, { unitCode: 'ninh-kieu', type: 'notice' }, { issuedOn: '2020-09-01', number: 41 })
    await as(duc, (ctx) => keepTerm(ctx, CommitteeTerm.parse({ unitCode: 'ninh-kieu', name: 'Nhiệm kỳ 2020–2025', fromDay: '1/8/2020' })))
    expect((await issued(duc, { unitCode: 'ninh-kieu', type: 'notice' }, { issuedOn: '2020-09-02' })).number).toBe(42)
    expect((await issued(duc, { unitCode: 'ninh-kieu', type: 'notice' }, { issuedOn: '2020-03-02' })).number).toBe(41)
    expect((await issued(duc, { unitCode: 'ninh-kieu', type: 'notice' }, { issuedOn: '2020-09-03', number: 1 })).written).toBe('01-TB/QU')
  })
  test('twenty at once who want the same number: one has it, the others are told the next', async () => {
    const drafts = await Promise.all(Array.from({ length: 20 }, () => draft(ngoc, { unitCode: 'an-hoa', type: 'report' })))
    const results = await Promise.allSettled(drafts.map(({ documentId }) => issue(ngoc, documentId, { number: 1 })))
    const said = results.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Refused).sentence('vi')] : []))
    expect(said).toEqual(Array.from({ length: 19 }, () => 'Số 01-BC/ĐU đã dùng cho văn bản ngày 22/3/2021. Số kế tiếp là 02-BC/ĐU.'))
    const rest = drafts.filter((_, index) => results[index]!.status === 'rejected')
    const numbers = await Promise.all(rest.map(({ documentId }) => issue(ngoc, documentId)))
    expect(numbers.map((one) => one.number!).sort((one, other) => one - other)).toEqual(Array.from({ length: 19 }, (_, index) => index + 2))
  })
  test('issued and taken back at the same instant, a document is issued first or the one who takes it back is told; nothing is in between', async () => {
    for (let round = 0; round < 6; round++) {
      const { documentId: own } = await draft(binh, { unitCode: 'an-hoa-1', type: 'minutes' })
      const back = () => as(binh, (ctx) => withdrawDocument(ctx, { documentId: own, reason: 'Nhầm' })).catch((error: Error) => error)
      const [issuing, first, second] = await Promise.all([issue(binh, own), back(), back()])
      const row = await db.selectFrom('document').select(['state', 'number', 'withdrawn_reason as reason']).where('id', '=', own).executeTakeFirstOrThrow()
      const taken = [first, second].filter((one) => typeof one === 'number').length
      expect([row.state, row.number, row.reason]).toEqual(taken === 1 ? ['withdrawn', issuing.number, 'Nhầm'] : ['issued', issuing.number, null])
      expect(taken).toBeLessThanOrEqual(1)
    }
    const numbers = await db.selectFrom('document').select('number').where('unit_id', '=', people.unit.cellOne).where('type', '=', 'minutes').orderBy('number').execute()
    expect(numbers.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6])
  })
  test('an impossible day, a day ahead and issuing twice are a sentence each', async () => {
    const { documentId } = await draft(ngoc, { unitCode: 'an-hoa' })
    expect(await refusal(issue(ngoc, documentId, { issuedOn: '2021-04-16' }))).toBe('issuedOn: Ngày 16/4/2021 chưa tới. Hãy ghi ngày ban hành đúng trên văn bản.')
    await issue(ngoc, documentId)
    expect(await refusal(issue(ngoc, documentId))).toMatch(/^form: Văn bản này đã ban hành: số \d+-KH\/ĐU, ngày 22\/3\/2021/)
    expect(IncomingDocument.safeParse({ unitCode: 'an-hoa', issuerName: 'X', abstract: 'x', issuedOn: '31/2/2021' }).success).toBe(false)
  })
})

describe('types by level', () => {
  test.each([
    [ngoc, 'an-hoa', 'directive', 'type: Theo 66-QĐ/TW, cấp cơ sở không ban hành chỉ thị. Có thể ban hành nghị quyết, kế hoạch hoặc công văn.'],
    [ngoc, 'an-hoa', 'circular', 'type: Theo 66-QĐ/TW, cấp cơ sở không ban hành thông tri. Có thể ban hành thông báo hoặc công văn.'],
    [binh, 'an-hoa-1', 'regulation', 'type: Theo 66-QĐ/TW, chi bộ không ban hành quy định. Có thể ban hành quy chế hoặc nghị quyết.'],
    [binh, 'an-hoa-1', 'guidance', 'type: Theo 66-QĐ/TW, chi bộ không ban hành hướng dẫn. Có thể ban hành kế hoạch hoặc thông báo.'],
  ])('what a level may not issue is refused with the rule and what it may', async (viewer, unitCode, type, sentence) => {
    expect(await refusal(draft(viewer, { unitCode, type }))).toBe(sentence)
  })
  test('a district issues a directive, a cell a plan; from 9/1/2026 the other rule is named', async () => {
    expect((await issued(duc, { unitCode: 'ninh-kieu', type: 'directive' })).written).toBe('01-CT/QU')
    expect((await issued(binh, { unitCode: 'an-hoa-1', type: 'plan' })).written).toBe('01-KH/CB')
    const later = { ...ngoc, today: '2026-02-01' }
    expect(await refusal(draft(later, { unitCode: 'an-hoa', type: 'directive' }))).toMatch(/^type: Theo 399-QĐ\/TW/)
  })
})

describe('an issued document', () => {
  test('is seen by its unit, those above, all beneath and who received it; not beside it', async () => {
    const { documentId } = await issued(binh, { unitCode: 'an-hoa-1', abstract: 'của chi bộ một' })
    for (const viewer of [binh, lan, ngoc, duc, mai]) expect(await sees(viewer, documentId)).toBe(true)
    for (const viewer of [thu, hoa, khoa, son]) expect(await sees(viewer, documentId)).toBe(false)
    const sent = await issued(binh, { unitCode: 'an-hoa-1', abstract: 'gửi chi bộ hai', recipientLines: 'Lưu' })
    expect(await sees(thu, sent.documentId)).toBe(false)
    const ofCommune = await issued(ngoc, { unitCode: 'an-hoa', abstract: 'của phường', toAllBeneath: true, recipientLines: '- Như trên;\n- Lưu Văn phòng Đảng ủy.' })
    for (const viewer of [binh, lan, thu, hoa, son]) expect(await sees(viewer, ofCommune.documentId)).toBe(viewer !== son)
    const lines = await as(ngoc, ({ tx }) => recipientsOf(tx, ofCommune.documentId))
    expect(lines.map((line) => [line.name, line.isBeneath, line.isOneOfThem])).toEqual([
      ['Các đơn vị trực thuộc', true, false],
      ['Chi bộ khu vực 1', false, true],
      ['Chi bộ khu vực 2', false, true],
      ['Như trên', false, false],
      ['Lưu Văn phòng Đảng ủy', false, false],
    ])
  })
  test('sent to a unit in another branch, is there, with its issuer’s name', async () => {
    const { documentId } = await draft(ngoc, { unitCode: 'an-hoa', abstract: 'chuyển chi bộ hai', recipientUnits: ['an-hoa-2'] })
    await issue(ngoc, documentId)
    await as(thu, (ctx) => confirmReceived(ctx, { documentId, isReceived: true }))
    expect((await as(ngoc, ({ tx }) => recipientsOf(tx, documentId)))[0]).toMatchObject({ name: 'Chi bộ khu vực 2', receivedBy: 'Đỗ Thị Thu' })
    expect(await refusal(as(binh, (ctx) => confirmReceived(ctx, { documentId, unitCode: 'an-hoa-1', isReceived: true })))).toMatch(/^form: Văn bản này không gửi/)
    await expect(as(duc, (ctx) => confirmReceived(ctx, { documentId, isReceived: true }))).rejects.toThrow(Forbidden)
    await as(thu, (ctx) => confirmReceived(ctx, { documentId, isReceived: false }))
    expect((await as(ngoc, ({ tx }) => recipientsOf(tx, documentId)))[0]).toMatchObject({ receivedAt: null, receivedBy: null })
  })
  test('is withdrawn with a reason, by who may; its number stays used', async () => {
    const { documentId, number } = await issued(duc, { unitCode: 'ninh-kieu', type: 'conclusion' })
    await expect(as(ngoc, (ctx) => withdrawDocument(ctx, { documentId, reason: 'sai' }))).rejects.toThrow(Forbidden)
    await as(duc, (ctx) => withdrawDocument(ctx, { documentId, reason: 'Sai căn cứ' }))
    expect(await as(ngoc, ({ tx }) => documentById(tx, documentId))).toMatchObject({ state: 'withdrawn', withdrawnReason: 'Sai căn cứ' })
    expect((await issued(duc, { unitCode: 'ninh-kieu', type: 'conclusion' })).number).toBe(number! + 1)
    expect(await refusal(as(duc, (ctx) => withdrawDocument(ctx, { documentId, reason: 'lần nữa' })))).toBe('form: Văn bản này đã được thu hồi rồi.')
  })
  test('stays as it was issued, whoever writes to the table', async () => {
    const { documentId } = await issued(ngoc, { unitCode: 'an-hoa' })
    await expect(db.updateTable('document').set({ abstract: 'khác' }).where('id', '=', documentId).execute()).rejects.toThrow('what was issued stays')
    await expect(db.updateTable('document').set({ state: 'draft' }).where('id', '=', documentId).execute()).rejects.toThrow('what was issued stays')
  })
  test('a personal plan has no number, is its author’s and is seen no further than the unit’s people', async () => {
    const { documentId, number } = await issued(duc, { unitCode: 'ninh-kieu', isPersonalPlan: true, abstract: 'kế hoạch hành động cá nhân' })
    expect(number).toBeNull()
    expect(await sees(duc, documentId)).toBe(true)
    expect(await sees(mai, documentId)).toBe(true)
    for (const viewer of [ngoc, lan, khoa]) expect(await sees(viewer, documentId)).toBe(false)
    await expect(draft(ngoc, { unitCode: 'an-hoa', isPersonalPlan: true })).rejects.toThrow(Forbidden)
  })
})

describe('relations', () => {
  test('lead both ways, never in a circle, never to a draft or to what one does not see', async () => {
    const first = await issued(mai, { unitCode: 'can-tho', type: 'directive', abstract: 'chỉ thị đầu' })
    const second = await issued(mai, { unitCode: 'can-tho', type: 'guidance', abstract: 'hướng dẫn', relations: [{ kind: 'carries_out', toId: first.documentId }] })
    expect((await as(ngoc, ({ tx }) => relationsOf(tx, second.documentId))).to).toMatchObject([{ kind: 'carries_out', document: { written: '01-CT/TU' } }])
    expect((await as(ngoc, ({ tx }) => relationsOf(tx, first.documentId))).from).toMatchObject([{ kind: 'carries_out', document: { written: '01-HD/TU' } }])
    const open = await draft(mai, { unitCode: 'can-tho', abstract: 'còn dự thảo' })
    expect(await refusal(draft(mai, { unitCode: 'can-tho', relations: [{ kind: 'based_on', toId: open.documentId }] }))).toBe('relations: Chỉ liên kết được với văn bản đã ban hành.')
    const hidden = await draft(ngoc, { unitCode: 'an-hoa' })
    expect(await refusal(draft(mai, { unitCode: 'can-tho', relations: [{ kind: 'based_on', toId: hidden.documentId }] }))).toMatch(/^relations: Không thấy văn bản/)
    await db.insertInto('document_relation').values({ from_id: first.documentId, kind: 'based_on', to_id: hidden.documentId }).execute()
    await expect(db.insertInto('document_relation').values({ from_id: hidden.documentId, kind: 'based_on', to_id: second.documentId }).execute()).rejects.toThrow('a document would stand on itself')
  })
})

describe('what came in from elsewhere', () => {
  const incoming = (viewer: Viewer, input: object) => as(viewer, (ctx) => registerIncoming(ctx, IncomingDocument.parse({ unitCode: 'can-tho', issuerName: 'Bộ Chính trị', abstract: 'việc nghiên cứu, học tập', issuedOn: '9/3/2021', ...input })))
  test('is registered as typed, seen by everybody beneath, and found without marks', async () => {
    const { documentId } = await incoming(mai, { written: '01-CT/TW', receivedOn: '10/3/2021' })
    expect(await as(lan, ({ tx }) => documentById(tx, documentId))).toMatchObject({ type: 'directive', written: '01-CT/TW', issuerName: 'Bộ Chính trị', isIncoming: true, issuedOn: '2021-03-09' })
    for (const words of ['01-CT/TW', 'bo chinh tri', 'BỘ CHÍNH TRỊ nghien cuu', 'chi thi 01']) expect((await as(lan, (ctx) => searchDocuments(ctx, { words }))).documents.map((one) => one.id)).toContain(documentId)
    expect((await as(lan, (ctx) => searchDocuments(ctx, { words: 'không có chữ này' }))).total).toBe(0)
  })
  test('a number as typed comes first though later documents bear words like it, and a day finds what was issued on it', async () => {
    const plan = await issued(mai, { unitCode: 'can-tho', type: 'plan' }, { number: 41 })
    await issued(ngoc, { unitCode: 'an-hoa', type: 'plan' }, { number: 41, issuedOn: '2021-03-30' })
    const found = await as(mai, (ctx) => searchDocuments(ctx, { words: 'ke hoach 41 KH/TU' }))
    expect(found.documents[0]!.id).toBe(plan.documentId)
    expect((await as(mai, (ctx) => searchDocuments(ctx, { words: '9/3/2021' }))).documents.map((one) => one.issuedOn)).toEqual(['2021-03-09'])
  })
  test('is found as people type it: number, symbol, issuer, day and month in any order and grammar, without marks', async () => {
    const seventeen = await issued(mai, { unitCode: 'can-tho', type: 'report', abstract: 'tuyên truyền' }, { number: 17 })
    await issued(duc, { unitCode: 'ninh-kieu', type: 'report', abstract: 'tuyên truyền, quán triệt' }, { number: 17, issuedOn: '2021-04-02' })
    await issued(duc, { unitCode: 'ninh-kieu', type: 'report', abstract: 'tuyên truyền' }, { number: 176, issuedOn: '2021-04-03' })
    const decision = await issued(mai, { unitCode: 'can-tho', grammar: 'state', type: 'decision', symbol: 'UBND', abstract: 'thành lập tổ' }, { number: 156, issuedOn: '2021-02-05' })
    const found = async (words: string) => (await as(mai, (ctx) => searchDocuments(ctx, { words }))).documents.map((one) => `${one.written} ${one.issuedOn}`)
    for (const words of ['17 bc tu', '17-BC/TU', '17bc/tu', 'bc 17 tu', 'bao cao 17 tu', 'Báo cáo số 17-BC/TU ngày 22/3/2021', 'bao cao 17 22-3-21', '17 BC/TU']) expect((await found(words))[0], words).toBe('17-BC/TU 2021-03-22')
    for (const words of ['156/qd-ubnd', '156 qd ubnd', 'quyet dinh 156', 'qđ 156 UBND', '5/2/2021 quyet dinh', 'tháng 2 năm 2021', '2/2021', 'thang 2/2021 thanh lap to', 'ngày 05 tháng 02 năm 2021']) expect(await found(words), words).toEqual(['156/QĐ-UBND 2021-02-05'])
    expect((await found('bao cao 17')).toSorted()).toEqual(['17-BC/QU 2021-04-02', '17-BC/TU 2021-03-22', '17-BC/ĐU 2021-03-22']) // not 176
    expect(await found('quan triet 2/4/2021')).toEqual(['17-BC/QU 2021-04-02'])
    expect(await found('quan triet 3/4/2021')).toEqual([])
    expect([seventeen.number, decision.number]).toEqual([17, 156])
  })
  test('twice in one register is refused; in another only after a look', async () => {
    expect(await refusal(incoming(mai, { written: '1 - ct/tw' }))).toMatch(/^written: Văn bản này đã có trong sổ/)
    expect(await refusal(incoming(duc, { unitCode: 'ninh-kieu', written: '01-CT/TW' }))).toMatch(/^isKnownTwice: 01-CT\/TW đã có trong sổ của Thành ủy Cần Thơ/)
    await incoming(duc, { unitCode: 'ninh-kieu', written: '01-CT/TW', isKnownTwice: 'on' })
  })
  test('what reads in two ways is asked back', async () => {
    expect(await refusal(incoming(mai, { written: '66-QĐ/TW' }))).toBe('type: “66-QĐ/TW” có thể là hai loại văn bản. Hãy chọn loại.')
    expect(await refusal(incoming(mai, { written: '66-QĐ/TW', type: 'plan' }))).toBe('type: Loại đã chọn không hợp với số, ký hiệu “66-QĐ/TW”.')
    expect(await refusal(incoming(mai, { written: 'l7-KH/TW' }))).toMatch(/^written: Không đọc chắc/)
    expect(await refusal(incoming(mai, { written: '7-CT/TW', receivedOn: '8/3/2021' }))).toBe('receivedOn: Ngày đến không thể trước ngày ban hành 9/3/2021.')
    expect(await refusal(incoming(mai, { written: '7-CT/TW', issuedOn: '16/4/2021' }))).toMatch(/^issuedOn: Ngày 16\/4\/2021 chưa tới/)
    await incoming(mai, { written: '66-QĐ/TW', type: 'regulation' })
  })
  test('an impossible day is named, in its field and in the line of the number; two days that differ are asked back', async () => {
    const problem = (issuedOn: string) => problemsOf(IncomingDocument, { unitCode: 'can-tho', issuerName: 'Bộ Chính trị', abstract: 'x', issuedOn }, 'vi').problems?.['issuedOn']
    expect(problem('30/2/2021')).toBe('Không có ngày 30/2/2021: tháng 2 năm 2021 chỉ có 28 ngày.')
    expect(problem('29/2/2020')).toBeUndefined()
    expect(problem('1/13/2021')).toBe('Không có ngày 1/13/2021: một năm chỉ có 12 tháng, không có tháng 13.')
    expect(problem('0/3/2021')).toBe('Không có ngày 0/3/2021: ngày trong tháng bắt đầu từ 1.')
    expect(problem('hôm qua')).toBe('Ghi ngày theo dạng ngày/tháng/năm, ví dụ: 30/6/2021.')
    for (const written of ['8-CT/TW ngày 30/2/2021', '8-CT/TW ngay 30-2-21', '8-CT/TW, ngày 30 tháng 02 năm 2021']) expect(await refusal(incoming(mai, { written }))).toBe('written: Không có ngày 30/2/2021: tháng 2 năm 2021 chỉ có 28 ngày.')
    expect(await refusal(incoming(mai, { written: '8-CT/TW ngày 8/3/2021' }))).toMatch(/^issuedOn: Ô số, ký hiệu ghi ngày 8\/3\/2021/)
    await incoming(mai, { written: '8-CT/TW ngày 9/3/2021' })
  })
  test('is not for who holds no office of the unit', async () => {
    await expect(incoming(lan, {})).rejects.toThrow(Forbidden)
    await expect(incoming(ngoc, {})).rejects.toThrow(Forbidden)
    await expect(incoming(khoa, {})).rejects.toThrow(Forbidden)
  })
})
