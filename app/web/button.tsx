import type { ReactNode } from 'react'

/** Primary is red and at most one a page; quiet is a link that stands among buttons. */
export type ButtonKind = 'primary' | 'plain' | 'quiet'

const classOf = (kind: ButtonKind, isWide?: boolean) => ['btn', kind !== 'plain' && kind, isWide && 'wide'].filter(Boolean).join(' ')

/** Submits the form it stands in, or the one whose id is `form`. Its words name what it does. */
export function Button({ kind = 'plain', isWide, name, value, form, formAction, type = 'submit', label, children }: ButtonProps) {
  return (
    <button className={classOf(kind, isWide)} type={type} name={name} value={value} form={form} formAction={formAction} aria-label={label}>
      {children}
    </button>
  )
}

type ButtonProps = {
  kind?: ButtonKind
  isWide?: boolean // full width on phones
  name?: string
  value?: string
  form?: string
  formAction?: string
  type?: 'submit' | 'button'
  label?: string // for screen readers, where the words alone do not say of what
  children: ReactNode
}

/** A link that looks like a button. */
export function ButtonLink({ href, kind = 'plain', isWide, label, download, children }: ButtonLinkProps) {
  return (
    <a className={classOf(kind, isWide)} href={href} aria-label={label} download={download}>
      {children}
    </a>
  )
}

type ButtonLinkProps = { href: string; kind?: ButtonKind; isWide?: boolean; label?: string; download?: boolean; children: ReactNode }

/** A button that cannot be pressed, with the reason beside it: who could, or what is missing. */
export function DisabledButton({ children, reason }: { children: ReactNode; reason: string }) {
  return (
    <>
      <button className="btn" type="button" disabled>
        {children}
      </button>
      <span className="sm q2">{reason}</span>
    </>
  )
}

/** Buttons in a row that wraps. */
export function Buttons({ children }: { children: ReactNode }) {
  return <div className="btns">{children}</div>
}
