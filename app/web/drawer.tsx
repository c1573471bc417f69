import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'
import { useLanguage } from './language.ts'
import { webWords } from './web.messages.ts'

/**
 * What floats over a page from the right and has an address of its own, so that it can be sent to a colleague.
 * Either the server opens it (`isOpen`, with `closeHref` the page without it) or `#id` does.
 */
export function Drawer({ id, isOpen, closeHref, label, title, subtitle, children, actions }: DrawerProps) {
  const t = webWords.in(useLanguage())
  return (
    <div className={isOpen ? 'drawer open' : 'drawer'} id={id}>
      <a className="scrim" href={closeHref} tabIndex={-1} aria-hidden="true" />
      <div className="panel" role="dialog" aria-modal="true" aria-labelledby={`${id}-title`} tabIndex={-1}>
        <div className="top">
          <span>{label}</span>
          <a className="close" href={closeHref}>
            <Icon shape="cross" />
            {t('close')}
          </a>
        </div>
        <h2 id={`${id}-title`}>{title}</h2>
        {subtitle && <p className="q2">{subtitle}</p>}
        {children}
        {actions && <div className="btns end">{actions}</div>}
      </div>
    </div>
  )
}

type DrawerProps = {
  id: string
  isOpen?: boolean
  closeHref: string
  label: ReactNode // small words above, "Con số này lấy từ đâu"
  title: ReactNode
  subtitle?: ReactNode
  children?: ReactNode
  actions?: ReactNode
}
