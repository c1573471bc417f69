import { beforeAll, describe, expect, test } from 'vitest'
import { asViewer } from '../../db/open.ts'
import { openLog } from '../../platform/log.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { testDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation, type Organisation } from '../../../tests/people.ts'
import { questionsAbout as countAbout } from '../indicators/figures.server.ts'
import { takeRoll } from '../study/rolls.server.ts'
import { holdSession } from '../study/sessions.server.ts'
import { listQuestions, questionById, questionsAbout } from './question-views.server.ts'
import { figureShown } from './question-wording.server.ts'
import { escalateOverdue } from './questions.jobs.ts'
import { QuestionInput } from './questions.schema.ts'
import { answer, askAbout, close } from './questions.server.ts'

const { db } = await testDatabase()
let city: Organisation
let campaignId: string

/** Does it as that person, in a transaction of their own. */
const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
const on = (viewer: Viewer, today: string): Viewer => ({ ...viewer, today })

beforeAll(async () => {
  city = await organisation(db)
  campaignId = (await openedCampaign(db, city)).campaignId
  await study('lan')
})

let classes = 0
async function study(person: 'lan' | 'minh') {
  const topicIds = (await db.selectFrom('topic').select('id').execute()).map((topic) => topic.id)
  const session = await as(city.viewer.binh, (ctx) =>
    holdSession(ctx, { campaignCode: 'nq-xiii', unitCode: 'an-hoa-1', kind: 'class', name: `Lớp ${++classes}`, categories: [], sittings: [{ heldOn: '2021-04-05', topicIds }] }),
  )
  await as(city.viewer.binh, (ctx) => takeRoll(ctx, { sittingId: session.sittingIds[0]!, marks: [{ personId: city.person[person], status: 'present' }] }))
}

const about = (unitCode: string, other: Partial<QuestionInput> = {}): QuestionInput =>
  QuestionInput.parse({ campaignCode: 'nq-xiii', unitCode, key: 'studied', asOf: '2021-04-10', text: 'Vì sao chỉ một đồng chí đã học?', dueOn: '2021-04-20', ...other })

const ask = async (viewer: Viewer, unitCode: string, other: Partial<QuestionInput> = {}) => (await as(viewer, (ctx) => askAbout(ctx, about(unitCode, other)))).questionId
const versionOf = async (id: string) => (await db.selectFrom('question').select('version').where('id', '=', id).executeTakeFirstOrThrow()).version

const answerIn = async (viewer: Viewer, questionId: string, text = 'Lớp thứ hai học ngày 12/4.', kind: 'answer' | 'correction' = 'answer') => {
  const version = await versionOf(questionId)
  return as(viewer, (ctx) => answer(ctx, { questionId, version, kind, text }))
}

describe('asking', () => {
  test('keeps the figure as it stood, and shows it beside what the records say now', async () => {
    const id = await ask(city.viewer.mai, 'an-hoa-1')
    await study('minh')
    const { question, now, messages } = await as(city.viewer.binh, (ctx) => questionById(ctx, id))
    expect(figureShown(question, 'vi')).toEqual({ value: '33,33%', fraction: '1 / 3', name: 'đảng viên đã học' })
    expect(figureShown({ ...question, figure: now }, 'vi')).toEqual({ value: '66,67%', fraction: '2 / 3', name: 'đảng viên đã học' })
    expect(messages.map(({ kind, text, author }) => ({ kind, text, author }))).toEqual([{ kind: 'question', text: 'Vì sao chỉ một đồng chí đã học?', author: 'Huỳnh Thị Mai' }])
  })

  test('is for any level above, not for the unit itself, a unit beneath or a member', async () => {
    await ask(city.viewer.ngoc, 'an-hoa-1')
    await ask(city.viewer.duc, 'an-hoa-1')
    for (const viewer of [city.viewer.binh, city.viewer.lan, city.viewer.thu, city.viewer.ngoc, city.viewer.duc]) {
      await expect(as(viewer, (ctx) => askAbout(ctx, about('ninh-kieu')))).rejects.toThrow(Forbidden)
    }
    await expect(as(city.viewer.binh, (ctx) => askAbout(ctx, about('an-hoa-1')))).rejects.toThrow('of a unit above')
    await expect(as(city.viewer.mai, (ctx) => askAbout(ctx, about('can-tho')))).rejects.toThrow(Forbidden)
    await expect(as(city.viewer.khoa, (ctx) => askAbout(ctx, about('an-hoa-1')))).rejects.toThrow(NotFound)
    await expect(as(city.viewer.son, (ctx) => askAbout(ctx, about('an-hoa-2')))).rejects.toThrow(Forbidden)
    await expect(as(city.viewer.thu, (ctx) => askAbout(ctx, about('an-hoa-1')))).rejects.toThrow(NotFound)
  })

  test('asks for the nearest unit where the person holds an office', async () => {
    const id = await ask({ ...city.viewer.mai, offices: [...city.viewer.mai.offices, ...city.viewer.ngoc.offices] }, 'an-hoa-1')
    const { question } = await as(city.viewer.mai, (ctx) => questionById(ctx, id))
    expect(question.askedByUnitName).toBe('Đảng ủy phường An Hòa')
  })

  test('sent twice is one question; of a day to come, with a due day that is over, or of no figure is refused', async () => {
    const id = '0198c0de-0000-7000-8000-000000000001'
    await ask(city.viewer.mai, 'an-hoa', { id })
    await ask(city.viewer.mai, 'an-hoa', { id })
    expect(await db.selectFrom('question_message').select('id').where('question_id', '=', id).execute()).toHaveLength(1)
    await expect(ask(city.viewer.mai, 'an-hoa', { asOf: '2021-04-16' })).rejects.toThrow(Refused)
    await expect(ask(city.viewer.mai, 'an-hoa', { asOf: '2021-03-01' })).rejects.toThrow('22/3/2021')
    await expect(ask(city.viewer.mai, 'an-hoa', { dueOn: '2021-04-14' })).rejects.toThrow(Refused)
    await expect(ask(city.viewer.mai, 'an-hoa', { key: 'no-such-figure' })).rejects.toThrow(NotFound)
    await expect(ask(city.viewer.mai, 'an-hoa', { part: 'category:nobody' })).rejects.toThrow(NotFound)
  })

  test('of a part of a figure is about that part', async () => {
    const id = await ask(city.viewer.mai, 'an-hoa-1', { part: 'kind:class' })
    const { question } = await as(city.viewer.mai, (ctx) => questionById(ctx, id))
    expect(figureShown(question, 'vi')).toMatchObject({ value: '2', name: 'đảng viên đã học (lớp học)' })
  })
})

describe('a question', () => {
  test('is seen by the unit and the levels above it: by no sibling, unit beneath or member', async () => {
    const id = await ask(city.viewer.mai, 'an-hoa-1')
    for (const viewer of [city.viewer.binh, city.viewer.ngoc, city.viewer.duc, city.viewer.mai]) {
      expect((await as(viewer, (ctx) => questionById(ctx, id))).question.id).toBe(id)
    }
    for (const viewer of [city.viewer.thu, city.viewer.lan, city.viewer.minh, city.viewer.khoa, city.viewer.son]) {
      await expect(as(viewer, (ctx) => questionById(ctx, id))).rejects.toThrow(NotFound)
    }
    const high = await ask(city.viewer.mai, 'ninh-kieu')
    for (const viewer of [city.viewer.ngoc, city.viewer.binh]) await expect(as(viewer, (ctx) => questionById(ctx, high))).rejects.toThrow(NotFound)
  })

  test('is counted on the page of its figure for those who see it, and for nobody else', async () => {
    const figure = { campaignId, unitId: city.unit.cellTwo, key: 'studied', part: null }
    const id = await ask(city.viewer.mai, 'an-hoa-2')
    await ask(city.viewer.mai, 'an-hoa-2', { part: 'kind:class' })
    expect(await as(city.viewer.thu, ({ tx }) => countAbout(tx, figure))).toBe(2)
    expect(await as(city.viewer.thu, ({ tx }) => countAbout(tx, { ...figure, part: 'kind:class' }))).toBe(1)
    expect(await as(city.viewer.son, ({ tx }) => countAbout(tx, figure))).toBe(2) // assigned to inspect it
    for (const viewer of [city.viewer.hoa, city.viewer.binh]) expect(await as(viewer, ({ tx }) => countAbout(tx, figure))).toBe(0)
    const listed = await as(city.viewer.thu, (ctx) => questionsAbout(ctx, { campaign: 'nq-xiii', unit: 'an-hoa-2', key: 'studied' }))
    expect(listed.map((one) => one.id)).toContain(id)
  })

  test('is answered by its unit, and by nobody else', async () => {
    const id = await ask(city.viewer.mai, 'an-hoa-1')
    for (const viewer of [city.viewer.mai, city.viewer.ngoc]) await expect(answerIn(viewer, id)).rejects.toThrow(Forbidden)
    for (const viewer of [city.viewer.thu, city.viewer.lan]) await expect(answerIn(viewer, id)).rejects.toThrow(NotFound)
    await answerIn(city.viewer.binh, id)
    const lists = await as(city.viewer.mai, listQuestions)
    expect(lists.answered.map((one) => one.id)).toContain(id)
    expect(lists.waiting.map((one) => one.id)).not.toContain(id)
  })

  test('answered by two at once takes the first; the second is told and nothing is lost', async () => {
    const id = await ask(city.viewer.mai, 'an-hoa-1')
    const version = await versionOf(id)
    const both = await Promise.allSettled(['Một.', 'Hai.'].map((text) => as(city.viewer.binh, (ctx) => answer(ctx, { questionId: id, version, kind: 'answer', text }))))
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
    const refused = both.find((one) => one.status === 'rejected')!.reason as Refused
    expect(refused).toBeInstanceOf(Refused)
    expect(refused.field).toBe('version')
    expect(await db.selectFrom('question_message').select('id').where('question_id', '=', id).where('kind', '=', 'answer').execute()).toHaveLength(1)
    await answerIn(city.viewer.binh, id, 'Đã sửa điểm danh.', 'correction')
  })

  test('is closed by those who asked, and then takes no more', async () => {
    const id = await ask(city.viewer.mai, 'an-hoa-1')
    await answerIn(city.viewer.binh, id)
    const version = await versionOf(id)
    for (const viewer of [city.viewer.binh, city.viewer.ngoc]) await expect(as(viewer, (ctx) => close(ctx, { questionId: id, version, text: '' }))).rejects.toThrow(Forbidden)
    await expect(as(city.viewer.mai, (ctx) => close(ctx, { questionId: id, version: version - 1, text: '' }))).rejects.toThrow('just come in')
    await as(city.viewer.mai, (ctx) => close(ctx, { questionId: id, version, text: '' }))
    await expect(answerIn(city.viewer.binh, id)).rejects.toThrow('closed')
    expect((await as(city.viewer.binh, listQuestions)).closed.map((one) => one.id)).toContain(id)
  })
})

describe('an overdue question', () => {
  const escalate = (now: string) => escalateOverdue({ db, log: openLog('silent'), config: { timeZone: 'Asia/Ho_Chi_Minh' } as never }, new Date(now))

  test('goes one level up once, when its day has ended where the deployment is', async () => {
    const id = await ask(city.viewer.mai, 'an-hoa-2', { dueOn: '2021-04-18' })
    const answered = await ask(city.viewer.mai, 'an-hoa-2', { dueOn: '2021-04-18' })
    await answerIn(city.viewer.thu, answered)
    expect(await escalate('2021-04-18T16:59:00Z')).toBe(0) // 23:59 in Cần Thơ
    const runs = await Promise.all([escalate('2021-04-18T17:00:00Z'), escalate('2021-04-18T17:00:00Z')])
    expect(runs[0]! + runs[1]!).toBe(1)
    expect(await escalate('2021-04-30T00:00:00Z')).toBeGreaterThanOrEqual(0)
    const { question, messages } = await as(on(city.viewer.thu, '2021-04-19'), (ctx) => questionById(ctx, id))
    expect(question).toMatchObject({ isOverdue: true, escalatedToUnitName: 'Đảng ủy phường An Hòa' })
    expect(messages.map((message) => message.kind)).toEqual(['question', 'escalation'])
    expect(messages[1]).toMatchObject({ author: null, text: 'Đảng ủy phường An Hòa' })
    const { question: other } = await as(city.viewer.thu, (ctx) => questionById(ctx, answered))
    expect(other.escalatedToUnitName).toBeNull()
  })

  test('may then be answered by the unit above too, unless that one asked', async () => {
    const fromCity = await ask(city.viewer.mai, 'an-hoa-2', { dueOn: '2021-04-16' })
    const fromCommune = await ask(city.viewer.ngoc, 'an-hoa-2', { dueOn: '2021-04-16' })
    await expect(answerIn(city.viewer.ngoc, fromCity)).rejects.toThrow(Forbidden)
    await escalate('2021-04-17T01:00:00Z')
    const lists = await as(on(city.viewer.ngoc, '2021-04-17'), listQuestions)
    expect(lists.toAnswer.map((one) => one.id)).toContain(fromCity)
    expect(lists.escalated.map((one) => one.id)).toContain(fromCommune)
    await answerIn(city.viewer.ngoc, fromCity)
    await expect(answerIn(city.viewer.ngoc, fromCommune)).rejects.toThrow(Forbidden)
    await answerIn(city.viewer.thu, fromCommune)
  })

  test('is noted once, and told to the unit that asked where that one stands directly above', async () => {
    const id = await ask(city.viewer.mai, 'ninh-kieu', { dueOn: '2021-04-16' })
    await escalate('2021-04-17T01:00:00Z')
    const { question } = await as(city.viewer.duc, (ctx) => questionById(ctx, id))
    expect(question.escalatedToUnitName).toBe('Thành ủy Cần Thơ')
    expect(await db.selectFrom('audit_entry').select('id').where('action', '=', 'question.escalated').where('subject_id', '=', id).execute()).toHaveLength(1)
  })
})
