import type { Answer } from '../../../web/write.server.ts'
import type { Suggested, Suggestion } from '../first-page/first-page.ts'
import type { DocumentWhole } from '../document-views.server.ts'
import type { Filled } from './document-fields.tsx'
import type { Found, RelationRow } from './form-facts.server.ts'

/** What was not saved; and after a search for related documents, which were found by which words. */
export type FormAnswer = Answer & { found?: Found[]; find?: string }

/** What stands in a form's fields: what was typed before, else what the draft has, else what the file says. */
export function filledOf(answer: FormAnswer | undefined, first: Record<string, string | null | undefined>, { suggestion, chosen = {} }: { suggestion: Suggestion | null; chosen?: Record<string, string[]> }): Filled {
  return {
    typed: (name) => (answer ? (answer.values[name] ?? '') : (first[name] ?? suggestion?.values[name as Suggested] ?? '')),
    chosen: (name) => (answer ? (answer.chosen[name] ?? answer.chosen[`${name}[]`] ?? []) : (chosen[name] ?? [])),
    problem: (name) => answer?.problems[name],
    suggestion,
    isTyped: answer !== undefined,
  }
}

/** Related documents as the form holds them; a row that was set to "none" is gone. */
export function relationsIn(answer: FormAnswer | undefined, first: RelationRow[]): RelationRow[] {
  if (!answer) return first
  return Object.entries(answer.values).flatMap(([name, id]) => {
    const [, row] = /^relations\.(\d+)\.toId$/.exec(name) ?? []
    const of = (field: string) => answer.values[`relations.${row}.${field}`] ?? ''
    return row === undefined || of('kind') === '' ? [] : [{ id, kind: of('kind'), label: of('label'), abstract: of('abstract') }]
  })
}

/** What the fields of a document that is there begin with. */
export function firstOf(document: DocumentWhole): Record<string, string | null> {
  const { type, abstract, campaignCode, urgency, symbol, place, text, signedAs, signerPosition, signerName, version, recipients } = document
  return {
    type, abstract, campaignCode, urgency, symbol, place, text, signedAs, signerPosition, signerName,
    version: String(version),
    toAllBeneath: recipients.some((one) => one.isBeneath) ? 'on' : '',
    recipientLines: recipients.filter((one) => one.unitId === null && !one.isBeneath).map((one) => one.name).join('\n'),
  }
}

/** Units that were chosen one by one, not those that a line stands for. */
export const chosenUnits = ({ recipients }: DocumentWhole): string[] => recipients.flatMap((one) => (one.unitCode && !one.isOneOfThem ? [one.unitCode] : []))
