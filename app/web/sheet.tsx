import type { ReactNode } from 'react'
import { PersonName } from './figure.tsx'
import { Icon } from './icon.tsx'
import { useLanguage } from './language.ts'
import { countMarks, statuses, summarise, type MarkStatus } from './roll-count.ts'
import { rollWords } from './roll.messages.ts'

export type { MarkStatus } from './roll-count.ts'

/**
 * One person on the roll. `statusName` and `reasonName` are the names under which the form posts them, such as
 * `marks[3].status`; `hidden` goes along with every row, such as the person's id.
 */
export type SheetRow = {
  personId: string
  name: string
  birthYear?: number | null // only where two people share a name
  status: MarkStatus | null // null: not marked yet
  reason: string | null
  note?: ReactNode // small words behind the name
  statusName: string
  reasonName: string
  hidden?: { name: string; value: string }[]
  problem?: string | null
  /** Need not be marked, such as the exempt: "all present" leaves them out, and unmarked they are not counted. */
  isOptional?: boolean
  /** What the server has, where the row shows something else: what was typed before a refusal. */
  saved?: { status: MarkStatus | null; reason: string | null }
}

/**
 * Everybody on one page; a tap on a name opens the four choices and the reason. Nothing needs script: the words at the
 * right follow the choice by style alone. Put it into a RollForm and close the page with a SaveBar.
 */
export function Sheet({ rows, reasonAgainst }: { rows: SheetRow[]; reasonAgainst?: string | null }) {
  return (
    <ol className="sheet">
      {rows.map((row, index) => (
        <SheetLine key={row.personId} row={row} number={index + 1} isLocked={Boolean(reasonAgainst)} />
      ))}
    </ol>
  )
}

function SheetLine({ row, number, isLocked }: { row: SheetRow; number: number; isLocked: boolean }) {
  const t = rollWords.in(useLanguage())
  return (
    <li
      data-person={row.personId}
      data-name={row.name}
      data-optional={row.isOptional ? '' : undefined}
      data-saved={row.saved ? (row.saved.status ?? '') : undefined}
      data-saved-reason={row.saved?.reason ?? undefined}
      className={row.status ?? 'unmarked'}
    >
      {row.hidden?.map((field) => <input key={field.name} type="hidden" name={field.name} value={field.value} />)}
      <details open={Boolean(row.problem)}>
        <summary>
          <span className="no">{number}</span>
          <span className="nm">
            <PersonName name={row.name} />
            {row.birthYear && <small> {t('born', { year: String(row.birthYear) })}</small>}
            {row.note && <small> {row.note}</small>}
          </span>
          <span className="st here" data-is="present">
            <Icon shape="tick" />
            {t('present')}
          </span>
          <span className="st late" data-is="late">{t('late')}</span>
          <span className="st excused" data-is="excused">{t('excused')}</span>
          <span className="st absent" data-is="absent">{t('absent')}</span>
          <span className="st none" data-is="unmarked">{t('unmarked')}</span>
        </summary>
        <fieldset className="marks" disabled={isLocked}>
          <legend className="vh">{t('mark', { name: row.name })}</legend>
          {row.problem && (
            <p className="problem sm attn" id={`problem-${row.personId}`}>
              {row.problem}
            </p>
          )}
          {statuses.map((status) => (
            <label key={status}>
              <input type="radio" name={row.statusName} value={status} defaultChecked={row.status === status} />
              {t(status)}
            </label>
          ))}
          <div className="why">
            <label className="xs q2" htmlFor={`why-${row.personId}`}>{t('reason')}</label>
            <input
              id={`why-${row.personId}`}
              type="text"
              name={row.reasonName}
              defaultValue={row.reason ?? ''}
              autoComplete="off"
              maxLength={300}
              aria-describedby={row.problem ? `problem-${row.personId}` : undefined}
            />
          </div>
        </fieldset>
      </details>
    </li>
  )
}

/**
 * The form around a sheet. `draftKey` names the sitting, `viewerId` the person at the keyboard: unsaved marks are kept on the
 * device under both. `version` changes when the saved roll does; an older draft is then shown as such.
 */
export function RollForm({ id, action, draftKey, viewerId, version, children }: RollFormProps) {
  return (
    <form id={id} method="post" action={action} data-roll={draftKey} data-viewer={viewerId ?? ''} data-version={version ?? ''}>
      {children}
    </form>
  )
}

type RollFormProps = { id: string; action?: string; draftKey: string; viewerId: string | null; version?: string; children: ReactNode }

/** The answer of the page, "35 có mặt, 1 đi muộn, 4 vắng"; follows the marks where script runs. */
export function RollHeading({ rows }: { rows: SheetRow[] }) {
  return (
    <h1 data-roll-summary aria-live="polite">
      <RollSummary rows={rows} />
    </h1>
  )
}

/** The same words without a heading around them. */
export function RollSummary({ rows }: { rows: SheetRow[] }) {
  const counted = rows.filter((row) => row.status !== null || !row.isOptional)
  return <>{summarise(countMarks(counted.map((row) => row.status)), rollWords.in(useLanguage()))}</>
}

/** "All present but ..." and the search for a name. `allPresentHref` is this page with everyone present, for want of script. */
export function RollTools({ allPresentHref }: { allPresentHref: string }) {
  const t = rollWords.in(useLanguage())
  return (
    <div className="rolltools">
      <div>
        <a className="btn wide" href={allPresentHref} data-all-present>
          {t('allPresent')}
        </a>
        <p className="sm q2">{t('allPresentHint')}</p>
      </div>
      <label className="find" hidden data-needs-script>
        <span className="vh">{t('findName')}</span>
        <input type="search" placeholder={t('findName')} data-find-name autoComplete="off" />
      </label>
    </div>
  )
}

/** Stays at the foot of the screen: what will be saved, and the one primary button. `form` is the id of the form. */
export function SaveBar({ form, summary, lead, children, isLive }: SaveBarProps) {
  const t = rollWords.in(useLanguage())
  return (
    <section className="save" aria-label={t('save')}>
      <div className="wrap">
        <p className="sm">
          <span data-roll-lead={isLive ? '' : undefined}>{lead ?? t('willSave')}</span> <b data-roll-summary={isLive ? '' : undefined}>{summary}</b>{' '}
          {isLive && (
            <button className="undo" type="button" hidden data-roll-undo>
              {t('undo')}
            </button>
          )}
        </p>
        <button className="btn primary" type="submit" form={form}>
          {children ?? t('save')}
        </button>
      </div>
    </section>
  )
}

type SaveBarProps = {
  form: string
  summary: ReactNode // RollSummary, or words
  lead?: ReactNode
  children?: ReactNode // words on the button
  isLive?: boolean // the summary follows the marks of a roll
}
