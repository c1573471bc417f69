import { beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation, type Organisation } from '../../../tests/people.ts'
import { asViewer } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { holdSession } from '../study/sessions.server.ts'
import { guideAtHome, guideOf, hideGuide } from './guide.server.ts'

const { db } = await testDatabase()
let city: Organisation
let topicIds: string[]

const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
const guide = (viewer: Viewer, hasUnitsBeneath = false) => as(viewer, (ctx) => guideOf(ctx, { code: 'an-hoa-1' }, hasUnitsBeneath))
const atHome = (viewer: Viewer) => as(viewer, (ctx) => guideAtHome(ctx, { code: 'an-hoa-1' }, false))
const doneOf = async (viewer: Viewer, hasUnitsBeneath = false) =>
  Object.fromEntries((await guide(viewer, hasUnitsBeneath)).steps.filter((step) => step.isDone !== null).map((step) => [step.key, step.isDone]))

beforeAll(async () => {
  city = await organisation(db)
})

test('each kind of person has steps of their own', async () => {
  const { khoa, mai, ngoc, binh, son, lan } = city.viewer
  const kinds = [await guide(khoa, true), await guide(mai, true), await guide(ngoc, true), await guide(binh), await guide(son, true), await guide(lan)]
  expect(kinds.map(({ kind }) => kind)).toEqual(['administrator', 'officer', 'superior', 'cell', 'inspector', 'member'])
  for (const { steps } of kinds) expect(steps.length).toBeGreaterThanOrEqual(3)
})

test('a step is done once the records show it, in the own unit and not in another', async () => {
  expect(await doneOf(city.viewer.khoa)).toEqual({ units: true, people: true, accounts: false })
  expect(await doneOf(city.viewer.mai, true)).toEqual({ campaign: false, session: false, round: false })
  ;({ topicIds } = await openedCampaign(db, city))
  expect(await doneOf(city.viewer.mai, true)).toMatchObject({ campaign: true })

  await as(city.viewer.binh, (ctx) => holdSession(ctx, { campaignCode: 'nq-xiii', unitCode: 'an-hoa-1', kind: 'class', name: 'Lớp học', categories: [], sittings: [{ heldOn: '2021-04-20', topicIds }] }))
  expect(await doneOf(city.viewer.binh)).toMatchObject({ session: true, roll: false })
  expect(await doneOf(city.viewer.thu)).toMatchObject({ session: false })
})

test('put away they stay away for that person alone, until they are brought back', async () => {
  await as(city.viewer.lan, (ctx) => hideGuide(ctx, { hidden: 'yes' }))
  await as(city.viewer.lan, (ctx) => hideGuide(ctx, { hidden: 'yes' }))
  expect(await atHome(city.viewer.lan)).toBeNull()
  expect(await atHome(city.viewer.minh)).toMatchObject({ kind: 'member' })
  await as(city.viewer.lan, (ctx) => hideGuide(ctx, { hidden: 'no' }))
  expect(await atHome(city.viewer.lan)).toMatchObject({ kind: 'member' })
})
