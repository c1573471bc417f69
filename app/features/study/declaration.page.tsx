import type { Route } from './+types/declaration.page'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { showDay, showInstant } from '../../platform/clock.ts'
import { addressOf } from '../../web/addresses.ts'
import { dayAsked } from '../../web/as-of.ts'
import { Button, Buttons } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { DataTable } from '../../web/data-table.tsx'
import { DayField, Field } from '../../web/field.tsx'
import { Count, DayText, Tag } from '../../web/figure.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { EmptyState, Notice, ProblemList } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { currentCampaign, defaultDay, partsOf } from '../campaigns/campaigns.server.ts'
import { placeOf } from '../units/place.server.ts'
import { declarationHistory, declarationsOf, declareTotals, expectedOf, peopleMarked, withdrawDeclaration } from './declarations.server.ts'
import { studyWords } from './study.messages.ts'
import { Declaration, DeclarationWithdrawal } from './study.schema.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const { tx, viewer } = ctx
    const { timeZone } = args.context.get(appContext).config
    const campaign = await currentCampaign(tx, url.searchParams.get('campaign'))
    const { asOf, asOfProblem } = dayAsked(url, campaign ? defaultDay(campaign, viewer.today) : viewer.today, language)
    const place = await placeOf(ctx, url.searchParams.get('unit'), asOf)
    const common = { campaign, asOf, asOfProblem, place }
    if (!campaign) return { ...common, own: null }
    const { categories } = await partsOf(tx, campaign.id)
    const expected = await expectedOf(tx, campaign.id, place.unit.id, asOf)
    const current = (await declarationsOf(tx, campaign.id, place.unit.id)).find((one) => one.declaredOn <= asOf)
    const reason = reasonAgainst(viewer, 'declare totals', await chainOf(tx, place.unit.id, viewer.today))
    return {
      ...common,
      own: {
        categories: categories.map(({ key, name }) => ({ key, name, expected: expected[key] ?? 0, studied: current?.studied[key] ?? null })).filter((category) => category.expected > 0 || category.studied),
        expected: sumOf(Object.values(expected)),
        studied: current ? sumOf(Object.values(current.studied)) : null,
        declaredOn: current?.declaredOn ?? null,
        marked: await peopleMarked(tx, campaign.id, place.unit.id),
        history: (await declarationHistory(tx, campaign.id, place.unit.id)).map((one) => ({ ...one, at: showInstant(one.recordedAt, timeZone) })),
        reasonAgainst: await whyNot(tx, reason, language),
      },
    }
  })

const sumOf = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0)

export function action(args: Route.ActionArgs) {
  if (new URL(args.request.url).searchParams.get('do') === 'withdraw') {
    return write(args, DeclarationWithdrawal, withdrawDeclaration, { saved: () => studyWords.say('declWithdrawnSaved') })
  }
  return write(args, Declaration, declareTotals, { saved: () => studyWords.say('declSaved') })
}

export function meta({ loaderData, matches }: Route.MetaArgs) {
  return [{ title: `${studyWords.in(languageIn(matches))('declFor')} · ${loaderData?.place.unit.name ?? ''} · ${webWords.in(languageIn(matches))('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']
type Own = Data & { own: NonNullable<Data['own']>; answer: Route.ComponentProps['actionData'] }

export default function DeclarationPage({ loaderData, actionData }: Route.ComponentProps) {
  const { campaign, place, asOf, asOfProblem, own } = loaderData
  const t = studyWords.in(useLanguage())
  return (
    <Shell section="sessions" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} asOf={asOf} asOfProblem={asOfProblem}>
      <Eyebrow>{campaign ? t('declEyebrow', { campaign: campaign.name }) : t('declFor')}</Eyebrow>
      {!campaign || !own ? (
        <>
          <h1>{t('noCampaign')}</h1>
          <Notice>{t('noCampaignBody')}</Notice>
        </>
      ) : (
        <Declared {...loaderData} own={own} answer={actionData} />
      )}
    </Shell>
  )
}

function Declared(page: Own) {
  const { place, own } = page
  const t = studyWords.in(useLanguage())
  const hasCurrent = own.history.some((one) => one.supersededAt === null)
  return (
    <>
      <h1>
        {own.studied === null || own.declaredOn === null ? (
          t('declTitleNone')
        ) : (
          <>
            {t('declTitle', { studied: own.studied, expected: own.expected })} <small>({t('asOfDay', { day: showDay(own.declaredOn) })})</small>
          </>
        )}
      </h1>
      <Lede>{t('declWhat')}</Lede>
      {own.expected === 0 ? (
        <EmptyState title={t('declNoRoster', { unit: place.unit.name })}>{t('declNoRosterBody')}</EmptyState>
      ) : (
        <>
          {own.marked > 0 && (
            <Notice isAttention title={t('declMarks', { unit: place.unit.name, count: own.marked })}>
              {t('declMarksBody')}
            </Notice>
          )}
          <Grid>
            <Column span={6} id="declare" title={t('declForm')}>
              {own.reasonAgainst ? <Notice title={t('declReadOnly')}>{own.reasonAgainst}</Notice> : <DeclareForm {...page} />}
            </Column>
            <Column span={6} id="history" title={t('declHistory')}>
              <History {...page} />
            </Column>
            {hasCurrent && own.reasonAgainst === null && (
              <Column span={6} id="withdraw" title={t('declWithdraw')}>
                <WithdrawForm {...page} />
              </Column>
            )}
          </Grid>
        </>
      )}
    </>
  )
}

const hereOf = ({ campaign, place }: Own, query: Record<string, string>) => addressOf('/declarations', { campaign: campaign!.code, unit: place.unit.code, ...query })

function DeclareForm(page: Own) {
  const { campaign, place, own, asOf, answer } = page
  const t = studyWords.in(useLanguage())
  const mine = answer && 'declaredOn' in answer.values ? answer : undefined
  return (
    <form method="post" action={`${hereOf(page, {})}#declare`}>
      <ProblemList problems={mine?.problems} />
      <input type="hidden" name="campaignCode" value={campaign!.code} />
      <input type="hidden" name="unitCode" value={place.unit.code} />
      <DayField name="declaredOn" label={t('declDay')} value={mine?.values['declaredOn'] ?? asOf} problem={mine?.problems['declaredOn']} isRequired />
      <fieldset className="part" id="studied">
        <legend>{t('declStudied')}</legend>
        {own.categories.map((category) => (
          <Field
            key={category.key}
            name={`studied.${category.key}`}
            label={category.name}
            hint={category.expected > 0 ? t('declOf', { expected: category.expected }) : t('declOfNone')}
            value={mine?.values[`studied.${category.key}`] ?? String(category.studied ?? '')}
            problem={mine?.problems[`studied.${category.key}`]}
            inputMode="numeric"
            maxLength={7}
            autoComplete="off"
          />
        ))}
      </fieldset>
      <Field name="note" label={t('declNote')} hint={t('declNoteHint')} value={mine?.values['note']} problem={mine?.problems['note']} maxLength={300} autoComplete="off" />
      <Buttons>
        <Button kind="primary" isWide>{t('declSave')}</Button>
      </Buttons>
    </form>
  )
}

function History({ own }: Own) {
  const t = studyWords.in(useLanguage())
  if (own.history.length === 0) return <p className="sm q2">{t('declNever')}</p>
  return (
    <DataTable
      columns={[{ label: t('columnUntil') }, { label: t('columnStudied'), isFigure: true }, { label: t('columnState') }]}
      rows={own.history.map((one) => ({
        id: one.id,
        cells: [
          <DayText key="day" day={one.declaredOn} />,
          <Count key="count" value={one.total} />,
          one.supersededAt === null ? <Tag key="state">{t('declCurrent')}</Tag> : one.withdrawnReason ? t('declWithdrawn', { reason: one.withdrawnReason }) : t('declReplaced'),
        ],
        note: [one.declaredBy ?? t('somebody'), one.at, one.note].filter(Boolean).join(' · '),
      }))}
    />
  )
}

function WithdrawForm(page: Own) {
  const { campaign, place, answer } = page
  const t = studyWords.in(useLanguage())
  const mine = answer && 'reason' in answer.values ? answer : undefined
  return (
    <details open={Boolean(mine)}>
      <summary className="sm">{t('declWithdraw')}…</summary>
      <form method="post" action={`${hereOf(page, { do: 'withdraw' })}#withdraw`}>
        <input type="hidden" name="campaignCode" value={campaign!.code} />
        <input type="hidden" name="unitCode" value={place.unit.code} />
        <p className="sm q2 after-lede">{t('declWithdrawLead', { unit: place.unit.name })}</p>
        <Field name="reason" label={t('declReason')} value={mine?.values['reason']} problem={mine?.problems['reason'] ?? mine?.problems['form']} isRequired maxLength={300} autoComplete="off" />
        <Buttons>
          <Button>{t('declWithdrawButton', { unit: place.unit.name })}</Button>
        </Buttons>
      </form>
    </details>
  )
}
