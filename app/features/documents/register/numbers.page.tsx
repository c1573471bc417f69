import type { Route } from './+types/numbers.page'
import { chainOf, reasonAgainst } from '../../../permissions/permissions.ts'
import { whyNot } from '../../../permissions/who-could.server.ts'
import { showDay } from '../../../platform/clock.ts'
import { Button, Buttons } from '../../../web/button.tsx'
import { DataTable } from '../../../web/data-table.tsx'
import { DayField, Field } from '../../../web/field.tsx'
import { DayText, Figures } from '../../../web/figure.tsx'
import { languageIn, useLanguage } from '../../../web/language.ts'
import { EmptyState, Notice, ProblemList } from '../../../web/notice.tsx'
import { read } from '../../../web/read.server.ts'
import { Column, Eyebrow, Grid, Shell } from '../../../web/shell.tsx'
import { webWords } from '../../../web/web.messages.ts'
import { write } from '../../../web/write.server.ts'
import { placeOf } from '../../units/place.server.ts'
import { CommitteeTerm } from '../numbers/numbers.schema.ts'
import { numbersUsedTwice, seriesOfUnit } from '../numbers/series-list.server.ts'
import { keepTerm, termsOf } from '../numbers/terms.server.ts'
import { shown } from './document-forms.tsx'
import { registerWords } from './register.messages.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const { tx, viewer } = ctx
    const place = await placeOf(ctx, url.searchParams.get('unit'), viewer.today)
    const reason = reasonAgainst(viewer, 'keep documents', await chainOf(tx, place.unit.id, viewer.today))
    return { place, series: await seriesOfUnit(tx, place.unit.id), twice: await numbersUsedTwice(tx, place.unit.id), terms: await termsOf(tx, place.unit.id), reasonAgainst: await whyNot(tx, reason, language) }
  })

export const action = (args: Route.ActionArgs) => write(args, CommitteeTerm, keepTerm, { saved: (_, { name }) => registerWords.say('termSaved', { name }) })

export function meta({ loaderData, matches }: Route.MetaArgs) {
  return [{ title: `${registerWords.in(languageIn(matches))('toNumbers')} · ${loaderData?.place.unit.name ?? ''} · ${webWords.in(languageIn(matches))('appName')}` }]
}

type Page = Route.ComponentProps

export default function NumbersPage({ loaderData, actionData }: Page) {
  const { place, series, twice, terms, reasonAgainst: reason } = loaderData
  const t = registerWords.in(useLanguage())
  const missing = series.reduce((sum, one) => sum + one.gaps.length, 0)
  return (
    <Shell section="documents" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} unitHref={(code) => `/documents/numbers?unit=${code}`}>
      <Eyebrow>{place.unit.name}</Eyebrow>
      <h1>{series.length === 0 ? t('numbersNone') : missing + twice.length === 0 ? t('numbersWhole', { count: series.length }) : twice.length === 0 ? t('numbersMissing', { missing }) : t('numbersFaults', { missing, twice: twice.length })}</h1>
      <ProblemList problems={actionData?.problems} />
      <Grid>
        <Column span={8} id="series" title={t('series')}>
          {series.length === 0 ? <EmptyState title={t('numbersNone')}>{t('numbersNoneBody')}</EmptyState> : <Series {...loaderData} />}
          <Twice {...loaderData} />
        </Column>
        <Column span={4} id="terms" title={t('terms')}>
          <p className="sm q2">{t('termsHint')}</p>
          <ul className="plain">
            {terms.map((term) => (
              <li key={term.id}>
                <b>{term.name}</b>
                <span className="sub sm q2">{t(term.untilDay ? 'termDays' : 'termSince', { from: showDay(term.fromDay), until: term.untilDay ? showDay(term.untilDay) : '', count: term.documents })}</span>
                {!reason && (
                  <details className="guests">
                    <summary className="sm q2">{t('termChange')}</summary>
                    <TermForm {...loaderData} term={term} actionData={actionData?.values['id'] === term.id ? actionData : undefined} />
                  </details>
                )}
              </li>
            ))}
          </ul>
          {reason ? <Notice>{reason}</Notice> : <TermForm {...loaderData} actionData={actionData?.values['id'] ? undefined : actionData} />}
        </Column>
      </Grid>
    </Shell>
  )
}

function Series({ series }: Page['loaderData']) {
  const t = registerWords.in(useLanguage())
  return (
    <DataTable
      isCards
      columns={[{ label: t('seriesName') }, { label: t('seriesTerm') }, { label: t('seriesLast'), isFigure: true }, { label: t('seriesMissing') }, { label: t('seriesLastOn') }]}
      rows={series.map((one) => ({
        id: `${one.series} ${one.termName ?? ''} ${one.year ?? ''}`,
        cells: [
          <Figures key="series">{one.series}</Figures>,
          one.termName ?? (one.year ? t('year', { year: String(one.year) }) : t('noTermShort')),
          <Figures key="last">{one.last}</Figures>,
          one.gaps.length > 0 ? <span key="gaps" className="attn">{t('missing', { gaps: shown(one.gaps) })}</span> : t('missingNone'),
          <DayText key="day" day={one.lastOn} />,
        ],
      }))}
    />
  )
}

function Twice({ twice }: Page['loaderData']) {
  const t = registerWords.in(useLanguage())
  if (twice.length === 0) return null
  return (
    <Notice isAttention title={t('usedTwice', { count: twice.length })}>
      <ul>
        {twice.map((one) => (
          <li key={one.ids.join()}>
            {t('usedTwiceLine', { number: String(one.number), series: one.series, issuer: one.issuer })}{' '}
            {one.ids.map((id, at) => (
              <span key={id}>
                <a href={`/documents/${id}`}>{showDay(one.days[at]!)}</a>{' '}
              </span>
            ))}
          </li>
        ))}
      </ul>
    </Notice>
  )
}

function TermForm({ place, actionData, term }: Page['loaderData'] & { actionData: Page['actionData']; term?: Page['loaderData']['terms'][number] }) {
  const t = registerWords.in(useLanguage())
  const typed = (name: string, first: string) => actionData?.values[name] ?? first
  const id = (name: string) => (term ? `${name}-${term.id}` : name)
  return (
    <form method="post" action={`/documents/numbers?unit=${place.unit.code}`}>
      <input type="hidden" name="unitCode" value={place.unit.code} />
      {term && <input type="hidden" name="id" value={term.id} />}
      {term && <input type="hidden" name="version" value={term.version} />}
      <Field id={id('name')} name="name" label={t('termName')} hint={t('termNameHint')} value={typed('name', term?.name ?? '')} problem={actionData?.problems['name']} isRequired maxLength={300} autoComplete="off" />
      <div className="two">
        <DayField id={id('fromDay')} name="fromDay" label={t('termFrom')} value={typed('fromDay', term ? showDay(term.fromDay) : '')} problem={actionData?.problems['fromDay']} isRequired />
        <DayField id={id('untilDay')} name="untilDay" label={t('termUntil')} value={typed('untilDay', term?.untilDay ? showDay(term.untilDay) : '')} problem={actionData?.problems['untilDay']} />
      </div>
      <Buttons>
        <Button>{t(term ? 'termChangeSave' : 'termSave')}</Button>
      </Buttons>
    </form>
  )
}
