import { isKept, type Kept } from '../platform/files/kept.ts'

/** A form's fields as objects: `marks.7.status` is `{ marks: { 7: { status } } }`. */
export type Fields = { [name: string]: Field }
export type Field = string | File | Kept | Field[] | Fields

/**
 * What a form held by its own names, so that a refused one can be shown again: the first value of each field, and all of
 * them for boxes and lists. Secrets and files stay out.
 */
export type Typed = { values: Record<string, string>; chosen: Record<string, string[]> }

export const nothingTyped: Typed = { values: {}, chosen: {} }

const deepest = 8
const unsafe = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Reads a form into nested objects by dotted names. A repeated name, or one that ends in `[]`, is a list.
 * Text comes out composed (NFC) with plain line ends, whatever the machine typed. Null when two names contradict each other
 * (`a` and `a.b`) or are nested deeper than eight. `files` are those that were kept as they came.
 */
export function readFields(form: FormData, files: [field: string, file: Kept][] = []): Fields | null {
  const fields: Fields = {}
  for (const name of new Set([...form.keys(), ...files.map(([field]) => field)])) {
    const path = name.replace(/\[\]$/, '').split('.')
    if (path.length > deepest || path.some((step) => step === '' || unsafe.has(step))) return null
    const values = [...form.getAll(name).map(clean), ...files.flatMap(([field, file]) => (field === name ? [file] : []))]
    const value = values.length > 1 || name.endsWith('[]') ? values : values[0]!
    if (!put(fields, path, value)) return null
  }
  return fields
}

export function readTyped(form: FormData): Typed {
  const typed = [...form].filter((pair): pair is [string, string] => typeof pair[1] === 'string' && !/password/i.test(pair[0]))
  const chosen = Object.groupBy(typed, ([name]) => name)
  const entries = Object.entries(chosen).map(([name, pairs]) => [name, pairs!.map(([, value]) => value)] as const)
  return { values: Object.fromEntries(entries.map(([name, all]) => [name, all[0]!])), chosen: Object.fromEntries(entries) }
}

function put(fields: Fields, path: string[], value: Field): boolean {
  const last = path.at(-1)!
  let at = fields
  for (const step of path.slice(0, -1)) {
    const next = Object.hasOwn(at, step) ? at[step] : (at[step] = {})
    if (typeof next !== 'object' || Array.isArray(next) || next instanceof File || isKept(next)) return false
    at = next
  }
  if (Object.hasOwn(at, last)) return false
  at[last] = value
  return true
}

function clean(value: FormDataEntryValue): string | File {
  return typeof value === 'string' ? value.replaceAll('\r\n', '\n').replaceAll('\0', '').normalize('NFC') : value
}
