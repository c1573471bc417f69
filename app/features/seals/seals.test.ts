import { sql } from 'kysely'
import readXlsx from 'read-excel-file/node'
import { v7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import { asViewer } from '../../db/open.ts'
import { showCount, showPercent } from '../../figures/figure.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { testDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation, type Organisation } from '../../../tests/people.ts'
import { readDocx } from '../../../tests/read-docx.ts'
import { readPdf } from '../../../tests/read-pdf.ts'
import { openApi } from '../../api.ts'
import { openLog } from '../../platform/log.ts'
import type { App } from '../../web/context.ts'
import type { SubmissionContent } from '../filings/filings.schema.ts'
import { takeRoll } from '../study/rolls.server.ts'
import { holdSession } from '../study/sessions.server.ts'
import { addCorrection, currentFigures, differencesOf } from './corrections.server.ts'
import { canonical, codeOf, readCode, sha256 } from './seal-content.ts'
import { sealFile } from './seal-files.server.ts'
import { sealByCode, sealsOf } from './seal-views.server.ts'
import { sealCampaignReport, sealReport } from './seals.server.ts'
import { verifyArchive } from './verify-archive.server.ts'

const { db } = await testDatabase()
const told = { language: 'vi', timeZone: 'Asia/Ho_Chi_Minh' } as const
let city: Organisation
let campaignId: string
let sittingId: string

const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
const read = (viewer: Viewer, code: string) => as(viewer, ({ tx }) => sealByCode(tx, code))
const sealDay = (viewer: Viewer, unitCode: string, asOf: string) => as(viewer, (ctx) => sealCampaignReport(ctx, { campaignCode: 'nq-xiii', unitCode, asOf }))
const mark = (person: keyof Organisation['person'], status: 'present' | 'absent') => ({ personId: city.person[person], status })

beforeAll(async () => {
  city = await organisation(db)
  const opened = await openedCampaign(db, city)
  campaignId = opened.campaignId
  const { topicIds } = opened
  const session = await as(city.viewer.binh, (ctx) =>
    holdSession(ctx, { campaignCode: 'nq-xiii', unitCode: 'an-hoa-1', kind: 'class', name: 'Lớp học', categories: [], sittings: [{ heldOn: '2021-04-05', topicIds }] }),
  )
  sittingId = session.sittingIds[0]!
  await as(city.viewer.binh, (ctx) => takeRoll(ctx, { sittingId, marks: [mark('lan', 'present'), mark('minh', 'absent')] }))
})

/** A round of the unit with its consolidated report, as the operations of filings leave them. */
async function consolidated(unit: keyof Organisation['unit'], studied = 1, name = `Báo cáo ${v7()}`): Promise<string> {
  const [formId, roundId, filingId] = [v7(), v7(), v7()]
  const unitId = city.unit[unit]
  const content: SubmissionContent = {
    asOf: '2021-04-10',
    expected: 5,
    figures: [
      { key: 'studied', name: null, unitOfCount: 'people', numerator: studied, denominator: 5, share: studied / 5, base: 'expected', origin: 'counted', declared: 0, evidence: null },
      { key: 'lop-tuyen-truyen', name: 'Lớp tuyên truyền', unitOfCount: 'classes', numerator: 117, denominator: null, share: null, base: null, origin: 'summed', declared: 117, evidence: null },
    ],
    texts: [{ sectionId: v7(), title: 'Khó khăn, hạn chế', kind: 'difficulties', text: 'Hội trường nhỏ.\nBáo cáo viên chưa đều.' }],
    warnings: [],
    missing: [],
  }
  await db.insertInto('indicator').values({ key: 'lop-tuyen-truyen', kind: 'count', unit_of_count: 'classes', unit_id: city.unit.city, name: 'Lớp tuyên truyền', is_declared: true }).onConflict((c) => c.doNothing()).execute()
  await db.insertInto('report_form').values({ id: formId, unit_id: unitId, campaign_id: campaignId, name: 'Báo cáo kết quả học tập', kind: 'month' }).execute()
  await db.insertInto('report_round').values({ id: roundId, form_id: formId, campaign_id: campaignId, unit_id: unitId, name, as_of: '2021-04-10', due_at: new Date('2021-04-12T10:00:00Z') }).execute()
  await db.insertInto('filing').values({ id: filingId, round_id: roundId, unit_id: unitId, is_consolidated: true, due_at: new Date('2021-04-12T10:00:00Z') }).execute()
  await db.insertInto('submission').values({ id: v7(), filing_id: filingId, number: 1, unit_id: unitId, content: JSON.stringify(content) }).execute()
  return filingId
}

describe('sealing the consolidated report of a round', () => {
  test('freezes report, form, texts and definitions under their hash and a code made from it', async () => {
    const filingId = await consolidated('city')
    const { code } = await as(city.viewer.mai, (ctx) => sealReport(ctx, { filingId }))
    const seal = await read(city.viewer.mai, code)
    expect(seal.content.report.total).toEqual({ expected: 5, studied: 1, exempt: 1, declared: 0 })
    expect(seal.content.filing!.figures.map(({ key, numerator, declared }) => [key, numerator, declared])).toEqual([['studied', 1, 0], ['lop-tuyen-truyen', 117, 117]])
    expect(seal.content.filing!.texts[0]!.text).toContain('Hội trường nhỏ.')
    expect(seal.content.definitions.find((one) => one.key === 'studied')!.vi).toEqual({
      name: 'Đã học',
      base: 'đảng viên phải học',
      meaning: 'Có mặt hoặc đi muộn ở buổi học của mọi chuyên đề, tính đến hết ngày 10/4/2021. Mỗi người tính một lần, dù học nhiều buổi.',
    })
    expect(seal.content.definitions.find((one) => one.key === 'lop-tuyen-truyen')).toMatchObject({ isDeclared: true, en: { name: 'Lớp tuyên truyền' } })
    expect(seal.hash).toBe(sha256(canonical(seal.content)))
    expect(code).toBe(codeOf(seal.hash))
    expect(await db.selectFrom('filing').select('state').where('id', '=', filingId).executeTakeFirst()).toEqual({ state: 'sealed' })
    expect(await db.selectFrom('filing_event').select(['kind', 'actor_id']).where('filing_id', '=', filingId).execute()).toEqual([{ kind: 'sealed', actor_id: city.person.mai }])
    expect(await db.selectFrom('audit_entry').select('detail').where('action', '=', 'seal.made').where('subject_id', '=', seal.id).execute()).toEqual([{ detail: { code, asOf: '2021-04-10', campaign: 'nq-xiii' } }])
  })

  test('happens once, also when two press at the same instant', async () => {
    const filingId = await consolidated('city')
    const pressed = await Promise.allSettled([1, 2, 3].map(() => as(city.viewer.mai, (ctx) => sealReport(ctx, { filingId }))))
    expect(pressed.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
    for (const one of pressed) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(Refused)
    expect(await db.selectFrom('report_seal').select('id').where('filing_id', '=', filingId).execute()).toHaveLength(1)
  })

  test('is the officer’s, secretary’s or deputy’s of that unit; to others it is refused or not there', async () => {
    const ofDistrict = await consolidated('district')
    await expect(as(city.viewer.mai, (ctx) => sealReport(ctx, { filingId: ofDistrict }))).rejects.toThrow(Forbidden)
    for (const viewer of [city.viewer.ngoc, city.viewer.binh, city.viewer.lan, city.viewer.khoa]) {
      await expect(as(viewer, (ctx) => sealReport(ctx, { filingId: ofDistrict }))).rejects.toThrow(NotFound)
    }
    await expect(as(city.viewer.duc, (ctx) => sealReport(ctx, { filingId: ofDistrict }))).resolves.toMatchObject({ code: expect.stringMatching(/^TS-/) })
    const ofCommune = await consolidated('commune')
    await expect(as(city.viewer.ngoc, (ctx) => sealReport(ctx, { filingId: ofCommune }))).rejects.toThrow('Only the secretary, a deputy')
  })

  test('is refused before it was consolidated, of one unit’s own report, and where records or acceptances came since', async () => {
    const filingId = await consolidated('city', 0)
    await expect(as(city.viewer.mai, (ctx) => sealReport(ctx, { filingId }))).rejects.toThrow('changed since the report was consolidated')
    const fresh = await consolidated('city')
    const { round_id } = await db.selectFrom('filing').select('round_id').where('id', '=', fresh).executeTakeFirstOrThrow()
    const beneath = v7()
    await db.insertInto('filing').values({ id: beneath, round_id, unit_id: city.unit.district, due_at: new Date(), submitted_at: new Date(), state: 'accepted' }).execute()
    await expect(as(city.viewer.mai, (ctx) => sealReport(ctx, { filingId: beneath }))).rejects.toThrow(Forbidden)
    await expect(as(city.viewer.duc, (ctx) => sealReport(ctx, { filingId: beneath }))).rejects.toThrow('Only the consolidated report')
    await db.insertInto('filing_event').values({ filing_id: beneath, unit_id: city.unit.district, kind: 'accepted' }).execute()
    await expect(as(city.viewer.mai, (ctx) => sealReport(ctx, { filingId: fresh }))).rejects.toThrow('Consolidate again')
    const empty = await consolidated('city')
    await db.deleteFrom('submission').where('filing_id', '=', empty).execute()
    await expect(as(city.viewer.mai, (ctx) => sealReport(ctx, { filingId: empty }))).rejects.toThrow('Consolidate the report first')
  })
})

describe('sealing a unit’s report of a day', () => {
  test('happens once a day, and not for a day to come or before the campaign opened', async () => {
    const pressed = await Promise.allSettled([1, 2].map(() => sealDay(city.viewer.mai, 'can-tho', '2021-04-06')))
    expect(pressed.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(sealDay(city.viewer.mai, 'can-tho', '2021-04-06')).rejects.toThrow('sealed already')
    await expect(sealDay(city.viewer.mai, 'can-tho', '2021-04-16')).rejects.toThrow('day to come')
    await expect(sealDay(city.viewer.mai, 'can-tho', '2021-03-21')).rejects.toThrow('not open')
    await expect(sealDay(city.viewer.ngoc, 'an-hoa', '2021-04-06')).rejects.toThrow(Forbidden)
    await expect(sealDay(city.viewer.lan, 'can-tho', '2021-04-07')).rejects.toThrow(Forbidden)
  })
})

describe('what is sealed', () => {
  test('stays when records change; the difference is shown, and a correction stands beside it', async () => {
    const { code } = await sealDay(city.viewer.duc, 'ninh-kieu', '2021-04-09')
    const before = await read(city.viewer.duc, code)
    expect(await as(city.viewer.duc, ({ tx }) => differencesOf(tx, before))).toEqual([])
    await as(city.viewer.binh, (ctx) => takeRoll(ctx, { sittingId, marks: [mark('minh', 'present')] }))
    const seal = await read(city.viewer.duc, code)
    expect(canonical(seal.content)).toBe(canonical(before.content))
    const differences = await as(city.viewer.duc, ({ tx }) => differencesOf(tx, seal))
    expect(differences.map(({ key, sealed, today }) => [key, sealed.numerator, today.numerator, today.denominator])).toEqual([['studied', 1, 2, 5], ['studied-declared', 0, 0, 2], ['attendances', 1, 2, null]])

    const correction = { code, indicator: 'studied', numerator: 2, denominator: 5, reason: 'Ghi bổ sung điểm danh lớp ngày 5/4.' }
    await as(city.viewer.duc, (ctx) => addCorrection(ctx, correction))
    const corrected = await read(city.viewer.duc, code)
    expect(canonical(corrected.content)).toBe(canonical(before.content))
    expect(corrected.corrections).toMatchObject([{ indicator: 'studied', numerator: 2, denominator: 5, recordedBy: 'Bùi Minh Đức' }])
    expect(currentFigures(corrected).find((figure) => figure.key === 'studied')).toEqual({ key: 'studied', numerator: 2, denominator: 5, share: 0.4, base: 'expected' })
    expect((await as(city.viewer.duc, ({ tx }) => differencesOf(tx, corrected))).map((one) => one.key)).toEqual(['studied-declared', 'attendances'])
    expect(await as(city.viewer.duc, ({ tx }) => sealsOf(tx, city.unit.district))).toMatchObject([{ round: expect.any(String) }, { code, studied: 1, expected: 5, corrections: 1 }])

    await expect(as(city.viewer.duc, (ctx) => addCorrection(ctx, correction))).rejects.toThrow('nothing to correct')
    await expect(as(city.viewer.duc, (ctx) => addCorrection(ctx, { ...correction, numerator: 6 }))).rejects.toThrow('cannot be more')
    await expect(as(city.viewer.duc, (ctx) => addCorrection(ctx, { ...correction, denominator: undefined }))).rejects.toThrow('out of, too')
    await expect(as(city.viewer.duc, (ctx) => addCorrection(ctx, { ...correction, indicator: 'expected' }))).rejects.toThrow('not out of anything')
    await expect(as(city.viewer.duc, (ctx) => addCorrection(ctx, { ...correction, indicator: 'papers' }))).rejects.toThrow('no such figure')
    await expect(as(city.viewer.mai, (ctx) => addCorrection(ctx, correction))).rejects.toThrow(Forbidden)
    await expect(as(city.viewer.lan, (ctx) => addCorrection(ctx, correction))).rejects.toThrow(Forbidden)
  })

  test('cannot be changed or taken away, not even by the system', async () => {
    for (const statement of [sql`update report_seal set sealed_at = now()`, sql`delete from report_seal`, sql`truncate report_seal cascade`, sql`update seal_correction set reason = 'x'`, sql`delete from seal_correction`]) {
      await expect(statement.execute(db)).rejects.toThrow('only added to')
    }
  })

  test('is not shown once its content is no longer what was sealed', async () => {
    const { code } = await sealDay(city.viewer.mai, 'can-tho', '2021-04-08')
    await db.transaction().execute(async (tx) => {
      await sql`alter table report_seal disable trigger user`.execute(tx)
      await sql`update report_seal set content = jsonb_set(content, '{report,total,studied}', '5') where code = ${code}`.execute(tx)
      await sql`alter table report_seal enable trigger user`.execute(tx)
    })
    await expect(read(city.viewer.mai, code)).rejects.toThrow('no longer matches')
  })

  test('is seen whole by those in charge, in its totals by those beneath, and by nobody else', async () => {
    const filingId = await consolidated('city', 2)
    const { code } = await as(city.viewer.mai, (ctx) => sealReport(ctx, { filingId }))
    expect((await read(city.viewer.mai, code)).isWhole).toBe(true)
    await expect(read(city.viewer.son, code)).rejects.toThrow(NotFound) // assigned to inspect one cell
    const district = await read(city.viewer.duc, code)
    expect([district.isWhole, district.content.filing!.texts, district.content.report.units.map((unit) => unit.code)]).toEqual([false, [], ['ninh-kieu']])
    const { code: ofDistrict } = await sealDay(city.viewer.duc, 'ninh-kieu', '2021-04-07')
    const { code: ofCell } = await as(city.viewer.thu, (ctx) => sealCampaignReport(ctx, { campaignCode: 'nq-xiii', unitCode: 'an-hoa-2', asOf: '2021-04-07' }))
    await expect(read(city.viewer.binh, ofCell)).rejects.toThrow(NotFound)
    await expect(read(city.viewer.khoa, ofDistrict)).rejects.toThrow(NotFound)
    expect((await read(city.viewer.mai, ofCell)).isWhole).toBe(true)
    expect((await read(city.viewer.son, ofCell)).isWhole).toBe(true) // assigned to inspect it
  })

  test('folds units that are not the viewer’s into one row, so that the table still adds up', async () => {
    const deputy: Viewer = { ...city.viewer.ngoc, offices: [{ role: 'deputy', unitId: city.unit.commune, unitName: 'Đảng ủy phường An Hòa' }] }
    await db.insertInto('office').values({ id: v7(), person_id: city.person.ngoc, unit_id: city.unit.commune, role: 'deputy', during: '[2020-01-01,)' }).execute()
    const { code } = await sealDay(deputy, 'an-hoa', '2021-04-10')
    const { content, isWhole } = await read(city.viewer.binh, code)
    expect([isWhole, content.report.units.map((unit) => unit.code), content.report.otherUnits]).toEqual([false, ['an-hoa-1'], { expected: 2, studied: 0, exempt: 0, declared: 0 }])
    expect((await read(deputy, code)).content.report.units.map((unit) => unit.code).sort()).toEqual(['an-hoa-1', 'an-hoa-2'])
  })
})

test('DOCX, PDF, XLSX and JSON of one sealed report tell the numbers of the page, with its code and its corrections', async () => {
  const filingId = await consolidated('city', 2)
  const { code } = await as(city.viewer.mai, (ctx) => sealReport(ctx, { filingId }))
  await as(city.viewer.mai, (ctx) => addCorrection(ctx, { code, indicator: 'studied', numerator: 3, denominator: 5, reason: 'Ghi bổ sung một lớp.' }))
  await as(city.viewer.thu, async (ctx) => {
    const session = await holdSession(ctx, { campaignCode: 'nq-xiii', unitCode: 'an-hoa-2', kind: 'class', name: 'Lớp sau', categories: [], sittings: [{ heldOn: '2021-04-09', topicIds: (await db.selectFrom('topic').select('id').execute()).map((topic) => topic.id) }] })
    await takeRoll(ctx, { sittingId: session.sittingIds[0]!, marks: [mark('hoa', 'present')] })
  })
  const seal = await read(city.viewer.mai, code)
  const { total, figures } = seal.content.report
  expect(total.studied).toBe(2)

  const json = JSON.parse(new TextDecoder().decode((await sealFile(seal, 'json', told)).bytes))
  expect(json.figures).toEqual(figures)
  expect(json.seal).toEqual({ code, hash: seal.hash, sealedAt: seal.content.sealedAt })
  expect(json.form.figures).toMatchObject([{ key: 'studied', numerator: 2 }, { name: 'Lớp tuyên truyền', numerator: 117, declared: 117 }])
  expect(json.corrections).toMatchObject([{ sealed: { numerator: 2, denominator: 5 }, corrected: { numerator: 3, denominator: 5 } }])

  const sheets = new Map((await readXlsx(Buffer.from((await sealFile(seal, 'xlsx', told)).bytes))).map(({ sheet, data }) => [sheet, data]))
  expect(sheets.get('Tổng hợp')!.slice(5, 7)).toEqual([['Phải học', total.expected, null, null, null], ['Đã học', total.studied, total.expected, total.studied / total.expected, 'đảng viên phải học']])
  expect(sheets.get('Theo mẫu báo cáo')!.at(-1)).toEqual([2, 'Lớp tuyên truyền', 117, null, null, 117, null])
  expect(sheets.get('Đính chính')!.at(-1)!.slice(0, 6)).toEqual([1, 'Đã học', 2, 5, 3, 5])
  for (const rows of sheets.values()) expect(rows[2]![0]).toContain(code)

  const docx = readDocx((await sealFile(seal, 'docx', told)).bytes)
  const pdf = (await readPdf((await sealFile(seal, 'pdf', told)).bytes)).text.replace(/\s+/g, ' ')
  const words = docx.paragraphs.join(' ').replace(/\s+/g, ' ')
  const said = [`${showCount(total.studied, 'vi')}/${showCount(total.expected, 'vi')} đảng viên phải học`, showPercent(total.studied, total.expected, 'vi'), 'Lớp tuyên truyền', '117', 'Hội trường nhỏ.', '3/5', 'Ghi bổ sung một lớp.', code]
  for (const each of said) for (const text of [words, pdf]) expect(text.replace(/\s/g, '')).toContain(each.replace(/\s/g, ''))
  const [units, form] = [docx.tables[1]!, docx.tables.find((table) => table[0]!.includes('Chỉ tiêu'))!]
  expect(units.at(-1)).toEqual(['', 'Cộng', '5', '2', '3', '40,00%'])
  expect(form[1]).toEqual(['1', 'Đã học (trên đảng viên phải học)', '2', '5', '40,00%', '0'])
})

test('the API seals, reads, corrects and hands out an archive that is whole, each to whom it belongs', async () => {
  const app = (personId: string) => ({ db, log: openLog('silent'), config: { publicUrl: null, timeZone: told.timeZone }, auth: { sessionOf: () => Promise.resolve({ session: { personId, accountId: '' }, cookies: [] }) } }) as unknown as App
  const call = (person: keyof Organisation['person'], path: string, body?: object) =>
    openApi(app(city.person[person])).request(`/api/v1${path}`, body && { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
  const sealed = await call('mai', '/seals', { campaignCode: 'nq-xiii', unitCode: 'can-tho', asOf: '2021-04-11' })
  expect(sealed.status).toBe(201)
  const { code } = (await sealed.json()) as { code: string }
  expect((await call('mai', '/seals', { campaignCode: 'nq-xiii', unitCode: 'can-tho', asOf: '2021-04-11' })).status).toBe(422)
  expect((await call('lan', '/seals', { campaignCode: 'nq-xiii', unitCode: 'can-tho', asOf: '2021-04-12' })).status).toBe(403)
  expect((await call('mai', `/seals/${code}/corrections`, { indicator: 'studied', numerator: 4, denominator: 5, reason: 'Ghi bổ sung.' })).status).toBe(201)
  expect((await call('lan', `/seals/${code}/corrections`, { indicator: 'studied', numerator: 5, denominator: 5, reason: 'Ghi bổ sung.' })).status).toBe(403)
  const seal = (await (await call('mai', `/seals/${code.toLowerCase()}`)).json()) as { hash: string; content: object; corrections: object[]; isWhole: boolean }
  expect([sha256(canonical(seal.content)), seal.isWhole, seal.corrections.length]).toEqual([seal.hash, true, 1])
  const listed = (await (await call('mai', '/seals?unit=can-tho')).json()) as { seals: object[] }
  expect(listed.seals[0]).toMatchObject({ code, studied: 3, corrected: { numerator: 4, denominator: 5 } })
  const archive = await call('mai', `/seals/${code}/archive.zip`)
  expect(verifyArchive(new Uint8Array(await archive.arrayBuffer()))).toMatchObject({ state: 'whole', code })
  expect((await call('lan', `/seals/${code}/archive.zip`)).status).toBe(403)
  expect((await call('khoa', `/seals/${code}`)).status).toBe(404)
  expect((await call('mai', '/seals/TS-AAAA-AAAA')).status).toBe(404)
})

test.each([
  ['TS-7K4M-2QXD', 'TS-7K4M-2QXD'],
  [' ts7k4m2qxd ', 'TS-7K4M-2QXD'],
  ['7k4m-2qxd', 'TS-7K4M-2QXD'],
  ['TS–7K4M–2QXD', 'TS-7K4M-2QXD'],
  ['TS-7K4M-2QX', null],
  ['TS-7K4M-2QX0', null],
  ['', null],
  ["'; drop table", null],
])('a code typed as "%s" is read as %s', (typed, code) => expect(readCode(typed)).toBe(code))
