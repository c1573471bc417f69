import type { Route } from './+types/accounts.page'
import { today, showDay } from '../../platform/clock.ts'
import { addressOf } from '../../web/addresses.ts'
import { Button } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { DataTable, Pagination } from '../../web/data-table.tsx'
import { CheckField, Field } from '../../web/field.tsx'
import { PersonName } from '../../web/figure.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { EmptyState, ProblemList } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { useRoot } from '../../web/root-data.ts'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write, writeAndShow } from '../../web/write.server.ts'
import { placeAt } from '../units/place.server.ts'
import { listAccounts } from './account-list.server.ts'
import { accountWords } from './accounts.messages.ts'
import { actingWords } from '../acting/acting.messages.ts'
import { tokenWords } from '../tokens/tokens.messages.ts'
import { AccountFilter, accountStates, AccountSettings, CodesInput, mostSlips, rolesWithSecondFactor } from './accounts.schema.ts'
import { accountSettings, decidesSettings, saveAccountSettings } from './administration.server.ts'
import { handOutCodes } from './codes.server.ts'
import { Slips } from './slips.tsx'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url }) => {
    const { config } = args.context.get(appContext)
    const asked = AccountFilter.catch({ unit: undefined, q: undefined, state: undefined, page: undefined }).parse(Object.fromEntries(url.searchParams))
    const list = await listAccounts(ctx, asked)
    const place = await placeAt(ctx.tx, list.unit, ctx.viewer.today)
    const rows = list.rows.map((row) => ({ ...row, codeExpiresAt: undefined, codeUntil: row.codeExpiresAt && today(config.timeZone, new Date(row.codeExpiresAt.getTime() - 1)) }))
    const origin = config.publicUrl ?? url.origin
    return { asked, ...list, rows, place: { unitTrail: place.unitTrail, unitsBeneath: place.unitsBeneath }, settings: (await decidesSettings(ctx)) ? await accountSettings(ctx) : null, origin }
  })

export const action = (args: Route.ActionArgs) => {
  if (new URL(args.request.url).searchParams.get('do') === 'settings') return write(args, AccountSettings, saveAccountSettings)
  const { auth, config } = args.context.get(appContext)
  return writeAndShow(args, CodesInput, (ctx, input) => handOutCodes(ctx, { keys: auth.keys, config }, input))
}

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${accountWords.in(language)('title')} · ${webWords.in(language)('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function AccountsPage({ loaderData, actionData }: Route.ComponentProps) {
  const language = useLanguage()
  const t = accountWords.in(language)
  const isAdministrator = useRoot().viewer?.offices.some((office) => office.role === 'administrator') ?? false
  const { unit, counts, asked, found, page, pages, settings, place } = loaderData
  const here = (more: Record<string, string | null>) => addressOf('/accounts', { unit: unit.code, q: asked.q ?? null, state: asked.state ?? null, ...more })
  if (actionData && 'shown' in actionData) return <Slips {...actionData.shown} origin={loaderData.origin} backHref={here({})} />
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const without = counts.none + counts.waiting + counts.lapsed
  const problems = actionData && 'problems' in actionData ? actionData.problems : null
  return (
    <Shell section="accounts" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} unitHref={(code) => addressOf('/accounts', { unit: code })}>
      <Eyebrow>{asked.q ? t('titleFound', { words: asked.q }) : t('titleOf', { unit: unit.name })}</Eyebrow>
      <h1>{asked.q ? t('answerFound', { count: all }) : t('answer', { active: counts.active, all })}</h1>
      {!asked.q && without > 0 && <Lede>{counts.waiting > 0 ? t('ledeWaiting', { without, waiting: counts.waiting }) : t('lede', { without })}</Lede>}
      <ProblemList problems={problems} />
      <form method="get" action="/accounts" className="search">
        <input type="hidden" name="unit" value={unit.code} />
        <Field name="q" type="search" label={t('find')} hint={t('findHint')} value={asked.q} maxLength={100} />
        <Button>{t('search')}</Button>
      </form>
      <Grid>
        <Column span={12} id="people" title={asked.state ? t(`state.${asked.state}`) : t('everybody')} action={<States data={loaderData} hrefOf={(state) => here({ state, page: null })} />}>
          {found === 0 ? <EmptyState title={t('nobody')}>{t('nobodyHint')}</EmptyState> : <People data={loaderData} address={here({ do: 'codes' })} />}
          <Pagination page={page} pages={pages} hrefOf={(number) => here({ page: String(number) })} />
        </Column>
        {settings && (
          <Column span={6} id="settings" title={t('settings')}>
            <form method="post" action={here({ do: 'settings' })}>
              <Field name="codeDays" label={t('codeDays')} inputMode="numeric" value={String(settings.codeDays)} />
              <CheckField
                name="secondFactorRoles"
                label={t('secondFactorFor')}
                hint={t('secondFactorForHint')}
                values={settings.secondFactorRoles}
                options={rolesWithSecondFactor.map((role) => ({ value: role, label: t(`role.${role}`) }))}
              />
              <div className="btns">
                <Button>{t('saveSettings')}</Button>
              </div>
            </form>
          </Column>
        )}
      </Grid>
      <p className="sm after-lede">
        <a href="/acting">{actingWords.in(language)('title')}</a>
        {isAdministrator && (
          <>
            {' · '}
            <a href="/accounts/tokens">{tokenWords.in(language)('administered')}</a>
          </>
        )}
      </p>
    </Shell>
  )
}

function States({ data: { counts, asked }, hrefOf }: { data: Data; hrefOf: (state: string | null) => string }) {
  const t = accountWords.in(useLanguage())
  const states = accountStates.filter((state) => counts[state] > 0)
  if (states.length < 2 && !asked.state) return null
  return (
    <p className="sm states">
      {asked.state && <a href={hrefOf(null)}>{t('everybody')}</a>}
      {states
        .filter((state) => state !== asked.state)
        .map((state) => (
          <a key={state} href={hrefOf(state)}>
            {t(`state.${state}`)} ({counts[state]})
          </a>
        ))}
    </p>
  )
}

/** Everybody with a box for the slips; who holds a higher office has none. */
function People({ data: { rows, unit, counts, asked }, address }: { data: Data; address: string }) {
  const t = accountWords.in(useLanguage())
  const may = rows.some((row) => row.reason === null && row.state !== 'active' && row.state !== 'shut')
  const own = rows.filter((row) => row.unitCode === unit.code && row.reason === null && row.state !== 'active' && row.state !== 'shut').length
  const isOneUnit = !asked.q && own > 0
  return (
    <>
      {isOneUnit && (
        <form method="post" action={address} className="before-table">
          <input type="hidden" name="unit" value={unit.code} />
          <Button kind="primary" isWide>
            {t('printAll', { unit: unit.name })}
          </Button>
          <p className="sm q2 after-lede">{counts.waiting > 0 ? t('printAllAgain', { most: mostSlips }) : t('printAllHint', { most: mostSlips })}</p>
        </form>
      )}
      <form method="post" action={address}>
        <DataTable
          caption={t('everybody')}
          isCaptionHidden
          columns={[{ label: t('person') }, { label: t('username'), isDeskOnly: true }, { label: t('stateOf') }]}
          rows={rows.map((row) => ({
            id: row.personId,
            note: [row.bornYear && String(row.bornYear), row.unitName, ...row.offices.map((role) => t(`role.${role}`))].filter(Boolean).join(' · '),
            cells: [
              <span key="name" className={may ? 'named chosen' : 'named'}>
                {row.reason === null && row.state !== 'active' && row.state !== 'shut' && <input type="checkbox" name="personIds" value={row.personId} aria-label={t('choose', { name: row.name })} />}
                <a href={`/accounts/${row.personId}`}>
                  <PersonName name={row.name} />
                </a>
              </span>,
              row.username ?? '',
              <StateText key="state" row={row} />,
            ],
          }))}
        />
        {may && (
          <div className="btns">
            <Button>{t('printChosen')}</Button>
          </div>
        )}
      </form>
    </>
  )
}

function StateText({ row: { state, codeUntil, hasSecondFactor } }: { row: Data['rows'][number] }) {
  const t = accountWords.in(useLanguage())
  const isMissing = state === 'none' || state === 'lapsed'
  return (
    <>
      <span className={isMissing ? undefined : 'q3'}>{state === 'waiting' && codeUntil ? t('waitingUntil', { day: showDay(codeUntil) }) : t(`state.${state}`)}</span>
      {hasSecondFactor && <span className="xs q3 sub">{t('hasSecondFactor')}</span>}
    </>
  )
}
