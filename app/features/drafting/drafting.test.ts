import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { asViewer } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { addDays } from '../../platform/clock.ts'
import { Refused } from '../../platform/errors.ts'
import { openLog } from '../../platform/log.ts'
import type { App } from '../../web/context.ts'
import { testDatabase, type TestDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation } from '../../../tests/people.ts'
import { readDocx } from '../../../tests/read-docx.ts'
import { readPdf } from '../../../tests/read-pdf.ts'
import { ClauseNaming } from '../cascade/cascade.schema.ts'
import { answeredClauses, clausesOf, nameClauses } from '../cascade/clauses.server.ts'
import { matrixOf } from '../cascade/matrix.server.ts'
import { documentById } from '../documents/document-rows.server.ts'
import { DocumentDraft, DocumentIssue, IncomingDocument } from '../documents/documents.schema.ts'
import { draftDocument, issueDocument } from '../documents/documents.server.ts'
import { registerIncoming } from '../documents/incoming.server.ts'
import { officialFile } from '../documents/typesetting/official-file.server.ts'
import { layDuties } from '../duties/duties.jobs.ts'
import { DutyRuleInput } from '../duties/duties.schema.ts'
import { ownDuties } from '../duties/duties.server.ts'
import { orderDuties } from '../duties/rules.server.ts'
import { afterCommand, numbered, plainText, type DraftBlock } from './blocks.ts'
import { draftedDocument } from './draft-document.server.ts'
import { DraftBeginning, DraftText } from './drafting.schema.ts'
import { beginDraft, bodyOf, recipientsToEdit, saveDraftText } from './drafting.server.ts'
import { proposeEarlier } from './proposal.ts'
import { clausesIn } from '../cascade/clauses-in-text.ts'

const base = await testDatabase()
const city = await organisation(base.db)
const { campaignId } = await openedCampaign(base.db, city)
const { mai, ngoc } = city.viewer
const duc: Viewer = { ...city.viewer.duc, today: '2021-03-25' }

let db: TestDatabase['db']
const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>, source = db) => asViewer(source, viewer, (tx) => work({ tx, viewer, source: 'page' }))
const refusal = (work: Promise<unknown>) => work.then(() => 'done', (error: Error) => (error instanceof Refused ? error.field : error.name))

// The city's plan carries out the directive, names four clauses, and orders plans by 6/4 and studies by 30/6.
const { documentId: directive } = await as(mai, (ctx) => registerIncoming(ctx, IncomingDocument.parse({ unitCode: 'can-tho', issuerName: 'Bộ Chính trị', campaignCode: 'nq-xiii', written: '01-CT/TW', type: 'directive', abstract: 'Học tập, quán triệt Nghị quyết Đại hội XIII', issuedOn: '2021-03-09' })), base.db)
const { documentId: plan } = await as(mai, (ctx) => draftDocument(ctx, DocumentDraft.parse({ unitCode: 'can-tho', campaignCode: 'nq-xiii', type: 'plan', abstract: 'Học tập, quán triệt Nghị quyết Đại hội XIII của Đảng', relations: [{ kind: 'carries_out', toId: directive }], toAllBeneath: true })), base.db)
await as(mai, (ctx) => issueDocument(ctx, DocumentIssue.parse({ documentId: plan, number: 17, issuedOn: '2021-03-22' })), base.db)
await as(mai, (ctx) => nameClauses(ctx, ClauseNaming.parse({ documentId: plan, clauses: 'I Mục đích, yêu cầu\nII Nội dung\nII.1 Tổ chức học tập\nII.2 Tuyên truyền' })), base.db)
const rule = (said: Record<string, unknown>) => as(mai, (ctx) => orderDuties(ctx, DutyRuleInput.parse({ unitCode: 'can-tho', campaignCode: 'nq-xiii', who: 'all', basisId: plan, ...said })), base.db)
await rule({ kind: 'document', title: 'Ban hành kế hoạch học tập', documentType: 'plan', dueMode: 'after_basis', dueDays: 15 })
await rule({ kind: 'study', title: 'Tổ chức học tập cho đảng viên', measure: 'held', dueMode: 'day', dueOn: '2021-06-30' })
await rule({ kind: 'personal_plan', title: 'Kế hoạch hành động cá nhân', dueMode: 'day', dueOn: '2021-06-30' })
await layDuties({ db: base.db, log: openLog('silent'), config: { timeZone: 'Asia/Ho_Chi_Minh' } as App['config'] })
await base.db.destroy()

beforeEach(async () => {
  const made = await testDatabase(base.connection.database)
  db = made.db
  return made.drop
})

async function begun(): Promise<string> {
  const [duty] = (await as(duc, (ctx) => ownDuties(ctx))).filter((one) => one.kind === 'document')
  const { documentId } = await as(duc, (ctx) => beginDraft(ctx, DraftBeginning.parse({ unitCode: 'ninh-kieu', dutyId: duty!.id })))
  return documentId
}
const body = (id: string, viewer: Viewer = duc) => as(viewer, (ctx) => bodyOf(ctx.tx, id))
async function typed(id: string, more: Record<string, unknown> = {}) {
  const head = await as(duc, (ctx) => documentById(ctx.tx, id))
  const { blocks, tasks } = (await body(id))!
  const recipients = await as(duc, (ctx) => recipientsToEdit(ctx.tx, id))
  return DraftText.parse({
    documentId: id, version: head.version, abstract: head.abstract, signedAs: head.signedAs, signerPosition: head.signerPosition, signerName: head.signerName ?? undefined,
    recipientUnits: recipients.units.map(({ code }) => code), toAllBeneath: recipients.toAllBeneath, recipientLines: recipients.lines,
    blocks, tasks: tasks.map((task) => ({ ...task, by: task.by ?? '' })), ...more,
  })
}

describe('a document begun from the superior’s', () => {
  test('copies by rule: basis, what it carries out, the clauses to answer, tasks with days, recipients', async () => {
    const id = await begun()
    const { blocks, tasks } = (await body(id))!
    const keys = new Map((await as(duc, (ctx) => clausesOf(ctx.tx, plan))).map((clause) => [clause.id, clause.key]))
    expect(numbered(blocks).map(({ label, text, answers }) => [label, text, answers && keys.get(answers)].filter(Boolean).join(' | '))).toEqual([
      'Căn cứ Chỉ thị số 01-CT/TW ngày 09/3/2021 của Bộ Chính trị về học tập, quán triệt Nghị quyết Đại hội XIII;',
      'Thực hiện Kế hoạch số 17-KH/TU ngày 22/3/2021 của Thành ủy Cần Thơ về học tập, quán triệt Nghị quyết Đại hội XIII của Đảng, Quận ủy Ninh Kiều ban hành kế hoạch học tập, quán triệt Nghị quyết Đại hội XIII của Đảng như sau:',
      'I. | Mục đích, yêu cầu | I',
      '',
      'II. | Nội dung | II',
      '1. | Tổ chức học tập | II.1',
      '',
      '2. | Tuyên truyền | II.2',
      '',
      'Phân công và thời hạn thực hiện:',
    ])
    expect(tasks).toEqual([
      { who: 'Quận ủy Ninh Kiều', what: 'Ban hành kế hoạch học tập', by: '2021-04-06' },
      { who: 'Các đơn vị trực thuộc', what: 'Ban hành kế hoạch học tập', by: '2021-04-03' },
      { who: 'Quận ủy Ninh Kiều', what: 'Tổ chức học tập cho đảng viên', by: '2021-06-30' },
      { who: 'Các đơn vị trực thuộc', what: 'Tổ chức học tập cho đảng viên', by: '2021-06-23' },
    ])
    expect(await as(duc, (ctx) => recipientsToEdit(ctx.tx, id))).toEqual({ units: [{ code: 'can-tho', name: 'Thành ủy Cần Thơ' }], toAllBeneath: true, lines: ['Lưu Văn phòng Quận ủy'] })
  })

  test('a head’s own plan is signed as oneself and sent to no unit, and issuing it does the duty', async () => {
    const binh: Viewer = { ...city.viewer.binh, today: '2021-03-25' }
    const own = () => as(binh, (ctx) => ownDuties(ctx)).then((duties) => duties.filter((one) => one.kind === 'personal_plan'))
    const [duty] = await own()
    const { documentId } = await as(binh, (ctx) => beginDraft(ctx, DraftBeginning.parse({ unitCode: duty!.unitCode, dutyId: duty!.id })))
    const head = await as(binh, (ctx) => documentById(ctx.tx, documentId))
    expect(head).toMatchObject({ authorId: binh.personId, abstract: 'Hành động cá nhân của Lê Thanh Bình', signedAs: null, signerName: 'Lê Thanh Bình' })
    expect(await as(binh, (ctx) => recipientsToEdit(ctx.tx, documentId))).toMatchObject({ units: [], toAllBeneath: false })
    await as(binh, (ctx) => issueDocument(ctx, DocumentIssue.parse({ documentId, issuedOn: '2021-03-25', isKnownEmpty: 'on' })))
    expect(await own()).toEqual([])
  })
  test('belongs to the unit: another’s duty, another’s clerk and a hidden document are refused', async () => {
    const id = await begun()
    const [duty] = (await as(duc, (ctx) => ownDuties(ctx))).filter((one) => one.kind === 'document')
    expect(await refusal(as(ngoc, (ctx) => beginDraft(ctx, DraftBeginning.parse({ unitCode: 'an-hoa', dutyId: duty!.id }))))).toBe('dutyId')
    expect(await refusal(as(ngoc, (ctx) => beginDraft(ctx, DraftBeginning.parse({ unitCode: 'ninh-kieu', superiorId: plan }))))).toBe('Forbidden')
    expect(await refusal(as(ngoc, (ctx) => beginDraft(ctx, DraftBeginning.parse({ unitCode: 'an-hoa', superiorId: id }))))).toBe('NotFound')
    expect(await body(id, mai)).toBe(null)
    expect(await refusal(as(mai, (ctx) => draftedDocument(ctx, id)))).toBe('NotFound')
    const before = await typed(id)
    expect(await refusal(as(mai, (ctx) => saveDraftText(ctx, before)))).toBe('NotFound')
  })

  test('a stale version is refused and leaves the saved one as it is', async () => {
    const id = await begun()
    const first = await typed(id)
    await as(duc, (ctx) => saveDraftText(ctx, { ...first, abstract: 'Bản của người thứ nhất' }))
    expect(await refusal(as(duc, (ctx) => saveDraftText(ctx, { ...first, abstract: 'Bản của người thứ hai', blocks: [] })))).toBe('version')
    expect((await typed(id)).abstract).toBe('Bản của người thứ nhất')
    expect((await body(id))!.blocks).toHaveLength(first.blocks.length)
  })

  test('is not issued with empty parts unless that is known, and never with a number that has no words', async () => {
    const id = await begun()
    const issue = (more = {}) => as(duc, (ctx) => issueDocument(ctx, DocumentIssue.parse({ documentId: id, issuedOn: '2021-03-25', ...more }))).then(() => 'done', (error: Refused) => `${error.field}: ${error.sentence('vi')}`)
    const draft = await typed(id, { signerName: '' })
    draft.blocks[3]!.text = 'Nghiêm túc, thiết thực.'
    await as(duc, (ctx) => saveDraftText(ctx, draft))
    expect(await issue()).toBe('isKnownEmpty: Còn trống: “Tổ chức học tập”; “Tuyên truyền”; họ tên người ký. Viết tiếp, hoặc đánh dấu vào ô “Ban hành dù còn phần trống” rồi bấm lại.')
    const unnamed = await typed(id)
    unnamed.blocks[5]!.text = ''
    await as(duc, (ctx) => saveDraftText(ctx, unnamed))
    expect(await issue({ isKnownEmpty: 'on' })).toBe('form: Phần thứ 6 chỉ có số mà không có chữ. Ghi chữ cho phần ấy hoặc bỏ nó đi rồi mới ban hành được.')
    const whole = await typed(id, { signerName: 'Người Ký Mẫu' })
    whole.blocks[5]!.text = 'Tổ chức học tập'
    for (const at of [6, 8]) whole.blocks[at]!.text = 'Hai buổi.'
    await as(duc, (ctx) => saveDraftText(ctx, whole))
    expect(await issue()).toBe('done')
  })

  test('issued, it turns the matrix, answers the clauses, and prints with its number', async () => {
    const id = await begun()
    const draft = await typed(id)
    draft.blocks[3]!.text = 'Nghiêm túc, thiết thực.'
    draft.blocks[6]!.text = 'Học tập trung hai buổi.\nHọc bù một buổi.'
    await as(duc, (ctx) => saveDraftText(ctx, { ...draft, signerName: 'Người Ký Mẫu' }))
    const before = await as(duc, (ctx) => draftedDocument(ctx, id))
    expect(before.document).toMatchObject({ number: null, day: null, superiorBody: 'Thành ủy Cần Thơ', recipients: ['Các đơn vị trực thuộc', 'Thành ủy Cần Thơ', 'Lưu Văn phòng Quận ủy'] })
    expect((await as(mai, (ctx) => answeredClauses(ctx, plan))).clauses.every((clause) => clause.answers.length === 0)).toBe(true)
    await as(duc, (ctx) => issueDocument(ctx, DocumentIssue.parse({ documentId: id, issuedOn: '2021-03-25', isKnownEmpty: 'on' })))
    const { rows } = await as({ ...mai, today: '2021-04-15' }, (ctx) => matrixOf(ctx.tx, { campaignId, unitId: city.unit.city, asOf: '2021-04-15' }))
    expect([...rows[0]!.cells.values()]).toMatchObject([{ state: 'issued', days: 3, document: { number: '01-KH/QU' } }])
    expect((await as(mai, (ctx) => answeredClauses(ctx, plan))).clauses.map((clause) => clause.answers.map((one) => one.byKey))).toEqual([['I'], ['II'], ['II.1'], ['II.2']])
    const made = await as(mai, (ctx) => draftedDocument(ctx, id))
    for (const text of [readDocx((await officialFile(made, 'docx')).bytes).paragraphs.join(' '), (await readPdf((await officialFile(made, 'pdf')).bytes)).text].map((one) => one.replace(/\s+/g, ' '))) {
      for (const part of ['Số 01-KH/QU', 'ngày 25 tháng 3 năm 2021', 'Căn cứ Chỉ thị số 01-CT/TW', '1. Tổ chức học tập', 'Học bù một buổi.', 'Các đơn vị trực thuộc', '23/6/2021', 'Lưu Văn phòng Quận ủy.', 'T/M BAN THƯỜNG VỤ']) expect(text).toContain(part)
    }
    const after = await typed(id)
    expect(await refusal(as(duc, (ctx) => saveDraftText(ctx, after)))).toBe('form')
  })
})

describe('parts of a document', () => {
  const kind = fc.constantFrom<DraftBlock['kind']>('basis', 'heading', 'clause', 'point', 'paragraph')
  const blocks = fc.array(fc.record({ kind, text: fc.constantFrom('Nội dung', 'Tổ chức', '') }), { maxLength: 40 })

  test('no two have one key, and what is printed reads back as the clauses that were named', () => {
    fc.assert(fc.property(blocks, (some) => {
      const keys = numbered(some).flatMap(({ key }) => key ?? [])
      expect(new Set(keys).size).toBe(keys.length)
      const written = some.map((block) => ({ ...block, text: block.text || 'Chữ' }))
      expect(clausesIn(plainText(written, [])).map(({ key }) => key)).toEqual(numbered(written).flatMap(({ key }) => key ?? []))
    }))
  })

  test('a button never loses a part it does not remove', () => {
    fc.assert(fc.property(blocks, fc.constantFrom('add' as const, 'up' as const, 'down' as const, 'remove' as const), fc.integer({ min: -3, max: 45 }), (some, what, at) => {
      const after = afterCommand(some, { do: what, at })
      const isThere = at >= (what === 'add' ? -1 : 0) && at < some.length
      const change = !isThere ? 0 : what === 'add' ? 1 : what === 'remove' ? -1 : 0
      expect(after).toHaveLength(some.length + change)
      expect(some.filter((block, index) => !(what === 'remove' && index === at)).every((block) => after.includes(block))).toBe(true)
    }))
  })

  test('a day proposed beneath is earlier than the own one and not in the past', () => {
    fc.assert(fc.property(fc.integer({ min: -30, max: 400 }), (left) => {
      const today = '2021-03-25'
      const proposed = proposeEarlier(addDays(today, left), today)
      if (left <= 0) expect(proposed).toBe(null)
      else expect(proposed! >= today && proposed! < addDays(today, left)).toBe(true)
    }))
  })
})
