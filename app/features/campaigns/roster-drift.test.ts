import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { asViewer } from '../../db/open.ts'
import type { Ctx, Viewer } from '../../permissions/permissions.ts'
import { Forbidden, NotFound } from '../../platform/errors.ts'
import { testDatabase } from '../../../tests/database.ts'
import { openedCampaign, organisation, type Organisation } from '../../../tests/people.ts'
import { addMember, endMembership, exemptMember, transferMember } from '../people/members.server.ts'
import { campaignByCode } from './campaigns.server.ts'
import { driftOf, takeIntoRoster } from './roster-drift.server.ts'
import { changeRoster } from './roster.server.ts'

const { db } = await testDatabase()
let city: Organisation
let campaignId: string

const as = <Result>(viewer: Viewer, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewer, (tx) => work({ tx, viewer, source: 'page' }))
const drift = (viewer: Viewer, unit: keyof Organisation['unit']) =>
  as(viewer, async (ctx) => {
    const campaign = await campaignByCode(ctx.tx, 'nq-xiii')
    return (await driftOf(ctx, { ...campaign, openedOn: campaign.openedOn! }, city.unit[unit], '2021-04-15')).map(({ name, change, fromDay, unitCode, reason, isElsewhere }) => ({ name, change, fromDay, unitCode, reason, isElsewhere }))
  })
const take = (viewer: Viewer, unitCode: string, people: string[]) => as(viewer, (ctx) => takeIntoRoster(ctx, { campaignCode: 'nq-xiii', unitCode, asOf: '2021-04-15', personIds: people, reason: 'Theo quyết định chuyển sinh hoạt' }))
const expected = async (unit: keyof Organisation['unit'], day = '2021-04-15') => {
  const { rows } = await sql<{ whole: number }>`select whole from count_values(${campaignId}, array[${city.unit[unit]}]::uuid[], ${day}) where indicator = 'expected' and dimension = ''`.execute(db)
  return rows[0]?.whole ?? 0
}

beforeAll(async () => {
  city = await organisation(db)
  ;({ campaignId } = await openedCampaign(db, city))
})

describe('what changes in the organisation after a roster is frozen', () => {
  test('changes no figure by itself, and stands beside the roster until a person takes it in', async () => {
    const { binh, ngoc } = city.viewer
    expect(await drift(binh, 'cellOne')).toEqual([])
    await as(binh, (ctx) => transferMember(ctx, { personId: city.person.lan, unitCode: 'an-hoa-2', fromDay: '2021-04-10', reason: 'Chuyển nơi ở' }))
    await as(binh, (ctx) => exemptMember(ctx, { personId: city.person.minh, fromDay: '2021-04-11', reason: 'Ốm đau dài ngày' }))
    const { personId: moi } = await as(ngoc, (ctx) => addMember(ctx, { name: 'Ngô Thị Mới', unitCode: 'an-hoa-1', fromDay: '2021-04-12', status: 'in_post', isAnother: false }))
    expect([await expected('cellOne'), await expected('cellTwo'), await expected('city')]).toEqual([3, 2, 5])

    const lan = { name: 'Nguyễn Thị Lan', fromDay: '2021-04-10', reason: null }
    const minh = { name: 'Trần Văn Minh', change: 'exempt', fromDay: '2021-04-11', unitCode: null, reason: 'Ốm đau dài ngày', isElsewhere: false }
    const newcomer = { name: 'Ngô Thị Mới', change: 'arrive', fromDay: '2021-04-12', unitCode: null, reason: null, isElsewhere: false }
    // the cell can only let her go; the commune above both moves her
    expect(await drift(binh, 'cellOne')).toEqual([{ ...lan, change: 'leave', unitCode: null, isElsewhere: false }, minh, newcomer])
    expect(await drift(ngoc, 'cellOne')).toEqual([{ ...lan, change: 'transfer', unitCode: 'an-hoa-2', isElsewhere: false }, minh, newcomer])
    expect(await drift(city.viewer.thu, 'cellTwo')).toEqual([{ ...lan, change: 'arrive', unitCode: null, isElsewhere: true }])
    for (const viewer of [city.viewer.mai, city.viewer.duc]) expect(await drift(viewer, 'cellOne')).toEqual([])
    await expect(drift(city.viewer.khoa, 'cellOne')).rejects.toThrow(NotFound)

    await expect(take(city.viewer.thu, 'an-hoa-2', [city.person.lan])).rejects.toMatchObject({ field: 'personIds' })
    await expect(take(city.viewer.thu, 'an-hoa-1', [city.person.minh])).rejects.toThrow(NotFound)
    await expect(take(city.viewer.duc, 'an-hoa-1', [city.person.minh])).rejects.toThrow(Forbidden)
    await expect(take(ngoc, 'an-hoa-1', [city.person.hoa])).rejects.toThrow(NotFound)
    expect(await take(ngoc, 'an-hoa-1', [city.person.lan, city.person.minh, moi])).toMatchObject({ taken: 3 })
    expect([await expected('cellOne'), await expected('cellTwo'), await expected('city')]).toEqual([2, 3, 5])
    expect([await expected('cellOne', '2021-04-09'), await expected('cellTwo', '2021-04-09')]).toEqual([3, 2])
    expect(await drift(ngoc, 'cellOne')).toEqual([])
    expect(await drift(ngoc, 'cellTwo')).toEqual([])
    const { rows } = await sql<{ exempt_reason: string }>`select exempt_reason from roster where person_id = ${city.person.minh} and superseded_at is null and exempt_reason is not null`.execute(db)
    expect(rows).toEqual([{ exempt_reason: 'Ốm đau dài ngày' }])
    await isKept()
  })

  test('goes from one unit’s list to the other’s in two steps where nobody is above both', async () => {
    const { thu, binh } = city.viewer
    await as(thu, (ctx) => transferMember(ctx, { personId: city.person.hoa, unitCode: 'an-hoa-1', fromDay: '2021-04-13', reason: 'Chuyển nơi ở' }))
    expect(await drift(binh, 'cellOne')).toMatchObject([{ name: 'Phạm Thị Hoa', change: 'arrive', isElsewhere: true }])
    await take(thu, 'an-hoa-2', [city.person.hoa])
    expect(await drift(binh, 'cellOne')).toMatchObject([{ change: 'arrive', isElsewhere: false }])
    await take(binh, 'an-hoa-1', [city.person.hoa])
    expect(await drift(binh, 'cellOne')).toEqual([])
    expect(await expected('city')).toBe(5)
    await isKept()
  })

  test('is not asked again where somebody decided otherwise on the roster afterwards', async () => {
    const { binh, ngoc } = city.viewer
    await as(ngoc, (ctx) => changeRoster(ctx, { campaignCode: 'nq-xiii', personId: city.person.binh, change: 'exempt', fromDay: '2021-04-14', reason: 'Đi công tác dài ngày' }))
    expect(await drift(binh, 'cellOne')).toEqual([])
    await as(binh, (ctx) => endMembership(ctx, { personId: city.person.sau, fromDay: '2021-04-14', how: 'died' }))
    expect(await drift(binh, 'cellOne')).toMatchObject([{ name: 'Võ Văn Sáu', change: 'leave', fromDay: '2021-04-14' }])
    await take(binh, 'an-hoa-1', [city.person.sau])
    expect(await drift(binh, 'cellOne')).toEqual([])
    await isKept()
  })
})

async function isKept() {
  const all = () => sql<object>`select * from count_values(${campaignId}, (select array_agg(id) from unit), '2021-04-15') order by 1, 2, 3`.execute(db)
  const { rows } = await all()
  await sql`select recount(${campaignId})`.execute(db)
  expect(rows).toEqual((await all()).rows)
}
