import { addDays, type Day } from '../../platform/clock.ts'
import type { Clause } from '../cascade/clauses.server.ts'
import type { DraftBlock, DraftTask } from './blocks.ts'

/** A document that the new one stands on, as its basis line names it. */
export type Basis = { typeName: string; written: string | null; day: string; issuer: string; abstract: string }

/** What a unit's document is begun from; every word of it stands in the superior's document, in its duties or in the tree. */
export type Source = {
  unitName: string
  ownTypeName: string
  rests: Basis[] // what the superior's document stands on itself
  superior: Basis
  clauses: Clause[]
  duties: { title: string; dueOn: Day | null }[] // the unit's own in the campaign, not done yet
  hasBeneath: boolean
  today: Day
}

type Words = { on: (basis: Basis) => string; carryingOut: (basis: Basis, unit: string, ownType: string) => string; skeleton: string[]; tasks: string; beneath: string }

const longestLead = 7 // days

/**
 * The day a unit proposes beneath itself so that it can keep its own: earlier by a quarter of the time left, at most a week and at least a
 * day. Null when its own day is today or over, or nobody knows it.
 */
export function proposeEarlier(due: Day | null, today: Day): Day | null {
  if (due === null || due <= today) return null
  const left = Math.round((Date.parse(due) - Date.parse(today)) / 86_400_000)
  return addDays(due, -Math.max(1, Math.min(longestLead, Math.floor(left / 4))))
}

/** The parts of a new document by rule: basis lines, the superior's clauses to answer as headings, and the tasks with their days. */
export function proposed(source: Source, words: Words): { blocks: DraftBlock[]; tasks: DraftTask[] } {
  const { rests, superior, clauses, duties, hasBeneath, unitName, ownTypeName, today } = source
  const tasks = duties.flatMap(({ title, dueOn }): DraftTask[] => [
    { who: unitName, what: title, by: dueOn },
    ...(hasBeneath ? [{ who: words.beneath, what: title, by: proposeEarlier(dueOn, today) }] : []),
  ])
  return {
    blocks: [
      ...rests.map((basis): DraftBlock => ({ kind: 'basis', text: words.on(basis) })),
      { kind: 'paragraph', text: words.carryingOut(superior, unitName, ownTypeName) },
      ...(clauses.length > 0 ? clauses.flatMap((clause, index) => headingsOf(clause, clauses[index + 1])) : words.skeleton.flatMap((text): DraftBlock[] => [{ kind: 'heading', text }, { kind: 'paragraph', text: '' }])),
      { kind: 'tasks', text: words.tasks },
    ],
    tasks,
  }
}

/** A clause of the superior's as a heading of the same depth; where nothing stands beneath it, with an empty paragraph to write its answer in. */
function headingsOf(clause: Clause, next: Clause | undefined): DraftBlock[] {
  const kind = clause.depth === 1 ? 'heading' : clause.depth === 2 ? 'clause' : 'point'
  const heading: DraftBlock = { kind, text: clause.text, answers: clause.id }
  return next && next.depth > clause.depth ? [heading] : [heading, { kind: 'paragraph', text: '' }]
}
