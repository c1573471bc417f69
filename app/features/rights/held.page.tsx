import type { Route } from './+types/held.page'
import { showDay, type Day } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { addressOf } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { DataTable } from '../../web/data-table.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { ProblemList } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write, type Answer } from '../../web/write.server.ts'
import { ownAmendments, withdrawAmendment, type Amendment } from './amendments.server.ts'
import { amendable, factShown, groups, labelOf, outcomeOf, type FactShown } from './held-wording.ts'
import { heldAbout } from './held.server.ts'
import { rightsWords } from './rights.messages.ts'
import { AmendmentWithdrawal } from './rights.schema.ts'

const mostOf = (group: string) => (group === 'account' ? 8 : 60)

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { language }) => {
    const { timeZone } = args.context.get(appContext).config
    const facts = await heldAbout(ctx)
    const requests = await ownAmendments(ctx)
    const waiting = new Set(requests.filter((one) => !one.outcome).map((one) => keyOf(one)))
    const shown = facts.map((fact) => ({ ...factShown(fact, language, timeZone), rowId: fact.rowId, isOpen: amendable.includes(fact.item), isWaiting: waiting.has(keyOf(fact)) }))
    return {
      count: facts.filter((fact) => fact.item !== 'amendment').length,
      groups: Object.entries(groups)
        .filter(([key]) => key !== 'requests')
        .map(([key, items]) => {
          const own = shown.filter((fact) => (items as readonly string[]).includes(fact.item))
          return { group: key as 'self', rows: own.slice(0, mostOf(key)), more: Math.max(0, own.length - mostOf(key)) }
        }),
      requests: requests.map((request) => requestShown(request, ctx.viewer.today, language)),
    }
  })

const keyOf = ({ item, rowId }: { item: string; rowId: string | null }) => `${item} ${rowId ?? ''}`

function requestShown(request: Amendment, today: Day, language: Language) {
  const t = rightsWords.in(language)
  const isLate = !request.outcome && request.dueOn < today
  return {
    id: request.id,
    label: labelOf(request.item, language),
    wanted: request.wanted,
    unit: request.unitName,
    isOpen: !request.outcome,
    isLate,
    state: outcomeOf(request, t) ?? t(isLate ? 'state.late' : 'state.open', { day: showDay(request.dueOn) }),
  }
}

export const action = (args: Route.ActionArgs) => write(args, AmendmentWithdrawal, withdrawAmendment, { saved: () => rightsWords.say('amend.withdrawn') })

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${rightsWords.in(language)('held.title')} · ${webWords.in(language)('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function HeldPage({ loaderData, actionData }: Route.ComponentProps) {
  const { count, groups: shown, requests } = loaderData
  const t = rightsWords.in(useLanguage())
  return (
    <Shell section="me">
      <Eyebrow>{t('held.title')}</Eyebrow>
      <h1>{t('held.answer', { facts: count })}</h1>
      <Lede>{t('held.lede')}</Lede>
      <ProblemList problems={(actionData as Answer | undefined)?.problems} />
      <div className="after-lede">
        <Buttons>
          <ButtonLink href="/me/held.xlsx" download>{t('held.xlsx')}</ButtonLink>
          <ButtonLink href="/me/held.json" download>{t('held.json')}</ButtonLink>
          <ButtonLink href={addressOf('/me/held/amend', { item: 'missing' })} kind="quiet">{t('held.missing')}</ButtonLink>
        </Buttons>
      </div>
      <Grid>
        {requests.length > 0 && (
          <Column span={12} id="requests" title={t('group.requests')}>
            <Requests requests={requests} />
          </Column>
        )}
        {shown.map(({ group, ...facts }) => (
          <Column key={group} span={12} id={group} title={t(`group.${group}`)}>
            <Facts {...facts} />
          </Column>
        ))}
      </Grid>
      <p className="sm q2 after-lede">{t('held.others')}</p>
    </Shell>
  )
}

function Facts({ rows, more }: Pick<Data['groups'][number], 'rows' | 'more'>) {
  const t = rightsWords.in(useLanguage())
  if (rows.length === 0) return <p className="q2">{t('held.none')}</p>
  // a column that is empty all the way down says nothing
  const hasDays = rows.some((row) => row.when)
  const isOpen = rows.some((row) => row.isOpen)
  return (
    <>
      <DataTable
        caption={t('held.fact')}
        isCaptionHidden
        isCards
        columns={[{ label: t('held.fact') }, { label: t('held.value') }, ...(hasDays ? [{ label: t('held.when') }] : []), { label: t('held.entered') }, ...(isOpen ? [{ label: t('held.amendColumn') }] : [])]}
        rows={rows.map((row, index) => ({ id: `${index}`, cells: [row.label, row.value, ...(hasDays ? [row.when] : []), row.entered, ...(isOpen ? [<AmendLink key="amend" {...row} />] : [])] }))}
      />
      {more > 0 && <p className="sm q2">{t('held.more', { count: more })}</p>}
    </>
  )
}

function AmendLink({ item, rowId, label, value, isOpen, isWaiting }: FactShown & { rowId: string | null; isOpen: boolean; isWaiting: boolean }) {
  const t = rightsWords.in(useLanguage())
  if (!isOpen) return null
  if (isWaiting) return <a className="nb" href="#requests">{t('held.waiting')}</a>
  return (
    <a className="nb" href={addressOf('/me/held/amend', { item, row: rowId })} aria-label={`${t('held.amend')}: ${label}, ${value}`}>
      {t('held.amend')}
    </a>
  )
}

function Requests({ requests }: Pick<Data, 'requests'>) {
  const t = rightsWords.in(useLanguage())
  return (
    <ul className="rights">
      {requests.map((request) => (
        <li key={request.id}>
          <b>{`${request.label}: ${request.wanted}`}</b>
          <p className={request.isLate ? 'attn' : undefined}>{[request.unit, request.state].filter(Boolean).join(' · ')}</p>
          {request.isOpen && (
            <form method="post">
              <input type="hidden" name="amendmentId" value={request.id} />
              <Button kind="quiet" label={`${t('amend.withdraw')}: ${request.label}`}>{t('amend.withdraw')}</Button>
            </form>
          )}
        </li>
      ))}
    </ul>
  )
}
