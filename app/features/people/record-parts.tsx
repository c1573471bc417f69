import type { ReactNode } from 'react'
import { addDays, showDay, type Day } from '../../platform/clock.ts'
import { DataTable } from '../../web/data-table.tsx'
import { DayText } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import type { OwnRecord } from './own-record.server.ts'
import { peopleWords } from './people.messages.ts'

// What is held about a person, as one sees of oneself on /me and the secretary of a cell of its members.

type Say = ReturnType<typeof peopleWords.in>

/** "từ 15/3/2020", "từ … đến …"; `until` is the first day that no longer holds. */
export function duringOf({ from, until }: { from: Day | null; until: Day | null }, t: Say): string {
  const last = until && showDay(addDays(until, -1))
  if (from) return last ? t('fromUntil', { from: showDay(from), until: last }) : t('from', { day: showDay(from) })
  return last ? t('until', { until: last }) : ''
}

/** Memberships and offices as lines of a definition list. */
export function belongingItems({ memberships, offices }: Pick<OwnRecord, 'memberships' | 'offices'>, t: Say): { term: string; value: ReactNode }[] {
  const lines = (all: string[]) => all.map((line) => <div key={line}>{line}</div>)
  const join = (parts: (string | null | false)[]) => parts.filter(Boolean).join(', ')
  return [
    {
      term: t('membership'),
      value: memberships.length > 0 ? lines(memberships.map((one) => join([one.unitName, t(`status.${one.status}` as 'status.in_post'), one.exemptReason, duringOf(one, t)]))) : t('noMembership'),
    },
    ...(offices.length > 0 ? [{ term: t('office'), value: lines(offices.map((one) => join([officeOf(one, t), one.unitName, duringOf(one, t)]))) }] : []),
  ]
}

function officeOf({ role, title }: { role: string; title: string | null }, t: Say): string {
  const name = capital(t(`role.${role}` as 'role.clerk'))
  return title ? t('officeTitled', { role: name, title }) : name
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)

/** In which campaigns the person must study, or why not. */
export function Rosters({ rosters, none }: Pick<OwnRecord, 'rosters'> & { none?: string }) {
  const t = peopleWords.in(useLanguage())
  if (rosters.length === 0) return <p className="q2">{none ?? t('noRosters')}</p>
  return (
    <DataTable
      caption={t('roster')}
      isCaptionHidden
      columns={[{ label: t('campaign') }, { label: t('state') }, { label: t('days'), isFigure: true }]}
      rows={rosters.map((row) => ({
        id: `${row.campaignId}-${row.from}`,
        note: [row.unitName, row.category].filter(Boolean).join(' · '),
        cells: [
          row.campaignName,
          [row.mustStudy ? t('mustStudy') : t('exempt', { reason: row.exemptReason ?? '' }), row.mustWrite && t('mustWrite')].filter(Boolean).join(', '),
          <DayText key="day" day={row.from} />,
        ],
      }))}
    />
  )
}

type Mark = Pick<OwnRecord['marks'][number], 'session' | 'status' | 'reason' | 'heldOn' | 'place' | 'unitName'>

/** At which sittings the person was marked, the latest first. */
export function Marks({ marks, none }: { marks: Mark[]; none?: string }) {
  const t = peopleWords.in(useLanguage())
  if (marks.length === 0) return <p className="q2">{none ?? t('noMarks')}</p>
  return (
    <DataTable
      caption={t('marks')}
      isCaptionHidden
      columns={[{ label: t('session') }, { label: t('state') }, { label: t('day'), isFigure: true }]}
      rows={marks.map((mark, index) => ({
        id: String(index),
        note: [mark.place, mark.unitName].filter(Boolean).join(' · ') || null,
        cells: [mark.session ?? t('elsewhere'), [t(`mark.${mark.status}` as 'mark.present'), mark.reason].filter(Boolean).join(': '), mark.heldOn ? <DayText key="day" day={mark.heldOn} /> : ''],
      }))}
    />
  )
}
