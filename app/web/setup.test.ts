import { expect, test } from 'vitest'
import { testDatabase } from '../../tests/database.ts'
import { answerOf, asked, testApp } from '../../tests/web.ts'
import { firstAdministrator } from './accounts.server.ts'
import { read } from './read.server.ts'
import * as page from './setup.page.tsx'
import { Setup } from './setup.schema.ts'
import { Refused } from '../platform/errors.ts'

const filled = {
  'unit.name': 'Thành ủy Cần Thơ',
  'unit.kind': 'city_committee',
  'unit.organisationName': 'Đảng bộ thành phố Cần Thơ',
  'unit.place': 'Cần Thơ',
  'unit.symbol': 'TU',
  'person.name': 'Đặng  Anh Khoa',
  username: '0901 234 218',
  password: 'một câu rất dài',
}
const input = Setup.parse({ unit: { name: 'Thành ủy Cần Thơ', kind: 'city_committee' }, person: { name: 'Đặng Anh Khoa' }, username: 'khoa', password: 'một câu rất dài' })

test('an empty database gets its top unit and an administrator, who is signed in at once', async () => {
  const database = await testDatabase()
  const app = await testApp(database)
  expect(await answerOf(page.loader(asked(app, '/setup')))).toMatchObject({ status: 200, body: { dataDir: '/nowhere' } })

  const answer = await answerOf(page.action(asked(app, '/setup', { form: filled })))
  expect(answer).toMatchObject({ status: 303, to: '/' })
  const units = await database.db.selectFrom('unit').select(['code', 'name', 'kind', 'organisation_name', 'place', 'symbol']).execute()
  expect(units).toEqual([{ code: 'can-tho', name: 'Thành ủy Cần Thơ', kind: 'city_committee', organisation_name: 'Đảng bộ thành phố Cần Thơ', place: 'Cần Thơ', symbol: 'TU' }])
  const viewer = await answerOf(read(asked(app, '/', { cookies: answer.cookies }), async (ctx) => ctx.viewer))
  expect(viewer.body).toMatchObject({ name: 'Đặng Anh Khoa', offices: [{ role: 'administrator', unitName: 'Thành ủy Cần Thơ' }] })
  const actions = await database.db.selectFrom('audit_entry').select('action').orderBy('id').execute()
  expect(actions.map((entry) => entry.action)).toEqual(['account.created', 'deployment.set_up'])

  expect(await answerOf(page.loader(asked(app, '/setup')))).toMatchObject({ status: 302, to: '/sign-in' })
  expect(await answerOf(page.action(asked(app, '/setup', { form: { ...filled, username: 'thief' } })))).toMatchObject({ status: 422, body: { problems: { form: expect.stringMatching(/đã được cài đặt rồi/) } } })
})

test('a set-up form with faults saves nothing and says each', async () => {
  const database = await testDatabase()
  const app = await testApp(database)
  const answer = await answerOf(page.action(asked(app, '/setup', { form: { ...filled, 'unit.name': '', username: 'a b', password: 'ngắn' } })))
  expect(answer).toMatchObject({ status: 422, body: { problems: { 'unit.name': 'Chưa điền ô này.', username: expect.stringMatching(/^Ghi số điện thoại/), password: 'Ghi ít nhất 12 ký tự.' } } })
  expect(await database.db.selectFrom('unit').select('id').execute()).toEqual([])
})

test('of two who set up at once one wins, and the other is told', async () => {
  const database = await testDatabase()
  const { db } = database
  const app = await testApp(database)
  const outcomes = await Promise.allSettled([firstAdministrator(db, app.log, input), firstAdministrator(db, app.log, { ...input, username: 'second' })])
  expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(outcomes.find((outcome) => outcome.status === 'rejected')?.reason).toBeInstanceOf(Refused)
  expect(await db.selectFrom('unit').select('id').execute()).toHaveLength(1)
  expect(await db.selectFrom('account').select('id').execute()).toHaveLength(1)
})
