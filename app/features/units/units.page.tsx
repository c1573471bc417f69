import type { Route } from './+types/units.page'
import { chainOf, reasonAgainst, type Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { addressOf, unitAddress } from '../../web/addresses.ts'
import { dayAsked } from '../../web/as-of.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { DataTable, Pagination } from '../../web/data-table.tsx'
import { Field } from '../../web/field.tsx'
import { Count } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { EmptyState } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Column, Grid, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { ownUnit } from './place.server.ts'
import { unitWords } from './units.messages.ts'
import { searchUnits, sizesOf, trailOf, unitByCode, unitsBeneath, withPlaces, type Unit } from './units.server.ts'

const most = 50

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const { asOf } = dayAsked(url, ctx.viewer.today, language)
    const hasDay = url.searchParams.has('asOf')
    const words = (url.searchParams.get('q') ?? '').trim().slice(0, 200)
    const page = Math.max(1, Math.min(1000, Number(url.searchParams.get('page')) || 1))
    const found = words ? await searchUnits(ctx.tx, words, most + 1) : []
    const own = await ownUnit(ctx)
    return {
      asOf: hasDay ? asOf : null,
      words,
      hasMore: found.length > most,
      found: await withPlaces(ctx.tx, found.slice(0, most), asOf),
      own: own && named(own),
      branch: await branchOf(ctx, url.searchParams.get('under'), own, asOf, page),
    }
  })

const named = ({ code, name, kind }: Unit) => ({ code, name, kind })

/** The unit one looks beneath, what stands above it, and a page of what stands directly beneath with how large each is. */
async function branchOf({ tx, viewer }: Ctx, code: string | null, own: Unit | null, day: Day, page: number) {
  const start = code ? await unitByCode(tx, code) : own
  if (!start) return null
  const trail = await trailOf(tx, start.id, day)
  const top = code ? start : (trail[0] ?? start)
  const units = await unitsBeneath(tx, top.id, day)
  const shown = units.slice((page - 1) * most, page * most)
  const sizes = await sizesOf(tx, [top.id, ...shown.map((unit) => unit.id)], day)
  return {
    ...named(top),
    above: code ? trail.slice(0, -1).map(named) : [],
    size: sizes.get(top.id) ?? null,
    units: shown.map((unit) => ({ ...named(unit), size: sizes.get(unit.id) ?? null })),
    page,
    pages: Math.ceil(units.length / most),
    mayAdd: reasonAgainst(viewer, 'keep units', await chainOf(tx, top.id, viewer.today)) === null,
  }
}

export function meta({ matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  return [{ title: `${unitWords.in(language)('title')} · ${webWords.in(language)('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function UnitsPage({ loaderData }: Route.ComponentProps) {
  const { asOf, words, found, hasMore, branch } = loaderData
  const t = unitWords.in(useLanguage())
  const kind = (key: string) => t(`kind.${key}` as 'kind.cell')
  return (
    <Shell section="units">
      <h1>{!words ? t('heading') : found.length === 0 ? t('foundNone', { words }) : t(hasMore ? 'foundMany' : 'found', { words, count: found.length })}</h1>
      <form method="get" action="/units" className="search">
        {asOf && <input type="hidden" name="asOf" value={asOf} />}
        <Field name="q" type="search" label={t('find')} hint={t('findHint')} value={words} maxLength={200} />
        <Button kind="primary">{t('search')}</Button>
      </form>
      <Grid>
        {words && (
          <Column span={12} id="found" title={t('foundTitle')}>
            {hasMore && <p className="sm q2">{t('foundFirst', { count: found.length })}</p>}
            {found.length === 0 && <p className="q2">{t('foundNoneHint')}</p>}
            <ul className="rights">
              {found.map((unit) => (
                <li key={unit.code}>
                  <b><a href={unitAddress(unit.code, asOf)}>{unit.name}</a></b>
                  <p>{[kind(unit.kind), unit.above].filter(Boolean).join(' · ')}</p>
                </li>
              ))}
            </ul>
          </Column>
        )}
        {branch ? (
          <Branch {...loaderData} branch={branch} />
        ) : (
          <Column span={12} id="tree" title={t('fromTop')}>
            <EmptyState title={t('none')}>{t('noneHint')}</EmptyState>
          </Column>
        )}
      </Grid>
    </Shell>
  )
}

/** One step of the tree: where one stands, and what is beneath with how many units and members each has. */
function Branch({ asOf, own, branch }: Data & { branch: NonNullable<Data['branch']> }) {
  const t = unitWords.in(useLanguage())
  const { units, above, size, page, pages, mayAdd } = branch
  const under = (code: string) => addressOf('/units', { under: code, asOf }) + '#tree'
  const up = above.at(-1)
  const isDeep = units.some((unit) => unit.size && unit.size.beneath > 0)
  return (
    <Column span={12} id="tree" title={up ? t('browseOf', { unit: branch.name }) : t('fromTop')} action={mayAdd && <ButtonLink href={addressOf('/units/new', { unit: branch.code })}>{t('newUnit')}</ButtonLink>}>
      <p className="before-table">
        {above.map((unit) => (
          <span key={unit.code}>
            <a href={under(unit.code)}>{unit.name}</a> ›{' '}
          </span>
        ))}
        <b>
          <a href={unitAddress(branch.code, asOf)}>{branch.name}</a>
        </b>
        {size && size.members !== null && <span className="q2"> · {t('beneathCount', { units: size.beneath, members: size.members })}</span>}
        {own && own.code !== branch.code && (
          <span className="q2">
            {' '}
            · {t('own')}: <a href={under(own.code)}>{own.name}</a>
          </span>
        )}
      </p>
      {units.length === 0 ? (
        <p className="sm q3">{t('noneBeneath')}</p>
      ) : (
        <DataTable
          caption={t('browseOf', { unit: branch.name })}
          isCaptionHidden
          columns={[{ label: t('columnUnit') }, ...(isDeep ? [{ label: t('columnUnits'), isFigure: true }] : []), { label: t('columnMembers'), isFigure: true }]}
          rows={units.map((unit) => ({
            id: unit.code,
            cells: [
              <a key="unit" href={unitAddress(unit.code, asOf)}>
                {unit.name}
              </a>,
              ...(isDeep ? [unit.size && unit.size.beneath > 0 ? <Count key="beneath" value={unit.size.beneath} href={under(unit.code)} /> : ''] : []),
              unit.size && unit.size.members !== null ? <Count key="members" value={unit.size.members} href={`/units/${unit.code}/people`} /> : '',
            ],
          }))}
        />
      )}
      <Pagination page={page} pages={pages} hrefOf={(number) => addressOf('/units', { under: branch.code, asOf, page: String(number) })} />
      <div className="after-lede noprint">
        <Buttons>
          {up && <ButtonLink href={under(up.code)}>{t('upTo', { unit: up.name })}</ButtonLink>}
        </Buttons>
      </div>
    </Column>
  )
}
