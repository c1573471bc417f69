import type { ReactNode } from 'react'
import type { Route } from './+types/account.page'
import { showDay, today } from '../../platform/clock.ts'
import { addressOf } from '../../web/addresses.ts'
import { Button } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Shell } from '../../web/shell.tsx'
import { DefinitionList } from '../../web/trail.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write, writeAndShow } from '../../web/write.server.ts'
import { accountOf, isAdministered } from './account-list.server.ts'
import { accountWords } from './accounts.messages.ts'
import { AccountChoice, CodesInput, ShuttingInput } from './accounts.schema.ts'
import { endSessionsOf, resetSecondFactor, shutAccount } from './administration.server.ts'
import { handOutCodes } from './codes.server.ts'
import { Slips } from './slips.tsx'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url }) => {
    const { config } = args.context.get(appContext)
    const personId = idOf(params.person)
    const row = await accountOf(ctx, personId)
    const isOwn = personId === ctx.viewer.personId
    const codeUntil = row.codeExpiresAt && today(config.timeZone, new Date(row.codeExpiresAt.getTime() - 1))
    return { row: { ...row, codeExpiresAt: undefined, codeUntil }, mayAdminister: !isOwn && (await isAdministered(ctx, personId)), origin: config.publicUrl ?? url.origin }
  })

export const action = (args: Route.ActionArgs) => {
  const { auth, config } = args.context.get(appContext)
  switch (new URL(args.request.url).searchParams.get('do')) {
    case 'shut':
      return write(args, ShuttingInput, shutAccount, {
        saved: (_, { isShut }) => accountWords.say(isShut ? 'savedShut' : 'savedOpen'),
        undo: (_, { personId, isShut }) => ({ action: `/accounts/${personId}?do=shut`, fields: { personId, isShut: isShut ? 'no' : 'yes' } }),
      })
    case 'sessions':
      return write(args, AccountChoice, endSessionsOf, { saved: ({ ended }) => accountWords.say('savedSessions', { count: ended }) })
    case 'second-factor':
      return write(args, AccountChoice, resetSecondFactor, { saved: () => accountWords.say('savedFactor') })
    default:
      return writeAndShow(args, CodesInput, (ctx, input) => handOutCodes(ctx, { keys: auth.keys, config }, input))
  }
}

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${accountWords.in(language)('title')} · ${webWords.in(language)('appName')}` }]
}

export default function AccountPage({ loaderData: { row, mayAdminister, origin }, actionData }: Route.ComponentProps) {
  const t = accountWords.in(useLanguage())
  const back = addressOf('/accounts', { unit: row.unitCode })
  if (actionData && 'shown' in actionData) return <Slips {...actionData.shown} origin={origin} backHref={back} />
  const problems = actionData && 'problems' in actionData ? actionData.problems : null
  const isInUse = row.state === 'active'
  const state = row.state === 'waiting' && row.codeUntil ? t('waitingUntil', { day: showDay(row.codeUntil) }) : t(`state.${row.state}`)
  return (
    <Shell section="accounts" backHref={back}>
      <Eyebrow>
        <a href={back}>{t('titleOf', { unit: row.unitName })}</a>
      </Eyebrow>
      <h1>{t('accountAnswer', { name: row.name, state: state.toLowerCase() })}</h1>
      <ProblemList problems={problems} />
      <Grid>
        <Column span={6} id="code" title={isInUse ? t('reset') : t('activation')}>
          {row.reason ? (
            <Notice>{t(row.reason === 'self' ? 'not_oneself' : 'higher_office', { name: row.name })}</Notice>
          ) : row.state === 'shut' ? (
            <Notice>{t('is_shut', { name: row.name })}</Notice>
          ) : (
            <Act address={`/accounts/${row.personId}?do=code`} fields={{ personIds: row.personId, mayReset: isInUse ? 'yes' : '' }} words={isInUse ? t('resetButton') : t('printOne')} isPrimary>
              {isInUse ? t('resetHint') : t('printOneHint')}
            </Act>
          )}
        </Column>
        <Column span={6} id="facts" title={t('facts')}>
          <DefinitionList
            items={[
              { term: t('username'), value: row.username ?? t('state.none') },
              { term: t('unit'), value: row.unitName },
              ...(row.offices.length > 0 ? [{ term: t('office'), value: row.offices.map((role) => t(`role.${role}`)).join(', ') }] : []),
              { term: t('secondFactor'), value: row.hasSecondFactor ? t('on') : t('off') },
            ]}
          />
        </Column>
        {mayAdminister && row.accountId && (
          <Column span={12} id="administer" title={t('administer')}>
            <p>
              <a href={`/rights?person=${row.personId}`}>{t('toRights')}</a>
            </p>
            <div className="acts">
              <Act address={`/accounts/${row.personId}?do=sessions`} fields={{ personId: row.personId }} words={t('endSessions')}>
                {t('endSessionsHint')}
              </Act>
              {row.hasSecondFactor && (
                <Act address={`/accounts/${row.personId}?do=second-factor`} fields={{ personId: row.personId }} words={t('resetFactor')}>
                  {t('resetFactorHint')}
                </Act>
              )}
              <Act address={`/accounts/${row.personId}?do=shut`} fields={{ personId: row.personId, isShut: row.state === 'shut' ? 'no' : 'yes' }} words={row.state === 'shut' ? t('open') : t('shut')}>
                {row.state === 'shut' ? t('openHint') : t('shutHint')}
              </Act>
            </div>
          </Column>
        )}
      </Grid>
    </Shell>
  )
}

function Act({ address, fields, words, isPrimary, children }: { address: string; fields: Record<string, string>; words: string; isPrimary?: boolean; children: ReactNode }) {
  return (
    <form method="post" action={address} className="act">
      {Object.entries(fields).map(([name, value]) => value && <input key={name} type="hidden" name={name} value={value} />)}
      <p className="q2">{children}</p>
      <Button kind={isPrimary ? 'primary' : 'plain'}>{words}</Button>
    </form>
  )
}
