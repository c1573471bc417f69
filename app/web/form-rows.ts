import type { Problems } from './problems.ts'

type Typed = { problems: Problems; values: Record<string, string> } | undefined

/**
 * The problem of a field in a numbered row of a form. The schema leaves empty rows out and numbers the others, so that its
 * number is not the form's; `filledBy` are the fields of which one makes a row filled in.
 */
export function rowProblem(answer: Typed, list: string, row: number, field: string, filledBy: string[], rows: number): string | undefined {
  if (!answer) return undefined
  const filled = Array.from({ length: rows }, (_, number) => number).filter((number) => filledBy.some((name) => answer.values[`${list}.${number}.${name}`]?.trim()))
  const kept = filled.indexOf(row)
  return kept < 0 ? undefined : answer.problems[`${list}.${kept}.${field}`]
}
