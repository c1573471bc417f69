import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { testDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation } from '../../../tests/people.ts'
import { actFor, asViewer } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { DocumentDraft } from '../documents/documents.schema.ts'
import { draftDocument, issueDocument } from '../documents/documents.server.ts'
import { MaterialDraft, MaterialInput } from '../materials/materials.schema.ts'
import { addMaterial, materialById, publish, writeDraft } from '../materials/materials.server.ts'
import { mergePeople, undoMerge } from '../people/merges.server.ts'
import { placeOf } from '../units/place.server.ts'
import { askedOf, owedAcknowledgements, peopleAsked, progressOf, requestsOf, thingAsked } from './acknowledgement-views.server.ts'
import { Acknowledgement, AcknowledgementRequest } from './acknowledgements.schema.ts'
import { acknowledge, askToAcknowledge, closeRequest, keyInAcknowledgements, requestById } from './acknowledgements.server.ts'

const { db } = await testDatabase()
const city = await organisation(db)
await openedCampaign(db, city)
await db.updateTable('membership').set({ category_key: 'can-bo-chu-chot' }).where('person_id', 'in', [city.person.lan, city.person.hoa]).execute()
const { viewer, person } = city
const as = <Result>(who: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, who, (tx) => work({ tx, viewer: who, source: 'page' }))

async function published(title: string, text = 'Một.\nHai.'): Promise<string> {
  const { materialId } = await as(viewer.mai, (ctx) => addMaterial(ctx, MaterialInput.parse({ campaignCode: 'nq-xiii', unitCode: 'can-tho', kind: 'outline', title, text })))
  await as(viewer.mai, async (ctx) => publish(ctx, { materialId, version: (await materialById(ctx.tx, materialId)).version }))
  return materialId
}
async function nextVersion(materialId: string, text: string): Promise<void> {
  await as(viewer.mai, async (ctx) => writeDraft(ctx, MaterialDraft.parse({ materialId, version: (await materialById(ctx.tx, materialId)).version, title: 'Đề cương', text, changeNote: 'Sửa' })))
  await as(viewer.mai, async (ctx) => publish(ctx, { materialId, version: (await materialById(ctx.tx, materialId)).version }))
}
const ask = async (materialId: string, other: Record<string, unknown> = {}, by = viewer.mai) =>
  (await as(by, (ctx) => askToAcknowledge(ctx, AcknowledgementRequest.parse({ unitCode: 'can-tho', materialId, depth: 'read', whom: 'members', dueOn: '2021-04-30', ...other })))).requestId
const give = (who: Viewer, requestId: string, depth = 'read', sentence = '') => as(who, (ctx) => acknowledge(ctx, Acknowledgement.parse({ requestId, depth, sentence })))
const owes = async (who: Viewer) => (await as(who, owedAcknowledgements)).map((one) => one.requestId)
const progress = async (who: Viewer, requestId: string, unit: string) =>
  as(who, async (ctx) => {
    const { own, beneath } = await progressOf(ctx.tx, requestId, await placeOf(ctx, unit, who.today))
    return { own: [own.done, own.asked], beneath: beneath.map((row) => [row.code, row.done, row.asked]) }
  })

describe('asking', () => {
  test('is of everybody beneath but those exempt; each sees it at home until it is answered as deep as asked', async () => {
    const id = await ask(await published('Đề cương 1'))
    for (const who of [viewer.lan, viewer.minh, viewer.hoa, viewer.binh]) expect(await owes(who)).toContain(id)
    for (const who of [viewer.sau, viewer.mai, viewer.khoa]) expect(await owes(who)).not.toContain(id) // exempt; no members of a cell
    await give(viewer.lan, id, 'received')
    expect(await owes(viewer.lan)).toContain(id)
    await give(viewer.lan, id)
    expect(await owes(viewer.lan)).not.toContain(id)
    await expect(give(viewer.lan, id, 'received')).rejects.toThrow(Refused)
    await expect(give(viewer.sau, id)).rejects.toThrow(Forbidden)
    expect(await progress(viewer.mai, id, 'can-tho')).toEqual({ own: [1, 5], beneath: [['ninh-kieu', 1, 5]] })
    expect(await progress(viewer.ngoc, id, 'an-hoa')).toEqual({ own: [1, 5], beneath: [['an-hoa-2', 0, 2], ['an-hoa-1', 1, 3]] })
  })

  test('is for offices of the unit, of something that is out, once', async () => {
    const materialId = await published('Đề cương 2')
    const id = await ask(materialId, { id: '0198c0de-0000-7000-8000-00000000000b' })
    expect(await ask(materialId, { id: '0198c0de-0000-7000-8000-00000000000b' })).toBe(id)
    await expect(ask(materialId)).rejects.toMatchObject({ field: 'form' })
    await expect(ask(materialId, { unitCode: 'an-hoa-1' }, viewer.lan)).rejects.toThrow(Forbidden)
    await expect(ask(materialId, {}, viewer.binh)).rejects.toThrow(Forbidden)
    await expect(ask(materialId, { unitCode: 'an-hoa', dueOn: '2021-04-14' }, viewer.ngoc)).rejects.toMatchObject({ field: 'dueOn' })
    await expect(as(viewer.thu, (ctx) => closeRequest(ctx, { requestId: id, version: 1 }))).rejects.toThrow(Forbidden)
    await as(viewer.mai, (ctx) => closeRequest(ctx, { requestId: id, version: 1 }))
    expect(await owes(viewer.lan)).not.toContain(id)
    await expect(give(viewer.lan, id)).rejects.toThrow(Refused)
    const low = await ask(materialId, { unitCode: 'an-hoa-1' }, viewer.binh)
    await expect(as(viewer.thu, ({ tx }) => requestById(tx, low))).rejects.toThrow(NotFound)
    expect((await as(viewer.thu, requestsOf)).map((one) => one.requestId)).not.toContain(low)
  })

  test('is of nothing that those who are asked could not open: nobody’s own plan, nobody’s beneath', async () => {
    const issued = async (by: Viewer, unitCode: string, isPersonalPlan = false) => {
      const { documentId } = await as(by, (ctx) => draftDocument(ctx, DocumentDraft.parse({ unitCode, type: 'plan', abstract: 'Kế hoạch', isPersonalPlan })))
      await as(by, (ctx) => issueDocument(ctx, { documentId, issuedOn: '2021-04-01', isKnownEmpty: true }))
      return documentId
    }
    const about = (by: Viewer, unitCode: string, documentId: string) => as(by, (ctx) => askToAcknowledge(ctx, AcknowledgementRequest.parse({ unitCode, documentId, depth: 'read', whom: 'members', dueOn: '2021-04-30' })))
    const own = await issued(viewer.binh, 'an-hoa-1', true)
    await expect(about(viewer.binh, 'an-hoa-1', own)).rejects.toMatchObject({ field: 'form' })
    const beneath = await issued(viewer.binh, 'an-hoa-1')
    await expect(about(viewer.ngoc, 'an-hoa', beneath)).rejects.toMatchObject({ field: 'form' })
    expect((await about(viewer.binh, 'an-hoa-1', beneath)).receipt).not.toBeNull()
    expect((await about(viewer.binh, 'an-hoa-1', await issued(viewer.mai, 'can-tho'))).receipt).not.toBeNull()
  })

  test('that is ended while somebody answers waits for the answer, and takes none afterwards', async () => {
    const id = await ask(await published('Đề cương đóng giữa chừng'))
    let isClosed = false
    let closing: Promise<unknown> = Promise.resolve()
    await as(viewer.lan, async (ctx) => {
      await acknowledge(ctx, Acknowledgement.parse({ requestId: id, depth: 'read' }))
      closing = as(viewer.mai, (other) => closeRequest(other, { requestId: id, version: 1 })).then(() => (isClosed = true))
      await sleep(150)
      expect(isClosed).toBe(false)
    })
    await closing
    await expect(give(viewer.minh, id)).rejects.toThrow(Refused)
  })

  test('heads is of secretaries beneath, also of those who belong to no cell there', async () => {
    const id = await ask(await published('Đề cương 3'), { whom: 'heads', depth: 'received' })
    for (const who of [viewer.binh, viewer.thu]) expect(await owes(who)).toContain(id)
    for (const who of [viewer.lan, viewer.ngoc, viewer.duc]) expect(await owes(who)).not.toContain(id)
    await give(viewer.binh, id, 'received')
    expect(await progress(viewer.mai, id, 'can-tho')).toEqual({ own: [1, 2], beneath: [['ninh-kieu', 1, 2]] })
    expect(AcknowledgementRequest.safeParse({ unitCode: 'can-tho', materialId: id, depth: 'read', whom: 'heads', categories: ['khac'], dueOn: '2021-04-30' }).success).toBe(false)
  })
})

describe('one sentence of one’s own', () => {
  test('is read by oneself and by secretary and deputy of the cell: by nobody above', async () => {
    const id = await ask(await published('Đề cương 4'), { depth: 'can_say' })
    expect(Acknowledgement.safeParse({ requestId: id, depth: 'can_say', sentence: ' ' }).success).toBe(false)
    await give(viewer.lan, id, 'can_say', 'Tôi sẽ họp tổ dân phố sớm hơn.')
    const said = async (who: Viewer, unitId = city.unit.cellOne) => (await as(who, ({ tx }) => peopleAsked(tx, { requestId: id, unitId, today: who.today }))).find((one) => one.personId === person.lan)
    expect(await said(viewer.binh)).toMatchObject({ depth: 'can_say', sentence: 'Tôi sẽ họp tổ dân phố sớm hơn.' })
    expect(await said(viewer.ngoc)).toMatchObject({ depth: 'can_say', sentence: null }) // one level above: that it was said, not what
    for (const who of [viewer.duc, viewer.mai, viewer.thu, viewer.minh, viewer.khoa]) expect(await said(who)).toBeUndefined()
    for (const who of [viewer.ngoc, viewer.duc, viewer.mai, viewer.thu, viewer.minh, viewer.son]) expect(await as(who, ({ tx }) => tx.selectFrom('acknowledgement_sentence').select('sentence').execute())).toEqual([])
    expect(await as(viewer.lan, ({ tx }) => tx.selectFrom('acknowledgement_sentence').select('sentence').execute())).toHaveLength(1)
  })

  test('is not keyed in by another; that somebody signed the list on paper is', async () => {
    const id = await ask(await published('Đề cương 5'))
    const key = (who: Viewer, people: string[], unitCode = 'an-hoa-1') => as(who, (ctx) => keyInAcknowledgements(ctx, { requestId: id, unitCode, depth: 'read', people }))
    await key(viewer.binh, [person.minh, person.lan])
    expect(await progress(viewer.binh, id, 'an-hoa-1')).toEqual({ own: [2, 3], beneath: [] })
    await expect(key(viewer.binh, [person.hoa])).rejects.toThrow(NotFound)
    await expect(key(viewer.ngoc, [person.minh])).rejects.toThrow(Forbidden)
    await expect(key(viewer.lan, [person.minh])).rejects.toThrow(Forbidden)
    const row = await db.selectFrom('acknowledgement').select(['recorded_by', 'person_id']).where('request_id', '=', id).where('person_id', '=', person.minh).executeTakeFirstOrThrow()
    expect(row).toEqual({ recorded_by: person.binh, person_id: person.minh })
    // the database refuses what the operation would
    await expect(as(viewer.binh, ({ tx }) => tx.insertInto('acknowledgement').values({ id, request_id: id, person_id: person.hoa, unit_id: city.unit.cellOne, depth: 'read', answered_on: '2021-04-15', recorded_by: person.binh, source: 'page' }).execute())).rejects.toThrow('row-level security')
  })

  test('given by a helper keeps both names', async () => {
    const id = await ask(await published('Đề cương 6'))
    const helped: Viewer = { ...viewer.minh, actedBy: { personId: person.lan, name: viewer.lan.name } }
    await asViewer(db, { personId: person.lan, today: helped.today }, async (tx) => {
      await actFor(tx, { helpedId: person.minh, helperId: person.lan })
      await acknowledge({ tx, viewer: helped, source: 'page' }, { requestId: id, depth: 'read', sentence: '' })
    })
    const row = await db.selectFrom('acknowledgement').select(['person_id', 'recorded_by', 'on_behalf_of']).where('request_id', '=', id).executeTakeFirstOrThrow()
    expect(row).toEqual({ person_id: person.minh, recorded_by: person.lan, on_behalf_of: person.minh })
  })
})

test('what two entries of one person answered is one person’s when they are merged, and given back when they are parted', async () => {
  const [one, both] = [await ask(await published('Đề cương 9')), await ask(await published('Đề cương 10'), { depth: 'can_say' })]
  await give(viewer.minh, one)
  await give(viewer.minh, both, 'can_say', 'Câu của Minh.')
  await give(viewer.lan, both)
  const answers = async () => (await db.selectFrom('acknowledgement').select(['person_id', 'request_id']).where('request_id', 'in', [one, both]).where('superseded_at', 'is', null).orderBy('recorded_at').execute()).map((row) => [row.person_id === person.lan ? 'lan' : 'minh', row.request_id === one ? 'one' : 'both'])
  expect(await answers()).toEqual([['minh', 'one'], ['minh', 'both'], ['lan', 'both']])
  const { mergeId } = await as(viewer.khoa, (ctx) => mergePeople(ctx, { keptId: person.lan, goneId: person.minh, reason: 'Ghi hai lần' }))
  expect(await answers()).toEqual([['lan', 'one'], ['minh', 'both'], ['lan', 'both']])
  await as(viewer.khoa, (ctx) => undoMerge(ctx, { mergeId }))
  expect(await answers()).toEqual([['minh', 'one'], ['minh', 'both'], ['lan', 'both']])
})

describe('a later version', () => {
  test('asks again only those whom it concerns and those who had not answered, and shows what changed since the one they read', async () => {
    const materialId = await published('Đề cương 7', 'Một.\nHọc trước 15/6.')
    const first = await ask(materialId)
    await expect(ask(await published('Đề cương 8'), { keepsBefore: 'yes' })).rejects.toMatchObject({ field: 'keepsBefore' })
    await give(viewer.lan, first)
    await give(viewer.minh, first)
    await nextVersion(materialId, 'Một.\nHọc trước 30/6.')
    const second = await ask(materialId, { keepsBefore: 'yes', categories: ['can-bo-chu-chot'] })
    expect(await owes(viewer.lan)).toContain(second) // of the category it concerns
    expect(await owes(viewer.minh)).not.toContain(second) // had answered, and it does not concern him
    expect(await owes(viewer.binh)).toContain(second) // had not answered
    expect(await owes(viewer.binh)).not.toContain(first) // the one before asks no longer
    await expect(give(viewer.minh, second)).rejects.toThrow(Forbidden)
    expect(await progress(viewer.mai, second, 'can-tho')).toEqual({ own: [0, 4], beneath: [['ninh-kieu', 0, 4]] })
    const thing = async (who: Viewer) => as(who, async ({ tx }) => thingAsked(tx, await requestById(tx, second), who.personId))
    expect(await thing(viewer.lan)).toMatchObject({ text: 'Một.\nHọc trước 30/6.', readBefore: { number: 1, text: 'Một.\nHọc trước 15/6.' } })
    expect(await thing(viewer.binh)).toMatchObject({ number: 2, readBefore: null })
    expect((await as(viewer.binh, ({ tx }) => peopleAsked(tx, { requestId: second, unitId: city.unit.cellOne, today: '2021-04-15' }))).map((one) => one.personId).sort()).toEqual([person.lan, person.binh].sort())
    await give(viewer.lan, second)
    expect((await as(viewer.lan, askedOf)).find((one) => one.requestId === second)).toMatchObject({ answered: 'read', answeredOn: '2021-04-15' })
  })
})
