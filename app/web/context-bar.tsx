import { Fragment } from 'react'
import { useLocation } from 'react-router'
import { showDay, type Day } from '../platform/clock.ts'
import { Button } from './button.tsx'
import { Field } from './field.tsx'
import { Icon } from './icon.tsx'
import { useLanguage } from './language.ts'
import { webWords } from './web.messages.ts'

/** A unit in the breadcrumb or among those beneath. */
export type PlaceUnit = { code: string; name: string }

/**
 * Where one is in the tree and as of which day. Both open in place and change one part of the address while keeping the
 * other, so that a page can be sent to a colleague.
 */
export function ContextBar({ trail, beneath, asOf, problem, hrefOf, isDeskOnly }: ContextBarProps) {
  const t = webWords.in(useLanguage())
  const { pathname, search } = useLocation()
  const current = trail.at(-1)!
  const above = trail.slice(0, -1)
  const unitHref = (code: string) => {
    const [path, query] = (hrefOf?.(code) ?? `${pathname}?unit=${encodeURIComponent(code)}`).split('?')
    return `${path}?${merged(search, query ?? '')}`
  }
  return (
    <nav className={isDeskOnly ? 'ctx desk' : 'ctx'} aria-label={t('place')}>
      <div className="wrap">
        <ol className="crumbs" aria-label={t('unitShown')}>
          {above.map((unit) => (
            <li key={unit.code}>
              <a href={unitHref(unit.code)}>{unit.name}</a>
            </li>
          ))}
          <li>
            <details className="pop">
              <summary className="pick">
                <span className="lab only-phone">{t('unit')}</span>
                <b>{current.name}</b>
                <Icon shape="down" />
              </summary>
              <div className="popped">
                {above.length > 0 && <Units title={t('unitsAbove')} units={above} hrefOf={unitHref} />}
                {beneath.length > 8 && <input type="search" hidden data-needs-script data-filter="units-beneath" placeholder={t('unitsFilter')} aria-label={t('unitsFilter')} />}
                {beneath.length > 0 ? <Units id="units-beneath" title={t('unitsBeneath')} units={beneath} hrefOf={unitHref} /> : <p className="sm q3">{t('noUnitsBeneath')}</p>}
                <p className="sm more">
                  <a href={`/units${asOf ? `?asOf=${asOf}` : ''}`}>{t('findUnit')}</a>
                </p>
              </div>
            </details>
          </li>
        </ol>
        {asOf && (
          <details className="pop day" open={Boolean(problem)}>
            <summary className="pick">
              <span className="lab">{t('asOf')}</span>
              <b className="n">{showDay(asOf)}</b>
              <Icon shape="down" />
            </summary>
            <form className="popped" method="get" action={pathname}>
              {[...new URLSearchParams(search)].map(([name, value], index) => name !== 'asOf' && <input key={index} type="hidden" name={name} value={value} />)}
              <Field id="as-of" name="asOf" label={t('asOf')} hint={t('dayHint')} problem={problem} value={showDay(asOf)} inputMode="numeric" autoComplete="off" maxLength={10} />
              <Button>{t('dayShow')}</Button>
            </form>
          </details>
        )}
      </div>
    </nav>
  )
}

type ContextBarProps = {
  trail: PlaceUnit[]
  beneath: PlaceUnit[]
  asOf: Day | null
  problem?: string | null | undefined
  hrefOf?: ((code: string) => string) | undefined
  isDeskOnly?: boolean
}

function Units({ id, title, units, hrefOf }: { id?: string; title: string; units: PlaceUnit[]; hrefOf: (code: string) => string }) {
  return (
    <Fragment>
      <p className="xs q3">{title}</p>
      <ul id={id}>
        {units.map((unit) => (
          <li key={unit.code}>
            <a href={hrefOf(unit.code)}>{unit.name}</a>
          </li>
        ))}
      </ul>
    </Fragment>
  )
}

// Of the present query only the day and the campaign go along to another unit: a page number or a figure of this one does not.
function merged(search: string, query: string): URLSearchParams {
  const params = new URLSearchParams(query)
  const present = new URLSearchParams(search)
  for (const name of ['asOf', 'campaign', 'resolution', 'sort']) {
    const value = present.get(name)
    if (value !== null && !params.has(name)) params.set(name, value)
  }
  return params
}
