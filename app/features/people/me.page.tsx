import type { Route } from './+types/me.page'
import { addDays, showDay, showInstant, type Day } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { Buttons, ButtonLink } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { DataTable } from '../../web/data-table.tsx'
import { DayText, Figures } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Shell } from '../../web/shell.tsx'
import { DefinitionList } from '../../web/trail.tsx'
import { webWords } from '../../web/web.messages.ts'
import { ownRecord, type OwnRecord } from './own-record.server.ts'
import { peopleWords } from './people.messages.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx) => {
    const record = await ownRecord(ctx)
    const { timeZone } = args.context.get(appContext).config
    return { record: { ...record, marks: record.marks.map((mark) => ({ ...mark, recordedAt: showInstant(mark.recordedAt, timeZone) })) } }
  })

export function meta({ matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  return [{ title: `${peopleWords.in(language)('title')} · ${webWords.in(language)('appName')}` }]
}

export default function MePage({ loaderData: { record } }: Route.ComponentProps) {
  const t = peopleWords.in(useLanguage())
  return (
    <Shell section="me">
      <Eyebrow>{t('title')}</Eyebrow>
      <h1>{t('mine', { name: record.person.name })}</h1>
      <div className="after-lede">
        <Buttons>
          <ButtonLink href="/rights">{t('toRights')}</ButtonLink>
          <ButtonLink href="/me/held">{t('toHeld')}</ButtonLink>
        </Buttons>
      </div>
      <Grid>
        <Column span={6} id="held" title={t('held')}>
          <DefinitionList items={heldOf(record, t)} />
          <p className="sm q2 after-lede">{t('wrong')}</p>
        </Column>
        <Column span={6} id="rosters" title={t('roster')}>
          <Rosters rosters={record.rosters} />
        </Column>
        <Column span={12} id="marks" title={t('marks')}>
          <Marks marks={record.marks} />
        </Column>
      </Grid>
    </Shell>
  )
}

type Say = ReturnType<typeof peopleWords.in>

const duringOf = ({ from, until }: { from: Day | null; until: Day | null }, t: Say): string => {
  const last = until && showDay(addDays(until, -1))
  if (from) return last ? t('fromUntil', { from: showDay(from), until: last }) : t('from', { day: showDay(from) })
  return last ? t('until', { until: last }) : ''
}

function heldOf({ person, memberships, offices }: Pick<OwnRecord, 'person' | 'memberships' | 'offices'>, t: Say) {
  const lines = (all: string[]) => all.map((line) => <div key={line}>{line}</div>)
  const join = (parts: (string | null | false)[]) => parts.filter(Boolean).join(', ')
  return [
    { term: t('name'), value: <>{person.name}{person.bornOn && <>, <Figures>{person.bornOn.slice(0, 4)}</Figures></>}</> },
    ...(person.cardNumber ? [{ term: t('card'), value: <Figures>{person.cardNumber}</Figures> }] : []),
    ...(person.phone ? [{ term: t('phone'), value: <Figures>{person.phone}</Figures> }] : []),
    {
      term: t('membership'),
      value: memberships.length > 0 ? lines(memberships.map((one) => join([one.unitName, t(`status.${one.status}` as 'status.in_post'), one.exemptReason, duringOf(one, t)]))) : t('noMembership'),
    },
    ...(offices.length > 0 ? [{ term: t('office'), value: lines(offices.map((one) => join([officeOf(one, t), one.unitName, duringOf(one, t)]))) }] : []),
  ]
}

function officeOf({ role, title }: OwnRecord['offices'][number], t: Say): string {
  const name = capital(t(`role.${role}` as 'role.clerk'))
  return title ? t('officeTitled', { role: name, title }) : name
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)

function Rosters({ rosters }: Pick<OwnRecord, 'rosters'>) {
  const t = peopleWords.in(useLanguage())
  if (rosters.length === 0) return <p className="q2">{t('noRosters')}</p>
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

function Marks({ marks }: { marks: Pick<OwnRecord['marks'][number], 'session' | 'status' | 'reason' | 'heldOn' | 'place' | 'unitName'>[] }) {
  const t = peopleWords.in(useLanguage())
  if (marks.length === 0) return <p className="q2">{t('noMarks')}</p>
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
