import type { Route } from './+types/units.page'
import type { Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { unitAddress } from '../../web/addresses.ts'
import { dayAsked } from '../../web/as-of.ts'
import { Button } from '../../web/button.tsx'
import { Field } from '../../web/field.tsx'
import { useLanguage } from '../../web/language.ts'
import { EmptyState } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Column, Grid, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { ownUnit } from './place.server.ts'
import { unitWords } from './units.messages.ts'
import { searchUnits, trailOf, unitsBeneath, withPlaces, type Unit } from './units.server.ts'

const most = 50

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const { asOf } = dayAsked(url, ctx.viewer.today, language)
    const hasDay = url.searchParams.has('asOf')
    const words = (url.searchParams.get('q') ?? '').trim().slice(0, 200)
    const found = words ? await searchUnits(ctx.tx, words, most + 1) : []
    const own = await ownUnit(ctx)
    return {
      asOf: hasDay ? asOf : null,
      words,
      hasMore: found.length > most,
      found: await withPlaces(ctx.tx, found.slice(0, most), asOf),
      own: own && named(own),
      tops: await treeOf(ctx, own, asOf),
    }
  })

const named = ({ code, name, kind }: Unit) => ({ code, name, kind })

/** The top of the tree with the units beneath it, and beneath each of those what stands there, as the viewer sees it. */
async function treeOf({ tx }: Ctx, own: Unit | null, day: Day) {
  const top = own ? ((await trailOf(tx, own.id, day))[0] ?? own) : null
  if (!top) return null
  const units = await unitsBeneath(tx, top.id, day)
  return { ...named(top), units: units.map(named) }
}

export function meta({ matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  return [{ title: `${unitWords.in(language)('title')} · ${webWords.in(language)('appName')}` }]
}

export default function UnitsPage({ loaderData }: Route.ComponentProps) {
  const { asOf, words, found, hasMore, own, tops } = loaderData
  const t = unitWords.in(useLanguage())
  const kind = (key: string) => t(`kind.${key}` as 'kind.cell')
  return (
    <Shell section="units">
      <h1>{t('heading')}</h1>
      <form method="get" action="/units" className="search">
        {asOf && <input type="hidden" name="asOf" value={asOf} />}
        <Field name="q" type="search" label={t('find')} hint={t('findHint')} value={words} maxLength={200} />
        <Button kind="primary">{t('search')}</Button>
      </form>
      <Grid>
        {words && (
          <Column span={12} id="found" title={found.length === 0 ? t('foundNone', { words }) : hasMore ? t('foundMany', { words, count: found.length }) : t('found', { words, count: found.length })}>
            {found.length === 0 && <p className="q2">{t('foundNoneHint')}</p>}
            <ul className="rights" data-found>
              {found.map((unit) => (
                <li key={unit.code}>
                  <b><a href={unitAddress(unit.code, asOf)}>{unit.name}</a></b>
                  <p>{[kind(unit.kind), unit.above].filter(Boolean).join(' · ')}</p>
                </li>
              ))}
            </ul>
          </Column>
        )}
        {tops ? (
          <Column span={12} id="tree" title={t('fromTop')}>
            <p className="before-table">
              <b><a href={unitAddress(tops.code, asOf)}>{tops.name}</a></b>
              {own && own.code !== tops.code && (
                <span className="q2">
                  {' '}
                  · {t('own')}: <a href={unitAddress(own.code, asOf)}>{own.name}</a>
                </span>
              )}
            </p>
            <ul className="names">
              {tops.units.map((unit) => (
                <li key={unit.code}>
                  <a href={unitAddress(unit.code, asOf)}>{unit.name}</a>
                </li>
              ))}
            </ul>
          </Column>
        ) : (
          <Column span={12} id="tree" title={t('fromTop')}>
            <EmptyState title={t('none')}>{t('noneHint')}</EmptyState>
          </Column>
        )}
      </Grid>
    </Shell>
  )
}
