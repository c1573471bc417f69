import { beforeEach, describe, expect, test } from 'vitest'
import { asViewer } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { Refused } from '../../platform/errors.ts'
import { openLog } from '../../platform/log.ts'
import type { App } from '../../web/context.ts'
import { testDatabase, type TestDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation } from '../../../tests/people.ts'
import { DocumentDraft, DocumentIssue, IncomingDocument } from '../documents/documents.schema.ts'
import { draftDocument, issueDocument } from '../documents/documents.server.ts'
import { registerIncoming } from '../documents/incoming.server.ts'
import { layDuties } from '../duties/duties.jobs.ts'
import { DutyRuleInput } from '../duties/duties.schema.ts'
import { orderDuties } from '../duties/rules.server.ts'
import { AnswerKeeping, ClauseNaming } from './cascade.schema.ts'
import { chainOfCampaign } from './chain.server.ts'
import type { ChainNode } from './chain.ts'
import type { ChainDocument } from './chain.server.ts'
import { answeredClauses, clausesOf, keepAnswers, nameClauses } from './clauses.server.ts'
import { matrixGrid } from './matrix-sheet.server.ts'
import { matrixHeading } from './matrix-wording.ts'
import { cascadeWords } from './cascade.messages.ts'
import { matrixOf } from './matrix.server.ts'

// The city has registered the directive, issued its plan and ordered one of every unit beneath, within 15 days.
const base = await testDatabase()
const city = await organisation(base.db)
const { campaignId } = await openedCampaign(base.db, city)
const { mai, duc, ngoc, binh, thu, lan, son, khoa } = city.viewer

let db: TestDatabase['db']
const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>, source: TestDatabase['db'] = db) => asViewer(source, viewer, (tx) => work({ tx, viewer, source: 'page' }))
const on = (viewer: Viewer, today: string): Viewer => ({ ...viewer, today })
const refusal = (work: Promise<unknown>) => work.then(() => 'done', (error: Error) => (error instanceof Refused ? error.field : error.name))

async function issued(viewer: Viewer, unitCode: string, day: string, more: Record<string, unknown> = {}, source = db): Promise<string> {
  const { documentId } = await as(viewer, (ctx) => draftDocument(ctx, DocumentDraft.parse({ unitCode, campaignCode: 'nq-xiii', type: 'plan', abstract: 'Học tập, quán triệt Nghị quyết', ...more })), source)
  await as(viewer, (ctx) => issueDocument(ctx, DocumentIssue.parse({ documentId, issuedOn: day })), source)
  return documentId
}

const { documentId: directive } = await as(mai, (ctx) => registerIncoming(ctx, IncomingDocument.parse({ unitCode: 'can-tho', issuerName: 'Bộ Chính trị', campaignCode: 'nq-xiii', written: '01-CT/TW', type: 'directive', abstract: 'Học tập, quán triệt', issuedOn: '2021-03-09' })), base.db)
const plan = await issued(mai, 'can-tho', '2021-03-22', { relations: [{ kind: 'carries_out', toId: directive }], toAllBeneath: true }, base.db)
await as(mai, (ctx) => orderDuties(ctx, DutyRuleInput.parse({ unitCode: 'can-tho', campaignCode: 'nq-xiii', kind: 'document', title: 'Kế hoạch học tập', who: 'all', documentType: 'plan', basisId: plan, dueMode: 'after_basis', dueDays: 15 })), base.db)
await layDuties({ db: base.db, log: openLog('silent'), config: { timeZone: 'Asia/Ho_Chi_Minh' } as App['config'] })
await base.db.destroy()

beforeEach(async () => {
  const made = await testDatabase(base.connection.database)
  db = made.db
  return made.drop
})

const asked = (asOf: string, unit: keyof typeof city.unit = 'city', open: (keyof typeof city.unit)[] = []) => ({ campaignId, unitId: city.unit[unit], asOf, open: open.map((one) => city.unit[one]) })
async function shown(viewer: Viewer, ...where: Parameters<typeof asked>) {
  const { rows } = await as(viewer, (ctx) => matrixOf(ctx.tx, asked(...where)))
  type Row = (typeof rows)[number]
  const line = (row: Row): string[] => [`${'  '.repeat(row.level)}${row.unit.name}: ${[...row.cells.values()].map((cell) => [cell.state, cell.lateBy || null, cell.document?.number, cell.days === null ? null : `+${cell.days}`, cell.draftId && 'draft'].filter(Boolean).join(' ')).join(', ')}`, ...row.beneath.flatMap(line)]
  return rows.flatMap(line)
}

describe('the matrix', () => {
  test('before the due day a plan is due, after it is missing by so many days, and issued late by so many', async () => {
    expect(await shown(mai, '2021-04-01')).toEqual(['Quận ủy Ninh Kiều: due'])
    expect(await shown(mai, '2021-04-06')).toEqual(['Quận ủy Ninh Kiều: today'])
    expect(await shown(mai, '2021-04-09')).toEqual(['Quận ủy Ninh Kiều: missing 3'])
    await issued(duc, 'ninh-kieu', '2021-04-10')
    expect(await shown(mai, '2021-04-15')).toEqual(['Quận ủy Ninh Kiều: late 4 01-KH/QU +19'])
    expect(await shown(mai, '2021-04-09')).toEqual(['Quận ủy Ninh Kiều: missing 3']) // as of the day before it was issued
  })

  test('days are counted from the document that the unit says it carries out, as the chain counts them', async () => {
    const later = await issued(mai, 'can-tho', '2021-04-01', { type: 'action_programme' })
    await issued(duc, 'ninh-kieu', '2021-04-05', { relations: [{ kind: 'carries_out', toId: later }] })
    expect(await shown(mai, '2021-04-15')).toEqual(['Quận ủy Ninh Kiều: issued 01-KH/QU +4'])
  })

  test('opens deeper in place, each level worst first, with the days from the level above', async () => {
    await issued(duc, 'ninh-kieu', '2021-03-30')
    await issued(ngoc, 'an-hoa', '2021-04-02')
    await issued(binh, 'an-hoa-1', '2021-04-05')
    expect(await shown(mai, '2021-04-15', 'city', ['district', 'commune'])).toEqual([
      'Quận ủy Ninh Kiều: issued 01-KH/QU +8',
      '  Đảng ủy phường An Hòa: issued 01-KH/ĐU +3',
      '    Chi bộ khu vực 2: missing 9',
      '    Chi bộ khu vực 1: issued 01-KH/CB +3',
    ])
  })

  test('says how many cells got a document and when the last one did', async () => {
    const reached = async (day: string) => (await as(mai, (ctx) => matrixOf(ctx.tx, asked(day)))).reached.get(city.unit.city)
    expect(await reached('2021-04-04')).toEqual({ cells: 2, reached: 0, lastOn: null, days: null })
    await issued(ngoc, 'an-hoa', '2021-04-02', { recipientUnits: ['an-hoa-1'] })
    await issued(thu, 'an-hoa-2', '2021-04-07')
    expect(await reached('2021-04-04')).toEqual({ cells: 2, reached: 1, lastOn: '2021-04-02', days: 11 })
    expect(await reached('2021-04-15')).toEqual({ cells: 2, reached: 2, lastOn: '2021-04-07', days: 16 })
  })

  test("a unit's draft shows to its own officers alone; to others its document is missing", async () => {
    const { documentId } = await as(duc, (ctx) => draftDocument(ctx, DocumentDraft.parse({ unitCode: 'ninh-kieu', campaignCode: 'nq-xiii', type: 'plan', abstract: 'Bản thảo riêng của quận' })))
    expect(await shown(duc, '2021-04-15', 'district')).toEqual(['Quận ủy Ninh Kiều: missing 9 draft', 'Đảng ủy phường An Hòa: missing 9'])
    expect(await shown(mai, '2021-04-15')).toEqual(['Quận ủy Ninh Kiều: missing 9'])
    expect(await shown(ngoc, '2021-04-15', 'commune')).toEqual(['Đảng ủy phường An Hòa: missing 9', 'Chi bộ khu vực 1: missing 9', 'Chi bộ khu vực 2: missing 9'])
    for (const other of [mai, ngoc, binh, lan, son, khoa]) {
      expect((await as(other, (ctx) => chainOfCampaign(ctx.tx, asked('2021-04-15')))).documents.map((document) => document.id)).not.toContain(documentId)
      expect(JSON.stringify(await as(other, (ctx) => matrixOf(ctx.tx, asked('2021-04-15', 'city', ['district', 'commune']))))).not.toContain(documentId)
    }
  })

  test('a member, an inspector of a cell and an administrator see no duties above or beside', async () => {
    expect(await shown(lan, '2021-04-15')).toEqual([])
    expect(await shown(khoa, '2021-04-15')).toEqual([])
    expect(await shown(son, '2021-04-15', 'commune')).toEqual(['Chi bộ khu vực 2: missing 9'])
    expect((await as(lan, (ctx) => matrixOf(ctx.tx, asked('2021-04-15', 'district')))).reached.get(city.unit.district)).toEqual((await as(duc, (ctx) => matrixOf(ctx.tx, asked('2021-04-15', 'district')))).reached.get(city.unit.district)) // a figure's value never depends on who looks
  })

  test('answers in its first line, and the workbook holds the same', async () => {
    const matrix = await as(mai, (ctx) => matrixOf(ctx.tx, asked('2021-04-15', 'city', ['district'])))
    expect(matrixHeading(matrix.totals, cascadeWords.in('vi'))).toBe('1 đơn vị chưa ban hành 1 văn bản đã quá hạn')
    expect(matrixGrid(matrix, matrix.rows, { campaign: 'Đợt', unit: 'Thành ủy Cần Thơ', asOf: '2021-04-15', language: 'vi' }).rows).toEqual([
      ['Quận ủy Ninh Kiều', 'Thành ủy Cần Thơ', 'ninh-kieu', null, null, 'quá hạn 9 ngày', null, 2, 0, null],
      ['Đảng ủy phường An Hòa', 'Quận ủy Ninh Kiều', 'an-hoa', null, null, 'quá hạn 9 ngày', null, 2, 0, null],
    ])
  })
})

describe('the chain', () => {
  test('hangs each document under the one it carries out, with the days between', async () => {
    const own = await issued(duc, 'ninh-kieu', '2021-03-30', { relations: [{ kind: 'carries_out', toId: plan }, { kind: 'based_on', toId: directive }] })
    const chain = await as(mai, (ctx) => chainOfCampaign(ctx.tx, asked('2021-04-15')))
    const line = (node: ChainNode<ChainDocument>): string => `${node.document.written}${node.also.map((one) => ` +${one.document.written}`).join('')}${node.beneath.length > 0 ? ` > ${node.beneath.map(line).join(', ')}` : ''}`
    expect(chain.tree.map(line)).toEqual(['01-CT/TW > 01-KH/TU > 01-KH/QU +01-CT/TW'])
    expect(chain.timeline.map(({ document, days }) => [document.written, days])).toEqual([['01-CT/TW', null], ['01-KH/TU', 13], ['01-KH/QU', 8]])
    expect((await as(mai, (ctx) => chainOfCampaign(ctx.tx, asked('2021-03-29')))).documents.map(({ id }) => id)).not.toContain(own)
  })
})

describe('clauses', () => {
  const named = (documentId: string, clauses: string) => ClauseNaming.parse({ documentId, clauses })
  const name = (viewer: Viewer, documentId: string, lines: string) => as(viewer, (ctx) => nameClauses(ctx, named(documentId, lines)))
  const idOf = async (viewer: Viewer, documentId: string, key: string) => (await as(viewer, (ctx) => clausesOf(ctx.tx, documentId))).find((clause) => clause.key === key)!.id
  const answer = (viewer: Viewer, documentId: string, answers: { clauseId: string; by?: string }[]) => as(viewer, (ctx) => keepAnswers(ctx, AnswerKeeping.parse({ documentId, toDocumentId: plan, answers })))
  const view = async (viewer: Viewer) => (await as(viewer, (ctx) => answeredClauses(ctx, plan))).clauses.map((clause) => `${clause.key}: ${clause.answers.map((one) => `${one.unitName} ${one.written ?? one.state}${one.byKey ? ` ${one.byKey}` : ''}`).join(', ') || '–'} / ${clause.without.length}`)

  beforeEach(async () => {
    await name(mai, plan, 'II.1 Tổ chức học tập\nI Mục đích\ni.2) Yêu cầu\nII Nội dung')
  })

  test('are kept in the order of their grammar, by the issuing unit alone', async () => {
    expect((await as(duc, (ctx) => clausesOf(ctx.tx, plan))).map(({ key }) => key)).toEqual(['I', 'I.2', 'II', 'II.1'])
    expect(await refusal(name(duc, plan, 'I Của người khác'))).toBe('Forbidden')
    expect(ClauseNaming.safeParse({ documentId: plan, clauses: 'I Một\nI Hai' }).success).toBe(false)
    expect(ClauseNaming.safeParse({ documentId: plan, clauses: 'Mục đích' }).success).toBe(false)
  })

  test('are answered from the own document, seen once that is issued, and then not to be unnamed', async () => {
    expect(await view(mai)).toEqual(['I: – / 1', 'I.2: – / 1', 'II: – / 1', 'II.1: – / 1'])
    const { documentId: draft } = await as(duc, (ctx) => draftDocument(ctx, DocumentDraft.parse({ unitCode: 'ninh-kieu', campaignCode: 'nq-xiii', type: 'plan', abstract: 'Kế hoạch của quận', relations: [{ kind: 'carries_out', toId: plan }] })))
    await name(duc, draft, 'III Tổ chức\nIII.1a Hội nghị')
    await answer(duc, draft, [{ clauseId: await idOf(duc, plan, 'II.1'), by: await idOf(duc, draft, 'III.1a') }, { clauseId: await idOf(duc, plan, 'I'), by: 'document' }, { clauseId: await idOf(duc, plan, 'II') }])
    expect(await view(duc)).toEqual(['I: Quận ủy Ninh Kiều draft / 1', 'I.2: – / 1', 'II: – / 1', 'II.1: Quận ủy Ninh Kiều draft III.1a / 1'])
    expect(await view(mai)).toEqual(['I: – / 1', 'I.2: – / 1', 'II: – / 1', 'II.1: – / 1'])
    await as(duc, (ctx) => issueDocument(ctx, DocumentIssue.parse({ documentId: draft, issuedOn: '2021-04-01' })))
    expect(await view(mai)).toEqual(['I: Quận ủy Ninh Kiều 01-KH/QU / 0', 'I.2: – / 1', 'II: – / 1', 'II.1: Quận ủy Ninh Kiều 01-KH/QU III.1a / 0'])
    expect(await refusal(name(mai, plan, 'I Mục đích'))).toBe('clauses')
    await name(mai, plan, 'I Mục đích, yêu cầu\nII.1 Tổ chức học tập và quán triệt')
    expect(await view(mai)).toEqual(['I: Quận ủy Ninh Kiều 01-KH/QU / 0', 'II.1: Quận ủy Ninh Kiều 01-KH/QU III.1a / 0'])
  })

  test('answers belong to the answering unit', async () => {
    const own = await issued(duc, 'ninh-kieu', '2021-03-30', { relations: [{ kind: 'carries_out', toId: plan }] })
    const clauseId = await idOf(mai, plan, 'I')
    expect(await refusal(answer(mai, own, [{ clauseId, by: 'document' }]))).toBe('Forbidden')
    expect(await refusal(answer(duc, own, [{ clauseId, by: clauseId }]))).toBe('answers') // a clause of another document
    expect(await refusal(answer(ngoc, own, [{ clauseId, by: 'document' }]))).toBe('Forbidden')
    expect(await refusal(answer(khoa, own, [{ clauseId, by: 'document' }]))).toBe('NotFound')
    expect(await refusal(answer(duc, own, [{ clauseId, by: 'document' }]))).toBe('done')
    expect(await refusal(as(on(duc, '2021-04-20'), (ctx) => keepAnswers(ctx, AnswerKeeping.parse({ documentId: own, toDocumentId: plan, answers: [] }))))).toBe('done')
    expect((await view(mai))[0]).toBe('I: – / 1')
  })
})
