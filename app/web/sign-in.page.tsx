import { redirect } from 'react-router'
import { asSystem } from '../db/open.ts'
import type { Route } from './+types/sign-in.page'
import { addressOf } from './addresses.ts'
import { Button, ButtonLink } from './button.tsx'
import { appContext, visitContext } from './context.ts'
import { Field, PasswordField } from './field.tsx'
import { readTyped } from './form.ts'
import { languageIn, languageOf, useLanguage } from './language.ts'
import { Notice } from './notice.tsx'
import { oidcWords } from './oidc.messages.ts'
import { oidcRefusals } from './oidc.server.ts'
import { demandSameOrigin } from './origin.server.ts'
import { refuse } from './refusal.server.ts'
import { ownPath } from './own-path.ts'
import { Door } from './shell.tsx'
import { signInWords } from './sign-in.messages.ts'
import { DemoAccounts, SignInForm } from './sign-in.schema.ts'
import { sessionOf } from './visit.server.ts'
import { answer, parse, readForm } from './write.server.ts'

export async function loader(args: Route.LoaderArgs) {
  const { request, context } = args
  const { db, log, config } = context.get(appContext)
  const to = ownPath(new URL(request.url).searchParams.get('to'))
  try {
    if (await sessionOf(args)) throw redirect(to)
    return await asSystem(db, log, 'the sign-in page names the organisation', async (tx) => {
      const top = await tx
        .selectFrom('unit')
        .leftJoin('unit_parent', 'unit_parent.unit_id', 'unit.id')
        .select('unit.name')
        .where('unit_parent.unit_id', 'is', null)
        .orderBy('unit.id')
        .executeTakeFirst()
      const accounts = config.isDemo ? await tx.selectFrom('setting').select('value').where('key', '=', 'demo_accounts').executeTakeFirst() : undefined
      return { to, topName: top?.name ?? null, oidc: oidcOf(args), accounts: DemoAccounts.catch([]).parse(accounts?.value) }
    })
  } catch (error) {
    throw refuse(error, languageOf(request), log)
  }
}

/** The button of the organisation's own sign-in, and why it did not work the last time; null when settings name none. */
function oidcOf({ request, context }: Route.LoaderArgs) {
  const { oidc } = context.get(appContext).auth
  const said = new URL(request.url).searchParams.get('oidc')
  return oidc && { name: oidc.name, refusal: oidcRefusals.find((refusal) => refusal === said) ?? null }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { auth, config, log } = context.get(appContext)
  const language = languageOf(request)
  try {
    demandSameOrigin(request, config.publicUrl)
    const form = await readForm(request, 16 * 1024)
    const parsed = parse(form, SignInForm, language)
    if ('problems' in parsed) return answer(parsed.problems, readTyped(form), 422)
    const result = await auth.signIn({ ...parsed.input, address: context.get(visitContext).address, headers: request.headers })
    if (result.step === 'out') {
      const t = signInWords.in(language)
      const minutes = Math.ceil(result.secondsToWait / 60)
      if (minutes > 0) return answer({ form: t('wait', { minutes }) }, readTyped(form), 429, { 'Retry-After': String(result.secondsToWait) })
      return answer({ form: t('wrong') }, readTyped(form), 401)
    }
    const to = ownPath(new URL(request.url).searchParams.get('to'))
    const next = result.step === 'in' ? to : addressOf('/sign-in/code', { to: to === '/' ? null : to })
    throw redirect(next, { status: 303, headers: result.cookies.map((cookie) => ['Set-Cookie', cookie] as [string, string]) })
  } catch (error) {
    throw refuse(error, language, log)
  }
}

export function meta({ matches }: Route.MetaArgs) {
  return [{ title: signInWords.in(languageIn(matches))('title') }]
}

export default function SignIn({ loaderData, actionData }: Route.ComponentProps) {
  const language = useLanguage()
  const t = signInWords.in(language)
  const { to, topName, oidc, accounts } = loaderData
  const problems = actionData?.problems ?? {}
  const address = to === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(to)}`
  return (
    <Door>
      <h1>{topName ? t('heading_of', { unit: topName }) : t('heading')}</h1>
      {problems['form'] && (
        <Notice isAttention role="alert">
          {problems['form']}
        </Notice>
      )}
      {oidc?.refusal && !problems['form'] && (
        <Notice isAttention role="alert">
          {oidcWords.in(language)(`refused.${oidc.refusal}`, { provider: oidc.name })}
        </Notice>
      )}
      <form method="post" action={address}>
        <Field
          name="username"
          label={t('username')}
          hint={t('username_hint')}
          autoComplete="username"
          value={actionData?.values['username']}
          problem={problems['username']}
          isRequired
        />
        <PasswordField name="password" label={t('password')} problem={problems['password']} isRequired />
        <Button kind="primary" isWide>
          {t('sign_in')}
        </Button>
      </form>
      {oidc && (
        <p className="after-lede">
          <ButtonLink href={to === '/' ? '/sign-in/oidc' : `/sign-in/oidc?to=${encodeURIComponent(to)}`} isWide>
            {oidcWords.in(language)('sign_in_with', { provider: oidc.name })}
          </ButtonLink>
        </p>
      )}
      {accounts.length > 0 && (
        <section>
          <h2>{t('demo')}</h2>
          <p className="sm q2">{t('demo_hint')}</p>
          {accounts.map((account) => (
            <form method="post" action={address} key={account.username}>
              <input type="hidden" name="username" value={account.username} />
              <input type="hidden" name="password" value={account.password} />
              <Button isWide>{language === 'vi' ? account.who_vi : account.who_en}</Button>
            </form>
          ))}
        </section>
      )}
      <section>
        <h2>{t('forgotten')}</h2>
        <p className="sm q2">{t('forgotten_help')}</p>
        <p>
          <a href="/activate">{t('to_activate')}</a>
        </p>
      </section>
      <section>
        <h2>{t('no_phone')}</h2>
        <p className="sm q2">{t('no_phone_help')}</p>
      </section>
    </Door>
  )
}
