import type { Ctx } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { showTime } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import type { MarkCounts } from '../../web/roll-count.ts'
import { campaignByCode } from '../campaigns/campaigns.server.ts'
import { trailOf, unitByCode } from '../units/units.server.ts'
import { guestsOf } from './roll-guests.server.ts'
import type { RollLine } from './roll-rows.ts'
import { reasonAgainstRoll, sheetOf, sittingsOf, type SheetLine, type SittingHead } from './rolls.server.ts'
import { expectedAt, talliesOf, taken } from './session-views.server.ts'
import { studyWords } from './study.messages.ts'

/** Longer than this a sheet of several units is taken unit by unit: a page must open and save on a phone. */
const mostOnOnePage = 150

type Asked = { unit: string | null; guests: string[]; name: string }

/** Everything the page of a roll shows, ready in the reader's language. */
export async function rollSheet(ctx: Ctx, sitting: SittingHead, asked: Asked, { language, timeZone }: { language: Language; timeZone: string }) {
  const all = await sheetOf(ctx, sitting)
  const units = unitsOf(all)
  const shown = asked.unit ? all.filter((line) => line.unitCode === asked.unit) : all
  const listed = shown.map((line) => line.personId)
  const guests = [...(await guestsOf(ctx, sitting, { ids: asked.guests }, listed)), ...(await guestsOf(ctx, sitting, { name: asked.name }, [...listed, ...asked.guests]))]
  const closed = await reasonAgainstRoll(ctx, sitting, shown)
  const tally = (await talliesOf(ctx.tx, [sitting.id])).get(sitting.id)!
  const expected = (await expectedAt(ctx.tx, [sitting.id])).get(sitting.id) ?? 0
  return {
    hasHiddenPeople: all.length === 0 && (expected > 0 || taken(tally) > 0),
    sittings: (await sittingsOf(ctx.tx, sitting.sessionId)).length,
    units,
    lines: [...shown.map((line) => lineOf(line, false, timeZone)), ...guests.map((line) => lineOf(line, true, timeZone))],
    isTooLong: !asked.unit && units.length > 1 && all.length > mostOnOnePage,
    reasonAgainst: await whyNot(ctx.tx, closed, language),
    lockedUnits: closed ? {} : await lockedUnits(ctx, shown, language),
    version: versionOf(shown),
    tally: { present: tally.present, late: tally.late, absent: tally.excused + tally.absent, unmarked: 0 } satisfies MarkCounts,
  }
}

/** A line as the page needs it; `timeZone` null leaves out who marked it. */
export function lineOf({ personId, name, bornOn, unitId, unitName, isExempt, hasStudied, status, reason, markedAt, markedBy }: SheetLine, isGuest: boolean, timeZone: string | null): RollLine {
  const marked = markedBy && markedAt && timeZone ? { by: markedBy, at: showTime(markedAt, timeZone) } : null
  return { personId, name, bornOn, unitId, unitName, isExempt, isGuest, hasStudied, status, reason, marked }
}

function unitsOf(lines: SheetLine[]) {
  return [...Map.groupBy(lines, (line) => line.unitCode)].map(([code, own]) => ({
    code,
    name: own[0]!.unitName,
    people: own.filter((line) => !line.isExempt).length,
    marked: own.filter((line) => line.status !== null && !line.isExempt).length,
  }))
}

/** Why the viewer cannot mark the people of some of the units on the sheet, by unit id; none for those where it is allowed. */
async function lockedUnits(ctx: Ctx, lines: SheetLine[], language: Language): Promise<Record<string, string>> {
  const locked: Record<string, string> = {}
  for (const unitId of new Set(lines.map((line) => line.unitId))) {
    const reason = reasonAgainst(ctx.viewer, 'take the roll', await chainOf(ctx.tx, unitId, ctx.viewer.today))
    if (reason) locked[unitId] = (await whyNot(ctx.tx, reason, language))!
  }
  return locked
}

/** Changes with every saving: a draft that was begun on another version is shown as such. */
function versionOf(lines: SheetLine[]): string {
  return String(Math.max(0, ...lines.map((line) => line.markedAt?.getTime() ?? 0)))
}

/** The sign-in sheet of a sitting, in Vietnamese. */
export async function printedRoll(ctx: Ctx, sitting: SittingHead, lines: RollLine[]) {
  const t = studyWords.in('vi')
  const campaign = await campaignByCode(ctx.tx, sitting.campaignCode)
  const units = new Set(lines.map((line) => line.unitId))
  const only = units.size === 1 ? (await trailOf(ctx.tx, lines[0]!.unitId, sitting.heldOn)).at(-1) : undefined
  const unit = only ?? (await unitByCode(ctx.tx, sitting.unitCode))
  const superior = (await trailOf(ctx.tx, unit.id, sitting.heldOn)).at(-2)
  const time = [sitting.startsAt, sitting.endsAt].filter(Boolean).join('–')
  const sittings = (await sittingsOf(ctx.tx, sitting.sessionId)).length
  return {
    superiorBody: superior ? (superior.organisationName ?? superior.name) : null,
    issuingBody: unit.name,
    place: unit.place ?? superior?.place ?? null,
    day: sitting.heldOn,
    subject: [sittings > 1 ? t('printSubject', { position: sitting.position, session: sitting.name }) : sitting.name, campaign.name],
    when: [time, sitting.place && t('printPlace', { place: sitting.place })].filter(Boolean).join(', '),
    people: lines.map((line) => ({ id: line.personId, name: line.name, birthYear: line.bornOn ? Number(line.bornOn.slice(0, 4)) : null, isExempt: line.isExempt })),
  }
}
