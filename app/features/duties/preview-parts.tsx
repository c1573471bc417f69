import { showDay } from '../../platform/clock.ts'
import { DataTable } from '../../web/data-table.tsx'
import { useLanguage } from '../../web/language.ts'
import { dutyWords } from './duties.messages.ts'
import type { Change, Preview, PreviewPart } from './rules.server.ts'

const order = ['add', 'restore', 'move', 'drop', 'kept'] as const satisfies Change[]
type Told = (typeof order)[number]

/** How many duties something is done to, for the end of a sentence. */
export function usePreviewSentence(preview: Preview): string {
  const t = dutyWords.in(useLanguage())
  const parts = order.filter((change) => preview[change]).map((change) => t(`preview.sum.${change}`, { count: preview[change]!.duties }))
  return parts.length > 0 ? parts.join('; ') : t('preview.nothing')
}

/** What a rule would do, change by change, the first twenty units of each. */
export function PreviewTables({ preview }: { preview: Preview }) {
  return order.flatMap((change) => (preview[change] ? [<Part key={change} change={change} part={preview[change]} />] : []))
}

function Part({ change, part }: { change: Told; part: PreviewPart }) {
  const t = dutyWords.in(useLanguage())
  const isMove = change === 'move'
  const isPart = part.duties > part.first.length
  const heading = t(`preview.${change}`, { count: part.units, duties: part.duties })
  return (
    <details className="part" open={change !== 'kept'}>
      <summary>{heading}</summary>
      <DataTable
        caption={isPart ? t('preview.firstOf', { first: part.first.length, count: part.duties }) : heading}
        isCaptionHidden={!isPart}
        columns={[{ label: t('column.unit') }, ...(isMove ? [{ label: t('column.wasDue'), isFigure: true }] : []), { label: t('column.due'), isFigure: true }]}
        rows={part.first.map((line) => ({
          id: line.code + line.period,
          note: line.above,
          cells: [line.name, ...(isMove ? [line.wasDueOn ? showDay(line.wasDueOn) : t('when.unknown')] : []), dayOf(change === 'drop' || change === 'kept' ? line.wasDueOn : line.dueOn, t)],
        }))}
      />
    </details>
  )
}

const dayOf = (day: string | null, t: ReturnType<typeof dutyWords.in>) => (day ? showDay(day) : t('when.unknown'))
