import type { ReactNode } from 'react'

/** Who did what and when, newest first, in sentences; at the foot of every record. `at` as shown, `instant` for machines. */
export function Trail({ entries }: { entries: { at: string; instant?: string; sentence: ReactNode }[] }) {
  return (
    <ol className="trail">
      {entries.map((entry, index) => (
        <li key={index}>
          <time className="n" dateTime={entry.instant}>
            {entry.at}
          </time>
          <span>{entry.sentence}</span>
        </li>
      ))}
    </ol>
  )
}

/** Facts in two columns: what, and its value. */
export function DefinitionList({ items }: { items: { term: ReactNode; value: ReactNode }[] }) {
  return (
    <dl className="dl">
      {items.map((item, index) => (
        <div key={index}>
          <dt>{item.term}</dt>
          <dd>{item.value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** What somebody owes, by date: when, what, and the button that does it. */
export function Duties({ duties }: { duties: Duty[] }) {
  return (
    <ol className="duties">
      {duties.map((duty, index) => (
        <li key={index}>
          <span className={duty.isOverdue ? 'when attn' : 'when'}>
            <b>{duty.when}</b> {duty.day && <span className="n">{duty.day}</span>}
          </span>
          <div className="what">
            <a href={duty.href}>{duty.what}</a>
            {duty.detail && <p>{duty.detail}</p>}
            {duty.more}
          </div>
          {duty.action}
        </li>
      ))}
    </ol>
  )
}

/** `when` in words ("Hôm nay", "Quá hạn 2 ngày"), `day` short ("30/6"), `action` a Button or ButtonLink, `more` a form that opens in place. */
export type Duty = { when: string; day?: string; isOverdue?: boolean; what: string; href: string; detail?: ReactNode; more?: ReactNode; action?: ReactNode }
