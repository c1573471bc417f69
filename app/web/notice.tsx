import type { ReactNode } from 'react'
import { useLanguage } from './language.ts'
import type { Problems } from './problems.ts'
import { webWords } from './web.messages.ts'

/**
 * A bar at the left, then words: what happened, what is safe, what to do. `isAttention` for what is wrong or late.
 * `role` "alert" for an error after a submission, "status" for news that may wait.
 */
export function Notice({ title, children, actions, isAttention, role, id, className }: NoticeProps) {
  return (
    <div id={id} className={['note', isAttention && 'attn', className].filter(Boolean).join(' ')} role={role}>
      {title && <b>{title}</b>}
      {children}
      {actions && <div className="btns">{actions}</div>}
    </div>
  )
}

type NoticeProps = {
  title?: ReactNode
  children?: ReactNode
  actions?: ReactNode // buttons and links
  isAttention?: boolean
  role?: 'alert' | 'status'
  id?: string
  className?: string
}

/** At the head of a form that was refused: how many things to correct, each a link to its field; `form` is of no field. */
export function ProblemList({ problems }: { problems: Problems | null | undefined }) {
  const t = webWords.in(useLanguage())
  const entries = Object.entries(problems ?? {})
  if (entries.length === 0) return null
  return (
    <Notice isAttention role="alert" title={t('problemsTitle', { count: entries.length })}>
      <ul>
        {entries.map(([field, sentence]) => (
          <li key={field}>{field === 'form' ? sentence : <a href={`#${field}`}>{sentence}</a>}</li>
        ))}
      </ul>
    </Notice>
  )
}

/** Nothing here yet: says so, unless the heading does, and what the next step is. */
export function EmptyState({ title, children, actions }: { title?: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="blank">
      {title && <p><b>{title}</b></p>}
      {children && <p className="sm q2">{children}</p>}
      {actions && <div className="btns">{actions}</div>}
    </div>
  )
}
