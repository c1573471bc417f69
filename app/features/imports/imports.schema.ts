import { z } from 'zod'
import { Code, DayInput, Id, optional, rowsOf } from '../../web/inputs.ts'
import { importWords } from './imports.messages.ts'

/** What one file can hold: units of the tree, people with where they belong, or offices. */
export const importKinds = ['members', 'units', 'offices'] as const
export const ImportKind = z.enum(importKinds)
export type ImportKind = z.infer<typeof ImportKind>

/**
 * What is said of a file beside its bytes: whose list it is where its rows name no unit, and from which day it holds where its rows name
 * none; today unless told otherwise.
 */
export const ImportAsked = z.object({ kind: ImportKind, unitCode: optional(Code), effectiveOn: optional(DayInput) })
export type ImportChosen = z.infer<typeof ImportChosen>
export type ImportAsked = z.infer<typeof ImportAsked>

/** Which import a button is for. */
export const ImportChosen = z.object({ id: Id })

/** Of rows that could be one person or two: the person's id, or 'another'. */
export const ImportDecisions = z.object({
  id: Id,
  decisions: rowsOf(z.object({ position: z.coerce.number().int().min(0).max(1_000_000), who: z.union([Id, z.literal('another')]) }), ({ who }) => typeof who !== 'string' || who !== '', 200),
})
export type ImportDecisions = z.infer<typeof ImportDecisions>

export const verdicts = ['bad', 'new', 'changed', 'unchanged'] as const
export const Verdict = z.enum(verdicts)
export type Verdict = z.infer<typeof Verdict>

export const FileFormat = z.enum(['xlsx', 'csv'])
export type FileFormat = z.infer<typeof FileFormat>

/** The form of the page: what is said of the file, and the file. */
export const ImportUpload = ImportAsked.extend({ file: z.instanceof(File).refine((file) => file.size > 0, { params: { sentence: importWords.say('fileMissing') } }) })
export type ImportUpload = z.infer<typeof ImportUpload>
