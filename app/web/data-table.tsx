import type { ReactNode } from 'react'
import { useLanguage } from './language.ts'
import { webWords } from './web.messages.ts'

export type Column = { label: ReactNode; isFigure?: boolean; isDeskOnly?: boolean }
/** Cells in the order of the columns, the first one naming the row; `note` is a second line under it. */
export type DataRow = { id: string; cells: ReactNode[]; note?: ReactNode }

/** A plain table: words left, figures right, hairlines between; `total` below the last rule. */
export function DataTable({ columns, rows, total, caption, isCaptionHidden, isSmall, isCards }: DataTableProps) {
  return (
    <table className={isSmall ? 'mini' : isCards ? 'cards' : undefined}>
      {caption && <caption className={isCaptionHidden ? 'vh' : undefined}>{caption}</caption>}
      <thead>
        <tr>
          {columns.map((column, index) => (
            <th key={index} scope="col" className={classOf(column, false)}>
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.id} row={row} columns={columns} />
        ))}
      </tbody>
      {total && (
        <tfoot>
          <Row row={total} columns={columns} />
        </tfoot>
      )}
    </table>
  )
}

type DataTableProps = {
  columns: Column[]
  rows: DataRow[]
  total?: DataRow | null
  caption?: ReactNode
  isCaptionHidden?: boolean
  isSmall?: boolean // in a drawer: tighter columns
  isCards?: boolean // more columns than a phone holds: there each row stands as a card, its cells with the words of their columns
}

function Row({ row, columns }: { row: DataRow; columns: Column[] }) {
  return (
    <tr>
      {columns.map((column, index) =>
        index === 0 ? (
          <th key={index} scope="row" className={column.isFigure ? 'n' : undefined}>
            {row.cells[0]}
            {row.note && <span className="xs q3 sub">{row.note}</span>}
          </th>
        ) : (
          <td key={index} className={classOf(column, true)} data-label={typeof column.label === 'string' ? column.label : undefined}>
            {row.cells[index]}
          </td>
        ),
      )}
    </tr>
  )
}

const classOf = (column: Column, isCell: boolean) => [column.isFigure && 'r', column.isFigure && isCell && 'n', column.isDeskOnly && 'desk'].filter(Boolean).join(' ') || undefined

/** "Trang 2 / 5" with links to the one before and after; nothing when there is only one. */
export function Pagination({ page, pages, hrefOf }: { page: number; pages: number; hrefOf: (page: number) => string }) {
  const t = webWords.in(useLanguage())
  if (pages < 2) return null
  return (
    <nav className="pages" aria-label={t('pages')}>
      {page > 1 && (
        <a className="btn" rel="prev" href={hrefOf(page - 1)}>
          {t('previousPage')}
        </a>
      )}
      <span className="sm q2">{t('page', { page, pages })}</span>
      {page < pages && (
        <a className="btn" rel="next" href={hrefOf(page + 1)}>
          {t('nextPage')}
        </a>
      )}
    </nav>
  )
}
