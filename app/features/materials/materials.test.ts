import { describe, expect, test } from 'vitest'
import { testDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation } from '../../../tests/people.ts'
import { asViewer } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { changeRoster } from '../campaigns/roster.server.ts'
import { behindFigure } from '../indicators/behind.server.ts'
import { figuresOf } from '../indicators/figures.server.ts'
import { campaignByCode } from '../campaigns/campaigns.server.ts'
import { placeOf } from '../units/place.server.ts'
import { copiesBeneath, receiveCopies, sendCopies } from './copies.server.ts'
import { listMaterials, searchQuestions, textsOf, versionsOf } from './material-views.server.ts'
import { CopiesSent, MaterialDraft, MaterialInput } from './materials.schema.ts'
import { addMaterial, materialById, publish, withdrawMaterial, writeDraft } from './materials.server.ts'

const { db } = await testDatabase()
const city = await organisation(db)
const { campaignId } = await openedCampaign(db, city)
const { viewer } = city
const as = <Result>(who: Viewer, work: (ctx: Ctx) => Promise<Result>, today = who.today) => asViewer(db, { ...who, today }, (tx) => work({ tx, viewer: { ...who, today }, source: 'page' }))

const outline = (other: Partial<MaterialInput> = {}): MaterialInput =>
  MaterialInput.parse({ campaignCode: 'nq-xiii', unitCode: 'can-tho', kind: 'outline', title: 'Đề cương học tập', text: 'Phần một.\nPhần hai.', ...other })

async function added(other: Partial<MaterialInput> = {}, by = viewer.mai): Promise<string> {
  return (await as(by, (ctx) => addMaterial(ctx, outline(other)))).materialId
}
const publishIt = (id: string, by = viewer.mai) => as(by, async (ctx) => publish(ctx, { materialId: id, version: (await materialById(ctx.tx, id)).version }))
async function published(other: Partial<MaterialInput> = {}, by = viewer.mai): Promise<string> {
  const id = await added(other, by)
  await publishIt(id, by)
  return id
}
const titles = (who: Viewer) => as(who, async ({ tx }) => (await listMaterials(tx, { campaignId })).map((one) => one.title))
const write = (id: string, draft: Record<string, unknown>, by = viewer.mai) =>
  as(by, async (ctx) => writeDraft(ctx, MaterialDraft.parse({ materialId: id, version: (await materialById(ctx.tx, id)).version, title: 'Đề cương học tập', ...draft })))

describe('a material', () => {
  test('is its unit’s alone until it is published; then those beneath read it, and nobody beside them', async () => {
    const id = await added({ title: 'Bản trình chiếu', unitCode: 'an-hoa', kind: 'slides' }, viewer.ngoc)
    expect(await titles(viewer.ngoc)).toContain('Bản trình chiếu')
    for (const other of [viewer.mai, viewer.duc, viewer.binh, viewer.lan]) {
      expect(await titles(other)).not.toContain('Bản trình chiếu')
      await expect(as(other, ({ tx }) => materialById(tx, id))).rejects.toThrow(NotFound)
    }
    await publishIt(id, viewer.ngoc)
    for (const other of [viewer.mai, viewer.duc, viewer.binh, viewer.lan]) expect(await titles(other)).toContain('Bản trình chiếu')
    const low = await published({ title: 'Của chi bộ 1', unitCode: 'an-hoa-1' }, viewer.binh)
    await expect(as(viewer.thu, ({ tx }) => materialById(tx, low))).rejects.toThrow(NotFound)
    expect(await titles(viewer.hoa)).not.toContain('Của chi bộ 1')
    expect(await titles(viewer.khoa)).toEqual([]) // keeps accounts
  })

  test('is written by the offices of its unit, with something in it; the same form twice is one material', async () => {
    await expect(as(viewer.lan, (ctx) => addMaterial(ctx, outline({ unitCode: 'an-hoa-1' })))).rejects.toThrow(Forbidden)
    await expect(as(viewer.binh, (ctx) => addMaterial(ctx, outline()))).rejects.toThrow(Forbidden)
    await expect(as(viewer.mai, (ctx) => addMaterial(ctx, outline({ text: '' })))).rejects.toThrow(Refused)
    await expect(as(viewer.mai, (ctx) => addMaterial(ctx, outline({ kind: 'booklet', text: '', address: 'https://example.vn/sach' })))).rejects.toMatchObject({ field: 'text' })
    expect(MaterialInput.safeParse({ ...outline(), address: 'javascript:alert(1)' }).success).toBe(false)
    const id = '0198c0de-0000-7000-8000-00000000000a'
    await as(viewer.mai, (ctx) => addMaterial(ctx, outline({ id, title: 'Một lần' })))
    expect((await as(viewer.mai, (ctx) => addMaterial(ctx, outline({ id, title: 'Một lần' })))).receipt).toBeNull()
    expect((await titles(viewer.mai)).filter((title) => title === 'Một lần')).toHaveLength(1)
  })

  test('has versions: the one being written is not read beneath, and a later one says what is new', async () => {
    const id = await published()
    await write(id, { text: 'Phần một.\nPhần hai, sửa.' })
    expect(await as(viewer.binh, async ({ tx }) => (await versionsOf(tx, id)).map((one) => one.number))).toEqual([1])
    await expect(publishIt(id)).rejects.toMatchObject({ field: 'changeNote' })
    await write(id, { text: 'Phần một.\nPhần hai, sửa.', changeNote: 'Sửa phần hai.' })
    await publishIt(id)
    expect(await as(viewer.binh, async ({ tx }) => {
      const versions = await versionsOf(tx, id)
      const texts = await textsOf(tx, versions.map((one) => one.id))
      return versions.map((one) => [one.number, texts.get(one.id), one.changeNote])
    })).toEqual([
      [2, 'Phần một.\nPhần hai, sửa.', 'Sửa phần hai.'],
      [1, 'Phần một.\nPhần hai.', null],
    ])
    await expect(publishIt(id)).rejects.toThrow(Refused)
  })

  test('of two who write at once the second is told, and one that was withdrawn is not written any more', async () => {
    const id = await published({ title: 'Hai người cùng sửa' })
    const { version } = await as(viewer.mai, ({ tx }) => materialById(tx, id))
    const draft = MaterialDraft.parse({ materialId: id, version, title: 'Hai người cùng sửa', text: 'Bản của tôi.' })
    await as(viewer.mai, (ctx) => writeDraft(ctx, draft))
    await expect(as(viewer.mai, (ctx) => writeDraft(ctx, draft))).rejects.toMatchObject({ field: 'version' })
    await expect(as(viewer.binh, (ctx) => writeDraft(ctx, { ...draft, version: version + 1 }))).rejects.toThrow(Forbidden)
    await as(viewer.mai, (ctx) => withdrawMaterial(ctx, { materialId: id, version: version + 1, reason: 'In nhầm' }))
    expect(await as(viewer.binh, async ({ tx }) => (await materialById(tx, id)).withdrawnBecause)).toBe('In nhầm')
    await expect(write(id, { text: 'Nữa' })).rejects.toThrow(Refused)
  })
})

describe('a booklet', () => {
  const text = 'Câu 1. Nghị quyết nêu mấy nhiệm vụ trọng tâm?\nTrả lời: Sáu nhiệm vụ.\nCâu 2. Khi nào chi bộ học xong?\nTrả lời: Trước ngày 30/6, học đủ chuyên đề.'

  test('is found question by question, without marks and in any order of words, by those who may read it', async () => {
    const id = await published({ kind: 'booklet', title: 'Sách hỏi - đáp', text })
    const found = (who: Viewer, q: string) => as(who, async ({ tx }) => (await searchQuestions(tx, { q, campaignId, page: 1 })).found.map((one) => one.position))
    expect(await found(viewer.lan, 'trong tam nhiem vu')).toEqual([1])
    expect(await found(viewer.lan, 'CHUYÊN đề 30/6')).toEqual([2])
    expect(await found(viewer.lan, 'nhiem')).toEqual([1])
    expect(await found(viewer.lan, 'nhi')).toEqual([1]) // begun
    expect(await found(viewer.lan, "khong co' | & ! :*")).toEqual([])
    expect(await found(viewer.lan, '')).toEqual([1, 2])
    expect(await found(viewer.khoa, 'nhiem')).toEqual([])
    await write(id, { title: 'Sách hỏi - đáp', text: 'Câu 1. Câu mới?\nTrả lời: Mới.', changeNote: 'Rút gọn' })
    expect(await found(viewer.lan, '')).toEqual([1, 2])
    await publishIt(id)
    expect(await found(viewer.lan, 'cau moi')).toEqual([1])
    expect(await found(viewer.lan, 'trong tam')).toEqual([]) // the version before is not searched
  })

  test('with a question that nothing answers is not published', async () => {
    const id = await added({ kind: 'booklet', title: 'Thiếu', text: 'Câu 1. Ai làm?\nCâu 2. Khi nào?\nTrả lời: Mai.' })
    await expect(publishIt(id)).rejects.toMatchObject({ field: 'text' })
    await write(id, { title: 'Thiếu', text: 'Không có câu nào.' })
    await expect(publishIt(id)).rejects.toMatchObject({ field: 'text' })
  })
})

describe('printed copies', () => {
  const reach = async (who: Viewer, unit: 'city' | 'commune' | 'cellOne' | 'cellTwo', asOf: string) => {
    const figure = (await as(who, ({ tx }) => figuresOf(tx, { campaignId, asOf }, city.unit[unit]))).find((one) => one.key === 'reached-in-time')
    return figure && [figure.numerator, figure.denominator]
  }
  const sent = (id: string, from: string, copies: Record<string, number>, sentOn: string) =>
    CopiesSent.parse({ materialId: id, unitCode: from, sentOn, copies: Object.entries(copies).map(([unitCode, number]) => ({ unitCode, sent: number })) })

  test('that reach a cell by their day make its members reached in time, at every level', async () => {
    expect(await reach(viewer.mai, 'city', '2021-04-15')).toBeUndefined() // nobody hands out copies: there is no such figure
    const id = await published({ title: 'Tài liệu in', reachBy: '2021-04-20', unitCode: 'an-hoa' }, viewer.ngoc)
    await as(viewer.ngoc, (ctx) => sendCopies(ctx, sent(id, 'an-hoa', { 'an-hoa-1': 4, 'an-hoa-2': 3 }, '2021-04-16')), '2021-04-16')
    expect(await reach(viewer.mai, 'city', '2021-04-16')).toEqual([0, 5])
    await as(viewer.binh, (ctx) => receiveCopies(ctx, { materialId: id, unitCode: 'an-hoa-1', received: 3, receivedOn: '2021-04-17', note: 'Thiếu một' }), '2021-04-17')
    expect(await reach(viewer.mai, 'city', '2021-04-17')).toEqual([3, 5])
    expect(await reach(viewer.binh, 'cellOne', '2021-04-17')).toEqual([3, 3])
    expect(await reach(viewer.mai, 'city', '2021-04-16')).toEqual([0, 5]) // as of the day before
    // the second cell's come a day late
    await as(viewer.thu, (ctx) => receiveCopies(ctx, { materialId: id, unitCode: 'an-hoa-2', received: 3, receivedOn: '2021-04-21', note: '' }), '2021-04-21')
    expect(await reach(viewer.mai, 'city', '2021-04-21')).toEqual([3, 5])

    const place = await as(viewer.ngoc, (ctx) => placeOf(ctx, 'an-hoa', '2021-04-21'))
    const rows = await as(viewer.ngoc, async ({ tx }) => copiesBeneath(tx, { material: await materialById(tx, id), place, today: '2021-04-21' }))
    expect(rows.map((row) => [row.code, row.members, row.copies?.sent, row.copies?.received, row.copies?.short, row.isLate, row.reached])).toEqual([
      ['an-hoa-2', 2, 3, 3, 0, true, 0],
      ['an-hoa-1', 3, 4, 3, 1, false, 3],
    ])
    // a member who leaves the roster leaves the figure
    await as(viewer.ngoc, (ctx) => changeRoster(ctx, { campaignCode: 'nq-xiii', personId: city.person.minh, change: 'leave', fromDay: '2021-04-22', unitCode: 'an-hoa-1', reason: 'Chuyển đi' }), '2021-04-22')
    expect(await reach(viewer.mai, 'city', '2021-04-22')).toEqual([2, 4])

    const opened = await as(viewer.binh, async (ctx) => {
      const campaign = await campaignByCode(ctx.tx, 'nq-xiii')
      return behindFigure(ctx, { campaign: { ...campaign, openedOn: campaign.openedOn! }, place: await placeOf(ctx, 'an-hoa-1', '2021-04-21'), key: 'reached-in-time', asOf: '2021-04-21', part: null })
    })
    expect(opened.copies.map((copy) => [copy.sent, copy.received, copy.receivedOn])).toEqual([[4, 3, '2021-04-17']])
  })

  test('said again supersede; counted ones are not sent anew; only either end tells', async () => {
    const id = await published({ title: 'In lần hai', unitCode: 'an-hoa' }, viewer.ngoc)
    const send = (copies: Record<string, number>, sentOn = '2021-04-15') => as(viewer.ngoc, (ctx) => sendCopies(ctx, sent(id, 'an-hoa', copies, sentOn)))
    await send({ 'an-hoa-1': 4 })
    await send({ 'an-hoa-1': 5 })
    await expect(send({})).rejects.toMatchObject({ field: 'copies' })
    await expect(send({ 'ninh-kieu': 5 })).rejects.toThrow(NotFound)
    await expect(send({ 'an-hoa-1': 5 }, '2021-04-16')).rejects.toMatchObject({ field: 'sentOn' })
    await expect(send({ 'an-hoa-1': 5 }, '2021-04-01')).rejects.toMatchObject({ field: 'sentOn' })
    await expect(as(viewer.mai, (ctx) => sendCopies(ctx, sent(id, 'an-hoa', { 'an-hoa-1': 1 }, '2021-04-15')))).rejects.toThrow(Forbidden)
    const receive = (who: Viewer, received: number, receivedOn = '2021-04-15') => as(who, (ctx) => receiveCopies(ctx, { materialId: id, unitCode: 'an-hoa-1', received, receivedOn, note: '' }))
    await expect(receive(viewer.lan, 5)).rejects.toThrow(Forbidden)
    await expect(receive(viewer.thu, 5)).rejects.toThrow(NotFound)
    await expect(receive(viewer.binh, 5, '2021-04-14')).rejects.toMatchObject({ field: 'receivedOn' })
    await receive(viewer.binh, 5)
    await receive(viewer.ngoc, 4) // the level above puts it right
    await expect(send({ 'an-hoa-1': 6 })).rejects.toMatchObject({ field: 'copies' })
    const lines = await db.selectFrom('material_copy').select(['sent', 'received', 'superseded_at']).where('material_id', '=', id).orderBy('recorded_at').execute()
    expect(lines.map((line) => [line.sent, line.received, line.superseded_at === null])).toEqual([[4, null, false], [5, null, false], [5, 5, false], [5, 4, true]])
    await expect(as(viewer.thu, (ctx) => receiveCopies(ctx, { materialId: id, unitCode: 'an-hoa-2', received: 1, receivedOn: '2021-04-15', note: '' }))).rejects.toMatchObject({ field: 'form' })
  })
})
