import type { Route } from './+types/security.page'
import { showInstant } from '../../platform/clock.ts'
import { Button, ButtonLink } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { PasswordField } from '../../web/field.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { shortestPassword } from '../../web/password-length.ts'
import { oidcWords } from '../../web/oidc.messages.ts'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Shell } from '../../web/shell.tsx'
import { Trail } from '../../web/trail.tsx'
import { demandSession } from '../../web/visit.server.ts'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { accountWords } from './accounts.messages.ts'
import { actingWords } from '../acting/acting.messages.ts'
import { PasswordChange, SessionEnd } from './accounts.schema.ts'
import { deviceOf } from './device.ts'
import { changePassword, endOwnSessions, ownAccount, ownHistory, ownSessions } from './own-account.server.ts'
import { proveOneself } from '../../web/own-proof.server.ts'
import { tokenWords } from '../tokens/tokens.messages.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { language }) => {
    const { auth, config } = args.context.get(appContext)
    const { pending: _, secondFactor, passwordAt, ...account } = await ownAccount(ctx, auth.keys)
    const shown = (at: Date) => showInstant(at, config.timeZone)
    const sessions = await ownSessions(ctx, await demandSession(args))
    const history = await ownHistory(ctx)
    return {
      provider: auth.oidc?.name ?? null,
      account: { ...account, passwordAt: passwordAt && shown(passwordAt), recoveryLeft: secondFactor?.recoveryLeft ?? null },
      sessions: sessions.map(({ id, isThis, createdAt, usedAt, address, userAgent }) => ({ id, isThis, device: deviceOf(userAgent, language), address: address ?? '', since: shown(createdAt), used: shown(usedAt) })),
      history: history.map((entry) => ({ at: shown(entry.at), instant: entry.at.toISOString(), sentence: sentenceOf(entry, accountWords.in(language)) })),
    }
  })

export const action = async (args: Route.ActionArgs) => {
  const app = args.context.get(appContext)
  const session = await demandSession(args)
  if (new URL(args.request.url).searchParams.get('do') === 'sessions') {
    return write(args, SessionEnd, (ctx, input) => endOwnSessions(ctx, input, session), { saved: ({ ended }) => accountWords.say('savedSessions', { count: ended }) })
  }
  return write(args, PasswordChange, (ctx, input) => changePassword(ctx, input, session), {
    before: ({ password }) => proveOneself(app, session, password),
    saved: () => accountWords.say('passwordSaved'),
  })
}

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${accountWords.in(language)('securityTitle')} · ${webWords.in(language)('appName')}` }]
}

type Say = ReturnType<typeof accountWords.in>

const told = ['created', 'code_given', 'password_reset', 'activated', 'password_changed', 'password_set', 'sessions_ended', 'disabled', 'enabled', 'second_factor_set', 'second_factor_removed', 'second_factor_reset', 'recovery_renewed'] as const

function sentenceOf({ action, isOwn, actor }: { action: string; isOwn: boolean; actor: string | null }, t: Say): string {
  const who = isOwn ? t('you') : (actor ?? t('system'))
  const key = told.find((one) => action === `account.${one}`)
  return key ? t(`did.${key}`, { who }) : t('did.other', { who })
}

export default function SecurityPage({ loaderData: { account, provider, sessions, history }, actionData }: Route.ComponentProps) {
  const language = useLanguage()
  const t = accountWords.in(language)
  const accessWords = tokenWords.in(language)
  const problems = actionData && 'problems' in actionData ? actionData.problems : {}
  const others = sessions.filter((session) => !session.isThis).length
  return (
    <Shell section="me">
      <Eyebrow>{t('securityTitle')}</Eyebrow>
      <h1>{t('securityAnswer', { count: sessions.length, username: account.username })}</h1>
      {problems['form'] && <ProblemList problems={problems} />}
      <Grid>
        <Column span={7} id="sessions" title={t('sessions')}>
          <ul className="rights">
            {sessions.map((session) => (
              <li key={session.id}>
                <b>{session.device}</b>
                <p>
                  {session.isThis ? t('thisOne') : t('usedAt', { at: session.used })} · {t('sinceAt', { at: session.since })}
                  {session.address && <> · {session.address}</>}
                </p>
                {!session.isThis && (
                  <form method="post" action="/me/security?do=sessions">
                    <input type="hidden" name="sessionId" value={session.id} />
                    <Button kind="quiet" label={t('endThis', { device: session.device })}>
                      {t('end')}
                    </Button>
                  </form>
                )}
              </li>
            ))}
          </ul>
          {others > 0 && (
            <form method="post" action="/me/security?do=sessions" className="after-lede">
              <Button>{t('endOthers', { count: others })}</Button>
            </form>
          )}
        </Column>
        <Column span={5} id="second-factor" title={t('secondFactor')}>
          {account.recoveryLeft === null ? (
            <p>{t('factorOff')}</p>
          ) : account.recoveryLeft < 3 ? (
            <Notice isAttention>{t('recoveryFew', { count: account.recoveryLeft })}</Notice>
          ) : (
            <p>{t('factorOn', { count: account.recoveryLeft })}</p>
          )}
          <div className="after-lede">
            <ButtonLink href="/me/security/second-factor">{account.recoveryLeft === null ? t('factorSetUp') : t('factorChange')}</ButtonLink>
          </div>
        </Column>
        <Column span={5} id="password-change" title={t('passwordTitle')}>
          {account.hasPassword ? (
            <form method="post" action="/me/security?do=password">
              <PasswordField name="password" label={t('passwordNow')} problem={problems['password']} isRequired />
              <PasswordField name="newPassword" label={t('newPassword')} hint={t('newPasswordHint', { least: shortestPassword })} problem={problems['newPassword']} autoComplete="new-password" isRequired />
              <p className="sm q2">{t('passwordHint')}</p>
              <div className="btns">
                <Button>{t('passwordSave')}</Button>
              </div>
            </form>
          ) : (
            <p>{t('passwordNone')}</p>
          )}
        </Column>
        <Column span={5} id="other-ways" title={accessWords('ways')}>
          <p>
            <a href="/me/tokens">{accessWords('title')}</a>
          </p>
          {provider && (
            <p>
              <a href="/me/linked">{oidcWords.in(language)('link.title', { provider })}</a>
            </p>
          )}
          <p>
            <a href="/acting">{actingWords.in(language)('title')}</a>
          </p>
        </Column>
        <Column span={7} id="history" title={t('history')}>
          {history.length > 0 ? <Trail entries={history} /> : <p className="q2">{t('historyNone')}</p>}
        </Column>
      </Grid>
    </Shell>
  )
}
