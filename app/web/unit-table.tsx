import { createContext, useContext, type ReactNode } from 'react'
import { useLocation } from 'react-router'
import { showCount, showPercent } from '../figures/figure.ts'
import { FigureLink, Figures, Tag } from './figure.tsx'
import { Icon } from './icon.tsx'
import { useLanguage } from './language.ts'
import { LowRule, ShareBar } from './share-bar.tsx'
import type { UnitOrder } from './unit-sort.ts'
import { webWords } from './web.messages.ts'

/** One unit, category or whatever else has a share; counts are people. */
export type UnitRow = {
  id: string
  name: string
  href?: string | null // the unit's own page
  numerator: number
  denominator: number
  missing: number
  shareHref?: string | null // what is behind the share
  missingHref?: string | null // who is missing
  isLow?: boolean // below the rule that the table states
  isDeclared?: boolean
  note?: ReactNode // a second line under the name
  owes?: ReactNode
  action?: ReactNode
}

/** Other words for the columns, where the figure is not "đã học / phải học". */
export type UnitTableWords = { unit: string; missing: string; done: string; expected: string; doneOfExpected: string; owes: string; action: string }

/**
 * Units with the worst first, a share bar each, and the whole beneath; cards on phones.
 * `kind`: "report" shows missing, done, expected, share; "duties" puts done / expected in one column and adds what is owed
 * and a button; "categories" is narrow, without bars on a desk.
 * Rows come sorted (sortUnits); with `order` the column heads become links that set `?sort=`.
 */
export function UnitTable({ rows, total, kind = 'report', caption, rule, order, words }: UnitTableProps) {
  const t = webWords.in(useLanguage())
  const say: UnitTableWords = {
    unit: t('columnUnit'),
    missing: t('columnMissing'),
    done: t('columnDone'),
    expected: t('columnExpected'),
    doneOfExpected: t('columnDoneOfExpected'),
    owes: t('columnOwes'),
    action: t('columnAction'),
    ...words,
  }
  return (
    <Look value={{ kind, words: say }}>
      <table className={kind === 'categories' ? 'units cats' : 'units'}>
        <caption>
          {caption ?? t('worstFirst')} {rule && <LowRule>{rule}</LowRule>}
        </caption>
        <thead>
          <tr>
            <Head column="name" order={order}>{say.unit}</Head>
            <Head column="missing" order={order} isFigure>{say.missing}</Head>
            {kind === 'report' && <Head column="done" order={order} isFigure>{say.done}</Head>}
            {kind !== 'duties' && <Head column="expected" order={order} isFigure>{say.expected}</Head>}
            {kind === 'duties' && <th scope="col" className="r">{say.doneOfExpected}</th>}
            <Head column="share" order={order} isFigure>{t('columnShare')}</Head>
            {kind === 'duties' && <th scope="col" className="owes">{say.owes}</th>}
            {kind === 'duties' && <th scope="col" className="r">{say.action}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </tbody>
        {total && (
          <tfoot>
            <Row row={total} isTotal />
          </tfoot>
        )}
      </table>
    </Look>
  )
}

type UnitTableProps = {
  rows: UnitRow[]
  total?: UnitRow | null
  kind?: 'report' | 'duties' | 'categories'
  caption?: ReactNode
  rule?: ReactNode // the rule that colours low shares, "dưới mức chung 98,96%"
  order?: UnitOrder
  words?: Partial<UnitTableWords>
}

const Look = createContext<{ kind: NonNullable<UnitTableProps['kind']>; words: UnitTableWords } | null>(null)

function Row({ row, isTotal }: { row: UnitRow; isTotal?: boolean }) {
  const language = useLanguage()
  const { kind, words } = useContext(Look)!
  const done = showCount(row.numerator, language)
  const expected = showCount(row.denominator, language)
  const isCategories = kind === 'categories'
  const isCounted = kind !== 'duties' || row.denominator > 0 // a unit without members owes documents alone
  return (
    <tr>
      <th scope="row">
        <FigureLink href={row.href}>{row.name}</FigureLink>
        {row.isDeclared && <Tag kind="declared" />}
        {row.note && <span className="xs q3 sub">{row.note}</span>}
      </th>
      <td className="r n miss" data-label={words.missing}>
        {isCounted && <FigureLink href={row.missing > 0 ? row.missingHref : null}>{showCount(row.missing, language)}</FigureLink>}
      </td>
      {kind === 'report' && <td className="r n desk">{done}</td>}
      {kind !== 'duties' && <td className={isTotal ? 'r n desk' : 'r n of desk'}>{expected}</td>}
      {kind === 'duties' && <td className="r n of desk">{isCounted && `${done} / ${expected}`}</td>}
      {kind !== 'duties' && <td className="only-phone frac2 n of">{done} / {expected}</td>}
      <td className={isCategories ? 'r n share' : 'share'}>
        <span className={isCategories ? 'sharecell one' : 'sharecell'}>
          <ShareBar numerator={row.numerator} denominator={row.denominator} isLow={row.isLow} className={isCategories ? 'only-phone-flex' : ''} />
          <Figures>
            <FigureLink href={row.shareHref}>{showPercent(row.numerator, row.denominator, language)}</FigureLink>
          </Figures>
        </span>
      </td>
      {kind === 'duties' && <td className="owes q2">{row.owes}</td>}
      {kind === 'duties' && <td className="r act">{row.action}</td>}
    </tr>
  )
}

function Head({ column, order, isFigure, children }: { column: UnitOrder; order: UnitOrder | undefined; isFigure?: boolean; children: string }) {
  const { pathname, search } = useLocation()
  const t = webWords.in(useLanguage())
  const className = isFigure ? 'r' : undefined
  if (!order) return <th scope="col" className={className}>{children}</th>
  const params = new URLSearchParams(search)
  params.set('sort', column)
  const isCurrent = order === column
  return (
    <th scope="col" className={className} aria-sort={isCurrent ? (column === 'missing' || column === 'expected' ? 'descending' : 'ascending') : undefined}>
      <a className="sort" href={`${pathname}?${params}`} title={t('sortBy', { column: children })}>
        {children}
        {isCurrent && <Icon shape={column === 'missing' || column === 'expected' ? 'down' : 'up'} />}
      </a>
    </th>
  )
}
