import type { Route } from './+types/second-factor.page'
import { Button, ButtonLink } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { Field } from '../../web/field.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { ownPath } from '../../web/own-path.ts'
import { Qr } from '../../web/qr.tsx'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { demandSession } from '../../web/visit.server.ts'
import { webWords } from '../../web/web.messages.ts'
import { write, writeAndShow } from '../../web/write.server.ts'
import { accountWords } from './accounts.messages.ts'
import { Nothing, OwnCode } from './accounts.schema.ts'
import { beginSecondFactor, confirmSecondFactor, ownAccount, proveCode, removeSecondFactor, renewRecoveryCodes } from './own-account.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url }) => {
    const { username, secondFactor, pending } = await ownAccount(ctx, args.context.get(appContext).auth.keys)
    const { mustEnrol } = await demandSession(args)
    return { username, isOn: secondFactor !== null, recoveryLeft: secondFactor?.recoveryLeft ?? 0, pending, mustEnrol, to: ownPath(url.searchParams.get('to')) }
  })

export const action = async (args: Route.ActionArgs) => {
  const app = args.context.get(appContext)
  const { keys } = app.auth
  const prove = { before: ({ code }: { code: string }, session: Parameters<typeof proveCode>[1]) => proveCode(app, session, code) }
  switch (new URL(args.request.url).searchParams.get('do')) {
    case 'confirm':
      return writeAndShow(args, OwnCode, (ctx, input) => confirmSecondFactor(ctx, keys, input))
    case 'recovery':
      return writeAndShow(args, OwnCode, (ctx) => renewRecoveryCodes(ctx, keys), prove)
    case 'remove':
      return write(args, OwnCode, removeSecondFactor, { ...prove, to: () => '/me/security', saved: () => accountWords.say('savedFactor') })
    default:
      return write(args, Nothing, (ctx) => beginSecondFactor(ctx, keys), { saved: () => accountWords.say('begun') })
  }
}

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${accountWords.in(language)('secondFactor')} · ${webWords.in(language)('appName')}` }]
}

export default function SecondFactorPage({ loaderData, actionData }: Route.ComponentProps) {
  const t = accountWords.in(useLanguage())
  const { isOn, recoveryLeft, pending, mustEnrol, to, username } = loaderData
  const here = (doing: string) => `/me/security/second-factor?do=${doing}${to === '/' ? '' : `&to=${encodeURIComponent(to)}`}`
  const shown = actionData && 'shown' in actionData ? actionData.shown : null
  const problems = actionData && 'problems' in actionData ? actionData.problems : {}
  const code = (label: string) => <Field name="code" label={label} hint={t('codeOfApp')} problem={problems['code']} autoComplete="one-time-code" isRequired />
  return (
    <Shell section="me" {...(mustEnrol ? {} : { backHref: '/me/security' })}>
      <Eyebrow>{t('secondFactor')}</Eyebrow>
      {shown ? (
        <RecoveryCodes codes={shown.recovery} username={username} to={to} />
      ) : (
        <>
          <h1>{isOn ? t('factorHeadingOn', { count: recoveryLeft }) : mustEnrol ? t('factorHeadingMust') : t('factorHeadingOff')}</h1>
          {problems['form'] && <ProblemList problems={problems} />}
          {!isOn && !pending && (
            <>
              <Lede>{t('factorWhat')}</Lede>
              <form method="post" action={here('begin')}>
                <Button kind="primary">{t('factorBegin')}</Button>
              </form>
            </>
          )}
          {pending && (
            <Grid>
              <Column span={6} id="scan" title={t('scan')}>
                <p>{t('scanHow')}</p>
                <Qr text={pending.address} label={t('scanLabel')} />
                <p className="sm q2">{t('scanSecret')}</p>
                <p className="n typed-key">{pending.secret.replace(/(.{4})(?=.)/g, '$1 ')}</p>
              </Column>
              <Column span={6} id="confirm" title={t('confirm')}>
                <form method="post" action={here('confirm')}>
                  {code(t('codeSix'))}
                  <div className="btns">
                    <Button kind="primary" isWide>
                      {t('confirmButton')}
                    </Button>
                  </div>
                </form>
                <form method="post" action={here('begin')} className="after-lede">
                  <Button kind="quiet">{t('factorAnew')}</Button>
                </form>
              </Column>
            </Grid>
          )}
          {isOn && (
            <Grid>
              <Column span={6} id="recovery" title={t('recovery')}>
                <p className="q2">{t('recoveryRenewHint')}</p>
                <form method="post" action={here('recovery')}>
                  {code(t('codeAny'))}
                  <div className="btns">
                    <Button>{t('recoveryRenew')}</Button>
                  </div>
                </form>
              </Column>
              <Column span={6} id="remove" title={t('factorRemoveTitle')}>
                <p className="q2">{t('factorRemoveHint')}</p>
                <form method="post" action={here('remove')}>
                  <Field name="code" id="removing" label={t('codeAny')} hint={t('codeOfApp')} autoComplete="one-time-code" isRequired />
                  <div className="btns">
                    <Button>{t('factorRemove')}</Button>
                  </div>
                </form>
              </Column>
            </Grid>
          )}
        </>
      )}
    </Shell>
  )
}

/** Shown this once, and made to be printed or written down. */
function RecoveryCodes({ codes, username, to }: { codes: string[]; username: string; to: string }) {
  const t = accountWords.in(useLanguage())
  return (
    <>
      <h1>{t('recoveryShown', { count: codes.length })}</h1>
      <Notice isAttention title={t('recoveryOnce')}>
        {t('recoveryKeep', { username })}
      </Notice>
      <ol className="recovery n">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="btns">
        <ButtonLink href={to === '/' ? '/me/security' : to} kind="primary">
          {t('recoveryDone')}
        </ButtonLink>
        <span hidden data-needs-script data-print>
          <Button type="button">{t('print')}</Button>
        </span>
      </div>
    </>
  )
}
