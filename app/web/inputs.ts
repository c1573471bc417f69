import { z } from 'zod'
import { impossibleDay, readDay } from '../platform/clock.ts'
import { isKept, type Kept } from '../platform/files/kept.ts'
import type { Sentence } from '../platform/i18n.ts'
import { writeWords } from './write.messages.ts'

/** What the schemas of every feature are made of. */
export const Id = z.uuid()
export const Code = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .refine((text) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text), { params: { sentence: writeWords.say('code_form') } })

/** A day typed as d/m/yyyy, or YYYY-MM-DD from the API; read as YYYY-MM-DD. */
export const DayInput = z.string().transform((text, context) => {
  const day = readDay(text)
  if (day) return day
  context.addIssue({ code: 'custom', params: { sentence: noSuchDay(text) ?? writeWords.say('day_form') } })
  return z.NEVER
})

/** Why there is no such day, named; null when there is, and for what looks like none. */
export function noSuchDay(text: string): Sentence | null {
  const found = impossibleDay(text)
  if (!found) return null
  const { typed: day, month, year, days } = found
  return days === null ? writeWords.say('no_such_month', { day, month }) : writeWords.say(Number(day.split('/')[0]) === 0 ? 'no_day_zero' : 'no_such_day', { day, month, year, days })
}

/** One line of words; runs of spaces are one, and letters are composed. */
export const Line = z.string().transform((text) => text.normalize('NFC').replace(/\s+/g, ' ').trim()).pipe(z.string().min(1).max(300))

/** What the page showed when it was opened; left out by callers that did not look. */
export const Version = z.coerce.number().int().min(1)

/** A field left empty is none. */
export const optional = <Schema extends z.ZodType>(schema: Schema) => z.preprocess((value) => (typeof value === 'string' && value.trim() === '' ? undefined : value), schema.optional())

/** A form posts one ticked box as text and several as a list; none sends no field. */
export const listOf = <Schema extends z.ZodType>(schema: Schema, most = 200) =>
  z.preprocess((value) => (value === undefined || value === '' ? [] : Array.isArray(value) ? value : [value]), z.array(schema).max(most))

/** A file that came with the form and was kept (`upload` of write(), `uploadAsCaller` of the API). */
export const KeptFile = z.custom<Kept>().refine(isKept, { params: { sentence: writeWords.say('missing') } })

/** Forms name rows by number, so they arrive as an object: its values; what is no such object is left as it is, nothing is no rows. */
export const rowsIn = (value: unknown): unknown => (value && typeof value === 'object' && !Array.isArray(value) ? Object.values(value) : (value ?? []))

/** The same without rows that are not filled in. */
export const filledRows = (isFilledIn: (row: Record<string, unknown>) => boolean) => (value: unknown) => {
  const rows = rowsIn(value)
  return Array.isArray(rows) ? rows.filter((row: unknown) => !row || typeof row !== 'object' || isFilledIn(row as Record<string, unknown>)) : rows
}

/** Those rows as a list of that schema. */
export const rowsOf = <Schema extends z.ZodType>(schema: Schema, isFilledIn: (row: Record<string, unknown>) => boolean, most: number) => z.preprocess(filledRows(isFilledIn), z.array(schema).max(most))
