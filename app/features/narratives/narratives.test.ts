import { beforeAll, describe, expect, test } from 'vitest'
import { checkText } from '../../figures/check.ts'
import { asViewer } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { testDatabase, type TestDatabase } from '../../../tests/database.ts'
import { demoDatabase } from '../../../tests/demo.ts'
import { openedCampaign, organisation, type Organisation } from '../../../tests/people.ts'
import { readDocx } from '../../../tests/read-docx.ts'
import { takeRoll } from '../study/rolls.server.ts'
import { holdSession } from '../study/sessions.server.ts'
import { narrativeFile, narrativeJson, narrativeText } from './narrative-file.server.ts'
import { buildNarrative } from './narratives.server.ts'
import { placeholdersOf, sentenceKeys, sentences } from './sentences.ts'
import { problemOf } from './template.ts'
import { resetWording, saveWording } from './wording.server.ts'

const { db } = await testDatabase()
let city: Organisation
let campaignId: string

/** Does it as that person, in a transaction of their own. */
const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))

beforeAll(async () => {
  city = await organisation(db)
  const opened = await openedCampaign(db, city)
  campaignId = opened.campaignId
  const { topicIds } = opened
  const session = await as(city.viewer.binh, (ctx) =>
    holdSession(ctx, { campaignCode: 'nq-xiii', unitCode: 'an-hoa-1', kind: 'class', name: 'Lớp', categories: [], sittings: [{ heldOn: '2021-04-05', topicIds }] }),
  )
  await as(city.viewer.binh, (ctx) => takeRoll(ctx, { sittingId: session.sittingIds[0]!, marks: [{ personId: city.person.lan, status: 'present' }] }))
})

const written = (viewer: Viewer, unitCode: string, asOf = '2021-04-10') => as(viewer, ({ tx }) => buildNarrative(tx, { campaignCode: 'nq-xiii', unitCode, asOf }))
const textAs = async (viewer: Viewer, unitCode: string) => narrativeText(await written(viewer, unitCode))

describe('the report in sentences', () => {
  test('is made from the figures of the day, with nothing where no figure is', async () => {
    const text = await textAs(city.viewer.mai, 'an-hoa-1')
    expect(text).toContain('Danh sách có 4 đảng viên, trong đó 3 đảng viên phải học và 1 đảng viên được miễn công tác, sinh hoạt.')
    expect(text).toContain('Tính đến ngày 10/4/2021, Chi bộ khu vực 1 có 1/3 đảng viên phải học đã hoàn thành việc học tập, quán triệt, đạt tỷ lệ 33,33%.')
    expect(text).toContain('còn 2/3 đảng viên phải học chưa học, chiếm 66,67%.')
    expect(text).not.toContain('trực tuyến toàn quốc')
    expect(text).not.toContain('{')
  })

  test('keeps every number a link to its figure', async () => {
    const { parts } = narrativeJson(await written(city.viewer.mai, 'an-hoa'))
    const overall = parts.flatMap((part) => part.paragraphs).flatMap((paragraph) => paragraph.sentences).find((sentence) => sentence.key === 'overall')!
    expect(overall.figures).toEqual([
      { text: '1', key: 'studied', unit: 'an-hoa', part: null, isMissing: false },
      { text: '5', key: 'expected', unit: 'an-hoa', part: null, isMissing: false },
      { text: '20,00%', key: 'studied', unit: 'an-hoa', part: null, isMissing: false },
    ])
  })

  test('is the same in DOCX, and numbered without gaps', async () => {
    const narrative = await written(city.viewer.mai, 'an-hoa')
    const headings = narrativeJson(narrative).parts.flatMap((part) => part.title ?? [])
    expect(headings.filter((title) => /^[IVX]/.test(title)).map((title) => title.split('.')[0])).toEqual(['I', 'II', 'III', 'IV'])
    const { bytes } = await narrativeFile(narrative, 'docx')
    const docx = JSON.stringify(readDocx(bytes))
    for (const paragraph of narrativeJson(narrative).parts.flatMap((part) => part.paragraphs)) expect(docx).toContain(paragraph.text)
  })

  test('tells reasons of exemption to those who lead the unit, not to a unit beneath or a member', async () => {
    expect(await textAs(city.viewer.ngoc, 'an-hoa')).toContain('Tuổi cao, sức yếu: 1 đảng viên')
    for (const viewer of [city.viewer.binh, city.viewer.lan]) {
      const text = await textAs(viewer, 'an-hoa')
      expect(text).toContain('1/5 đảng viên')
      expect(text).not.toContain('Tuổi cao')
    }
    await expect(textAs(city.viewer.thu, 'an-hoa-1')).rejects.toThrow(NotFound)
  })

  test('has the difficulties and proposals of accepted reports, for those who may read them', async () => {
    await acceptedReport('cellOne', 'Hội trường chật, phải chia ca.', 'Cấp thêm tài liệu.')
    const text = await textAs(city.viewer.ngoc, 'an-hoa')
    expect(text).toContain('Khó khăn, vướng mắc và nguyên nhân nêu trong báo cáo của các đơn vị:\n- Chi bộ khu vực 1: Hội trường chật, phải chia ca.')
    expect(text).toContain('V. Đề xuất, kiến nghị')
    expect(await textAs(city.viewer.binh, 'an-hoa-1')).toContain('Cấp thêm tài liệu.')
    expect(await textAs(city.viewer.binh, 'an-hoa')).not.toContain('Hội trường')
    expect(narrativeText(await written(city.viewer.ngoc, 'an-hoa', '2021-04-08'))).not.toContain('Hội trường')
  })
})

/** A report that the commune asked for as of 9/4/2021 and accepted. */
async function acceptedReport(unit: 'cellOne', difficulties: string, proposals: string): Promise<void> {
  const { v7 } = await import('uuid')
  const [formId, roundId, filingId] = [v7(), v7(), v7()]
  await db.insertInto('report_form').values({ id: formId, unit_id: city.unit.commune, campaign_id: campaignId, name: 'Báo cáo tháng', kind: 'month' }).execute()
  await db.insertInto('report_round').values({ id: roundId, form_id: formId, campaign_id: campaignId, unit_id: city.unit.commune, name: 'Tháng 4', as_of: '2021-04-09', due_at: '2021-04-10T10:00:00Z' }).execute()
  await db.insertInto('filing').values({ id: filingId, round_id: roundId, unit_id: city.unit[unit], state: 'accepted', due_at: '2021-04-10T10:00:00Z', submitted_at: '2021-04-09T10:00:00Z' }).execute()
  const texts = [
    { sectionId: v7(), title: 'Khó khăn', kind: 'difficulties', text: difficulties },
    { sectionId: v7(), title: 'Đề xuất', kind: 'proposals', text: proposals },
  ]
  await db.insertInto('submission').values({ id: v7(), filing_id: filingId, number: 1, unit_id: city.unit[unit], content: JSON.stringify({ asOf: '2021-04-09', expected: 3, figures: [], texts, warnings: [], missing: [] }) }).execute()
}

describe('the wording of a sentence', () => {
  const ours = { unitCode: 'an-hoa', key: 'missing', text: 'Hiện còn {missing}/{expected} đảng viên chưa học.', version: 0 }

  test('is the unit’s own to change, read alike by everyone who sees its figures, and goes back', async () => {
    await as(city.viewer.ngoc, (ctx) => saveWording(ctx, ours))
    for (const viewer of [city.viewer.ngoc, city.viewer.mai, city.viewer.binh, city.viewer.lan]) expect(await textAs(viewer, 'an-hoa')).toContain('Hiện còn 4/5 đảng viên chưa học.')
    expect(await textAs(city.viewer.binh, 'an-hoa-1')).not.toContain('Hiện còn')
    await expect(as(city.viewer.ngoc, (ctx) => resetWording(ctx, { unitCode: 'an-hoa', key: 'missing', version: 2 }))).rejects.toThrow(Refused)
    await as(city.viewer.ngoc, (ctx) => resetWording(ctx, { unitCode: 'an-hoa', key: 'missing', version: 1 }))
    expect(await textAs(city.viewer.mai, 'an-hoa')).toContain('Đến ngày 10/4/2021, còn 4/5 đảng viên phải học chưa học')
  })

  test('is not for a level above, a unit beneath or a member to change', async () => {
    for (const viewer of [city.viewer.mai, city.viewer.duc, city.viewer.binh, city.viewer.lan]) await expect(as(viewer, (ctx) => saveWording(ctx, ours))).rejects.toThrow(Forbidden)
    await expect(as(city.viewer.thu, (ctx) => saveWording(ctx, { ...ours, unitCode: 'an-hoa-1' }))).rejects.toThrow(NotFound)
  })

  test('names only what the sentence has, and no share that was typed', async () => {
    const save = (text: string) => as(city.viewer.ngoc, (ctx) => saveWording(ctx, { ...ours, text }))
    await expect(save('Còn {missin} đảng viên.')).rejects.toThrow('{missin}')
    await expect(save('Còn {lowestUnit} đảng viên.')).rejects.toThrow('{missingShare}')
    await expect(save('Còn {missing đảng viên.')).rejects.toThrow(Refused)
    await expect(save('Còn {missing} đảng viên, bằng 1,04 %.')).rejects.toThrow('never typed')
    await expect(as(city.viewer.ngoc, (ctx) => saveWording(ctx, { ...ours, key: 'nothing' }))).rejects.toThrow(NotFound)
  })

  test('changed by two at once takes the first and tells the second', async () => {
    const both = await Promise.allSettled(['Một: {missing}.', 'Hai: {missing}.'].map((text) => as(city.viewer.ngoc, (ctx) => saveWording(ctx, { ...ours, text }))))
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((both.find((one) => one.status === 'rejected')!.reason as Refused).field).toBe('version')
    await as(city.viewer.ngoc, (ctx) => saveWording(ctx, { ...ours, version: 1 }))
    await expect(as(city.viewer.ngoc, (ctx) => saveWording(ctx, { ...ours, version: 1 }))).rejects.toThrow(Refused)
  })

  test('as the product has it names only what each sentence has', () => {
    expect(sentenceKeys.flatMap((key) => problemOf(sentences[key].text, placeholdersOf(key)) ?? [])).toEqual([])
  })

  test.each([
    'đạt 98 phần trăm', 'đạt chín mươi tám phẩy chín sáu phần trăm', 'đạt năm mươi  phần trăm', 'hai phần ba số chi bộ', 'quá nửa số đảng viên', 'ninety-eight percent', 'two thirds of the members',
  ])('a share typed in words is refused like one in figures: %s', (text) => {
    expect(problemOf(text, [])).toEqual({ kind: 'typedShare' })
    expect(problemOf(text.normalize('NFD'), [])).toEqual({ kind: 'typedShare' })
  })

  test.each([
    'đạt 100%', 'một trăm phần trăm chi bộ', '100 phần trăm', 'hơn nửa tháng', 'một phần kinh phí', 'chia ba phần: học, viết, nộp', 'gồm hai phần, ba chương', 'tỷ lệ phần trăm', 'on behalf of the committee',
  ])('words that are no such share may stand there: %s', (text) => expect(problemOf(text, [])).toBeNull())
})

describe('on the demonstration city', () => {
  let demo: TestDatabase
  beforeAll(async () => {
    demo = await demoDatabase()
  }, 120_000)

  test('the checker finds nothing, in any of forty units on any of three days', async () => {
    const campaign = await demo.db.selectFrom('campaign').select('code').executeTakeFirstOrThrow()
    const units = await demo.db.selectFrom('unit').select(['code', 'kind']).orderBy('code').execute()
    const cells = units.filter((unit) => unit.kind === 'cell')
    const above = units.filter((unit) => unit.kind !== 'cell')
    const sample = [...above.filter((_, index) => index % Math.ceil(above.length / 25) === 0), ...cells.filter((_, index) => index % Math.ceil(cells.length / 15) === 0)].map((unit) => unit.code)
    const codes = [...new Set(['can-tho', ...sample])]
    expect(codes.length).toBeGreaterThanOrEqual(40)
    const found: string[] = []
    for (const unitCode of codes) {
      for (const asOf of ['2021-03-27', '2021-05-15', '2021-06-30']) {
        const text = narrativeText(await demo.db.transaction().execute((tx) => buildNarrative(tx, { campaignCode: campaign.code, unitCode, asOf })))
        for (const finding of checkText(text).findings) found.push(`${unitCode} ${asOf} ${finding.severity} ${finding.code}: ${text.slice(Math.max(0, finding.start - 80), finding.end + 20)}`)
      }
    }
    expect(found).toEqual([])
    const whole = narrativeText(await demo.db.transaction().execute((tx) => buildNarrative(tx, { campaignCode: campaign.code, unitCode: 'can-tho', asOf: '2021-06-30' })))
    expect(whole).toContain('49.901/50.424 đảng viên phải học đã hoàn thành việc học tập, quán triệt, đạt tỷ lệ 98,96%')
    expect(checkText(whole.replace('98,96%', '98,46%')).findings.map((finding) => finding.code)).toContain('share-mismatch')
  }, 120_000)
})
