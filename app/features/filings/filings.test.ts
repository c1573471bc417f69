import { sql } from 'kysely'
import { v7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import { asViewer, type Db } from '../../db/open.ts'
import type { Ctx, Role, Viewer } from '../../permissions/permissions.ts'
import { Refused } from '../../platform/errors.ts'
import { keepFile, openFile } from '../../platform/files/files.ts'
import { openLog } from '../../platform/log.ts'
import type { App } from '../../web/context.ts'
import { loadViewer } from '../../web/viewer.server.ts'
import { testDatabase } from '../../../tests/database.ts'
import { testFiles } from '../../../tests/files.ts'
import { organisation, type Organisation } from '../../../tests/people.ts'
import { readDocx } from '../../../tests/read-docx.ts'
import { readPdf } from '../../../tests/read-pdf.ts'
import { openApi } from '../../api.ts'
import { openCampaign, prepareCampaign } from '../campaigns/campaigns.server.ts'
import { BreakdownInput } from '../indicators/indicators.schema.ts'
import { addBreakdown, addIndicator, breakdowns, registered } from '../indicators/register.server.ts'
import { figuresOf } from '../indicators/figures.server.ts'
import { declareTotals } from '../study/declarations.server.ts'
import { attachEvidence, evidenceFile, evidenceUpload } from './evidence.server.ts'
import { officialFile } from '../documents/typesetting/official-file.server.ts'
import { filingDocument } from './filing-document.server.ts'
import { filingById, saveText, saveValues, submissionsOf, textVersions } from './filing.server.ts'
import { addDays, today } from '../../platform/clock.ts'
import { remindOverdue } from './filings.jobs.ts'
import { FilingValues, FormInput, type SectionKind } from './filings.schema.ts'
import { formById, formsOf, makeForm, retireForm } from './forms.server.ts'
import { filingsAskedOf, roundShown, unitsOfRound } from './round-views.server.ts'
import { extendDue, openRound } from './rounds.server.ts'
import { acceptFiling, consolidate, consolidationOf, returnFiling, submitFiling } from './workflow.server.ts'

const timeZone = 'Asia/Ho_Chi_Minh'
const pdf = new TextEncoder().encode('%PDF-1.4\n%%EOF')
const files = await testFiles()
const sent = (content: Uint8Array, name: string) => keepFile(files, content, { ...evidenceUpload.takes('file')!, name })

/** Does it as that person, in a transaction of their own. */
const on = (db: Db) => <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
type As = ReturnType<typeof on>

const refusal = (work: Promise<unknown>) => work.then(() => 'done', (error: Error) => (error instanceof Refused ? error.field : error.name))

async function campaignOf(as: As, officer: Viewer) {
  await as(officer, (ctx) =>
    prepareCampaign(ctx, {
      code: 'nq-xiii', name: 'Học tập Nghị quyết Đại hội XIII', unitCode: 'can-tho', studyFrom: '2021-03-27', studyTo: '2021-06-30', dataDay: '2021-06-30', exemptExpected: false, whoWrites: 'in_post',
      resolutions: [{ code: 'nq-xiii', name: 'Nghị quyết Đại hội XIII', topics: ['Chuyên đề 1'] }],
      categories: ['Đảng viên'],
    }),
  )
  await as(officer, (ctx) => openCampaign(ctx, { campaignCode: 'nq-xiii', openedOn: '2021-03-22' }))
}

const sections = [
  { kind: 'figures' as SectionKind, title: 'Số liệu', indicators: ['studied', 'expected', 'papers', 'meetings'] },
  { kind: 'difficulties' as SectionKind, title: 'Khó khăn', indicators: [] as string[] },
]

async function registerAndForm(as: As, maker: Viewer, unitCode: string, prefix = '') {
  const own = (key: string) => (key === 'papers' || key === 'meetings' ? `${prefix}${key}` : key)
  await as(maker, (ctx) => addIndicator(ctx, { unitCode, key: own('papers'), name: `${prefix}Bài thu hoạch`, unitOfCount: 'papers', base: 'must-write', partOf: [], notMoreThan: ['on-roster'] }))
  await as(maker, (ctx) => addIndicator(ctx, { unitCode, key: own('meetings'), name: `${prefix}Cuộc tuyên truyền`, unitOfCount: 'meetings', partOf: [], notMoreThan: [] }))
  const form = { unitCode, campaignCode: 'nq-xiii', name: 'Báo cáo tháng', kind: 'month' as const, sections: sections.map((section) => ({ ...section, indicators: section.indicators.map(own) })) }
  return (await as(maker, (ctx) => makeForm(ctx, form))).formId
}

const versionOf = (as: As, viewer: Viewer, id: string) => as(viewer, async (ctx) => (await filingById(ctx, id)).filing.version)
const sectionOf = (as: As, viewer: Viewer, formId: string) => as(viewer, async ({ tx }) => (await formById(tx, formId)).sections[1]!.id)
const submitAs = async (as: As, viewer: Viewer, filingId: string, reasons: Record<string, string> = {}) => {
  const version = await versionOf(as, viewer, filingId)
  return as(viewer, (ctx) => submitFiling(ctx, { filingId, version, reasons }))
}
const acceptAs = async (as: As, viewer: Viewer, filingId: string) => {
  const version = await versionOf(as, viewer, filingId)
  return as(viewer, (ctx) => acceptFiling(ctx, { filingId, version }))
}

describe('a commune asks its cells', async () => {
  const { db, pool } = await testDatabase()
  const as = on(db)
  let city: Organisation
  let formId: string
  let clerk: Viewer // of cell one, beside secretary Bình
  let sectionId: string

  const open = async (name: string, dueOn = '2035-07-02', asOf = '2021-04-15') => {
    const round = await as(city.viewer.ngoc, (ctx) => openRound(ctx, { unitCode: 'an-hoa', formId, name, asOf, dueOn, dueTime: '17:00' }, timeZone))
    const filings = await db.selectFrom('filing').select(['id', 'unit_id']).where('round_id', '=', round.roundId).execute()
    const of = (unit: keyof Organisation['unit']) => filings.find((filing) => filing.unit_id === city.unit[unit])!.id
    return { ...round, one: of('cellOne'), two: of('cellTwo') }
  }
  const fill = async (viewer: Viewer, filingId: string, papers: number, meetings = 2) => {
    await as(viewer, (ctx) => saveValues(ctx, { filingId, values: { papers: { value: papers }, meetings: { value: meetings } } }))
    const version = await as(viewer, async (ctx) => (await filingById(ctx, filingId)).draft!.sections[1]!.text!.version)
    await as(viewer, (ctx) => saveText(ctx, { filingId, sectionId, text: 'Hội trường nhỏ.', version }))
  }
  const view = (viewer: Viewer, id: string) => as(viewer, (ctx) => filingById(ctx, id))

  beforeAll(async () => {
    city = await organisation(db)
    await campaignOf(as, city.viewer.mai)
    await db.insertInto('office').values({ id: v7(), person_id: city.person.minh, unit_id: city.unit.cellOne, role: 'clerk', during: '[2020-01-01,)' }).execute()
    clerk = { ...city.viewer.minh, offices: [{ role: 'clerk' as Role, unitId: city.unit.cellOne, unitName: 'Chi bộ khu vực 1' }] }
    formId = await registerAndForm(as, city.viewer.ngoc, 'an-hoa')
    sectionId = await sectionOf(as, city.viewer.ngoc, formId)
  })

  describe('the register', () => {
    const add = (viewer: Viewer, unitCode: string, more: Partial<Parameters<typeof addIndicator>[1]>) =>
      as(viewer, (ctx) => addIndicator(ctx, { unitCode, key: 'loudspeaker', name: 'Buổi phát thanh', unitOfCount: 'items', partOf: [], notMoreThan: [], ...more }))

    test('takes a unit’s own figures and never redefines one above', async () => {
      expect(await refusal(add(city.viewer.binh, 'an-hoa-1', { key: 'studied' }))).toBe('key')
      expect(await refusal(add(city.viewer.binh, 'an-hoa-1', { key: 'papers' }))).toBe('key')
      expect(await refusal(add(city.viewer.binh, 'an-hoa-1', { name: 'Bài  thu hoạch' }))).toBe('name')
      expect(await refusal(add(city.viewer.binh, 'an-hoa-1', { partOf: ['nothing'] }))).toBe('partOf')
      await add(city.viewer.binh, 'an-hoa-1', {})
      // that of the cell beside is not seen, but its key is taken all the same
      expect(await refusal(add(city.viewer.thu, 'an-hoa-2', {}))).toBe('key')
    })
    test('is not a member’s to add to, nor another unit’s officer’s', async () => {
      expect(await refusal(add(city.viewer.lan, 'an-hoa-1', { key: 'x' }))).toBe('Forbidden')
      expect(await refusal(add(city.viewer.mai, 'an-hoa', { key: 'x' }))).toBe('Forbidden')
      expect(await refusal(add(city.viewer.binh, 'an-hoa-2', { key: 'x' }))).toBe('NotFound')
    })
    test('lets nobody write the product’s own figures or relations past the operations', async () => {
      await expect(as(city.viewer.mai, ({ tx }) => tx.insertInto('indicator').values({ key: 'sly', kind: 'count', unit_of_count: 'people', is_declared: true }).execute())).rejects.toThrow(/row-level security/)
      await expect(as(city.viewer.binh, ({ tx }) => tx.insertInto('indicator_relation').values({ indicator: 'studied', kind: 'not_more_than', other: 'exempt' }).execute())).rejects.toThrow(/row-level security/)
      const { numUpdatedRows } = await as(city.viewer.ngoc, ({ tx }) => tx.updateTable('indicator').set({ name: 'Khác' }).where('key', '=', 'papers').executeTakeFirstOrThrow())
      expect(numUpdatedRows).toBe(0n)
    })
    test('does not put what units declare among the counted figures', async () => {
      const figures = await as(city.viewer.ngoc, async ({ tx }) => figuresOf(tx, { campaignId: (await formById(tx, formId)).campaignId, asOf: '2021-04-15' }, city.unit.commune))
      expect(figures.map((figure) => figure.key)).not.toContain('papers')
    })
  })

  describe('a form', () => {
    test('asks a figure once, only of those known to the units above, and figures only in their sections', async () => {
      const make = (parts: typeof sections) => as(city.viewer.ngoc, (ctx) => makeForm(ctx, { unitCode: 'an-hoa', campaignCode: 'nq-xiii', name: 'Thử', kind: 'ad_hoc', sections: parts }))
      expect(await refusal(make([sections[0]!, { ...sections[0]!, title: 'Lần nữa' }]))).toBe('sections')
      expect(await refusal(make([{ ...sections[0]!, indicators: ['loudspeaker'] }]))).toBe('sections') // a cell's own
      expect(await refusal(make([{ ...sections[0]!, indicators: [] }]))).toBe('sections')
      expect(await refusal(make([{ ...sections[1]!, indicators: ['studied'] }]))).toBe('sections')
    })
    test('is read from a form’s rows, those without a title left out', () => {
      const form = { unitCode: 'an-hoa', campaignCode: 'nq-xiii', name: 'Báo cáo', kind: 'month' }
      const input = FormInput.parse({ ...form, sections: { 0: { kind: 'figures', title: 'Số liệu', indicators: 'studied' }, 1: { kind: 'results', title: ' ' } } })
      expect(input.sections).toEqual([{ kind: 'figures', title: 'Số liệu', indicators: ['studied'] }])
      expect(FormInput.safeParse({ ...form, sections: { 0: { kind: 'figures', title: '' } } }).success).toBe(false)
    })
    test('is listed for the unit and those beneath, and once retired opens no more rounds', async () => {
      const { formId: old } = await as(city.viewer.ngoc, (ctx) => makeForm(ctx, { unitCode: 'an-hoa', campaignCode: 'nq-xiii', name: 'Mẫu cũ', kind: 'ad_hoc', sections: [sections[1]!] }))
      await as(city.viewer.ngoc, (ctx) => retireForm(ctx, { formId: old }))
      expect((await as(city.viewer.binh, ({ tx }) => formsOf(tx, city.unit.cellOne))).map((form) => [form.name, form.retiredAt === null, form.figures, form.texts])).toEqual([['Báo cáo tháng', true, 4, 1], ['Mẫu cũ', false, 0, 1]])
      expect(await refusal(as(city.viewer.ngoc, (ctx) => openRound(ctx, { unitCode: 'an-hoa', formId: old, name: 'Kỳ', asOf: '2021-04-15', dueOn: '2035-01-01', dueTime: '17:00' }, timeZone)))).toBe('formId')
      expect(await refusal(as(city.viewer.binh, (ctx) => retireForm(ctx, { formId: old })))).toBe('Forbidden')
    })
  })

  describe('a round', () => {
    test('asks every unit with members beneath, by a clock time in Vietnam, once', async () => {
      const { roundId, filings } = await open('Tháng 4')
      expect(filings).toBe(2)
      const round = await as(city.viewer.ngoc, ({ tx }) => roundShown(tx, roundId))
      expect(round).toMatchObject({ expected: 2, received: 0, missing: 2, overdue: 0, consolidated: { state: 'draft' } })
      expect(round.dueAt.toISOString()).toBe('2035-07-02T10:00:00.000Z')
      expect(await refusal(open('Tháng 4'))).toBe('name')
      expect((await as(city.viewer.binh, ({ tx }) => filingsAskedOf(tx, city.unit.cellOne))).map((filing) => filing.roundName)).toEqual(['Tháng 4'])
    })
    test('is refused before the campaign, with an impossible due time, to a unit without units beneath, and to others', async () => {
      expect(await refusal(open('Sớm', '2035-01-01', '2021-03-01'))).toBe('asOf')
      expect(await refusal(open('Hạn sớm', '2021-04-16', '2021-04-20'))).toBe('dueOn')
      expect(await refusal(open('Hạn đã qua', '2021-04-10', '2021-04-01'))).toBe('dueOn')
      const input = { formId, name: 'Kỳ', asOf: '2021-04-15', dueOn: '2035-01-01', dueTime: '17:00' }
      expect(await refusal(as(city.viewer.binh, (ctx) => openRound(ctx, { ...input, unitCode: 'an-hoa-1' }, timeZone)))).toBe('unitCode')
      expect(await refusal(as(city.viewer.binh, (ctx) => openRound(ctx, { ...input, unitCode: 'an-hoa' }, timeZone)))).toBe('Forbidden')
      expect(await refusal(as(city.viewer.duc, (ctx) => openRound(ctx, { ...input, unitCode: 'ninh-kieu' }, timeZone)))).toBe('formId') // a form from below
    })
  })

  test('a report arrives filled from records; only what no record holds is typed, and is marked as declared', async () => {
    const { one } = await open('Điền sẵn')
    const draft = async () => Object.fromEntries((await view(city.viewer.binh, one)).draft!.sections[0]!.figures.map((figure) => [figure.key, figure]))
    expect((await draft())['studied']).toMatchObject({ numerator: 0, denominator: 3, base: 'expected', origin: 'counted', declared: 0, typed: null })
    expect((await draft())['papers']).toMatchObject({ numerator: null, denominator: 3, origin: 'declared' })
    await as(city.viewer.binh, (ctx) => saveValues(ctx, { filingId: one, values: { papers: { value: 2, was: null } } }))
    const { papers } = await draft()
    expect(papers).toMatchObject({ numerator: 2, denominator: 3, share: 2 / 3, origin: 'declared', declared: 2, typed: { value: 2, savedBy: 'Lê Thanh Bình', evidence: null } })
    expect(papers!.typed!.savedAt).toBeInstanceOf(Date)
    expect(await refusal(as(city.viewer.binh, (ctx) => saveValues(ctx, { filingId: one, values: { studied: { value: 3 } } })))).toBe('values.studied.value')
    expect(await refusal(as(city.viewer.binh, (ctx) => saveValues(ctx, { filingId: one, values: { loudspeaker: { value: 3 } } })))).toBe('values.loudspeaker.value')
  })

  test('what is typed is a whole number, with thousands as people write them', () => {
    const typed = (value: unknown) => FilingValues.safeParse({ filingId: v7(), values: { papers: { value } } })
    expect(typed('1.016').data!.values['papers']!.value).toBe(1016)
    expect(typed('').data!.values['papers']).toEqual({ value: null })
    for (const wrong of ['1,5', '12.5', '-1', 'nhiều', '1e3', '0x10', '1000000001', undefined]) expect([wrong, typed(wrong).success]).toEqual([wrong, false])
  })

  test('counted figures say how much of them rests on declared totals', async () => {
    const { two } = await open('Khai báo tổng')
    await as(city.viewer.thu, (ctx) => declareTotals(ctx, { campaignCode: 'nq-xiii', unitCode: 'an-hoa-2', declaredOn: '2021-04-10', studied: { 'dang-vien': 1 } }))
    const { draft } = await view(city.viewer.thu, two)
    expect(draft!.sections[0]!.figures[0]).toMatchObject({ key: 'studied', numerator: 1, denominator: 2, origin: 'counted', declared: 1 })
  })

  describe('a draft', () => {
    test('is seen by the unit’s own officers alone: not by the units above, beside, a member or an inspector', async () => {
      const { two } = await open('Nháp kín')
      await fill(city.viewer.thu, two, 1)
      const only = await sent(Buffer.from('%PDF-1.4 nháp kín %%EOF'), 'bảng.pdf')
      await as(city.viewer.thu, (ctx) => attachEvidence(ctx, { filingId: two, indicator: 'papers', file: only }))
      const fileRow = (viewer: Viewer) => as(viewer, ({ tx }) => tx.selectFrom('file').select('size_bytes').where('sha256', '=', only.sha256).execute())
      expect(await fileRow(city.viewer.thu)).toEqual([{ size_bytes: only.size }])
      const [proof] = (await view(city.viewer.thu, two)).evidence
      for (const viewer of [city.viewer.ngoc, city.viewer.duc, city.viewer.mai, city.viewer.son]) {
        const seen = await view(viewer, two)
        expect(seen).toMatchObject({ draft: null, submissions: [], evidence: [] })
        expect(await as(viewer, ({ tx }) => textVersions(tx, two, sectionId))).toEqual([])
        expect(await refusal(as(viewer, (ctx) => saveValues(ctx, { filingId: two, values: { papers: { value: 0 } } })))).toBe('Forbidden')
      }
      for (const viewer of Object.values(city.viewer).filter((one) => one !== city.viewer.thu)) {
        for (const table of ['filing_value', 'filing_text', 'evidence'] as const) {
          expect(await as(viewer, ({ tx }) => tx.selectFrom(table).select('filing_id').where('filing_id', '=', two).execute())).toEqual([])
        }
        expect(await refusal(as(viewer, ({ tx }) => evidenceFile(tx, proof!.id)))).toBe('NotFound')
        expect(await fileRow(viewer)).toEqual([])
      }
      for (const viewer of [city.viewer.binh, city.viewer.hoa, city.viewer.khoa]) {
        expect(await refusal(view(viewer, two))).toBe('NotFound')
        expect(await refusal(as(viewer, (ctx) => saveText(ctx, { filingId: two, sectionId, text: 'x', version: 1 })))).toBe('NotFound')
      }
    })
    test('handed up shows what was handed up, and the proof with it; what is changed after a return stays the unit’s', async () => {
      const { two } = await open('Trả lại rồi sửa')
      await fill(city.viewer.thu, two, 1)
      await as(city.viewer.thu, async (ctx) => attachEvidence(ctx, { filingId: two, indicator: 'papers', file: await sent(pdf, 'bảng.pdf') }))
      await submitAs(as, city.viewer.thu, two)
      const above = await view(city.viewer.ngoc, two)
      expect(above.submissions[0]!.content.figures.find((figure) => figure.key === 'papers')).toMatchObject({ numerator: 1, origin: 'declared', evidence: { name: 'bảng.pdf' } })
      const { sha256 } = await as(city.viewer.ngoc, ({ tx }) => evidenceFile(tx, above.evidence[0]!.id))
      expect(Buffer.concat(await (await openFile(files, sha256)).toArray()).toString()).toContain('%PDF-')
      await as(city.viewer.ngoc, (ctx) => returnFiling(ctx, { filingId: two, version: above.filing.version, comment: 'Thiếu danh sách' }))
      await as(city.viewer.thu, (ctx) => saveValues(ctx, { filingId: two, values: { papers: { value: 2 } } }))
      await as(city.viewer.thu, async (ctx) => attachEvidence(ctx, { filingId: two, indicator: 'papers', file: await sent(pdf, 'mới.pdf') }))
      const again = await view(city.viewer.ngoc, two)
      expect(again.evidence.map((file) => file.name)).toEqual(['bảng.pdf'])
      expect(again.submissions[0]!.content.figures.find((figure) => figure.key === 'papers')!.numerator).toBe(1)
    })
  })

  test('an inspector reads what the unit assigned handed up, on its form, and nothing else of the round', async () => {
    const { roundId, one, two, consolidatedId } = await open('Kiểm tra')
    for (const [viewer, filingId] of [[city.viewer.thu, two], [city.viewer.binh, one]] as const) {
      await fill(viewer, filingId, 1)
      await submitAs(as, viewer, filingId)
    }
    const { son } = city.viewer // assigned cell two alone
    const seen = await view(son, two)
    expect(seen).toMatchObject({ draft: null, filing: { unitCode: 'an-hoa-2', askerName: 'Đảng ủy phường An Hòa', formName: 'Báo cáo tháng' } })
    expect(seen.submissions[0]!.content.figures.map((figure) => figure.key)).toEqual(['studied', 'expected', 'papers', 'meetings'])
    expect(seen.reasonsAgainst.accept && seen.reasonsAgainst.return && seen.reasonsAgainst.fill).toBeTruthy()
    // names of the figures that the unit above added are part of the report
    expect((await as(son, async ({ tx }) => (await formById(tx, formId)).sections))[0]!.indicators.map((one) => one.name)).toEqual([null, null, 'Bài thu hoạch', 'Cuộc tuyên truyền'])
    for (const other of [one, consolidatedId]) expect(await refusal(view(son, other))).toBe('NotFound')
    expect((await as(son, ({ tx }) => unitsOfRound(tx, roundId))).map((row) => row.unitCode)).toEqual(['an-hoa-2'])
    expect(await as(son, ({ tx }) => roundShown(tx, roundId))).toMatchObject({ expected: 1, consolidated: null })
    const visible = (table: 'report_round' | 'report_form' | 'submission', column: 'unit_id') => as(son, ({ tx }) => tx.selectFrom(table).select(column).execute())
    expect(new Set((await visible('submission', 'unit_id')).map((row) => row.unit_id))).toEqual(new Set([city.unit.cellTwo]))
    for (const table of ['report_round', 'report_form'] as const) expect(new Set((await visible(table, 'unit_id')).map((row) => row.unit_id))).toEqual(new Set([city.unit.commune]))
    expect((await as(son, ({ tx }) => registered(tx))).map((one) => one.key)).not.toContain('loudspeaker') // cell one's own, on no form of cell two
    // the round, the form and the register are not the inspector's to change
    const { numUpdatedRows } = await as(son, ({ tx }) => tx.updateTable('report_round').set({ name: 'Khác' }).executeTakeFirstOrThrow())
    expect(numUpdatedRows).toBe(0n)
    expect(await refusal(as(son, (ctx) => extendDue(ctx, { roundId, filingIds: [two], dueOn: '2036-01-01', dueTime: '17:00', reason: 'x' }, timeZone)))).toBe('Forbidden')
    // assigned until yesterday is assigned no more
    await as(son, async ({ tx }) => expect(await tx.selectFrom('report_round').select('id').execute()).not.toEqual([]))
    const later = { ...son, today: '2030-01-01' }
    expect(await as(later, ({ tx }) => tx.selectFrom('report_round').select('id').execute())).toEqual([])
  })

  describe('two people at one report', () => {
    test('are told of each other, and neither loses a text', async () => {
      const { one } = await open('Hai người')
      const write = (viewer: Viewer, text: string, version: number) => as(viewer, (ctx) => saveText(ctx, { filingId: one, sectionId, text, version }))
      await write(city.viewer.binh, 'Bản của Bình', 0)
      expect((await view(clerk, one)).draft!.editors).toMatchObject([{ name: 'Lê Thanh Bình' }])
      expect((await view(city.viewer.binh, one)).draft!.editors).toEqual([])
      const conflict = await write(clerk, 'Bản của Minh', 0).catch((error: Refused) => error)
      expect(conflict).toBeInstanceOf(Refused)
      expect((conflict as Refused).field).toBe('version')
      expect((conflict as Refused).sentence('vi')).toContain('Lê Thanh Bình vừa lưu phần này')
      await write(clerk, 'Bản của Bình', 0) // the same text is no conflict
      await write(clerk, 'Bản của Bình và Minh', 1)
      expect((await as(clerk, ({ tx }) => textVersions(tx, one, sectionId))).map(({ version, text, savedBy, isCurrent }) => [version, text, savedBy, isCurrent])).toEqual([
        [2, 'Bản của Bình và Minh', 'Trần Văn Minh', true],
        [1, 'Bản của Bình', 'Lê Thanh Bình', false],
      ])
    })
    test('who write at the same instant leave one text, and the other is told', async () => {
      const { one } = await open('Cùng lúc')
      const outcomes = await Promise.all([city.viewer.binh, clerk].map((viewer, index) => refusal(as(viewer, (ctx) => saveText(ctx, { filingId: one, sectionId, text: `Bản ${index}`, version: 0 })))))
      expect(outcomes.toSorted()).toEqual(['done', 'version'])
    })
    test('do not wipe each other’s figures: one that the other changed is refused, one left alone is kept', async () => {
      const { one } = await open('Hai người gõ số')
      const type = (viewer: Viewer, values: Parameters<typeof saveValues>[1]['values']) => as(viewer, (ctx) => saveValues(ctx, { filingId: one, values }))
      await type(city.viewer.binh, { papers: { value: 2, was: null }, meetings: { value: 4, was: null } })
      expect(await refusal(type(clerk, { papers: { value: 3, was: null }, meetings: { value: null, was: null } }))).toBe('values.papers.value')
      await type(clerk, { papers: { value: 3, was: 2 }, meetings: { value: null, was: null } })
      const figures = (await view(clerk, one)).draft!.sections[0]!.figures
      expect(figures.slice(2).map((figure) => [figure.numerator, figure.typed!.savedBy])).toEqual([[3, 'Trần Văn Minh'], [4, 'Lê Thanh Bình']])
      const history = await db.selectFrom('filing_value').select(['value', 'superseded_at']).where('filing_id', '=', one).where('indicator', '=', 'papers').orderBy('recorded_at').execute()
      expect(history.map((row) => [row.value, row.superseded_at === null])).toEqual([[2, false], [3, true]])
    })
  })

  describe('validation', () => {
    test('keeps a report back while a figure or a part is missing, or a relation is broken; 0 and “none” do', async () => {
      const { one } = await open('Thiếu')
      const problems = async () => (await view(city.viewer.binh, one)).draft!.problems.map((problem) => problem.id)
      expect(await problems()).toEqual(['figure-missing:papers', 'figure-missing:meetings', `text-missing:${sectionId}`])
      expect(await refusal(submitAs(as, city.viewer.binh, one))).toBe('form')
      await fill(city.viewer.binh, one, 4, 0)
      expect(await problems()).toEqual(['share-over-100:papers:must-write'])
      const error = await submitAs(as, city.viewer.binh, one).catch((caught: Refused) => caught)
      expect((error as Refused).sentence('vi')).toBe('“Bài thu hoạch” là 4, nhiều hơn “đảng viên phải viết bài thu hoạch” là 3: tỷ lệ 133,33%, quá 100%.')
      expect((error as Refused).sentence('en')).toContain('133.33%')
      await fill(city.viewer.binh, one, 5, 0)
      expect(await problems()).toEqual(['share-over-100:papers:must-write', 'more-than:papers:on-roster'])
      await fill(city.viewer.binh, one, 0, 0)
      await submitAs(as, city.viewer.binh, one)
    })
    test('asks a reason for arithmetic that the checker finds wrong in a text, and keeps it while the words stay', async () => {
      const { one } = await open('Số học trong lời')
      await fill(city.viewer.binh, one, 2)
      const write = async (text: string) => {
        const version = await as(city.viewer.binh, async (ctx) => (await filingById(ctx, one)).draft!.sections[1]!.text!.version)
        await as(city.viewer.binh, (ctx) => saveText(ctx, { filingId: one, sectionId, text, version }))
        return (await view(city.viewer.binh, one)).draft!.warnings
      }
      // as somebody once printed it of Vĩnh Thạnh
      const printed = 'Kết quả phân loại bài thu hoạch: loại tốt 427 bài, đạt 25,84%; loại khá 1.016 bài, đạt 55,64%; loại trung bình 348 bài, đạt 21,02%.'
      const warnings = await write(printed)
      expect(new Set(warnings.map((warning) => warning.code))).toEqual(new Set(['shares-sum', 'implied-totals-differ', 'share-mismatch']))
      expect(warnings.every((warning) => warning.sectionId === sectionId && warning.indicator === null)).toBe(true)
      const error = await submitAs(as, city.viewer.binh, one).catch((caught: Refused) => caught)
      expect((error as Refused).field).toBe(`reasons.${warnings[0]!.id}`)
      expect((error as Refused).sentence('vi')).toContain('Phần “Khó khăn”, chỗ “')
      const right = printed.replace('25,84', '23,84').replace('55,64', '56,73').replace('21,02', '19,43')
      expect(await write(right)).toEqual([])
      await write(printed)
      await submitAs(as, city.viewer.binh, one, Object.fromEntries(warnings.map(({ id }) => [id, 'Chép đúng báo cáo của huyện'])))
      const version = await versionOf(as, city.viewer.ngoc, one)
      await as(city.viewer.ngoc, (ctx) => returnFiling(ctx, { filingId: one, version, comment: 'Xem lại tỷ lệ' }))
      expect((await view(city.viewer.binh, one)).draft!.warnings.map((warning) => warning.reason)).toEqual(warnings.map(() => 'Chép đúng báo cáo của huyện'))
    })
    test('asks a reason for a figure far from the unit’s own past, and keeps it', async () => {
      for (const [day, meetings] of [['2021-03-23', 4], ['2021-03-25', 5], ['2021-03-27', 4]] as const) {
        const { one } = await open(`Trước ${day}`, '2035-07-02', day)
        await fill(city.viewer.binh, one, 2, meetings)
        await submitAs(as, city.viewer.binh, one)
      }
      const { one } = await open('Khác thường', '2035-07-02', '2021-03-28')
      await fill(city.viewer.binh, one, 2, 40)
      const { draft } = await view(city.viewer.binh, one)
      expect(draft!.warnings).toMatchObject([{ id: 'outlier-past:meetings', values: { value: 40, usual: 4, units: 3 }, reason: '' }])
      expect(await refusal(submitAs(as, city.viewer.binh, one))).toBe('reasons.outlier-past:meetings')
      expect(await refusal(submitAs(as, city.viewer.binh, one, { 'outlier-past:meetings': '   ' }))).toBe('reasons.outlier-past:meetings')
      await submitAs(as, city.viewer.binh, one, { 'outlier-past:meetings': 'Tháng cao điểm' })
      const [submission] = await as(city.viewer.ngoc, ({ tx }) => submissionsOf(tx, one))
      expect(submission!.content.warnings).toMatchObject([{ code: 'outlier-past', indicator: 'meetings', reason: 'Tháng cao điểm' }])
      const version = await versionOf(as, city.viewer.ngoc, one)
      await as(city.viewer.ngoc, (ctx) => returnFiling(ctx, { filingId: one, version, comment: 'Xem lại' }))
      expect((await view(city.viewer.binh, one)).draft!.warnings[0]!.reason).toBe('Tháng cao điểm')
      await fill(city.viewer.binh, one, 2, 5)
      expect((await view(city.viewer.binh, one)).draft!.warnings).toEqual([])
    })
  })

  describe('evidence', () => {
    let filingId: string
    const attach = (content: Uint8Array<ArrayBuffer>, name: string) => as(city.viewer.binh, async (ctx) => attachEvidence(ctx, { filingId, indicator: 'papers', file: await sent(content, name) }))
    beforeAll(async () => {
      filingId = (await open('Minh chứng')).one
    })

    test('needs the figure that it proves', async () => {
      expect(await refusal(attach(pdf, 'a.pdf'))).toBe('indicator')
      await as(city.viewer.binh, (ctx) => saveValues(ctx, { filingId, values: { papers: { value: 2 } } }))
      expect(await refusal(as(city.viewer.binh, async (ctx) => attachEvidence(ctx, { filingId, indicator: 'studied', file: await sent(pdf, 'a.pdf') })))).toBe('indicator')
    })
    test.each([
      ['a program with the name of a PDF', new Uint8Array([0x4d, 0x5a, 0x90, 0x00]), 'anh.pdf'],
      ['a page with the name of a picture', new TextEncoder().encode('<script>alert(1)</script>'), 'anh.png'],
      ['an empty file', new Uint8Array(0), 'anh.pdf'],
      ['a PDF of 11 MB', new Uint8Array(11 * 1024 * 1024).fill(0x20), 'anh.pdf'],
      ['two letters', new TextEncoder().encode('%P'), 'anh.pdf'],
    ])('refuses %s', async (_, content, name) => {
      if (content.length > 1024) content.set(pdf)
      expect(await refusal(attach(content, name))).toBe('file')
    })
    test.each([
      ['../../etc/passwd.pdf', 'passwd.pdf'],
      ['C:\\Users\\anh\\bảng tổng hợp.PDF', 'bảng tổng hợp.pdf'],
      ['hóa\u202Efdp.exe', 'hóafdp.exe.pdf'],
      ['..', 'minh-chung.pdf'],
      ['a"\r\nSet-Cookie: x.pdf', 'aSet-Cookie x.pdf'],
      [`${'dài'.repeat(100)}.pdf`, `${'dài'.repeat(40)}.pdf`],
    ])('named %j is kept as %j', async (given, kept) => {
      const { evidenceId } = await attach(pdf, given)
      expect(await as(city.viewer.binh, ({ tx }) => evidenceFile(tx, evidenceId))).toMatchObject({ name: kept, mediaType: 'application/pdf' })
    })
    test('stays with the figure when it is typed anew, can be taken off, and is not put on another report', async () => {
      const { evidenceId } = await attach(pdf, 'bảng.pdf')
      const proofOf = async () => (await view(city.viewer.binh, filingId)).draft!.sections[0]!.figures[2]!.typed!.evidence?.id ?? null
      await as(city.viewer.binh, (ctx) => saveValues(ctx, { filingId, values: { papers: { value: 3 } } }))
      expect(await proofOf()).toBe(evidenceId)
      await as(city.viewer.binh, (ctx) => saveValues(ctx, { filingId, values: { papers: { value: 3, evidenceId: 'none' } } }))
      expect(await proofOf()).toBeNull()
      const { one } = await open('Báo cáo khác')
      expect(await refusal(as(city.viewer.binh, (ctx) => saveValues(ctx, { filingId: one, values: { papers: { value: 1, evidenceId } } })))).toBe('values.papers.evidenceId')
    })
  })

  describe('the workflow', () => {
    test('sent twice at once is one submission; what the second gets is the first’s', async () => {
      const { one } = await open('Gửi hai lần')
      await fill(city.viewer.binh, one, 3)
      const version = await versionOf(as, city.viewer.binh, one)
      const [first, second] = await Promise.all([city.viewer.binh, clerk].map((viewer) => as(viewer, (ctx) => submitFiling(ctx, { filingId: one, version, reasons: {} }))))
      expect(first).toEqual(second)
      expect(await as(city.viewer.ngoc, ({ tx }) => submissionsOf(tx, one))).toHaveLength(1)
      expect((await view(city.viewer.ngoc, one)).events.map((event) => event.kind)).toEqual(['submitted'])
    })
    test('what changed since it was shown is not submitted unseen', async () => {
      const { one } = await open('Đổi giữa chừng')
      await fill(city.viewer.binh, one, 3)
      const version = await versionOf(as, city.viewer.binh, one)
      await as(clerk, (ctx) => saveValues(ctx, { filingId: one, values: { papers: { value: 1 } } }))
      expect(await refusal(as(city.viewer.binh, (ctx) => submitFiling(ctx, { filingId: one, version, reasons: {} })))).toBe('version')
    })
    test('accepted and returned at the same instant is one of them, and the other is told', async () => {
      const { one } = await open('Nhận và trả')
      await fill(city.viewer.binh, one, 3)
      await submitAs(as, city.viewer.binh, one)
      const version = await versionOf(as, city.viewer.ngoc, one)
      const outcomes = await Promise.all([
        refusal(as(city.viewer.ngoc, (ctx) => acceptFiling(ctx, { filingId: one, version }))),
        refusal(as(city.viewer.ngoc, (ctx) => returnFiling(ctx, { filingId: one, version, comment: 'Thiếu' }))),
      ])
      expect(outcomes.toSorted()).toEqual(['done', 'version'])
      expect((await view(city.viewer.ngoc, one)).events).toHaveLength(2)
    })
    test('one that was submitted anew meanwhile is not accepted by who looked at the old one', async () => {
      const { one } = await open('Gửi lại')
      await fill(city.viewer.binh, one, 3)
      await submitAs(as, city.viewer.binh, one)
      const seen = await versionOf(as, city.viewer.ngoc, one)
      await as(city.viewer.ngoc, (ctx) => returnFiling(ctx, { filingId: one, version: seen, comment: 'Sai số bài' }))
      expect(await refusal(as(city.viewer.ngoc, (ctx) => acceptFiling(ctx, { filingId: one, version: seen })))).toBe('version')
      expect(await refusal(acceptAs(as, city.viewer.ngoc, one))).toBe('form')
      await fill(city.viewer.binh, one, 2)
      await submitAs(as, city.viewer.binh, one)
      expect(await refusal(as(city.viewer.ngoc, (ctx) => acceptFiling(ctx, { filingId: one, version: seen })))).toBe('version')
      await acceptAs(as, city.viewer.ngoc, one)
      const { filing, events, submissions } = await view(city.viewer.binh, one)
      expect(filing.state).toBe('accepted')
      expect(events.toReversed().map((event) => [event.kind, event.comment])).toEqual([['submitted', null], ['returned', 'Sai số bài'], ['submitted', null], ['accepted', null]])
      expect(submissions.map((submission) => submission.number)).toEqual([2, 1])
    })
    test('says why each button is shut, and the operations agree', async () => {
      const { one } = await open('Ai được làm')
      await fill(city.viewer.binh, one, 3)
      const may = async (viewer: Viewer) => Object.entries((await view(viewer, one)).reasonsAgainst).filter(([, reason]) => reason === null).map(([act]) => act)
      expect(await may(city.viewer.binh)).toEqual(['fill', 'submit'])
      expect(await may(city.viewer.ngoc)).toEqual(['extend'])
      expect(await may(city.viewer.mai)).toEqual([])
      await submitAs(as, city.viewer.binh, one)
      expect(await may(city.viewer.binh)).toEqual([])
      expect(await may(city.viewer.ngoc)).toEqual(['return', 'accept', 'extend'])
      const version = await versionOf(as, city.viewer.mai, one)
      expect(await refusal(as(city.viewer.mai, (ctx) => acceptFiling(ctx, { filingId: one, version })))).toBe('Forbidden')
      expect(await refusal(as(city.viewer.binh, (ctx) => acceptFiling(ctx, { filingId: one, version })))).toBe('Forbidden')
      expect(await refusal(as(city.viewer.ngoc, (ctx) => submitFiling(ctx, { filingId: one, version, reasons: {} })))).toBe('Forbidden')
      expect(await refusal(as(city.viewer.thu, (ctx) => returnFiling(ctx, { filingId: one, version, comment: 'x' })))).toBe('NotFound')
      expect(await refusal(as(city.viewer.binh, (ctx) => saveValues(ctx, { filingId: one, values: { papers: { value: 1 } } })))).toBe('form')
      expect(await refusal(as(city.viewer.binh, (ctx) => saveText(ctx, { filingId: one, sectionId, text: 'x', version: 1 })))).toBe('form')
    })
  })

  describe('time', () => {
    test('late is late by the first submission; an extension with its reason makes it on time', async () => {
      const { roundId, one, two } = await open('Muộn', '2021-04-16')
      await fill(city.viewer.binh, one, 3)
      expect((await view(city.viewer.binh, one)).timeliness).toBe('overdue')
      await submitAs(as, city.viewer.binh, one)
      expect((await view(city.viewer.binh, one)).timeliness).toBe('late')
      expect(await as(city.viewer.ngoc, ({ tx }) => roundShown(tx, roundId))).toMatchObject({ received: 1, onTime: 0, late: 1, missing: 1, overdue: 1 })
      expect((await as(city.viewer.ngoc, ({ tx }) => unitsOfRound(tx, roundId))).map((row) => row.unitName)).toEqual(['Chi bộ khu vực 2', 'Chi bộ khu vực 1'])
      const extend = (filingIds: string[], dueOn: string) => as(city.viewer.ngoc, (ctx) => extendDue(ctx, { roundId, filingIds, dueOn, dueTime: '17:00', reason: 'Mưa bão' }, timeZone))
      expect(await refusal(extend([one], '2021-04-16'))).toBe('dueOn')
      expect(await refusal(extend([v7()], '2035-01-01'))).toBe('filingIds')
      expect(await refusal(as(city.viewer.binh, (ctx) => extendDue(ctx, { roundId, filingIds: [one], dueOn: '2035-01-01', dueTime: '17:00', reason: 'x' }, timeZone)))).toBe('Forbidden')
      await extend([one, two], '2035-01-01')
      expect((await view(city.viewer.binh, one)).timeliness).toBe('on_time')
      expect((await view(city.viewer.binh, one)).events[0]).toMatchObject({ kind: 'extended', comment: 'Mưa bão', actor: 'Lý Thị Ngọc' })
      expect(await as(city.viewer.ngoc, ({ tx }) => roundShown(tx, roundId))).toMatchObject({ onTime: 1, late: 0, overdue: 0 })
    })
    test('who is overdue is reminded once a day, also after a return, and no more once it is handed up', async () => {
      const { one, two } = await open('Nhắc', '2021-04-16')
      const remind = () => remindOverdue({ db, log: openLog('silent'), config: { timeZone } as App['config'] })
      const reminded = async (id: string) => (await view(city.viewer.ngoc, id)).events.filter((event) => event.kind === 'reminded')
      await fill(city.viewer.binh, one, 3)
      await submitAs(as, city.viewer.binh, one)
      expect(await remind()).toBe(0) // its campaign ended years ago
      const close = (day: string) => db.updateTable('campaign').set({ study_to: day, data_day: day }).execute()
      await close(addDays(today(timeZone), -60))
      await Promise.all([remind(), remind()])
      expect(await reminded(one)).toEqual([])
      expect(await reminded(two)).toMatchObject([{ isJob: true, actor: null }])
      expect(await remind()).toBe(0)
      await db.updateTable('filing_event').set({ at: sql`at - interval '1 day'` }).where('filing_id', '=', two).execute()
      expect(await remind()).toBe(1)
      expect(await reminded(two)).toHaveLength(2)
      await close('2021-06-30')
    })
  })

  test('the consolidated report sums what was accepted and its own, says the declared part, and names who is missing', async () => {
    const { roundId, consolidatedId, one, two } = await open('Tổng hợp')
    const sum = () => view(city.viewer.ngoc, consolidatedId)
    await fill(city.viewer.binh, one, 3, 2)
    await submitAs(as, city.viewer.binh, one)
    await fill(city.viewer.thu, two, 1, 5)
    await submitAs(as, city.viewer.thu, two)
    await acceptAs(as, city.viewer.ngoc, one)
    await as(city.viewer.ngoc, (ctx) => saveText(ctx, { filingId: consolidatedId, sectionId, text: 'Chung.', version: 0 }))
    await as(city.viewer.ngoc, (ctx) => saveValues(ctx, { filingId: consolidatedId, values: { meetings: { value: 10 } } }))
    const { draft, filing } = await sum()
    expect(draft).toMatchObject({ accepted: 1, missing: [{ unitName: 'Chi bộ khu vực 2', state: 'submitted' }], problems: [], warnings: [] })
    const done = await as(city.viewer.ngoc, (ctx) => consolidate(ctx, { filingId: consolidatedId, version: filing.version, reasons: {} }))
    expect(done.number).toBe(1)
    const first = (await as(city.viewer.ngoc, ({ tx }) => consolidationOf(tx, consolidatedId)))!
    const figure = (key: string, content = first.content) => content.figures.find((one) => one.key === key)
    expect(figure('studied')).toMatchObject({ numerator: 1, denominator: 5, origin: 'counted', declared: 1 }) // records count every unit
    expect(figure('papers')).toMatchObject({ numerator: 3, denominator: 3, origin: 'summed', declared: 3 }) // of the units in the sum
    expect(figure('meetings')).toMatchObject({ numerator: 12, denominator: null, origin: 'summed', declared: 12 })
    expect(first.content.missing.map((unit) => unit.unitName)).toEqual(['Chi bộ khu vực 2'])
    expect(first.isStale).toBe(false)

    await acceptAs(as, city.viewer.ngoc, two)
    expect((await as(city.viewer.ngoc, ({ tx }) => consolidationOf(tx, consolidatedId)))!.isStale).toBe(true)
    expect(await refusal(as(city.viewer.ngoc, (ctx) => consolidate(ctx, { filingId: consolidatedId, version: 1, reasons: {} })))).toBe('version')
    const version = await versionOf(as, city.viewer.ngoc, consolidatedId)
    await as(city.viewer.ngoc, (ctx) => consolidate(ctx, { filingId: consolidatedId, version, reasons: {} }))
    const second = (await as(city.viewer.ngoc, ({ tx }) => consolidationOf(tx, consolidatedId)))!
    expect(second).toMatchObject({ number: 2, isStale: false })
    expect(figure('papers', second.content)).toMatchObject({ numerator: 4, denominator: 5 })
    expect(second.content.missing).toEqual([])
    expect(await refusal(view(city.viewer.binh, consolidatedId))).toBe('NotFound')

    await db.updateTable('filing').set({ state: 'sealed' }).where('id', '=', consolidatedId).execute()
    const now = await versionOf(as, city.viewer.ngoc, one)
    expect(await refusal(as(city.viewer.ngoc, (ctx) => returnFiling(ctx, { filingId: one, version: now, comment: 'x' })))).toBe('form')
    expect(await refusal(as(city.viewer.ngoc, (ctx) => extendDue(ctx, { roundId, filingIds: [one], dueOn: '2036-01-01', dueTime: '17:00', reason: 'x' }, timeZone)))).toBe('form')
    expect(await refusal(as(city.viewer.ngoc, (ctx) => saveValues(ctx, { filingId: consolidatedId, values: { meetings: { value: 1 } } })))).toBe('form')
    expect(await refusal(as(city.viewer.ngoc, (ctx) => consolidate(ctx, { filingId: consolidatedId, version: now, reasons: {} })))).toBe('form')
  })

  test('what a unit summed of its own units is suggested in its report to the unit above', async () => {
    const up = await as(city.viewer.duc, (ctx) => makeForm(ctx, { unitCode: 'ninh-kieu', campaignCode: 'nq-xiii', name: 'Báo cáo quận', kind: 'month', sections: [{ kind: 'figures', title: 'Số liệu', indicators: ['studied'] }] }))
    expect(await refusal(as(city.viewer.duc, (ctx) => makeForm(ctx, { unitCode: 'ninh-kieu', campaignCode: 'nq-xiii', name: 'Báo cáo', kind: 'month', sections: [{ kind: 'figures', title: 'Số liệu', indicators: ['papers'] }] })))).toBe('sections')
    await as(city.viewer.duc, (ctx) => addIndicator(ctx, { unitCode: 'ninh-kieu', key: 'leaflets', name: 'Tờ rơi', unitOfCount: 'items', partOf: [], notMoreThan: [] }))
    const form = async (viewer: Viewer, unitCode: string) =>
      (await as(viewer, (ctx) => makeForm(ctx, { unitCode, campaignCode: 'nq-xiii', name: 'Tờ rơi', kind: 'ad_hoc', sections: [{ kind: 'figures', title: 'Số liệu', indicators: ['leaflets'] }] }))).formId
    const ask = async (viewer: Viewer, unitCode: string, id: string) => as(viewer, (ctx) => openRound(ctx, { unitCode, formId: id, name: 'Tờ rơi', asOf: '2021-04-14', dueOn: '2035-01-01', dueTime: '17:00' }, timeZone))
    const above = await ask(city.viewer.duc, 'ninh-kieu', await form(city.viewer.duc, 'ninh-kieu'))
    const beneath = await ask(city.viewer.ngoc, 'an-hoa', await form(city.viewer.ngoc, 'an-hoa'))
    const idOf = async (roundId: string, unit: string) => (await db.selectFrom('filing').select('id').where('round_id', '=', roundId).where('unit_id', '=', unit).executeTakeFirstOrThrow()).id
    for (const [viewer, unit] of [[city.viewer.binh, city.unit.cellOne], [city.viewer.thu, city.unit.cellTwo]] as const) {
      const filingId = await idOf(beneath.roundId, unit)
      await as(viewer, (ctx) => saveValues(ctx, { filingId, values: { leaflets: { value: 30 } } }))
      await submitAs(as, viewer, filingId)
      await acceptAs(as, city.viewer.ngoc, filingId)
    }
    const mine = await idOf(above.roundId, city.unit.commune)
    expect((await view(city.viewer.ngoc, mine)).draft!.sections[0]!.figures[0]).toMatchObject({ numerator: null, suggested: null })
    const version = await versionOf(as, city.viewer.ngoc, beneath.consolidatedId)
    await as(city.viewer.ngoc, (ctx) => consolidate(ctx, { filingId: beneath.consolidatedId, version, reasons: {} }))
    expect((await view(city.viewer.ngoc, mine)).draft!.sections[0]!.figures[0]).toMatchObject({ numerator: null, suggested: 60 })
    expect(up.formId).toBeTruthy()
  })

  describe('a breakdown', () => {
    const take = (viewer: Viewer, unitCode: string, more: Partial<Parameters<typeof addBreakdown>[1]> = {}) =>
      as(viewer, (ctx) => addBreakdown(ctx, { unitCode, indicator: 'papers', title: 'theo loại', parts: ['Tốt', 'Khá', 'Trung bình'], isComplete: true, ...more }))
    const open = async (indicators: string[], name: string) => {
      const { formId: form } = await as(city.viewer.ngoc, (ctx) => makeForm(ctx, { unitCode: 'an-hoa', campaignCode: 'nq-xiii', name, kind: 'ad_hoc', sections: [{ kind: 'figures', title: 'Số liệu', indicators }] }))
      const round = await as(city.viewer.ngoc, (ctx) => openRound(ctx, { unitCode: 'an-hoa', formId: form, name, asOf: '2021-04-15', dueOn: '2035-07-02', dueTime: '17:00' }, timeZone))
      const { id: one } = await db.selectFrom('filing').select('id').where('round_id', '=', round.roundId).where('unit_id', '=', city.unit.cellOne).executeTakeFirstOrThrow()
      return { ...round, one }
    }
    const type = (viewer: Viewer, filingId: string, values: Record<string, number>) =>
      as(viewer, (ctx) => saveValues(ctx, { filingId, values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value }])) }))

    test('is taken by a unit for itself and those beneath, once by a name, and makes declared figures of its parts', async () => {
      await take(city.viewer.ngoc, 'an-hoa')
      await take(city.viewer.ngoc, 'an-hoa', { indicator: 'studied', title: 'theo giới tính', parts: ['nam', 'nữ'] })
      const seen = (viewer: Viewer) => as(viewer, async ({ tx }) => (await breakdowns(tx)).map((one) => [one.indicator, one.name, one.isComplete, one.parts.map((part) => part.key)]))
      expect(await seen(city.viewer.binh)).toEqual([
        ['papers', 'theo loại', true, ['papers-tot', 'papers-kha', 'papers-trung-binh']],
        ['studied', 'theo giới tính', true, ['studied-nam', 'studied-nu']],
      ])
      expect((await as(city.viewer.binh, ({ tx }) => registered(tx))).find((one) => one.key === 'studied-nu')).toMatchObject({ name: 'đảng viên đã học: nữ', base: 'studied', isDeclared: true, isPart: true, unitOfCount: 'people' })
      expect(await refusal(take(city.viewer.ngoc, 'an-hoa'))).toBe('parts')
      expect(await refusal(take(city.viewer.ngoc, 'an-hoa', { parts: ['A', 'B'] }))).toBe('title')
      expect(await refusal(take(city.viewer.ngoc, 'an-hoa', { title: 'khác', parts: ['Đỏ', 'đỏ'] }))).toBe('parts')
      expect(await refusal(take(city.viewer.ngoc, 'an-hoa', { indicator: 'papers-tot', title: 'khác' }))).toBe('indicator')
      expect(await refusal(take(city.viewer.ngoc, 'an-hoa', { indicator: 'loudspeaker', title: 'khác' }))).toBe('indicator') // a cell's own
      // a unit beneath takes apart for itself, and what others did stays
      await take(city.viewer.binh, 'an-hoa-1', { title: 'theo cách nộp', parts: ['giấy', 'thư điện tử'], isComplete: false })
      expect(await seen(city.viewer.thu)).toHaveLength(2)
      for (const viewer of [city.viewer.lan, city.viewer.mai]) expect(await refusal(take(viewer, 'an-hoa', { title: 'khác', parts: ['x', 'y'] }))).toBe('Forbidden')
      expect(await refusal(take(city.viewer.thu, 'an-hoa-1', { title: 'khác', parts: ['x', 'y'] }))).toBe('NotFound')
      await expect(as(city.viewer.thu, ({ tx }) => tx.insertInto('breakdown').values({ id: v7(), indicator: 'studied', unit_id: city.unit.commune, name: 'lén', is_complete: true }).execute())).rejects.toThrow(/row-level security/)
    })
    test('is typed a line a part', () => {
      const typed = (parts: string) => BreakdownInput.safeParse({ unitCode: 'an-hoa', indicator: 'papers', title: 'theo loại', parts })
      expect(typed(' Tốt \r\n\r\nKhá').data).toMatchObject({ parts: ['Tốt', 'Khá'], isComplete: false })
      for (const wrong of ['Tốt', '', Array.from({ length: 21 }, (_, index) => `phần ${index}`).join('\n')]) expect(typed(wrong).success).toBe(false)
    })
    test('keeps a report back while its parts do not make the whole; a part of a declared figure is asked beside it', async () => {
      const parts = ['papers-tot', 'papers-kha', 'papers-trung-binh']
      expect(await refusal(open(parts, 'Thiếu gốc'))).toBe('sections')
      const { one, consolidatedId } = await open(['papers', ...parts, 'studied', 'studied-nam', 'studied-nu'], 'Phân tổ')
      await type(city.viewer.binh, one, { papers: 3, 'papers-tot': 1, 'papers-kha': 2, 'papers-trung-binh': 1, 'studied-nam': 0, 'studied-nu': 0 })
      const problems = async (viewer: Viewer, id: string) => (await view(viewer, id)).draft!.problems.map((problem) => [problem.id, problem.values['value'], problem.values['most']])
      expect(await problems(city.viewer.binh, one)).toEqual([['parts-sum:papers-tot', 4, 3]])
      const error = await submitAs(as, city.viewer.binh, one).catch((caught: Refused) => caught)
      expect((error as Refused).sentence('vi')).toBe('“Bài thu hoạch” theo loại: các phần cộng lại là 4, phải bằng 3.')
      await type(city.viewer.binh, one, { 'papers-trung-binh': 0, 'studied-nam': 1 })
      expect(await problems(city.viewer.binh, one)).toEqual([['share-over-100:studied-nam:studied', 1, 0]]) // once, not as a sum too
      await type(city.viewer.binh, one, { 'studied-nam': 0 })
      await submitAs(as, city.viewer.binh, one)
      await acceptAs(as, city.viewer.ngoc, one)
      // in the sum the parts are held against the units that are in it
      const { draft } = await view(city.viewer.ngoc, consolidatedId)
      expect(draft!.problems).toEqual([])
      expect(draft!.sections[0]!.figures.map(({ key, numerator, denominator, origin }) => [key, numerator, denominator, origin])).toEqual([
        ['papers', 3, 3, 'summed'], ['papers-tot', 1, 3, 'summed'], ['papers-kha', 2, 3, 'summed'], ['papers-trung-binh', 0, 3, 'summed'],
        ['studied', 1, 5, 'counted'], ['studied-nam', 0, 0, 'summed'], ['studied-nu', 0, 0, 'summed'],
      ])
    })
  })

  test('a report handed up is an official document to print: DOCX and PDF say the same, to those who may read it', async () => {
    const { two } = await open('Bản in')
    await fill(city.viewer.thu, two, 1)
    const document = (viewer: Viewer, number: number | null = null) => as(viewer, (ctx) => filingDocument(ctx, two, number))
    expect(await refusal(document(city.viewer.thu))).toBe('NotFound') // nothing was handed up
    await submitAs(as, city.viewer.thu, two)
    const filing = await document(city.viewer.ngoc)
    const docx = readDocx((await officialFile(filing, 'docx')).bytes)
    const said = docx.paragraphs.join(' ')
    for (const each of ['ĐẢNG ỦY PHƯỜNG AN HÒA', 'CHI BỘ KHU VỰC 2', 'bản in', 'I. Số liệu', 'II. Khó khăn', 'Hội trường nhỏ.', 'T/M CHI BỘ']) expect(said).toContain(each)
    expect(docx.tables.find((table) => table[0]!.includes('Chỉ tiêu'))!.slice(1)).toEqual([
      ['1', 'Đảng viên đã học (trên đảng viên phải học)', '1', '2', '50,00%', '1'],
      ['2', 'Đảng viên phải học', '2', '', '', '0'],
      ['3', 'Bài thu hoạch (trên đảng viên phải viết bài thu hoạch)', '1', '2', '50,00%', '1'],
      ['4', 'Cuộc tuyên truyền', '2', '', '', '2'],
    ])
    const pdf = (await readPdf((await officialFile(filing, 'pdf')).bytes)).text
    expect(pdf.replaceAll(/[\s\u200b]/g, '')).toBe(docx.paragraphs.join('').replaceAll(/[\s\u200b]/g, ''))
    expect(await refusal(document(city.viewer.son))).toBe('done')
    expect(await refusal(document(city.viewer.ngoc, 7))).toBe('NotFound')
    for (const viewer of [city.viewer.binh, city.viewer.hoa, city.viewer.khoa]) expect(await refusal(document(viewer))).toBe('NotFound')
  })

  test('every act is on record, without a text or a name', async () => {
    const entries = await db.selectFrom('audit_entry').select(['action', 'detail', 'unit_id']).where('subject_type', 'in', ['filing', 'submission', 'evidence', 'report_round', 'report_form', 'indicator', 'breakdown']).execute()
    expect(new Set(entries.map((entry) => entry.action))).toEqual(new Set([
      'indicator.added', 'breakdown.added', 'form.made', 'form.retired', 'round.opened', 'due.extended', 'filing.figures typed', 'filing.text written', 'filing.evidence attached', 'filing.submitted', 'filing.returned', 'filing.accepted', 'round.consolidated',
    ]))
    expect(JSON.stringify(entries)).not.toMatch(/Hội trường|Sai số bài|Tháng cao điểm|Mưa bão|bảng\.pdf/)
    expect(entries.every((entry) => entry.unit_id !== null)).toBe(true)
  })

  test('the API does the same with the same words and rights', async () => {
    const { one } = await open('Qua API')
    const app = (person: string) => ({ db, pool, files, log: openLog('silent'), config: { timeZone, publicUrl: null }, auth: { sessionOf: () => Promise.resolve({ session: { personId: person, accountId: person }, cookies: [] }) } }) as unknown as App
    const apis = new Map<string, ReturnType<typeof openApi>>()
    const apiOf = (person: string) => apis.get(person) ?? apis.set(person, openApi(app(person))).get(person)!
    const call = (person: string, path: string, init: RequestInit = {}) => apiOf(person).request(`/api/v1${path}`, init)
    const json = (body: unknown) => ({ method: 'POST', headers: { 'Content-Type': 'application/json', 'Accept-Language': 'vi' }, body: JSON.stringify(body) })
    expect((await call(city.person.binh, '/filing-values', json({ filingId: one, values: { papers: { value: 2 }, meetings: { value: 1 } } }))).status).toBe(201)
    expect((await call(city.person.ngoc, '/filing-values', json({ filingId: one, values: { papers: { value: 2 } } }))).status).toBe(403)
    expect((await call(city.person.thu, `/filings/${one}`)).status).toBe(404)
    const form = new FormData()
    form.set('filingId', one)
    form.set('indicator', 'papers')
    form.set('file', new File([pdf], 'bảng.pdf'))
    const attached = await call(city.person.binh, '/filing-evidence', { method: 'POST', body: form })
    expect(attached.status).toBe(201)
    const { evidenceId } = (await attached.json()) as { evidenceId: string }
    const file = await call(city.person.binh, `/filing-evidence/${evidenceId}`)
    expect(file.headers.get('content-disposition')).toBe(`attachment; filename="bang.pdf"; filename*=UTF-8''b%E1%BA%A3ng.pdf`)
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(pdf)
    expect((await call(city.person.ngoc, `/filing-evidence/${evidenceId}`)).status).toBe(404)
    const filing = (await (await call(city.person.binh, `/filings/${one}`)).json()) as { version: number; draft: { problems: { sentence: string }[] } }
    expect(filing.draft.problems).toMatchObject([{ sentence: 'Phần “Khó khăn” còn trống. Nếu không có gì, ghi “Không có”.' }])
    const refused = await call(city.person.binh, '/submissions', json({ filingId: one, version: filing.version }))
    expect(refused.status).toBe(422)
    expect((await refused.json() as { problems: object }).problems).toEqual({ form: 'Phần “Khó khăn” còn trống. Nếu không có gì, ghi “Không có”.' })
    expect((await call(city.person.ngoc, `/report-rounds?unit=an-hoa`)).status).toBe(200)
    expect((await call(city.person.ngoc, `/report-forms/${formId}`)).status).toBe(200)
    expect((await call(city.person.ngoc, `/report-forms?unit=an-hoa`)).status).toBe(200)
    expect((await call(city.person.ngoc, '/indicators')).status).toBe(200)
    const description = (await (await apiOf(city.person.ngoc).request('/api/openapi.json')).json()) as { paths: object }
    expect(Object.keys(description.paths)).toContain('/submissions')
    expect((await call(city.person.ngoc, '/indicator-breakdowns', json({ unitCode: 'an-hoa', indicator: 'studied', title: 'qua API', parts: ['một', 'hai'], isComplete: false }))).status).toBe(201)
    expect((await call(city.person.ngoc, `/filings/${one}/report.docx`)).status).toBe(404) // nothing was handed up
    expect(await (await call(city.person.binh, '/filing-texts', json({ filingId: one, sectionId, text: 'Không có.', version: 0 }))).json()).toEqual({ receipt: expect.any(Number) })
    const { version } = (await (await call(city.person.binh, `/filings/${one}`)).json()) as { version: number }
    expect((await call(city.person.binh, '/submissions', json({ filingId: one, version, reasons: { 'outlier-past:meetings': 'Tháng ít cuộc' } }))).status).toBe(201)
    const printed = await call(city.person.ngoc, `/filings/${one}/report.docx?submission=1`)
    expect([printed.status, printed.headers.get('content-disposition')]).toEqual([200, expect.stringContaining('report-an-hoa-1-')])
  })
})

describe('a unit that was merged into another', async () => {
  const { db } = await testDatabase()
  const as = on(db)

  test('has its report filled in, handed up and asked about by the officers of its heir, and by nobody else beside', async () => {
    const city = await organisation(db)
    await campaignOf(as, city.viewer.mai)
    const formId = await registerAndForm(as, city.viewer.ngoc, 'an-hoa')
    const sectionId = await sectionOf(as, city.viewer.ngoc, formId)
    const { roundId } = await as(city.viewer.ngoc, (ctx) => openRound(ctx, { unitCode: 'an-hoa', formId, name: 'Tháng 4', asOf: '2021-04-05', dueOn: '2035-07-02', dueTime: '17:00' }, timeZone))
    const { id } = await db.selectFrom('filing').select('id').where('round_id', '=', roundId).where('unit_id', '=', city.unit.cellTwo).executeTakeFirstOrThrow()
    const profile = ({ personId, today }: Viewer) => asViewer(db, { personId, today }, (tx) => loadViewer(tx, personId, today))
    expect((await profile(city.viewer.binh)).offices.map((office) => office.unitName)).toEqual(['Chi bộ khu vực 1'])

    await db.updateTable('unit').set({ during: '[-infinity,2021-04-10)' }).where('id', '=', city.unit.cellTwo).execute()
    await db.updateTable('unit_parent').set({ during: '[-infinity,2021-04-10)' }).where('unit_id', '=', city.unit.cellTwo).execute()
    await db.insertInto('succession').values({ from_unit_id: city.unit.cellTwo, to_unit_id: city.unit.cellOne, on_date: '2021-04-10' }).execute()
    await sql`select lay_ancestors()`.execute(db)
    await db.updateTable('office').set({ during: '[2020-01-01,2021-04-10)' }).where('person_id', '=', city.person.thu).execute()

    const heir = await profile(city.viewer.binh)
    expect(heir.offices.map(({ role, unitId }) => [role, unitId])).toEqual([['secretary', city.unit.cellOne], ['secretary', city.unit.cellTwo]])
    expect((await profile({ ...city.viewer.binh, today: '2021-04-09' })).offices).toHaveLength(1) // not before it was merged
    expect((await profile(city.viewer.thu)).offices).toEqual([])
    expect((await profile(city.viewer.son)).offices.map(({ role }) => role)).toEqual(['inspector'])

    const before = { ...city.viewer.binh, offices: heir.offices.slice(0, 1) }
    expect(await refusal(as(before, (ctx) => saveValues(ctx, { filingId: id, values: { papers: { value: 1 } } })))).toBe('Forbidden')
    await as(heir, (ctx) => saveValues(ctx, { filingId: id, values: { papers: { value: 1 }, meetings: { value: 2 } } }))
    await as(heir, (ctx) => saveText(ctx, { filingId: id, sectionId, text: 'Không có.', version: 0 }))
    await submitAs(as, heir, id)
    expect((await as(heir, ({ tx }) => filingsAskedOf(tx, city.unit.cellTwo))).map((filing) => filing.state)).toEqual(['submitted'])
    const late = await profile(city.viewer.thu)
    expect(await refusal(as(late, (ctx) => filingById(ctx, id)))).toBe('NotFound')
    await acceptAs(as, city.viewer.ngoc, id)
  })
})

describe('a city asks 100 units', async () => {
  const { db } = await testDatabase()
  const as = on(db)
  const size = 100
  const names = Array.from({ length: size }, (_, index) => `Đảng ủy phường ${String(index + 1).padStart(3, '0')}`)
  let mai: Viewer
  let secretaries: Viewer[]
  let roundId: string
  let asked: number
  let consolidatedId: string
  let filings: string[]
  let sectionId: string

  beforeAll(async () => {
    const city = await organisation(db)
    mai = city.viewer.mai
    const units = names.map((name, index) => ({ id: v7(), code: `phuong-${index + 1}`, kind: 'base_organisation', name, symbol: 'ĐU' }))
    await db.insertInto('unit').values([...units, { id: v7(), code: 'ban-can-su', kind: 'caucus', name: 'Ban cán sự', symbol: 'BCSĐ' }]).execute()
    await db.insertInto('unit_parent').columns(['unit_id', 'parent_id']).expression((query) => query.selectFrom('unit').select(['unit.id', sql<string>`${city.unit.city}::uuid`.as('parent')]).where('unit.kind', 'in', ['base_organisation', 'caucus'])).execute()
    await sql`select lay_ancestors()`.execute(db)
    secretaries = []
    const people = units.flatMap((unit, index) => Array.from({ length: 10 + (index % 5) * 10 }, (_, place) => ({ unit, id: v7(), name: `Đảng viên ${index} ${place}` })))
    await db.insertInto('person').values(people.map(({ id, name }) => ({ id, name }))).execute()
    await db.insertInto('membership').values(people.map(({ id, unit }) => ({ id: v7(), person_id: id, unit_id: unit.id, during: '[2020-01-01,)', status: 'in_post' }))).execute()
    for (const unit of units) {
      const { id, name } = people.find((person) => person.unit === unit)!
      await db.insertInto('office').values({ id: v7(), person_id: id, unit_id: unit.id, role: 'secretary', during: '[2020-01-01,)' }).execute()
      secretaries.push({ personId: id, name, today: '2021-04-15', offices: [{ role: 'secretary', unitId: unit.id, unitName: unit.name }] })
    }
    await campaignOf(as, mai)
    const formId = await registerAndForm(as, mai, 'can-tho')
    sectionId = await sectionOf(as, mai, formId)
    const round = await as(mai, (ctx) => openRound(ctx, { unitCode: 'can-tho', formId, name: 'Tháng 4', asOf: '2021-04-15', dueOn: '2035-07-02', dueTime: '17:00' }, timeZone))
    roundId = round.roundId
    consolidatedId = round.consolidatedId
    asked = round.filings
    const rows = await db.selectFrom('filing').select(['id', 'unit_id']).where('round_id', '=', roundId).execute()
    filings = units.map((unit) => rows.find((row) => row.unit_id === unit.id)!.id)
  })

  const membersOf = (index: number) => 10 + (index % 5) * 10
  const fillAs = async (index: number, papers: number, meetings: number) => {
    const [viewer, filingId] = [secretaries[index]!, filings[index]!]
    await as(viewer, (ctx) => saveValues(ctx, { filingId, values: { papers: { value: papers }, meetings: { value: meetings } } }))
    await as(viewer, async (ctx) => saveText(ctx, { filingId, sectionId, text: 'Không có', version: (await filingById(ctx, filingId)).draft!.sections[1]!.text!.version }))
  }

  test('are asked, and the district; the caucus has no members', () => expect(asked).toBe(size + 1))

  test('a unit unlike its kind is asked why, by medians that show none of them', { timeout: 60_000 }, async () => {
    for (let index = 0; index < 4; index++) {
      await fillAs(index, membersOf(index) - 1, membersOf(index) / 10)
      await submitAs(as, secretaries[index]!, filings[index]!)
    }
    await fillAs(4, membersOf(4), 500)
    // four others are too few: one could be read out of their median
    expect((await as(secretaries[4]!, (ctx) => filingById(ctx, filings[4]!))).draft!.warnings).toEqual([])
    await fillAs(5, membersOf(5) - 1, 1)
    await submitAs(as, secretaries[5]!, filings[5]!)
    const { warnings } = (await as(secretaries[4]!, (ctx) => filingById(ctx, filings[4]!))).draft!
    expect(warnings).toMatchObject([{ id: 'outlier-alike:meetings', values: { value: 500, usual: 5, units: 5 } }])
    expect(await refusal(submitAs(as, secretaries[4]!, filings[4]!))).toBe('reasons.outlier-alike:meetings')
    await submitAs(as, secretaries[4]!, filings[4]!, { 'outlier-alike:meetings': 'Gộp cả tuyên truyền qua loa' })
    const others = await as(secretaries[4]!, ({ tx }) => tx.selectFrom('submission').select('filing_id').execute())
    expect(new Set(others.map((row) => row.filing_id))).toEqual(new Set([filings[4]]))
    await expect(as(secretaries[4]!, ({ tx }) => sql`select * from like_filings(${filings[0]})`.execute(tx))).rejects.toThrow(/not the viewer/)
  })

  test('99 report, one is returned and sends again, one is late, one is missing; the sum says so', { timeout: 120_000 }, async () => {
    await db.updateTable('filing').set({ due_at: new Date('2021-04-16') }).where('id', '=', filings[98]!).execute()
    const rest = Array.from({ length: 93 }, (_, place) => place + 6)
    const report = async (index: number) => {
      await fillAs(index, membersOf(index) - 1, membersOf(index) / 10)
      await submitAs(as, secretaries[index]!, filings[index]!)
    }
    for (let first = 0; first < rest.length; first += 6) await Promise.all(rest.slice(first, first + 6).map(report))
    const version = await versionOf(as, mai, filings[0]!)
    await as(mai, (ctx) => returnFiling(ctx, { filingId: filings[0]!, version, comment: 'Xem lại số bài' }))
    const began = performance.now()
    expect(await as(mai, ({ tx }) => roundShown(tx, roundId))).toMatchObject({ expected: 101, received: 99, onTime: 98, late: 1, returned: 1, missing: 2, accepted: 0 })
    const rows = await as(mai, ({ tx }) => unitsOfRound(tx, roundId))
    expect(performance.now() - began).toBeLessThan(1000)
    expect(rows.slice(0, 3).map((row) => [row.unitName, row.state])).toEqual([['Đảng ủy phường 100', 'draft'], ['Quận ủy Ninh Kiều', 'draft'], ['Đảng ủy phường 001', 'returned']])

    await fillAs(0, membersOf(0), 1)
    await submitAs(as, secretaries[0]!, filings[0]!)
    for (const filingId of filings.slice(0, 99)) await acceptAs(as, mai, filingId)
    await as(mai, (ctx) => saveText(ctx, { filingId: consolidatedId, sectionId, text: 'Không có', version: 0 }))
    const now = await versionOf(as, mai, consolidatedId)
    await as(mai, (ctx) => consolidate(ctx, { filingId: consolidatedId, version: now, reasons: {} }))
    const { content } = (await as(mai, ({ tx }) => consolidationOf(tx, consolidatedId)))!
    const members = filings.slice(0, 99).reduce((total, _, index) => total + membersOf(index), 0)
    const papers = members - 97 // all but numbers 1 and 5 lack one
    expect(content.figures.find((figure) => figure.key === 'papers')).toMatchObject({ numerator: papers, denominator: members, origin: 'summed', declared: papers })
    expect(content.figures.find((figure) => figure.key === 'expected')).toMatchObject({ numerator: 5 + members + membersOf(99), origin: 'counted', declared: 0 })
    expect(content.missing.map((unit) => unit.unitName)).toEqual(['Đảng ủy phường 100', 'Quận ủy Ninh Kiều'])
  })
})
