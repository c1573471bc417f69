import { beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation, type Organisation } from '../../../tests/people.ts'
import { readDocx } from '../../../tests/read-docx.ts'
import { readPdf } from '../../../tests/read-pdf.ts'
import { asViewer } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import { officialFile } from '../documents/typesetting/official-file.server.ts'
import { invitationTo } from './invitation.server.ts'
import { cancelSession, holdSession } from './sessions.server.ts'

const { db } = await testDatabase()
let city: Organisation
let topicIds: string[]
let sessionId: string

const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))

const hold = (sittings: { heldOn: string; startsAt?: string; endsAt?: string }[], place?: string) =>
  as(city.viewer.binh, (ctx) =>
    holdSession(ctx, {
      campaignCode: 'nq-xiii',
      unitCode: 'an-hoa-1',
      kind: 'class',
      name: 'Lớp học của chi bộ',
      place,
      categories: [],
      sittings: sittings.map((sitting) => ({ ...sitting, topicIds })),
    }),
  )

beforeAll(async () => {
  city = await organisation(db)
  ;({ topicIds } = await openedCampaign(db, city))
  sessionId = (await hold([{ heldOn: '2021-04-20', startsAt: '19:00', endsAt: '21:00' }], 'Nhà văn hóa khu vực 1')).sessionId
})

test('says what, when, where and to whom, and is signed by the secretary', async () => {
  const { document } = await as(city.viewer.binh, (ctx) => invitationTo(ctx, sessionId))
  expect(document).toMatchObject({
    type: 'invitation',
    issuingBody: 'Chi bộ khu vực 1',
    superiorBody: 'Đảng ủy phường An Hòa',
    abstract: 'dự Lớp học của chi bộ',
    addressees: ['Các đồng chí đảng viên Chi bộ khu vực 1'],
    signature: { position: 'BÍ THƯ', name: 'Lê Thanh Bình' },
  })
  expect(document.body.map((block) => 'text' in block && block.text).slice(1, 4)).toEqual([
    '1. Thời gian: từ 19 giờ 00 đến 21 giờ 00, thứ Ba, ngày 20/4/2021.',
    '2. Địa điểm: Nhà văn hóa khu vực 1.',
    '3. Nội dung: Chuyên đề 1.',
  ])
})

test('several sittings are told one after the other, and what is not known is left out', async () => {
  const { sessionId: twoEvenings } = await hold([{ heldOn: '2021-04-21' }, { heldOn: '2021-04-22', startsAt: '19:30' }])
  const { document } = await as(city.viewer.binh, (ctx) => invitationTo(ctx, twoEvenings))
  expect(document.body.map((block) => 'text' in block && block.text).slice(1, 3)).toEqual([
    '1. Thời gian: buổi 1, thứ Tư, ngày 21/4/2021; buổi 2, 19 giờ 30, thứ Năm, ngày 22/4/2021.',
    '2. Nội dung: Chuyên đề 1.',
  ])
})

test('DOCX and PDF say the same', async () => {
  const invitation = await as(city.viewer.binh, (ctx) => invitationTo(ctx, sessionId))
  const [docx, pdf] = [await officialFile(invitation, 'docx'), await officialFile(invitation, 'pdf')]
  const words = (text: string) => text.replaceAll(/\s+/g, '')
  for (const said of ['GIẤY MỜI', 'Nhà văn hóa khu vực 1', 'Lê Thanh Bình']) {
    expect(words(JSON.stringify(readDocx(docx.bytes).paragraphs))).toContain(words(said))
    expect(words(JSON.stringify(await readPdf(pdf.bytes)))).toContain(words(said))
  }
})

test('whoever does not see the session has no invitation, and nobody is invited to one that was cancelled', async () => {
  await expect(as(city.viewer.thu, (ctx) => invitationTo(ctx, sessionId))).rejects.toThrow(NotFound)
  const { sessionId: cancelled } = await hold([{ heldOn: '2021-04-23' }])
  await as(city.viewer.binh, (ctx) => cancelSession(ctx, { sessionId: cancelled, confirmed: 'yes' }))
  await expect(as(city.viewer.binh, (ctx) => invitationTo(ctx, cancelled))).rejects.toThrow(Refused)
})
