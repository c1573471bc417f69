import type { Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import { NotFound } from '../../platform/errors.ts'
import { partsOf, type Campaign } from '../campaigns/campaigns.server.ts'
import type { Place } from '../units/place.server.ts'
import type { Unit } from '../units/units.server.ts'
import { countsOf, figureUnits, indicatorByKey, leadsOneOf, seesPeopleOf, type Asked, type Counts } from './figures.server.ts'
import { peopleBehind, type PersonBehind } from './people-behind.server.ts'
import { readPart, type Part } from './part.ts'
import { copiesBehind, declarationsBehind, headCountsBehind, sittingsBehind, type CopiesBehind, type DeclarationBehind, type SittingBehind } from './records-behind.server.ts'

/** One line that a figure adds up from. `kind` "own" is the unit's own people, "other" the units that the viewer does not see. */
export type Addend = { id: string; kind: 'unit' | 'own' | 'other'; code: string; name: string; numerator: number; denominator: number | null; declared: number }

/** What is behind one figure of a unit, down to the records where the viewer may see them. */
export type Behind = {
  key: string
  base: string | null
  part: Part
  partName: string | null
  numerator: number
  denominator: number | null
  declared: number // of the numerator
  exempt: number // outside the base, for saying so
  addends: Addend[]
  /** Whether the viewer sees people of this unit by name. */
  seesPeople: boolean
  hasOwnPeople: boolean
  /** The unit's own people behind the figure, missing first; null where names are not the viewer's or there are none. */
  people: PersonBehind[] | null
  /** Whether the unit's own part is declared, so that the people do not add up to it. */
  isDeclared: boolean
  reasons: { reason: string; people: number }[]
  sittings: SittingBehind[]
  declarations: DeclarationBehind[]
  copies: CopiesBehind[]
}

type Question = { campaign: Campaign & { openedOn: Day }; place: Pick<Place, 'unit' | 'beneath' | 'trail'>; key: string; asOf: Day; part: string | null }

/** Opens a figure. Throws NotFound for an indicator or part that there is none of, and for a unit whose figures are not the viewer's. */
export async function behindFigure({ tx }: Ctx, { campaign, place, key, asOf, part: asked }: Question): Promise<Behind> {
  const { unit } = place
  const indicator = await indicatorByKey(tx, key)
  const { resolutions, categories, topics } = await partsOf(tx, campaign.id)
  const part = readPart(indicator, asked)
  if (!part) throw new NotFound()
  const partName = nameOf(part, { resolutions, categories })
  if (partName === undefined) throw new NotFound()

  const counting: Asked = { campaignId: campaign.id, asOf }
  const candidates = place.beneath.filter((one) => one.hasMembers)
  const seen = await figureUnits(tx, [unit.id, ...candidates.map((one) => one.id)])
  if (!seen.has(unit.id)) throw new NotFound()
  const seesReasons = key === 'exempt' && (await leadsOneOf(tx, [unit.id, ...place.trail.map((one) => one.id)]))
  if (part.reason && !seesReasons) throw new NotFound()
  const beneath = candidates.filter((one) => seen.has(one.id))
  const counts = await countsOf(tx, counting, [unit.id, ...beneath.map((one) => one.id)])
  const own = counts.get(unit.id)!

  const of = (from: Counts['whole']) => ({
    numerator: from(key, part.dimension),
    denominator: indicator.base ? from(indicator.base, part.baseDimension) : null,
    declared: key === 'studied' && !part.kind && !part.category ? from('studied-declared') : 0,
  })
  const whole = of(own.whole)
  const addends = addendsOf({ key, unit, whole, own: of(own.own), beneath: beneath.map((one) => ({ unit: one, ...of(counts.get(one.id)!.whole) })) })
  const seesPeople = await seesPeopleOf(tx, unit.id)
  const hasOwnPeople = own.own('on-roster') > 0
  const ask = { ...counting, unitId: unit.id }
  return {
    key,
    base: indicator.base,
    part,
    partName,
    ...whole,
    exempt: own.whole('exempt'),
    addends,
    seesPeople,
    hasOwnPeople,
    people: seesPeople && hasOwnPeople ? await peopleBehind(tx, { ...ask, key, part, topics, resolutions }) : null,
    isDeclared: own.own('studied-declared') > 0,
    reasons: seesReasons && !part.reason ? reasonsOf(own) : [],
    sittings: key === 'attendances' && seesPeople ? await sittingsBehind(tx, ask) : key === 'non-member-attendances' ? await headCountsBehind(tx, { ...ask, kind: part.kind }) : [],
    declarations: key === 'studied' || key === 'studied-declared' ? await declarationsBehind(tx, ask) : [],
    copies: key === 'reached-in-time' ? await copiesBehind(tx, ask) : [],
  }
}

/** What the part is called: null for the whole, undefined when the campaign has no such part. */
function nameOf(part: Part, { resolutions, categories }: Pick<Awaited<ReturnType<typeof partsOf>>, 'resolutions' | 'categories'>): string | null | undefined {
  const resolution = part.resolution && resolutions.find((one) => one.code === part.resolution)?.name
  const category = part.category && categories.find((one) => one.key === part.category)?.name
  if ((part.resolution && !resolution) || (part.category && !category)) return undefined
  return [resolution, category, part.reason].filter(Boolean).join(' · ') || null
}

type Values = { numerator: number; denominator: number | null; declared: number }

function addendsOf({ key, unit, whole, own, beneath }: { key: string; unit: Unit; whole: Values; own: Values; beneath: ({ unit: Unit } & Values)[] }): Addend[] {
  if (beneath.length === 0) return []
  const units = beneath
    .filter((one) => one.numerator > 0 || (one.denominator ?? 0) > 0)
    .map(({ unit: { id, code, name }, ...values }): Addend => ({ id, kind: 'unit', code, name, ...values }))
  const isAny = (values: Values) => values.numerator > 0 || (values.denominator ?? 0) > 0
  const rest = [own, ...units].reduce<Values>(
    (left, one) => ({ numerator: left.numerator - one.numerator, denominator: left.denominator === null ? null : left.denominator - (one.denominator ?? 0), declared: left.declared - one.declared }),
    whole,
  )
  return [
    ...units,
    ...(isAny(own) ? [{ id: `${unit.id}-own`, kind: 'own' as const, code: unit.code, name: unit.name, ...own }] : []),
    ...(isAny(rest) ? [{ id: 'other', kind: 'other' as const, code: '', name: '', ...rest }] : []),
  ].sort(worstFirst(moreIsWorse.has(key) ? -1 : 1))
}

/** Shares of which the highest needs looking at first, not the lowest. */
const moreIsWorse = new Set(['exempt', 'studied-declared'])

// The rest stands last; a rate by its share, lowest first unless more of it is worse; a count by its size, largest first.
const worstFirst = (direction: 1 | -1) => (one: Addend, other: Addend): number => {
  if (one.kind === 'other' || other.kind === 'other') return Number(one.kind === 'other') - Number(other.kind === 'other')
  if (one.denominator === null || other.denominator === null) return other.numerator - one.numerator || one.name.localeCompare(other.name, 'vi')
  if (one.denominator === 0 || other.denominator === 0) return Number(one.denominator === 0) - Number(other.denominator === 0)
  return direction * (one.numerator * other.denominator - other.numerator * one.denominator) || one.name.localeCompare(other.name, 'vi')
}

function reasonsOf(counts: Counts): Behind['reasons'] {
  return counts
    .dimensions('exempt', 'reason:')
    .map((dimension) => ({ reason: dimension.slice('reason:'.length), people: counts.whole('exempt', dimension) }))
    .filter((row) => row.people > 0)
    .sort((one, other) => other.people - one.people || one.reason.localeCompare(other.reason, 'vi'))
}
