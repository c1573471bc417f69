import type { Route } from './+types/rule.page'
import { whyNot } from '../../permissions/who-could.server.ts'
import { showCount } from '../../figures/figure.ts'
import { showDay, showInstant } from '../../platform/clock.ts'
import { Forbidden, Refused } from '../../platform/errors.ts'
import { addressOf, unitAddress } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { DataTable, Pagination } from '../../web/data-table.tsx'
import { Figures } from '../../web/figure.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { ShareBar } from '../../web/share-bar.tsx'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { DefinitionList, Trail } from '../../web/trail.tsx'
import { webWords } from '../../web/web.messages.ts'
import { parse, write, type Answer } from '../../web/write.server.ts'
import { campaignByCode } from '../campaigns/campaigns.server.ts'
import { placeOf } from '../units/place.server.ts'
import { dutyWords } from './duties.messages.ts'
import { DutyRuleChange, DutyRuleEnd } from './duties.schema.ts'
import { dutiesOfRule, statesOfRule, type DutyState } from './duties.server.ts'
import { sayDue, sayWho, titleOf, whenDue } from './duty-wording.server.ts'
import { PreviewTables, usePreviewSentence } from './preview-parts.tsx'
import { ruleChoices } from './rule-choices.server.ts'
import { RuleFields, TypedAgain } from './rule-form.tsx'
import { changeRule, endRule, layingsOf, previewChange, previewEnd, reasonAgainstOrdering, ruleById, whoOf, type Preview, type Rule } from './rules.server.ts'

const onOnePage = 50
const states = ['late', 'open', 'done', 'done_late', 'waived'] as const satisfies DutyState[]

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const { timeZone } = args.context.get(appContext).config
    const rule = await ruleById(ctx.tx, idOf(params.id))
    const place = await placeOf(ctx, rule.unitCode, ctx.viewer.today)
    const reason = await whyNot(ctx.tx, await reasonAgainstOrdering(ctx, rule.unitId), language)
    const layings = await layingsOf(ctx.tx, rule.id)
    const counts = await statesOfRule(ctx, rule.id)
    const state = states.find((one) => one === url.searchParams.get('state')) ?? null
    const page = Math.min(10_000, Math.max(1, Math.floor(Number(url.searchParams.get('page'))) || 1))
    const listed = await dutiesOfRule(ctx, rule.id, { state, page, onOnePage })
    const of = state ? (counts[state] ?? 0) : states.reduce((sum, one) => sum + (counts[one] ?? 0), 0)
    return {
      place,
      rule: { ...rule, recordedAt: null },
      who: sayWho(rule, language),
      due: sayDue(rule, language),
      reason,
      counts,
      state,
      page,
      pages: Math.ceil(of / onOnePage),
      rows: listed.map((duty) => ({ id: duty.id, unitName: duty.unitName, above: duty.above, unitCode: duty.unitCode, title: titleOf(duty, language), state: duty.state, doneOn: duty.doneOn, waivedReason: duty.waivedReason, ...whenDue(duty, ctx.viewer.today, language) })),
      isMonthly: rule.dueMode === 'monthly',
      laying: layings.find((one) => one.endedAt === null) ?? null,
      layings: layings.filter((one) => one.endedAt !== null).map((one) => ({ ...one, at: showInstant(one.startedAt, timeZone), instant: one.startedAt.toISOString() })),
      change: reason || rule.state === 'ended' ? null : await changeAsked(ctx, rule, url.searchParams, language),
    }
  })

type Ctx = Parameters<typeof ruleChoices>[0]

/** The form of a change, with the preview of what was typed into it. */
async function changeAsked(ctx: Ctx, rule: Rule, query: URLSearchParams, language: 'vi' | 'en') {
  const doing = query.get('do')
  if (doing === 'end') return { is: 'end' as const, preview: await previewEnd(ctx, rule.id) }
  if (doing !== 'change' && doing !== 'preview') return null
  const choices = await ruleChoices(ctx, rule.unitId, await campaignByCode(ctx.tx, rule.campaignCode), language)
  if (doing === 'change') return { is: 'form' as const, choices, typed: query.has('title') ? typedIn(query) : typedOf(rule), problems: null }
  const form = new FormData()
  for (const [name, value] of query) if (name !== 'do') form.append(name, value)
  const parsed = parse(form, DutyRuleChange, language)
  const refused = (problems: Record<string, string>) => ({ is: 'form' as const, choices, typed: typedIn(query), problems })
  if ('problems' in parsed) return refused(parsed.problems)
  try {
    return { is: 'preview' as const, typed: typedIn(query), preview: await previewChange(ctx, { ...parsed.input, ruleId: rule.id }) }
  } catch (error) {
    if (error instanceof Refused) return refused({ [error.field]: error.sentence(language) })
    if (error instanceof Forbidden) return refused({ form: error.sentence(language) })
    throw error
  }
}

const typedIn = (query: URLSearchParams): Record<string, string[]> => Object.fromEntries([...new Set(query.keys())].filter((name) => name !== 'do').map((name) => [name, query.getAll(name)]))

/** The rule as the form's fields. */
function typedOf(rule: Rule): Record<string, string[]> {
  const fields: Record<string, string | number | null | undefined> = {
    title: rule.title,
    basisId: rule.basisId,
    who: whoOf(rule),
    directOnly: rule.depthTo === 1 ? 'on' : null,
    includesSelf: rule.depthFrom === 0 ? 'on' : null,
    documentType: rule.detail.type,
    superiorType: rule.detail.superiorType,
    roundId: rule.detail.roundId,
    formId: rule.detail.formId,
    measure: rule.detail.measure,
    dueMode: rule.dueMode,
    dueOn: rule.dueOn && showDay(rule.dueOn),
    dueDays: rule.dueDays,
    dueMonthday: rule.dueMonthday,
    fromOn: rule.fromOn && showDay(rule.fromOn),
    untilOn: rule.untilOn && showDay(rule.untilOn),
    lateNoticeDays: rule.lateNoticeDays,
  }
  return { ...Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value === null || value === undefined ? [] : [[name, [String(value)]]]))), kinds: rule.kinds }
}

export async function action(args: Route.ActionArgs) {
  const here = () => `/duties/rules/${args.params.id}`
  if (new URL(args.request.url).searchParams.get('do') === 'end') return write(args, DutyRuleEnd, endRule, { to: here, saved: () => dutyWords.say('saved.ended') })
  return write(args, DutyRuleChange, changeRule, { to: here, saved: () => dutyWords.say('saved.changed') })
}

export function meta({ matches, loaderData }: Route.MetaArgs) {
  return [
    { title: `${loaderData?.rule.title ?? ''} · ${webWords.in(languageIn(matches))('appName')}` },
    ...(loaderData?.laying && !loaderData.change ? [{ httpEquiv: 'refresh', content: '2' }] : []), // without script the page looks again by itself
  ]
}

type Page = Route.ComponentProps
type Data = Page['loaderData']

export default function RulePage(page: Page) {
  const { rule, place, change } = page.loaderData
  return (
    <Shell section="duties" unitTrail={place.unitTrail} unitsBeneath={[]} unitHref={(code) => addressOf('/duties', { unit: code })} backHref={change ? `/duties/rules/${rule.id}` : addressOf('/duties', { unit: place.unit.code })} mainClass={change ? 'narrow-form' : ''}>
      <Eyebrow>{rule.campaignName}</Eyebrow>
      {change?.is === 'form' ? <ChangeForm {...page} change={change} /> : change?.is === 'preview' ? <ChangeConfirm {...page} change={change} /> : change?.is === 'end' ? <EndConfirm {...page} preview={change.preview} /> : <Shown {...page.loaderData} />}
    </Shell>
  )
}

function Shown(data: Data) {
  const { rule, who, due, reason, counts, laying, layings, state } = data
  const language = useLanguage()
  const t = dutyWords.in(language)
  const done = (counts.done ?? 0) + (counts.done_late ?? 0)
  const wanted = done + (counts.open ?? 0) + (counts.late ?? 0)
  const here = `/duties/rules/${rule.id}`
  return (
    <>
      <h1>
        {rule.title}: {t('ruleAnswer', { done: showCount(done, language), wanted: showCount(wanted, language) })}
      </h1>
      {(counts.late ?? 0) > 0 && <Lede>{t('ruleLate', { count: counts.late! })}</Lede>}
      {laying && (
        <Notice role="status" title={t('laying', { done: showCount(laying.unitsDone, language), units: showCount(laying.units, language) })}>
          <ShareBar numerator={laying.unitsDone} denominator={Math.max(1, laying.units)} />
          <p className="sm">{t('layingLeave')}</p>
        </Notice>
      )}
      <Grid>
        <Column span={8} id="duties" title={t('dutiesOfRule')}>
          <p className="parts">
            <a href={here} aria-current={state === null ? 'page' : undefined}>{t('state.all')}</a>
            {states.filter((one) => (counts[one] ?? 0) > 0).map((one) => (
              <a key={one} href={addressOf(here, { state: one })} aria-current={state === one ? 'page' : undefined}>
                {t(`state.${one}`)} {showCount(counts[one]!, language)}
              </a>
            ))}
          </p>
          <DataTable
            caption={t('dutiesOfRule')}
            isCaptionHidden
            isCards
            columns={[{ label: t('column.unit') }, { label: t('column.due'), isFigure: true }, { label: t('column.state') }]}
            rows={data.rows.map((row) => ({
              id: row.id,
              cells: [
                <a key="unit" href={addressOf('/duties', { unit: row.unitCode })}>{row.unitName}</a>,
                row.day ?? row.when,
                row.state === 'late' ? <span key="late" className="attn">{row.when}</span> : row.doneOn ? t(row.state === 'done_late' ? 'doneLateOn' : 'doneOn', { day: showDay(row.doneOn) }) : row.state === 'waived' ? t('waivedFor', { reason: row.waivedReason ?? '' }) : t('state.open'),
              ],
              note: [data.isMonthly ? row.title : null, row.above].filter(Boolean).join(' · '),
            }))}
          />
          <Pagination page={data.page} pages={data.pages} hrefOf={(page) => addressOf(here, { state, page: String(page) })} />
        </Column>
        <Column span={4} id="rule" title={t('rule')}>
          <DefinitionList
            items={[
              { term: t('column.orderer'), value: <a href={unitAddress(rule.unitCode)}>{rule.unitName}</a> },
              { term: t('column.who'), value: who },
              { term: t('column.by'), value: due },
              ...(rule.basisNumber ? [{ term: t('field.basisId'), value: <a href={`/documents/${rule.basisId}`}>{rule.basisNumber}</a> }] : []),
              ...(rule.detail.measure ? [{ term: t('field.measure'), value: t(`measure.${rule.detail.measure}`) }] : []),
              ...(rule.lateNoticeDays ? [{ term: t('lateNotice'), value: t('lateNoticeSaid', { days: rule.lateNoticeDays }) }] : []),
            ]}
          />
          {rule.state === 'ended' && <p className="after-lede">{t('ended')}</p>}
          {reason === null && rule.state !== 'ended' && (
            <div className="after-lede">
              <Buttons>
                <ButtonLink href={addressOf(here, { do: 'change' })}>{t('change')}</ButtonLink>
                <ButtonLink href={addressOf(here, { do: 'end' })} kind="quiet">{t('end')}</ButtonLink>
              </Buttons>
            </div>
          )}
        </Column>
        {layings.length > 0 && (
          <Column span={12} id="trail" title={t('whatItDid')}>
            <Trail entries={layings.map((one) => ({ at: one.at, instant: one.instant, sentence: <LayingSentence laying={one} /> }))} />
          </Column>
        )}
      </Grid>
    </>
  )
}

function LayingSentence({ laying }: { laying: Data['layings'][number] }) {
  const t = dutyWords.in(useLanguage())
  const did = (['added', 'moved', 'dropped', 'restored', 'kept'] as const).filter((what) => laying[what] > 0).map((what) => t(`did.${what}`, { count: laying[what] }))
  return (
    <>
      {t(`laid.${laying.reason}`)}: {did.length > 0 ? did.join(', ') : t('did.nothing')} <Figures>({t('did.units', { count: laying.units })})</Figures>
    </>
  )
}

function ChangeForm({ loaderData: { rule }, change }: Page & { change: Extract<NonNullable<Data['change']>, { is: 'form' }> }) {
  const t = dutyWords.in(useLanguage())
  return (
    <>
      <h1>{t('changeHead', { title: rule.title })}</h1>
      <form method="get">
        <ProblemList problems={change.problems} />
        <input type="hidden" name="do" value="preview" />
        <RuleIdentity rule={rule} />
        <RuleFields kind={rule.kind} choices={change.choices} typed={change.typed} problems={change.problems} />
        <Buttons>
          <Button kind="primary" isWide>{t('toPreview')}</Button>
        </Buttons>
        <p className="sm q2 after-lede">{t('previewFirst')}</p>
      </form>
    </>
  )
}

function RuleIdentity({ rule }: Pick<Data, 'rule'>) {
  return (
    <>
      <input type="hidden" name="ruleId" value={rule.id} />
      <input type="hidden" name="version" value={rule.version} />
      <input type="hidden" name="kind" value={rule.kind} />
    </>
  )
}

function ChangeConfirm({ loaderData: { rule }, actionData, change }: Page & { change: Extract<NonNullable<Data['change']>, { is: 'preview' }> }) {
  const t = dutyWords.in(useLanguage())
  const again = new URLSearchParams(Object.entries(change.typed).flatMap(([name, values]) => values.map((value) => [name, value])))
  again.set('do', 'change')
  return (
    <>
      <h1>{t('changeConfirm', { title: rule.title, what: usePreviewSentence(change.preview) })}</h1>
      <Preview problems={(actionData as Answer | undefined)?.problems} preview={change.preview} />
      <form method="post" action={`/duties/rules/${rule.id}`}>
        <TypedAgain typed={change.typed} />
        <Buttons>
          <Button kind="primary" isWide>{t('changeDo')}</Button>
          <ButtonLink href={`/duties/rules/${rule.id}?${again}`}>{t('backToForm')}</ButtonLink>
        </Buttons>
      </form>
    </>
  )
}

function EndConfirm({ loaderData: { rule }, actionData, preview }: Page & { preview: Preview }) {
  const t = dutyWords.in(useLanguage())
  return (
    <>
      <h1>{t('endHead', { title: rule.title, what: usePreviewSentence(preview) })}</h1>
      <Preview problems={(actionData as Answer | undefined)?.problems} preview={preview} />
      <form method="post" action={`/duties/rules/${rule.id}?do=end`}>
        <input type="hidden" name="ruleId" value={rule.id} />
        <input type="hidden" name="version" value={rule.version} />
        <Buttons>
          <Button isWide>{t('endDo')}</Button>
          <ButtonLink href={`/duties/rules/${rule.id}`} kind="quiet">{webWords.in(useLanguage())('back')}</ButtonLink>
        </Buttons>
      </form>
    </>
  )
}

function Preview({ preview, problems }: { preview: Preview; problems: Answer['problems'] | undefined }) {
  return (
    <>
      <ProblemList problems={problems} />
      <PreviewTables preview={preview} />
    </>
  )
}
