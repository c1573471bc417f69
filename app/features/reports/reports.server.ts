import type { Tx } from '../../db/open.ts'
import { countDays, countsOf, figureOf, figureUnits, indicators, leadsOneOf, type Asked, type Counts } from '../indicators/figures.server.ts'
import { addDays, type Day } from '../../platform/clock.ts'
import { NotFound } from '../../platform/errors.ts'
import { openCampaignByCode, partsOf, type Campaign } from '../campaigns/campaigns.server.ts'
import { placeAt, type Place } from '../units/place.server.ts'
import { unitByCode } from '../units/units.server.ts'
import type { Report, ReportUnit, SessionKind, Tally } from './report.ts'
import { sessionsHeld } from '../study/sessions.server.ts'

export type ReportAsked = { campaignCode: string; unitCode: string; asOf: Day; resolutionCode?: string | undefined; knownAt?: Date | undefined }

/** The report of a unit. Throws NotFound for a campaign, unit or resolution that is not there or not the viewer's. */
export async function buildReport(tx: Tx, asked: ReportAsked): Promise<Report> {
  const campaign = await openCampaignByCode(tx, asked.campaignCode)
  const place = await placeAt(tx, await unitByCode(tx, asked.unitCode), asked.asOf)
  return reportAt(tx, { ...asked, campaign, place })
}

/** The same report where campaign and place are known already, as on a page. */
export async function reportAt(tx: Tx, { campaign, place, ...asked }: Pick<ReportAsked, 'asOf' | 'resolutionCode' | 'knownAt'> & { campaign: Campaign & { openedOn: Day }; place: Place }): Promise<Report> {
  const { unit } = place
  const { resolutions, categories } = await partsOf(tx, campaign.id)
  const resolution = asked.resolutionCode ? resolutions.find((one) => one.code === asked.resolutionCode) : null
  if (resolution === undefined) throw new NotFound()
  // the only resolution of a campaign is the whole campaign, and is counted once
  const within = resolution && resolutions.length > 1 ? `resolution:${resolution.code}` : ''
  const part = (dimension: string) => (within && dimension ? `${within}|${dimension}` : within || dimension)

  const { own, total, units, otherUnits } = await standingOf(tx, { campaignId: campaign.id, asOf: asked.asOf, knownAt: asked.knownAt }, place, within)
  const superior = place.trail.at(-2)
  const seesReasons = await leadsOneOf(tx, [unit.id, ...place.trail.map((one) => one.id)])
  const held = await sessionsHeld(tx, campaign.id, unit.id, asked.asOf)

  return {
    campaign: pick(campaign),
    unit,
    superior: superior ? { name: superior.name, organisationName: superior.organisationName } : null,
    asOf: asked.asOf,
    resolution: resolution ? { code: resolution.code, name: resolution.name } : null,
    figures: (await indicators(tx, campaign.id)).map((indicator) => {
      const figure = figureOf(indicator, own)
      if (indicator.key !== 'studied' || !within) return figure
      const studied = own.whole('studied', within)
      return { ...figure, numerator: studied, share: figure.denominator ? studied / figure.denominator : null }
    }),
    total,
    units,
    otherUnits,
    categories: categories
      .map(({ key, name }) => ({ key, name, expected: own.whole('expected', `category:${key}`), studied: own.whole('studied', part(`category:${key}`)) }))
      .filter((category) => category.expected > 0),
    kinds: ([...sessionKinds, 'declared'] as const)
      .map((kind) => ({ kind, studied: own.whole('studied', part(`kind:${kind}`)), sessions: held.get(kind)?.sessions ?? 0, venues: held.get(kind)?.venues ?? 0 }))
      .filter((row) => row.studied > 0 || row.sessions > 0),
    resolutions: resolutions.map(({ code, name }) => ({
      code,
      name,
      studied: own.whole('studied', resolutions.length > 1 ? `resolution:${code}` : ''),
    })),
    exemptReasons: (seesReasons ? own.dimensions('exempt', 'reason:') : [])
      .map((dimension) => ({ reason: dimension.slice('reason:'.length), people: own.whole('exempt', dimension) }))
      .sort((one, other) => other.people - one.people || one.reason.localeCompare(other.reason, 'vi')),
    curve: await curveOf(tx, campaign, unit.id, asked.asOf, within),
  }
}

const sessionKinds: SessionKind[] = ['national_conference', 'conference', 'class', 'make_up_class']

function pick(campaign: Campaign & { openedOn: Day }): Report['campaign'] {
  const { code, name, studyFrom, studyTo, openedOn, exemptExpected } = campaign
  return { code, name, studyFrom, studyTo, openedOn, exemptExpected }
}

/** Where a unit stands, and what that adds up from. */
export type Standing = { own: Counts; total: Tally } & Pick<Report, 'units' | 'otherUnits'>

/** Where a unit stands as of a day, in a campaign or `within` one of its resolutions. NotFound unless its figures are the viewer's. */
export async function standingOf(tx: Tx, asked: Asked, { unit, beneath: all }: Pick<Place, 'unit' | 'beneath'>, within = ''): Promise<Standing> {
  const candidates = all.filter((one) => one.hasMembers)
  const seen = await figureUnits(tx, [unit.id, ...candidates.map((one) => one.id)])
  if (!seen.has(unit.id)) throw new NotFound()
  const beneath = candidates.filter((one) => seen.has(one.id))
  const counts = await countsOf(tx, asked, [unit.id, ...beneath.map((one) => one.id)])
  const own = counts.get(unit.id)!
  const total = tallyOf(own, within)
  const units = worstFirst([
    ...ownPeople(unit, own, within, beneath.length > 0),
    ...beneath.map((one) => ({ id: one.id, code: one.code, name: one.name, kind: one.kind, ...tallyOf(counts.get(one.id)!, within) })),
  ])
  return { own, total, units, otherUnits: units.length === 0 ? null : restOf(total, units) }
}

function tallyOf(counts: Counts, within: string): Tally {
  return {
    expected: counts.whole('expected'),
    studied: counts.whole('studied', within),
    exempt: counts.whole('exempt'),
    declared: counts.whole('studied-declared'),
  }
}

/** A unit that has both units beneath and people of its own lists those people as a row of their own, or the sum would not hold. */
function ownPeople(unit: ReportUnit, counts: Counts, within: string, hasUnitsBeneath: boolean): Report['units'] {
  if (!hasUnitsBeneath || counts.own('on-roster') === 0) return []
  const { id, code, name, kind } = unit
  return [
    { id, code, name, kind, expected: counts.own('expected'), studied: counts.own('studied', within), exempt: counts.own('exempt'), declared: counts.own('studied-declared') },
  ]
}

function restOf(total: Tally, units: Tally[]): Tally | null {
  const rest = (key: keyof Tally) => units.reduce((left, unit) => left - unit[key], total[key])
  const tally = { expected: rest('expected'), studied: rest('studied'), exempt: rest('exempt'), declared: rest('declared') }
  return tally.expected === 0 && tally.exempt === 0 ? null : tally
}

/** Lowest share first, more people missing before fewer; units where nobody is expected last. */
export function worstFirst<Row extends { name: string; expected: number; studied: number }>(rows: Row[]): Row[] {
  const missing = (row: Row) => row.expected - row.studied
  return [...rows].sort((one, other) => {
    if (one.expected === 0 || other.expected === 0) return Number(one.expected === 0) - Number(other.expected === 0) || one.name.localeCompare(other.name, 'vi')
    return one.studied * other.expected - other.studied * one.expected || missing(other) - missing(one) || one.name.localeCompare(other.name, 'vi')
  })
}

/** Cumulated studied and expected at the end of each day on which something changed, from the opening to the day asked. */
async function curveOf(tx: Tx, campaign: Campaign & { openedOn: Day }, unitId: string, asOf: Day, within: string): Promise<Report['curve']> {
  const steps = await countDays(tx, campaign.id, unitId, [
    { indicator: 'expected', dimension: '' },
    { indicator: 'studied', dimension: within },
  ])
  const curve: Report['curve'] = []
  let studied = 0
  let expected = 0
  for (const step of steps) {
    if (step.indicator === 'expected' && step.dimension === '') expected += step.delta
    else if (step.indicator === 'studied' && step.dimension === within) studied += step.delta
    else continue
    if (step.on_day > asOf) break
    const point = { day: step.on_day < campaign.openedOn ? campaign.openedOn : step.on_day, studied, expected }
    if (curve.at(-1)?.day === point.day) curve[curve.length - 1] = point
    else curve.push(point)
  }
  return curve
}

/** At most `count` points of a curve, evenly spread, with the first and the last day of study among them. */
export function thinned(curve: Report['curve'], most: number): Report['curve'] {
  const studying = curve.filter((point) => point.studied > 0)
  const last = studying.at(-1)
  if (studying.length <= most || !last) return studying
  const first = studying[0]!
  const span = daysBetween(first.day, last.day)
  const wanted = Array.from({ length: most }, (_, index) => addDays(first.day, Math.round((span * index) / (most - 1))))
  return wanted.map((day) => ({ ...studying.findLast((point) => point.day <= day)!, day }))
}

function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
}
