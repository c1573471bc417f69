import { isDay, showDay } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { importWords } from './imports.messages.ts'
import type { ImportKind } from './imports.schema.ts'
import type { Change } from './judging.ts'
import type { RowProblem } from './reading/rows.ts'
import type { StoredRow } from './work.server.ts'

type Say = ReturnType<typeof importWords.in>
type Key = Parameters<Say>[0]

/** One row as the preview shows it. */
export type RowView = { position: number; place: string; who: string; about: string; lines: string[]; choices: { value: string; label: string }[] }

/** What a row is about and, in sentences, what is wrong with it or what importing it will do. */
export function viewOf(row: StoredRow & { unitName?: string | null }, kind: ImportKind, hasSheets: boolean, language: Language): RowView {
  const t = importWords.in(language)
  const { fields } = row
  const about = kind === 'units' ? [fields.code] : [fields.cardNumber, fields.bornOn ? showDay(fields.bornOn) : fields.birthYear && String(fields.birthYear), row.unitName ?? fields.unit?.name ?? fields.unit?.code]
  return {
    position: row.position,
    place: hasSheets ? t('rowOf', { sheet: row.sheet, row: String(row.number) }) : String(row.number),
    who: fields.name ?? row.raw.map((cell) => (typeof cell === 'string' ? cell.trim() : '')).find((text) => text !== '') ?? '…',
    about: about.filter(Boolean).join(' · '),
    lines: row.verdict === 'bad' ? row.problems.map((problem) => problemOf(problem, language)) : planOf(row, kind, t),
    choices: choicesOf(row, t),
  }
}

/** Who the row may be about, to be chosen by whoever brought it; nothing where nobody has to be asked. */
function choicesOf({ problems }: StoredRow, t: Say): RowView['choices'] {
  const perhaps = problems.flatMap((problem) => problem.perhaps ?? [])
  if (perhaps.length === 0 || problems.length > 1) return []
  const known = perhaps.map(({ id, name, bornOn, cardNumber, isElsewhere }) => {
    const about = [bornOn ? t('bornShort', { day: showDay(bornOn) }) : t('bornUnknown'), cardNumber ? t('cardShort', { card: cardNumber }) : t('cardUnknown'), isElsewhere && t('elsewhere')].filter(Boolean)
    return { value: id, label: t('isKnown', { name, about: about.join(', ') }) }
  })
  return [...known, { value: 'another', label: t('isAnother') }]
}

/** "Cột D: “31/2/1980”. Không phải ngày sinh. …" */
export function problemOf({ key, column, value, values = {} }: RowProblem, language: Language): string {
  const t = importWords.in(language)
  const shown = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, isDay(text) ? showDay(text) : text]))
  const text = value && isDay(value) ? showDay(value) : value
  const where = column ? (text ? t('cell', { column, value: text }) : t('cellEmpty', { column })) : text ? t('cellValue', { value: text }) : ''
  return [where, t(`problem.${key}` as Key, shown), shown['nearest'] ? t('nearest', { nearest: shown['nearest'] }) : ''].filter(Boolean).join(' ')
}

function planOf({ verdict, plan, fields, unitName }: StoredRow & { unitName?: string | null }, kind: ImportKind, t: Say): string[] {
  if (!plan || verdict === 'unchanged') return []
  const since = plan.since ? showDay(plan.since) : ''
  if (verdict === 'new' && kind === 'members') return [t('joins', { unit: unitName ?? '', since })]
  if (verdict === 'new' && kind === 'units') return [t('added', { unit: unitName ?? fields.unit?.name ?? '' })]
  if (verdict === 'new') return [t('given', { role: t(`role.${fields.role}` as Key), unit: unitName ?? '', since })]
  return (plan.changes ?? []).map((change) => changeOf(change, since, t))
}

function changeOf({ field, from, to }: Change, since: string, t: Say): string {
  if (field === 'unit' && from) return t('transfers', { from, to: to ?? '', since })
  if (field === 'unit') return t('joins', { unit: to ?? '', since })
  const said = (value: string | null) => (value === null ? '' : field === 'status' ? t(`status.${value}` as Key) : field === 'gender' ? t(`gender.${value}` as Key) : field === 'kind' ? t(`unitKind.${value}` as Key) : isDay(value) ? showDay(value) : value)
  const label = t(`field.${field}` as Key)
  return from === null ? t('changeSet', { field: label, to: said(to) }) : t('change', { field: label, from: said(from), to: said(to) })
}
