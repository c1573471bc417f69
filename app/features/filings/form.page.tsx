import type { Route } from './+types/form.page'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import type { Language } from '../../platform/i18n.ts'
import { addressOf } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { DataTable } from '../../web/data-table.tsx'
import { DayText, Tag } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { Notice } from '../../web/notice.tsx'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { nameOf } from '../indicators/register.server.ts'
import { placeOf } from '../units/place.server.ts'
import { filingPageWords } from './filing-pages.messages.ts'
import { Parts } from './filing-parts.tsx'
import { titled } from './filing-wording.ts'
import { FormRetirement } from './filings.schema.ts'
import { formById, retireForm } from './forms.server.ts'
import { roundsOfForm } from './round-views.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const { tx, viewer } = ctx
    const form = await formById(tx, idOf(params.id))
    const place = await placeOf(ctx, url.searchParams.get('unit'), viewer.today)
    const [here, maker] = [await chainOf(tx, place.unit.id, viewer.today), await chainOf(tx, form.unitId, viewer.today)]
    const indicators = form.sections.flatMap((section) => section.indicators)
    return {
      form,
      place,
      sections: form.sections.map((section) => ({ ...section, indicators: section.indicators.map((one) => ({ key: one.key, name: titled(nameOf(one)(language)), isDeclared: one.isDeclared })) })),
      figures: indicators.length,
      declared: indicators.filter((one) => one.isDeclared).length,
      texts: form.sections.filter((section) => section.kind !== 'figures').length,
      rounds: await roundsOfForm(tx, form.id),
      mayOpen: reasonAgainst(viewer, 'open a round', here) === null && place.unitsBeneath.length > 0,
      mayRetire: reasonAgainst(viewer, 'make report forms', maker) === null,
    }
  })

export const action = (args: Route.ActionArgs) => write(args, FormRetirement, retireForm, { to: () => `/forms/${args.params.id}`, saved: () => filingPageWords.say('formRetiredSaved') })

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  return [{ title: `${loaderData?.form.name ?? ''} · ${webWords.in(language)('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function FormPage({ loaderData, actionData }: Route.ComponentProps) {
  const { form, place, sections, figures, declared, texts, rounds, mayOpen, mayRetire } = loaderData
  const t = filingPageWords.in(useLanguage())
  const isRetired = form.retiredAt !== null
  return (
    <Shell section="report" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} unitHref={(code) => addressOf('/forms', { unit: code })}>
      <Parts current="forms" unit={place.unit.code} />
      <Eyebrow>{t('formEyebrow', { kind: t(`form.${form.kind}`), unit: form.unitName })}</Eyebrow>
      <h1>{form.name}</h1>
      <Lede>{t('formTyped', { figures, declared, texts })}</Lede>
      {isRetired && <Notice>{t('formRetired')}</Notice>}
      {mayOpen && !isRetired && (
        <Buttons>
          <ButtonLink kind="primary" href={`/rounds/new?form=${form.id}`}>
            {t('formOpenRound')}
          </ButtonLink>
        </Buttons>
      )}
      {actionData && <Notice isAttention role="alert">{Object.values(actionData.problems).join(' ')}</Notice>}
      <Grid>
        <Column span={7} id="sections" title={t('columnSections')}>
          {sections.map((section, index) => (
            <Section key={section.id} {...section} number={index + 1} />
          ))}
        </Column>
        <Column span={5} id="rounds" title={t('formRounds')}>
          <Rounds rounds={rounds} />
        </Column>
        {mayRetire && !isRetired && (
          <Column span={7} id="retire" title={t('formRetire')}>
            <details>
              <summary className="sm">{t('formRetire')}…</summary>
              <form method="post">
                <input type="hidden" name="formId" value={form.id} />
                <p className="sm q2">{t('formRetireLead')}</p>
                <Buttons>
                  <Button>{t('formRetireButton', { name: form.name })}</Button>
                </Buttons>
              </form>
            </details>
          </Column>
        )}
      </Grid>
    </Shell>
  )
}

function Section({ title, kind, indicators, number }: Data['sections'][number] & { number: number }) {
  const t = filingPageWords.in(useLanguage())
  return (
    <section className="form-part">
      <h3>
        {number}. {title}
      </h3>
      {kind === 'figures' ? (
        <ul className="people">
          {indicators.map((one) => (
            <li key={one.key}>
              <span>{one.name}</span>
              {one.isDeclared ? <Tag>{t('source.declared')}</Tag> : <span className="sm q3">{t('source.counted')}</span>}
            </li>
          ))}
        </ul>
      ) : (
        <p className="sm q2">{t('writtenPart')}</p>
      )}
    </section>
  )
}

function Rounds({ rounds }: Pick<Data, 'rounds'>) {
  const t = filingPageWords.in(useLanguage())
  if (rounds.length === 0) return <p className="sm q2">{t('formRoundsNone')}</p>
  return (
    <DataTable
      columns={[{ label: t('columnRound') }, { label: t('columnAsOf'), isFigure: true }, { label: t('columnReceived'), isFigure: true }]}
      rows={rounds.map((round) => ({
        id: round.id,
        cells: [
          <a key="name" href={`/rounds/${round.id}`}>
            {round.name}
          </a>,
          <DayText key="as-of" day={round.asOf} />,
          round.consolidated ? t('acceptedOf', { accepted: round.received, expected: round.expected }) : '',
        ],
        note: round.unitName,
      }))}
    />
  )
}
