import { today, type Day } from '../../platform/clock.ts'
import { reasonAgainst, type Ctx } from '../../permissions/permissions.ts'
import type { Tally } from '../reports/report.ts'
import { firstOwedBeneath, owedBeneath, type OpenDuty, type Owed } from '../duties/duties.server.ts'
import { lastUrges, type Urged } from '../duties/urges.server.ts'
import type { Place } from '../units/place.server.ts'

/** A unit directly beneath, with what it and everything under it owe. */
export type Owing = {
  unitId: string
  own: Sum[]
  beneath: { open: number; late: number }
  open: OpenDuty[]
  urged: Urged | null
  urgedOn: Day | null
}
/** Of one kind: how many are late, due today, and open at all. */
export type Sum = { kind: Owed['kind']; late: number; today: number; open: number; nextDue: Day | null }

/** The documents that units beneath have to issue in a campaign. */
export type Documents = { wanted: number; done: number; today: number; late: number }

export type AllOwing = { units: Owing[]; documents: Documents; mayUrge: boolean }

/** What the units directly beneath owe as of a day, with what was urged; for who leads or checks the unit above them. */
export async function owingBeneath(ctx: Ctx, { place: { unit, beneath }, campaignId, asOf, chain, timeZone }: { place: Place; campaignId: string | null; asOf: Day; chain: string[]; timeZone: string }): Promise<AllOwing> {
  const asked = { unitId: unit.id, asOf, campaignId }
  const owed = await owedBeneath(ctx, asked)
  const open = await firstOwedBeneath(ctx, asked, 3)
  const urged = await lastUrges(ctx, beneath.map((one) => one.id))
  const all = [...owed.values()].flat()
  const documents = all.filter((one) => one.kind === 'document' && one.campaignId === campaignId)
  return {
    units: beneath.map((one) => ({ unitId: one.id, ...sumUp(owed.get(one.id) ?? []), open: open.get(one.id) ?? [], urged: urged.get(one.id) ?? null, urgedOn: urged.has(one.id) ? today(timeZone, urged.get(one.id)!.at) : null })),
    documents: { wanted: total(documents, 'wanted'), done: total(documents, 'done'), today: total(documents, 'today'), late: total(documents, 'late') },
    mayUrge: reasonAgainst(ctx.viewer, 'urge units', chain) === null,
  }
}

const total = (owed: Owed[], what: 'wanted' | 'done' | 'today' | 'late') => owed.reduce((sum, one) => sum + one[what], 0)

function sumUp(owed: Owed[]): { own: Sum[]; beneath: { open: number; late: number } } {
  const own = new Map<Owed['kind'], Sum>()
  const beneath = { open: 0, late: 0 }
  for (const one of owed) {
    const open = one.wanted - one.done
    if (!one.isOwn) {
      beneath.open += open
      beneath.late += one.late
    } else if (open > 0) {
      const sum = own.get(one.kind) ?? { kind: one.kind, late: 0, today: 0, open: 0, nextDue: null }
      const nextDue = [sum.nextDue, one.nextDue].filter((day) => day !== null).sort()[0] ?? null
      own.set(one.kind, { kind: one.kind, late: sum.late + one.late, today: sum.today + one.today, open: sum.open + open, nextDue })
    }
  }
  return { own: [...own.values()], beneath }
}

/** A row of what is missing beneath: study, where the unit has anybody to study, and duties. */
export type OwingRow = Tally & { unitId: string; code: string; name: string; declared: number; missing: number; isLow: boolean; owing: Owing | null; isOwn: boolean }
