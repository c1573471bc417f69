import type { Route } from './+types/duties.page'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { showCount } from '../../figures/figure.ts'
import { showInstant } from '../../platform/clock.ts'
import { addressOf } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { DataTable } from '../../web/data-table.tsx'
import { TextField } from '../../web/field.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { EmptyState, ProblemList } from '../../web/notice.tsx'
import { ownPath } from '../../web/own-path.ts'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Shell } from '../../web/shell.tsx'
import { Duties, Trail } from '../../web/trail.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write, type Answer } from '../../web/write.server.ts'
import { placeOf } from '../units/place.server.ts'
import { dutyWords } from './duties.messages.ts'
import { DutyWaiver, DutyWaiverUndo, Urging } from './duties.schema.ts'
import { dutiesOfUnit } from './duties.server.ts'
import { rowsOf, type DutyRow } from './duty-rows.server.ts'
import { sayDue, sayWho } from './duty-wording.server.ts'
import { reasonAgainstOrdering, rulesOver, type Rule } from './rules.server.ts'
import { urgesOf, urgeUnits } from './urges.server.ts'
import { sayUrged } from './urge-wording.ts'
import { reasonAgainstWaiving, undoWaiver, waiveDuties } from './waivers.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const { tx, viewer } = ctx
    const { config, dutyButtons } = args.context.get(appContext)
    const place = await placeOf(ctx, url.searchParams.get('unit'), viewer.today)
    const { unit } = place
    const rows = rowsOf(ctx, await dutiesOfUnit(ctx, unit.id), dutyButtons, language)
    const above = (await chainOf(tx, unit.id, viewer.today)).slice(1)
    const { ordered, above: ruled } = await rulesOver(ctx, unit.id)
    const urges = await urgesOf(ctx, unit.id)
    // whether it may be waived depends on who ordered it alone
    const mayWaive = new Set<string>()
    for (const ordererId of new Set(rows.map((row) => row.ordererId))) if ((await reasonAgainstWaiving(ctx, { unitId: unit.id, ordererId })) === null) mayWaive.add(ordererId)
    const shown = (rule: Rule) => ({ id: rule.id, title: rule.title, unitName: rule.unitName, state: rule.state, who: sayWho(rule, language), due: sayDue(rule, language) })
    return {
      place,
      owed: rows.filter((row) => row.state === 'open' || row.state === 'late'),
      settled: rows.filter((row) => row.state !== 'open' && row.state !== 'late'),
      ordered: ordered.map(shown),
      ruled: ruled.map(shown),
      mayWaive: [...mayWaive],
      isCurrent: rows.some((row) => (row.state === 'open' || row.state === 'late') && row.toldOn === viewer.today), // nobody is urged to what is over
      isAbove: above.length > 0 && reasonAgainst(viewer, 'urge units', above) === null,
      leadsIt: viewer.offices.some((office) => office.unitId === unit.id),
      reason: await whyNot(tx, await reasonAgainstOrdering(ctx, unit.id), language),
      urges: urges.map((one) => ({ at: showInstant(one.at, config.timeZone), instant: one.at.toISOString(), sentence: sayUrged(one, language), isRecent: one.isRecent })),
      opened: url.searchParams.get('duty'),
    }
  })

export async function action(args: Route.ActionArgs) {
  const url = new URL(args.request.url)
  const back = addressOf('/duties', { unit: url.searchParams.get('unit') })
  switch (url.searchParams.get('do')) {
    case 'waive':
      return write(args, DutyWaiver, waiveDuties, {
        to: () => back,
        saved: () => dutyWords.say('saved.waived'),
        undo: (_, { dutyIds }) => ({ action: addressOf('/duties', { unit: url.searchParams.get('unit'), do: 'undo' }), fields: { dutyIds: dutyIds[0]! } }),
      })
    case 'undo':
      return write(args, DutyWaiverUndo, undoWaiver, { to: () => back, saved: () => dutyWords.say('saved.undone') })
    default:
      return write(args, Urging, urgeUnits, { to: () => (url.searchParams.has('back') ? ownPath(url.searchParams.get('back')) : back), saved: (result) => sayUrgedNow(result) })
  }
}

/** How many messages went out, who was left out and why. */
function sayUrgedNow({ urged, recent, nothingOwed, unreached }: Awaited<ReturnType<typeof urgeUnits>>) {
  return (language: 'vi' | 'en') => {
    const t = dutyWords.in(language)
    return [t('saved.urged', { count: urged }), recent > 0 && t('saved.urgedRecent', { count: recent }), nothingOwed > 0 && t('saved.urgedNothing', { count: nothingOwed }), unreached > 0 && t('saved.urgedUnreached', { count: unreached })].filter(Boolean).join(' ')
  }
}

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${dutyWords.in(language)('title')} · ${webWords.in(language)('appName')}` }]
}

type Page = Route.ComponentProps
type Data = Page['loaderData']

export default function DutiesPage({ loaderData, actionData }: Page) {
  const { place, owed, settled, ordered, ruled, reason, urges, isAbove, isCurrent, leadsIt } = loaderData
  const language = useLanguage()
  const t = dutyWords.in(language)
  const late = owed.filter((row) => row.state === 'late').length
  const newRule = addressOf('/duties/rules/new', { unit: place.unit.code })
  const canHaveRules = place.unitsBeneath.length > 0
  return (
    <Shell section="duties" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath}>
      <Eyebrow>{t('title')}</Eyebrow>
      <h1>{owed.length === 0 ? t(isAbove || leadsIt ? 'answerNone' : 'answerNoneOwn', { unit: place.unit.name }) : late > 0 ? t('answerLate', { unit: place.unit.name, count: showCount(owed.length, language), late: showCount(late, language) }) : t('answer', { unit: place.unit.name, count: showCount(owed.length, language) })}</h1>
      <ProblemList problems={(actionData as Answer | undefined)?.problems} />
      {isAbove && isCurrent && !leadsIt && <UrgeForm {...loaderData} />}
      <Grid>
        <Column span={8} id="owed" title={t('owed')}>
          {owed.length === 0 ? <p className="q2">{t('owedNone')}</p> : <Owed rows={owed} page={loaderData} />}
          {settled.length > 0 && (
            <details className="part" open={settled.some((row) => row.id === loaderData.opened)}>
              <summary>{t('settled', { count: settled.length })}</summary>
              <Owed rows={settled} page={loaderData} />
            </details>
          )}
        </Column>
        <Column span={4} id="urges" title={t('urges')}>
          {urges.length === 0 ? <p className="q2">{t('urgesNone')}</p> : <Trail entries={urges} />}
        </Column>
        {((canHaveRules && !reason) || ordered.length > 0) && (
          <Column span={12} id="ordered" title={t('orderedRules', { unit: place.unit.name })} action={reason || ordered.length === 0 ? undefined : <ButtonLink href={newRule}>{t('new')}</ButtonLink>}>
            {ordered.length > 0 ? (
              <Rules rules={ordered} />
            ) : (
              <EmptyState title={t('orderedNone')} actions={<ButtonLink kind="primary" href={newRule}>{t('new')}</ButtonLink>}>
                {t('orderedNoneBody')}
              </EmptyState>
            )}
          </Column>
        )}
        {ruled.length > 0 && (
          <Column span={12} id="above" title={t('rulesAbove')}>
            <Rules rules={ruled} isOfOthers />
          </Column>
        )}
      </Grid>
    </Shell>
  )
}

function Owed({ rows, page }: { rows: DutyRow[]; page: Data }) {
  const t = dutyWords.in(useLanguage())
  const post = (doing: string) => addressOf('/duties', { unit: page.place.unit.code, do: doing })
  return (
    <Duties
      duties={rows.map((row) => {
        const isOpen = row.state === 'open' || row.state === 'late'
        const mayWaive = page.mayWaive.includes(row.ordererId)
        return {
          when: isOpen ? row.when : t(`state.${row.state}`),
          ...(row.day ? { day: row.day } : {}),
          isOverdue: row.state === 'late',
          what: row.title,
          href: page.leadsIt || !isOpen ? row.path : `/duties/rules/${row.ruleId}`,
          detail: row.detail,
          more: mayWaive && isOpen && (
            <details open={row.id === page.opened}>
              <summary className="sm">{t('waive')}</summary>
              <form method="post" action={post('waive')} className="panel-form">
                <input type="hidden" name="dutyIds" value={row.id} />
                <TextField id={`reason-${row.id}`} name="reason" label={t('waiveReason')} hint={t('waiveHint')} rows={2} isRequired />
                <Buttons>
                  <Button label={`${t('waiveDo')}: ${row.title}`}>{t('waiveDo')}</Button>
                </Buttons>
              </form>
            </details>
          ),
          action:
            row.state === 'waived' ? (
              mayWaive && (
                <form method="post" action={post('undo')}>
                  <input type="hidden" name="dutyIds" value={row.id} />
                  <Button kind="quiet" label={`${t('waiveUndo')}: ${row.title}`}>{t('waiveUndo')}</Button>
                </form>
              )
            ) : page.leadsIt || !isOpen ? (
              <ButtonLink href={row.path} kind={isOpen ? 'plain' : 'quiet'} label={`${row.words}: ${row.title}`}>{row.words}</ButtonLink>
            ) : null,
        }
      })}
    />
  )
}

function UrgeForm({ place, urges }: Data) {
  const t = dutyWords.in(useLanguage())
  const isAgain = urges.some((one) => one.isRecent)
  return (
    <details className="part">
      <summary>{t(isAgain ? 'urgeAgain' : 'urge')}</summary>
      <form method="post" action={addressOf('/duties', { unit: place.unit.code, do: 'urge' })} className="panel-form">
        <input type="hidden" name="unitCodes" value={place.unit.code} />
        {isAgain && <input type="hidden" name="again" value="on" />}
        <TextField name="note" label={t('urgeNote')} hint={t('urgeNoteHint')} rows={2} />
        <Buttons>
          <Button>{t(isAgain ? 'urgeAgainDo' : 'urgeDo')}</Button>
        </Buttons>
      </form>
    </details>
  )
}

function Rules({ rules, isOfOthers }: { rules: Data['ordered']; isOfOthers?: boolean }) {
  const t = dutyWords.in(useLanguage())
  return (
    <DataTable
      isCards
      columns={[{ label: t('column.title') }, ...(isOfOthers ? [{ label: t('column.orderer') }] : []), { label: t('column.who') }, { label: t('column.by') }, { label: t('column.state') }]}
      rows={rules.map((rule) => ({
        id: rule.id,
        cells: [
          <a key="title" href={`/duties/rules/${rule.id}`}>{rule.title}</a>,
          ...(isOfOthers ? [rule.unitName] : []),
          rule.who,
          rule.due,
          t(`ruleState.${rule.state}`),
        ],
      }))}
    />
  )
}
