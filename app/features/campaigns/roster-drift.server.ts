import { sql } from 'kysely'
import { chainOf, demand, reasonAgainst, type Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import { NotFound, Refused } from '../../platform/errors.ts'
import type { Receipt } from '../../web/audit.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { campaignWords } from './campaigns.messages.ts'
import type { RosterTaking } from './campaigns.schema.ts'
import { openCampaignByCode, type Campaign } from './campaigns.server.ts'
import { changeRoster } from './roster.server.ts'

/**
 * Somebody of whom a unit's roster and the organisation say different things. `change` from `fromDay` on would make them agree; of a transfer
 * or somebody who moved away `unitCode` and `unitName` say where to, as far as the viewer sees it. `reason` is why somebody is exempt.
 * `isElsewhere`: the roster of another unit still has the person, so that unit has to let go first.
 */
export type Drift = {
  personId: string
  name: string
  change: 'arrive' | 'transfer' | 'exempt' | 'expect' | 'leave'
  fromDay: Day
  hasMoved: boolean
  unitCode: string | null
  unitName: string | null
  reason: string | null
  isElsewhere: boolean
}

type Found = Omit<Drift, 'change'> & { isListed: boolean; belongs: boolean; isExempt: boolean; movedTo: string | null }

/**
 * What has changed in the organisation since the roster was frozen and is not on it, of one unit as of a day: nothing flows into a campaign
 * by itself. What somebody decided on the roster after the organisation had changed stands. As far as the viewer sees names.
 */
export async function driftOf({ tx, viewer }: Ctx, campaign: Pick<Campaign, 'id'> & { openedOn: Day }, unitId: string, day: Day): Promise<Drift[]> {
  const { rows } = await sql<Found>`
    with listed as (
      select roster.person_id, roster.exempt_reason is not null as exempt, lower(roster.during) as since, roster.reason is not null as by_hand
      from roster
      where roster.campaign_id = ${campaign.id} and roster.unit_id = ${unitId} and roster.superseded_at is null and roster.during @> ${day}::date
    ), belonging as (
      select membership.id, membership.person_id, membership.status = 'exempt' as exempt, lower(membership.during) as since
      from membership
      where membership.unit_id = ${unitId} and membership.during @> ${day}::date
    ), odd as (
      select coalesce(listed.person_id, belonging.person_id) as person_id, belonging.id as membership_id, listed.person_id is not null as is_listed,
             belonging.person_id is not null as belongs, coalesce(belonging.exempt, false) as is_exempt, listed.since as listed_since, listed.by_hand,
             belonging.since as member_since
      from listed
      full join belonging on belonging.person_id = listed.person_id
      where listed.person_id is null or belonging.person_id is null
        or (listed.exempt <> belonging.exempt and (not listed.by_hand or belonging.since > listed.since))
    ), told as materialized (
      select odd.*, moved.unit_id as moved_to, coalesce(odd.member_since, moved.since, left_on.day, ${day}::date) as changed_on,
             elsewhere.since is not null as is_elsewhere, elsewhere.since as elsewhere_since, elsewhere.by_hand as elsewhere_by_hand
      from odd
      left join lateral listed_person_belongs(odd.person_id, ${day}) as moved on not odd.belongs
      left join lateral (
        select max(upper(gone.during)) as day from membership as gone
        where gone.person_id = odd.person_id and gone.unit_id = ${unitId} and upper(gone.during) <= ${day}::date
      ) as left_on on not odd.belongs
      left join lateral on_other_roster(${campaign.id}, odd.person_id, ${day}) as elsewhere on not odd.is_listed
    )
    select told.person_id as "personId", person.name, told.is_listed as "isListed", told.belongs, told.is_exempt as "isExempt", told.moved_to as "movedTo",
           told.moved_to is not null as "hasMoved", unit.code as "unitCode", unit.name as "unitName", told.is_elsewhere as "isElsewhere",
           case when told.is_exempt then exempt_reason_of(told.membership_id) end as reason,
           greatest(told.changed_on, told.listed_since, ${campaign.openedOn}::date) as "fromDay"
    from told
    -- person by person: asked of everybody, who may see whom takes half a minute for an administrator
    cross join lateral (
      select each_one.name, each_one.given_name, each_one.middle_name, each_one.family_name from person as each_one where each_one.id = told.person_id limit 1
    ) as person
    left join unit on unit.id = told.moved_to
    where not coalesce(not told.belongs and told.by_hand and told.listed_since >= told.changed_on, false)
      and not coalesce(told.elsewhere_by_hand and told.elsewhere_since >= told.changed_on, false)
    order by person.given_name collate "vi-x-icu", person.middle_name collate "vi-x-icu", person.family_name collate "vi-x-icu", told.person_id
    limit 500`.execute(tx)
  const mayReceive = new Map<string, boolean>()
  for (const id of new Set(rows.flatMap((row) => (row.unitCode && row.movedTo ? [row.movedTo] : [])))) {
    mayReceive.set(id, reasonAgainst(viewer, 'change the roster', await chainOf(tx, id, viewer.today)) === null)
  }
  return rows.map(({ isListed, belongs, isExempt, movedTo, ...row }) => {
    if (!isListed) return { ...row, change: 'arrive' }
    if (belongs) return { ...row, change: isExempt ? 'exempt' : 'expect' }
    return { ...row, change: movedTo && mayReceive.get(movedTo) ? 'transfer' : 'leave' }
  })
}

/**
 * Takes changes of the organisation into the roster, each from its own day, by the decision of the person who presses the button.
 * Throws NotFound, Forbidden, Refused('personIds').
 */
export async function takeIntoRoster(ctx: Ctx, input: RosterTaking): Promise<{ taken: number; receipt: Receipt }> {
  const { tx, viewer } = ctx
  const campaign = await openCampaignByCode(tx, input.campaignCode)
  const unit = await unitByCode(tx, input.unitCode)
  demand(viewer, 'change the roster', await chainOf(tx, unit.id, viewer.today))
  const drift = new Map((await driftOf(ctx, campaign, unit.id, input.asOf)).map((one) => [one.personId, one]))
  let receipt: Receipt | null = null
  for (const personId of new Set(input.personIds)) {
    const one = drift.get(personId)
    if (!one) throw new NotFound()
    if (one.isElsewhere) throw new Refused('personIds', campaignWords.say('driftElsewhere', { name: one.name }))
    receipt = await changeRoster(ctx, {
      campaignCode: campaign.code,
      personId,
      change: one.change,
      fromDay: one.fromDay,
      unitCode: one.change === 'arrive' ? unit.code : one.change === 'transfer' ? one.unitCode! : undefined,
      reason: one.change === 'exempt' && one.reason ? one.reason : input.reason,
    })
  }
  if (receipt === null) throw new Refused('personIds', campaignWords.say('driftNobody'))
  return { taken: new Set(input.personIds).size, receipt }
}
