import type { ReactNode } from 'react'
import type { Day } from '../platform/clock.ts'
import { actingBarWords } from './acting-bar.messages.ts'
import { ContextBar, type PlaceUnit } from './context-bar.tsx'
import { Figures } from './figure.tsx'
import { Icon } from './icon.tsx'
import { useLanguage } from './language.ts'
import { useRoot } from './root-data.ts'
import { webWords } from './web.messages.ts'


/**
 * What stands around every page of a signed-in person: sections, where one is in the tree and as of which day, the toast,
 * the foot. A page that knows no unit leaves `unitTrail` out, and has no context bar.
 * `backHref` makes it a task on phones: a way back in place of the menu, no context bar, no foot.
 */
export function Shell({ section, unitTrail, unitsBeneath, asOf, asOfProblem, unitHref, backHref, mainClass, after, children }: ShellProps) {
  const isTask = Boolean(backHref)
  return (
    <>
      <SkipLink />
      <TopBar section={section} backHref={backHref} />
      <ActingBar />
      {unitTrail && unitTrail.length > 0 && (
        <ContextBar trail={unitTrail} beneath={unitsBeneath ?? []} asOf={asOf ?? null} problem={asOfProblem} hrefOf={unitHref} isDeskOnly={isTask} />
      )}
      <main className={mainClass ? `wrap ${mainClass}` : 'wrap'} id="main" tabIndex={-1}>
        <Toast />
        {children}
      </main>
      {after}
      {!isTask && <Foot />}
    </>
  )
}

type ShellProps = {
  section?: string // key of the section that is the current place
  unitTrail?: PlaceUnit[] // from the top down to the unit that is shown
  unitsBeneath?: PlaceUnit[]
  asOf?: Day | null // null: the page has no day
  asOfProblem?: string | null // why the day that was typed is none
  unitHref?: (code: string) => string // the same page of another unit; `?unit=` unless told otherwise
  backHref?: string
  mainClass?: string // "roll" for a sheet
  after?: ReactNode // what sticks to the foot of the screen: SaveBar
  children: ReactNode
}

/** A page without sections: signing in, the first set-up, errors for nobody. */
export function Door({ children }: { children: ReactNode }) {
  const t = webWords.in(useLanguage())
  return (
    <main className="door" id="main">
      <p className="brand">{t('appName')}</p>
      <Toast />
      {children}
      <div className="prefs sm">
        <Preferences />
      </div>
    </main>
  )
}

/** The small line above the heading that names the campaign or the task. */
export function Eyebrow({ children }: { children: ReactNode }) {
  return <p className="eyebrow">{children}</p>
}

/** What needs attention, under the heading. */
export function Lede({ children }: { children: ReactNode }) {
  return <p className="lede">{children}</p>
}

/** The twelve columns under the heading; put Column into it. */
export function Grid({ children }: { children: ReactNode }) {
  return <div className="g">{children}</div>
}

/** A section of the page, `span` columns of twelve wide on a desk, with its heading and at most one action beside it. */
export function Column({ span, id, title, action, isTall, children }: ColumnProps) {
  return (
    <section className={isTall ? `c${span} tall` : `c${span}`} aria-labelledby={`${id}-title`} id={id}>
      <div className="h2row">
        <h2 id={`${id}-title`}>{title}</h2>
        {action}
      </div>
      {children}
    </section>
  )
}

type ColumnProps = { span: 4 | 5 | 6 | 7 | 8 | 12; id: string; title: ReactNode; action?: ReactNode; isTall?: boolean; children?: ReactNode }

function SkipLink() {
  const t = webWords.in(useLanguage())
  return (
    <a className="skip" href="#main">
      {t('skip')}
    </a>
  )
}

/** On every page while somebody works in another's place: who, for whom, and the way out. */
function ActingBar() {
  const { viewer } = useRoot()
  const t = actingBarWords.in(useLanguage())
  if (!viewer?.actedBy) return null
  return (
    <section className="acting-bar" aria-label={t('label')}>
      <div className="wrap">
        <p>
          <b>{t('bar', { helper: viewer.actedBy.name, helped: viewer.name })}</b> <span className="sm">{t('bar_hint')}</span>
        </p>
        <form method="post" action="/acting/mode?do=leave">
          <button className="btn" type="submit">
            {t('leave')}
          </button>
        </form>
      </div>
    </section>
  )
}

function TopBar({ section, backHref }: { section: string | undefined; backHref: string | undefined }) {
  const { sections, viewer } = useRoot()
  const t = webWords.in(useLanguage())
  return (
    <header className="bar">
      <div className="wrap">
        {backHref && (
          <a className="back only-phone" href={backHref}>
            <Icon shape="left" />
            {t('back')}
          </a>
        )}
        <a className={backHref ? 'brand desk' : 'brand'} href="/">
          {t('appName')}
        </a>
        <nav aria-label={t('sections')}>
          {sections.filter((item) => item.isInBar).map((item) => (
            <a key={item.key} href={item.href} aria-current={item.key === section ? 'page' : undefined}>
              {item.label}
            </a>
          ))}
        </nav>
        <div className="me">
          {viewer && viewer.offices.length > 0 && (
            <a href="/people" data-palette data-label={t('goAnywhere')} data-nothing={t('nothingFound')} data-away={t('searchAway')} aria-keyshortcuts="Control+K">
              {t('goTo')} <kbd>Ctrl K</kbd>
            </a>
          )}
          {viewer ? (
            <a href="/me">
              {viewer.name}
              {viewer.offices[0] && <span className="vh">, {viewer.offices[0].unitName}</span>}
            </a>
          ) : (
            <a href="/sign-in">{t('signIn')}</a>
          )}
        </div>
        <Bell />
        {backHref ? (
          <a className="to-menu brand" href="/">
            {t('appName')}
          </a>
        ) : (
          <a className="to-menu" href="#menu">
            {t('menu')}
          </a>
        )}
      </div>
    </header>
  )
}

/** How many notices are unread; script keeps the number as it is, without script it is that of when the page was asked for. */
function Bell() {
  const { viewer, unread } = useRoot()
  const t = webWords.in(useLanguage())
  if (!viewer) return null
  return (
    <a
      className="bell"
      href="/notices"
      aria-label={unread > 0 ? t('noticesUnread', { unread: shownUnread(unread) }) : t('notices')}
      data-bell={viewer.actedBy ? 'poll' : 'stream'}
      data-none={t('notices')}
      data-some={t('noticesUnread', { unread: '…' })}
    >
      <Icon shape="bell" />
      <span className="n" hidden={unread === 0}>
        {shownUnread(unread)}
      </span>
    </a>
  )
}

const shownUnread = (unread: number) => (unread > 99 ? '99+' : String(unread))

function Toast() {
  const { toast } = useRoot()
  const t = webWords.in(useLanguage())
  if (!toast) return null
  return (
    <div className="toast" role="status">
      <span>
        {toast.sentence}
        {toast.receipt !== null && (
          <>
            {' '}
            {t('receipt')} <Figures>{toast.receipt}</Figures>
          </>
        )}
      </span>
      {toast.undo && (
        <form method="post" action={toast.undo.action}>
          {Object.entries(toast.undo.fields).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <button type="submit">{t('undo')}</button>
        </form>
      )}
    </div>
  )
}

function Foot() {
  const { sections, viewer, path } = useRoot()
  const t = webWords.in(useLanguage())
  return (
    <footer className="foot" id="menu">
      <nav className="wrap" aria-label={t('foot')}>
        {sections.map((item) => (
          <a key={item.key} className={item.isInBar ? 'phone' : undefined} href={item.href}>
            {item.label}
          </a>
        ))}
        {viewer && <a href="/guide">{t('guide')}</a>}
        {viewer && <a href="/rights">{t('whatISee')}</a>}
        {viewer && <a href="/me/security">{t('security')}</a>}
        <Preferences />
        {viewer ? (
          <form method="post" action="/sign-out" data-sign-out>
            <button type="submit">{t('signOut')}</button>
          </form>
        ) : (
          <a href={`/sign-in?to=${encodeURIComponent(path)}`}>{t('signIn')}</a>
        )}
      </nav>
    </footer>
  )
}

/** Size of letters and language: kept in cookies by a post, then back to where one was. */
function Preferences() {
  const { language, type, path } = useRoot()
  const t = webWords.in(language)
  return (
    <form method="post" action="/preferences" className="prefs">
      <input type="hidden" name="back" value={path} />
      <button type="submit" name="type" value={type === 'large' ? 'normal' : 'large'}>
        {t(type === 'large' ? 'normalType' : 'largeType')}
      </button>
      <button type="submit" name="language" value={language === 'vi' ? 'en' : 'vi'} lang={language === 'vi' ? 'en' : 'vi'}>
        {t('otherLanguage')}
      </button>
    </form>
  )
}
