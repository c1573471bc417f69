import { z } from 'zod'
import type { Route } from './+types/indicators.page'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { showDay } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { addressOf } from '../../web/addresses.ts'
import { Button, Buttons } from '../../web/button.tsx'
import { DataTable } from '../../web/data-table.tsx'
import { CheckField, Field, SelectField, TextField, Tick } from '../../web/field.tsx'
import { Tag } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { currentCampaign } from '../campaigns/campaigns.server.ts'
import { indicatorWords } from '../indicators/indicators.messages.ts'
import { BreakdownInput, IndicatorInput, keyFrom, UnitOfCount } from '../indicators/indicators.schema.ts'
import { addBreakdown, addIndicator, breakdowns, nameOf, registered, registeredFor, relationsAmong, type Breakdown, type Registered } from '../indicators/register.server.ts'
import { placeOf } from '../units/place.server.ts'
import { filingPageWords } from './filing-pages.messages.ts'
import { Parts } from './filing-parts.tsx'
import { titled } from './filing-wording.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const { tx, viewer } = ctx
    const place = await placeOf(ctx, url.searchParams.get('unit'), viewer.today)
    const chain = await chainOf(tx, place.unit.id, viewer.today)
    const all = await registered(tx)
    const relations = await relationsAmong(tx, all.map((one) => one.key))
    const owners = all.flatMap((one) => (one.unitId ? [one.unitId] : []))
    const units = owners.length > 0 ? await tx.selectFrom('unit').select(['id', 'name']).where('id', 'in', owners).execute() : []
    const taken = await breakdowns(tx)
    const unitName = (id: string) => units.find((unit) => unit.id === id)?.name ?? ''
    const names = new Map(all.map((one) => [one.key, titled(nameOf(one)(language))]))
    const campaign = await currentCampaign(tx, null)
    return {
      place,
      counted: all.filter((one) => !one.isDeclared).length,
      declared: all.filter((one) => one.isDeclared && !one.isPart).length,
      asked: url.searchParams.get('do'),
      wholes: (await registeredFor(tx, place.unit.id, chain)).filter((one) => !one.isPart).map((one) => ({ value: one.key, label: names.get(one.key)! })),
      indicators: all.filter((one) => !one.isPart).map((one) => ({
        ...one,
        title: names.get(one.key)!,
        baseTitle: one.base && names.get(one.base)!,
        means: [one.unitId ? null : meansOf(one.key, campaign?.openedOn ?? null, language), takenApart(one, taken.filter((each) => each.indicator === one.key), unitName, language)].filter(Boolean).join(' ') || null,
        owner: one.unitId && unitName(one.unitId),
        relations: relations.filter((relation) => relation.indicator === one.key && !(relation.kind === 'part_of' && relation.other === one.base)).map((relation) => ({ kind: relation.kind, other: names.get(relation.other)! })),
      })),
      reasonAgainst: await whyNot(tx, reasonAgainst(viewer, 'make report forms', chain), language),
    }
  })

/** "Phân tổ: theo đối tượng; theo giới tính (nam, nữ; cộng đủ; Quận ủy Ninh Kiều)." */
function takenApart({ key, dimensions }: Registered, of: Breakdown[], unitName: (id: string) => string, language: Language): string | null {
  const t = filingPageWords.in(language)
  const byRecords = dimensions.map((one) => t(`dimension.${one === 'kind' && key === 'non-member-attendances' ? 'people' : (one as 'kind')}`))
  const byUnits = of.map((one) => t(one.isComplete ? 'breakdownShownComplete' : 'breakdownShown', { name: one.name, parts: one.parts.map((part) => part.name).join(', '), unit: unitName(one.unitId) }))
  const list = [...byRecords, ...byUnits].join('; ')
  return list && t('breakdowns', { list })
}

function meansOf(key: string, openedOn: string | null, language: Language): string | null {
  const t = filingPageWords.in(language)
  if (!(`means.${key}` in indicatorWords.catalogues.vi)) return null
  return indicatorWords.in(language)(`means.${key}` as 'means.studied', { day: t('dayOfFigures'), openedOn: openedOn ? showDay(openedOn) : t('dayOfOpening') })
}

/** Officials name a figure; its key follows from the name unless they write another. */
const NamedIndicator = z.preprocess((value) => {
  if (!value || typeof value !== 'object') return value
  const { key, name } = value as { key?: unknown; name?: unknown }
  return { ...value, key: typeof key === 'string' && key.trim() !== '' ? key : keyFrom(typeof name === 'string' ? name : '') }
}, IndicatorInput)

export function action(args: Route.ActionArgs) {
  const to = (_: unknown, { unitCode }: { unitCode: string }) => addressOf('/indicators', { unit: unitCode })
  if (new URL(args.request.url).searchParams.get('do') === 'breakdown') {
    return write(args, BreakdownInput, addBreakdown, { to, saved: (_, input) => filingPageWords.say('breakdownSaved', { name: input.title }) })
  }
  return write(args, NamedIndicator, addIndicator, { to, saved: (_, input) => filingPageWords.say('indicatorSaved', { name: input.name }) })
}

export function meta({ matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  return [{ title: `${filingPageWords.in(language)('toIndicators')} · ${webWords.in(language)('appName')}` }]
}

type Page = Route.ComponentProps

export default function IndicatorsPage({ loaderData, actionData }: Page) {
  const { place, counted, declared, reasonAgainst: reason } = loaderData
  const t = filingPageWords.in(useLanguage())
  return (
    <Shell section="report" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath}>
      <Parts current="indicators" unit={place.unit.code} />
      <Eyebrow>{`${t('toIndicators')} · ${place.unit.name}`}</Eyebrow>
      <h1>{declared > 0 ? t('indicatorsTitle', { counted, declared }) : t('indicatorsTitleNone', { counted })}</h1>
      <Lede>{t('indicatorsLead')}</Lede>
      <div className="after-table">
        <Register {...loaderData} />
      </div>
      <Grid>
        <Column span={7} id="add" title={t('indicatorAdd', { unit: place.unit.name })}>
          {reason ? <Notice>{reason}</Notice> : <AddForm loaderData={loaderData} actionData={loaderData.asked === 'breakdown' ? undefined : actionData} />}
        </Column>
        {!reason && (
          <Column span={5} id="take-apart" title={t('breakdownAdd', { unit: place.unit.name })}>
            <BreakdownForm loaderData={loaderData} actionData={loaderData.asked === 'breakdown' ? actionData : undefined} />
          </Column>
        )}
      </Grid>
    </Shell>
  )
}

function Register({ indicators }: Page['loaderData']) {
  const t = filingPageWords.in(useLanguage())
  return (
    <DataTable
      isCards
      columns={[{ label: t('columnIndicator') }, { label: t('columnSource') }, { label: t('columnUnitOfCount') }, { label: t('columnBase') }, { label: t('columnRelations') }, { label: t('columnAddedBy') }]}
      rows={indicators.map((one) => ({
        id: one.key,
        cells: [
          one.title,
          one.isDeclared ? <Tag key="source">{t('source.declared')}</Tag> : <span key="source" className="q3 nb">{t('source.counted')}</span>,
          t(`unit.${one.unitOfCount}`),
          one.baseTitle ?? '',
          one.relations.map((relation) => t(`relation.${relation.kind}`, { other: relation.other })).join('; '),
          one.owner ?? <span key="owner" className="q3">{t('addedByProduct')}</span>,
        ],
        note: one.means,
      }))}
    />
  )
}

function AddForm({ loaderData, actionData }: Pick<Page, 'loaderData' | 'actionData'>) {
  const { place, indicators } = loaderData
  const t = filingPageWords.in(useLanguage())
  const typed = (name: string) => actionData?.values[name] ?? ''
  const problem = (name: string) => actionData?.problems[name]
  const others = indicators.map((one) => ({ value: one.key, label: one.title }))
  const hasRelations = ['partOf', 'notMoreThan'].some((name) => (actionData?.chosen[name] ?? []).length > 0 || problem(name))
  return (
    <form method="post" action={`${addressOf('/indicators', { unit: place.unit.code })}#add`}>
      <p className="sm q2">{t('indicatorAddLead')}</p>
      <ProblemList problems={actionData?.problems} />
      <input type="hidden" name="unitCode" value={place.unit.code} />
      <Field name="name" label={t('indicatorName')} hint={t('indicatorNameHint')} value={typed('name')} problem={problem('name')} isRequired maxLength={300} autoComplete="off" />
      <SelectField name="unitOfCount" label={t('indicatorUnit')} value={typed('unitOfCount')} problem={problem('unitOfCount')} options={UnitOfCount.options.map((unit) => ({ value: unit, label: t(`unit.${unit}`) }))} />
      <SelectField name="base" label={t('indicatorBase')} hint={t('indicatorBaseHint')} value={typed('base')} problem={problem('base')} options={[{ value: '', label: t('indicatorBaseNone') }, ...others]} />
      <details className="part" open={hasRelations}>
        <summary>{t('indicatorRelations')}</summary>
        <p className="sm q2">{t('indicatorRelationHint')}</p>
        <CheckField name="partOf" label={t('indicatorPartOf')} options={others} values={actionData?.chosen['partOf'] ?? []} problem={problem('partOf')} />
        <CheckField name="notMoreThan" label={t('indicatorNotMoreThan')} options={others} values={actionData?.chosen['notMoreThan'] ?? []} problem={problem('notMoreThan')} />
      </details>
      <details className="part" open={problem('key') !== undefined}>
        <summary>{t('indicatorKeyOwn')}</summary>
        <Field name="key" label={t('indicatorKey')} hint={t('indicatorKeyHint')} value={typed('key')} problem={problem('key')} maxLength={64} autoComplete="off" />
      </details>
      <Buttons>
        <Button kind="primary" isWide>
          {t('indicatorSave')}
        </Button>
      </Buttons>
    </form>
  )
}

function BreakdownForm({ loaderData, actionData }: Pick<Page, 'loaderData' | 'actionData'>) {
  const { place, wholes } = loaderData
  const t = filingPageWords.in(useLanguage())
  const typed = (name: string) => actionData?.values[name] ?? ''
  const problem = (name: string) => actionData?.problems[name]
  return (
    <form method="post" action={`${addressOf('/indicators', { unit: place.unit.code, do: 'breakdown' })}#take-apart`}>
      <p className="sm q2">{t('breakdownLead')}</p>
      <ProblemList problems={actionData?.problems} />
      <input type="hidden" name="unitCode" value={place.unit.code} />
      <SelectField name="indicator" label={t('breakdownOf')} value={typed('indicator')} problem={problem('indicator')} options={wholes} />
      <Field name="title" label={t('breakdownName')} hint={t('breakdownNameHint')} value={typed('title')} problem={problem('title')} isRequired maxLength={300} autoComplete="off" />
      <TextField name="parts" label={t('breakdownParts')} hint={t('breakdownPartsHint')} value={typed('parts')} problem={problem('parts')} rows={4} isRequired />
      <Tick name="isComplete" label={t('breakdownComplete')} isTicked={actionData ? (actionData.chosen['isComplete'] ?? []).length > 0 : true} />
      <Buttons>
        <Button isWide>{t('breakdownSave')}</Button>
      </Buttons>
    </form>
  )
}
