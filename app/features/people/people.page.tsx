import type { Route } from './+types/people.page'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { showDay } from '../../platform/clock.ts'
import { addressOf, unitAddress } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { DataTable, Pagination } from '../../web/data-table.tsx'
import { Field } from '../../web/field.tsx'
import { Figures, PersonName } from '../../web/figure.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { read } from '../../web/read.server.ts'
import { Column, Grid, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { ownUnit } from '../units/place.server.ts'
import { searchUnits, withPlaces } from '../units/units.server.ts'
import { peopleWords } from './people.messages.ts'
import { searchPeople } from './people.server.ts'

const onOnePage = 50
const unitsShown = 10

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url }) => {
    const { tx, viewer } = ctx
    const words = (url.searchParams.get('q') ?? '').trim().slice(0, 200)
    const page = Math.max(1, Math.min(1000, Number(url.searchParams.get('page')) || 1))
    const own = await ownUnit(ctx)
    const found = await searchPeople(tx, words, { limit: onOnePage, offset: (page - 1) * onOnePage })
    const units = words && page === 1 ? await searchUnits(tx, words, unitsShown + 1) : []
    return {
      words,
      page,
      ...found,
      pages: Math.ceil(found.total / onOnePage),
      units: await withPlaces(tx, units.slice(0, unitsShown), viewer.today),
      hasMoreUnits: units.length > unitsShown,
      own: own && { code: own.code, name: own.name },
      mayKeep: own !== null && reasonAgainst(viewer, 'keep members', await chainOf(tx, own.id, viewer.today)) === null,
    }
  })

export function meta({ matches }: Route.MetaArgs) {
  return [{ title: `${peopleWords.in(languageIn(matches))('members')} · ${webWords.in(languageIn(matches))('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function PeoplePage({ loaderData }: Route.ComponentProps) {
  const { words, own, mayKeep } = loaderData
  const t = peopleWords.in(useLanguage())
  return (
    <Shell section="people">
      <h1>{!words ? t('findTitle') : loaderData.total === 0 ? t('foundNobody', { words }) : t('foundPeople', { count: loaderData.total, words })}</h1>
      <form method="get" action="/people" className="search" role="search">
        <Field name="q" type="search" label={t('findLabel')} hint={t('findHint')} value={words} maxLength={200} />
        <Button kind="primary">{t('find')}</Button>
      </form>
      {own && (
        <div className="after-lede">
          <Buttons>
            <ButtonLink href={`/units/${own.code}/people`}>{t('toOwnMembers', { unit: own.name })}</ButtonLink>
            {mayKeep && <ButtonLink href={addressOf('/people/new', { unit: own.code })}>{t('addMember')}</ButtonLink>}
            {mayKeep && <ButtonLink href="/people/duplicates">{t('toDuplicates')}</ButtonLink>}
          </Buttons>
        </div>
      )}
      {words && (
        <Grid>
          <People {...loaderData} />
          <Units {...loaderData} />
        </Grid>
      )}
    </Shell>
  )
}

function People({ words, people, total, isMore, page, pages }: Data) {
  const t = peopleWords.in(useLanguage())
  return (
    <Column span={8} id="people" title={t('members')}>
      {total === 0 && <p className="q2">{t('foundNobodyHint')}</p>}
      {isMore && <p className="q2">{t('foundManyHint', { count: total })}</p>}
      {people.length > 0 && (
        <DataTable
          caption={t('members')}
          isCaptionHidden
          columns={[{ label: t('columnName') }, { label: t('membership') }, { label: t('card'), isFigure: true, isDeskOnly: true }]}
          rows={people.map((person) => ({
            id: person.personId,
            note: person.bornOn && <Figures>{showDay(person.bornOn)}</Figures>,
            cells: [
              <a key="name" href={`/people/${person.personId}`}>
                <PersonName name={person.name} />
              </a>,
              person.unitCode ? (
                <span key="unit">
                  <a href={`/units/${person.unitCode}/people`}>{person.unitName}</a>
                  {person.aboveName && <span className="sub xs q3">{person.aboveName}</span>}
                </span>
              ) : (
                ''
              ),
              person.cardNumber ?? '',
            ],
          }))}
        />
      )}
      <Pagination page={page} pages={pages} hrefOf={(number) => addressOf('/people', { q: words, page: String(number) })} />
    </Column>
  )
}

function Units({ words, units, hasMoreUnits }: Data) {
  const t = peopleWords.in(useLanguage())
  if (units.length === 0) return null
  return (
    <Column span={4} id="units" title={t('foundUnits')}>
      <ul className="rights">
        {units.map((unit) => (
          <li key={unit.code}>
            <a href={unitAddress(unit.code)}>{unit.name}</a>
            {unit.above && <p>{unit.above}</p>}
          </li>
        ))}
      </ul>
      {hasMoreUnits && (
        <p className="sm after-lede">
          <a href={addressOf('/units', { q: words })}>{t('moreUnits')}</a>
        </p>
      )}
    </Column>
  )
}
