import type { ReactNode } from 'react'
import { showDay } from '../../platform/clock.ts'
import { addressOf, unitAddress } from '../../web/addresses.ts'
import { Button } from '../../web/button.tsx'
import { FigureLink, Figures } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { cascadeWords } from './cascade.messages.ts'
import type { MatrixData } from './matrix.page.tsx'
import { columnTitle, shortDay, stateInWords, withOpen } from './matrix-wording.ts'
import type { CellState, MatrixCell, MatrixRow } from './matrix.ts'

const look: Record<CellState, string> = { missing: 'gone', late: 'late', today: 'today', due: 'due', issued: 'ok', waived: 'ok' }

/** Units down, required documents across, the worst first; on phones a card a unit, with what is not in order. */
export function MatrixTable(page: MatrixData) {
  const { campaign, columns, rows, mayUrge } = page
  const t = cascadeWords.in(useLanguage())
  const basis = columns.find((column) => column.basis?.issuedOn)?.basis
  const complete = rows.filter((row) => row.isDone && row.late === 0 && row.beneath.length === 0)
  const table = (
    <table className="matrix">
      <caption className="desk">
        {t('caption')} {basis && t('captionBasis', { number: basis.number, day: showDay(basis.issuedOn!) })} <span className="rule">{t('rule')}</span>
      </caption>
      <thead>
        <tr>
          <th scope="col">{t('columnUnit')}</th>
          {columns.map((column) => (
            <th key={column.key} scope="col">
              {columnTitle(column, t)}
              <br />
              <Figures>{column.dueOn ? t('dueDay', { day: shortDay(column.dueOn, page.asOf) }) : t('dueOwn')}</Figures>
            </th>
          ))}
          <th scope="col">{t('columnReached')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.unit.id} row={row} page={page} />
        ))}
      </tbody>
    </table>
  )
  return (
    <div className="after-table">
      {mayUrge && rows.some(hasTick) ? (
        <form method="post">
          <input type="hidden" name="campaignCode" value={campaign.code} />
          {table}
          <div className="btns">
            <Button>{t('urgeChosen')}</Button>
          </div>
        </form>
      ) : (
        table
      )}
      {complete.length > 0 && (
        <p className="only-phone sm after-lede">
          <b>{t('doneOnPhone', { count: complete.length })}</b> <span className="q2">{complete.map((row) => row.unit.name).join(', ')}.</span>
        </p>
      )}
    </div>
  )
}

const canBeUrged = (row: MatrixRow) => row.missing + row.today + row.due > 0 && row.unit.parentId !== null
const hasTick = (row: MatrixRow): boolean => canBeUrged(row) || row.beneath.some(hasTick)

function Row({ row, page }: { row: MatrixRow; page: MatrixData }) {
  const t = cascadeWords.in(useLanguage())
  const { unit, level, cells } = row
  const isComplete = row.isDone && row.late === 0
  return (
    <>
      <tr className={[isComplete && row.beneath.length === 0 && 'done', level > 0 && `beneath l${Math.min(level, 4)}`].filter(Boolean).join(' ') || undefined}>
        <th scope="row">
          {page.mayUrge && canBeUrged(row) && (
            <label className="tickrow">
              <input type="checkbox" name="unitCodes" value={unit.code} aria-label={t('choose', { unit: unit.name })} />
            </label>
          )}
          <FigureLink href={unitAddress(unit.code, page.asOf)}>{unit.name}</FigureLink>
          {unit.parentId === null && <span className="sub xs q3">{t('rowOwn')}</span>}
          <Opener row={row} page={page} />
          <span className="only-phone sm q3">{isComplete ? t('rowDone', { required: cells.size }) : t('rowOnTime', { issued: row.issued, required: cells.size })}</span>
        </th>
        {page.columns.map((column) => {
          const cell = cells.get(column.key)
          return cell ? (
            <td key={column.key} className={look[cell.state]} data-doc={columnTitle(column, t)}>
              <span>
                <Cell cell={cell} page={page} />
              </span>
            </td>
          ) : (
            <td key={column.key} className="ok">
              {t('cellNone')}
            </td>
          )
        })}
        <ReachedCell row={row} page={page} />
      </tr>
      {row.beneath.map((one) => (
        <Row key={one.unit.id} row={one} page={page} />
      ))}
      {page.open.includes(unit.code) && row.beneath.length === 0 && (
        <tr className="beneath l1">
          <td colSpan={page.columns.length + 2} className="q3">
            {t('noneBeneath', { unit: unit.name })}
          </td>
        </tr>
      )}
    </>
  )
}

function Opener({ row: { unit }, page }: { row: MatrixRow; page: MatrixData }) {
  const t = cascadeWords.in(useLanguage())
  if (!unit.hasBeneath || unit.parentId === null) return null
  const isOpen = page.open.includes(unit.code)
  const open = isOpen ? page.open.filter((code) => code !== unit.code) : [...page.open, unit.code]
  const href = withOpen(addressOf(`/campaigns/${page.campaign.code}/documents`, { unit: page.place.unit.code, asOf: page.asOf, show: page.filter === 'all' ? null : page.filter }), open)
  return (
    <a className="opener xs" href={`${href}#u-${unit.code}`} id={`u-${unit.code}`} aria-label={t(isOpen ? 'closeBeneathOf' : 'openBeneathOf', { unit: unit.name })}>
      {t(isOpen ? 'closeBeneath' : 'openBeneath')}
    </a>
  )
}

function Cell({ cell, page }: { cell: MatrixCell; page: MatrixData }): ReactNode {
  const t = cascadeWords.in(useLanguage())
  const { document, state, doneOn, days, draftId } = cell
  if (state === 'issued' || state === 'late') {
    const day = document?.issuedOn ?? doneOn
    return (
      <>
        <FigureLink href={document && `/documents/${document.id}`}>{document?.number ?? t('cellIssuedHidden')}</FigureLink> {day && <Figures>{shortDay(day, page.asOf)}</Figures>}
        {days !== null && <span className="after xs"> {t('cellDays', { days })}</span>}
        {state === 'late' && <span className="days">{t('cellLate', { days: cell.lateBy })}</span>}
      </>
    )
  }
  return (
    <>
      <FigureLink href={`/duties/${cell.dutyId}`}>{stateInWords(cell, page.asOf, t)}</FigureLink>
      {draftId && (
        <>
          {' '}
          <a className="after xs" href={`/drafts/${draftId}`}>
            {t('cellDraft')}
          </a>
        </>
      )}
    </>
  )
}

function ReachedCell({ row, page }: { row: MatrixRow; page: MatrixData }) {
  const t = cascadeWords.in(useLanguage())
  const reached = page.reached.get(row.unit.id)
  if (!reached || reached.cells === 0) return <td className="ok">{t('cellNone')}</td>
  return (
    <td className={reached.reached === reached.cells ? 'ok' : 'due'} data-doc={t('columnReached')}>
      <span>
        <Figures>
          {reached.reached} / {reached.cells}
        </Figures>
        {reached.lastOn && <Figures> · {shortDay(reached.lastOn, page.asOf)}</Figures>}
        {reached.days !== null && <span className="after xs"> {t('cellDays', { days: reached.days })}</span>}
      </span>
    </td>
  )
}
