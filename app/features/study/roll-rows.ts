import type { Day } from '../../platform/clock.ts'
import type { MarkStatus, SheetRow } from '../../web/sheet.tsx'

/** One person of the sheet as the loader hands it to the page. */
export type RollLine = {
  personId: string
  name: string
  bornOn: Day | null
  unitId: string
  unitName: string
  isExempt: boolean
  isGuest: boolean
  hasStudied: boolean
  status: MarkStatus | null
  reason: string | null
  /** Who marked the person last, and the clock time; null where nobody did or nobody may be named. */
  marked: { by: string; at: string } | null
}

type Answer = { problems: Record<string, string>; values: Record<string, string> }

/** What a row says beside the name and where two people marked differently. */
export type RowWords = { exempt: string; overlap: (line: RollLine) => string }

/**
 * The rows of a roll: what the server has, or over it what was typed and not saved. Where somebody else marked meanwhile, the row
 * says what; a choice that was made stays chosen, one that was only left as it was gives way.
 */
export function rollRows(lines: RollLine[], { answer, isAllPresent, words }: { answer?: Answer | undefined; isAllPresent: boolean; words: RowWords }): SheetRow[] {
  const names = Map.groupBy(lines, (line) => line.name)
  const severalUnits = new Set(lines.map((line) => line.unitId)).size > 1
  const problems = answer ? problemsByPerson(answer) : new Map<string, string>()
  return lines.map((line) => {
    const shown = answer ? typedOver(line, answer.values) : { status: isAllPresent && !line.isExempt ? (line.status ?? 'present') : line.status, reason: line.reason, isOverlapping: false }
    const isShared = names.get(line.name)!.length > 1
    const name = `marks.${line.personId}`
    return {
      personId: line.personId,
      name: line.name,
      birthYear: isShared && line.bornOn ? Number(line.bornOn.slice(0, 4)) : null,
      status: shown.status,
      reason: shown.reason,
      saved: { status: line.status, reason: line.reason },
      isOptional: line.isExempt || line.isGuest,
      note: [line.isExempt && words.exempt, line.isGuest && severalUnits && line.unitName].filter(Boolean).join(' · ') || null,
      statusName: `${name}.status`,
      reasonName: `${name}.reason`,
      hidden: [{ name: `${name}.was`, value: line.status ?? '' }],
      problem: shown.isOverlapping ? words.overlap(line) : (problems.get(line.personId) ?? null),
    }
  })
}

function typedOver(line: RollLine, values: Record<string, string>) {
  const name = `marks.${line.personId}`
  const was = values[`${name}.was`]
  if (was === undefined) return { status: line.status, reason: line.reason, isOverlapping: false }
  const status = (values[`${name}.status`] as MarkStatus | undefined) ?? null
  const reason = values[`${name}.reason`] ?? ''
  const isOverlapping = status !== null && was !== (line.status ?? '') && status !== line.status
  const isTouched = (status ?? '') !== was
  return isOverlapping && !isTouched ? { status: line.status, reason: line.reason, isOverlapping } : { status, reason, isOverlapping }
}

// The schema numbers the rows that are marked, in the order of the form; the page knows people.
function problemsByPerson({ problems, values }: Answer): Map<string, string> {
  const people = [...new Set(Object.keys(values).flatMap((name) => /^marks\.([^.]+)\./.exec(name)?.[1] ?? []))]
  const marked = people.filter((person) => values[`marks.${person}.status`])
  const found = new Map<string, string>()
  for (const [field, sentence] of Object.entries(problems)) {
    const person = marked[Number(/^marks\.(\d+)\./.exec(field)?.[1] ?? -1)]
    if (person) found.set(person, sentence)
  }
  return found
}
