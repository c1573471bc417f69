import type { ReactNode } from 'react'
import { showCount, showPercent } from '../figures/figure.ts'
import { showDay, type Day } from '../platform/clock.ts'
import { useLanguage } from './language.ts'
import { ShareBar } from './share-bar.tsx'
import { webWords } from './web.messages.ts'

/** A number that opens: looks like text, leads to the records it was counted from. Without `href` it is only text. */
export function FigureLink({ href, children, className }: { href?: string | null | undefined; children: ReactNode; className?: string }) {
  if (!href) return <>{children}</>
  return (
    <a className={className ? `fig ${className}` : 'fig'} href={href}>
      {children}
    </a>
  )
}

/** A count, `49.901`, opening its records. In running text the letters of the text, in tables use `<Figures>`. */
export function Count({ value, href }: { value: number; href?: string | null | undefined }) {
  return <FigureLink href={href}>{showCount(value, useLanguage())}</FigureLink>
}

/** A rate, `98,96%`, opening its records. Show numerator, denominator and base beside it. */
export function Percent({ numerator, denominator, href }: { numerator: number; denominator: number; href?: string | null | undefined }) {
  return <FigureLink href={href}>{showPercent(numerator, denominator, useLanguage())}</FigureLink>
}

/** Letters with tabular figures: for numbers and days in columns and labels. */
export function Figures({ children }: { children: ReactNode }) {
  return <span className="n">{children}</span>
}

/** A day, `30/6/2021`, in tabular figures and readable by machines. */
export function DayText({ day }: { day: Day }) {
  return (
    <time className="n" dateTime={day}>
      {showDay(day)}
    </time>
  )
}

/** A mark beside a figure: declared (khai báo), partial (chưa đủ), or any words such as "khóa 31/5/2021". */
export function Tag({ kind, children }: { kind?: 'declared' | 'partial'; children?: ReactNode }) {
  const t = webWords.in(useLanguage())
  return <span className={kind === 'partial' ? 'tag part' : 'tag'}>{children ?? (kind ? t(kind) : null)}</span>
}

/** A name in which the given name, by which Vietnamese lists are sorted, carries the weight. */
export function PersonName({ name }: { name: string }) {
  const at = name.trimEnd().lastIndexOf(' ') + 1
  return (
    <>
      {name.slice(0, at)}
      <b>{name.slice(at)}</b>
    </>
  )
}

/** One rate as home shows it: label, big share that opens, bar, numerator / denominator and the name of the base. */
export function Fact({ label, numerator, denominator, base, href, isLow, children }: FactProps) {
  const language = useLanguage()
  const share = showPercent(numerator, denominator, language)
  return (
    <div className="fact">
      <span>{label}</span>
      {href ? (
        <a className="fig big" href={href}>
          {share}
        </a>
      ) : (
        <span className="big">{share}</span>
      )}
      <ShareBar numerator={numerator} denominator={denominator} isLow={isLow} />
      <span className="base xs q3">
        <Figures>
          {showCount(numerator, language)} / {showCount(denominator, language)}
        </Figures>{' '}
        {base}
        {children}
      </span>
    </div>
  )
}

type FactProps = {
  label: string
  numerator: number
  denominator: number
  base: string
  href?: string | null
  isLow?: boolean
  children?: ReactNode // more words after the base
}

/** How a rate comes about: the numerator over the denominator, each with its definition. */
export function FractionExplained({ numerator, denominator, above, below }: FractionExplainedProps) {
  const language = useLanguage()
  return (
    <div className="frac">
      <span className="n">{showCount(numerator, language)}</span>
      <span>{above}</span>
      <span className="n">{showCount(denominator, language)}</span>
      <span>{below}</span>
    </div>
  )
}

type FractionExplainedProps = { numerator: number; denominator: number; above: ReactNode; below: ReactNode }
