import { redirect } from 'react-router'
import type { Route } from './+types/sign-in-code.page'
import { addressOf } from './addresses.ts'
import { Button } from './button.tsx'
import { appContext, visitContext } from './context.ts'
import { Field, Tick } from './field.tsx'
import { readTyped } from './form.ts'
import { languageIn, languageOf, useLanguage } from './language.ts'
import { Notice } from './notice.tsx'
import { demandSameOrigin } from './origin.server.ts'
import { ownPath } from './own-path.ts'
import { refuse } from './refusal.server.ts'
import { Door } from './shell.tsx'
import { signInWords } from './sign-in.messages.ts'
import { SignInCode } from './sign-in-code.schema.ts'
import { sessionOf } from './visit.server.ts'
import { answer, parse, readForm } from './write.server.ts'

export async function loader(args: Route.LoaderArgs) {
  const to = ownPath(new URL(args.request.url).searchParams.get('to'))
  if (await sessionOf(args)) throw redirect(to)
  return { to }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { auth, config, log } = context.get(appContext)
  const language = languageOf(request)
  try {
    demandSameOrigin(request, config.publicUrl)
    const form = await readForm(request, 16 * 1024)
    const parsed = parse(form, SignInCode, language)
    if ('problems' in parsed) return answer(parsed.problems, readTyped(form), 422)
    const result = await auth.enterCode({ ...parsed.input, address: context.get(visitContext).address, headers: request.headers })
    const to = ownPath(new URL(request.url).searchParams.get('to'))
    if (result.step === 'in') throw redirect(to, { status: 303, headers: result.cookies.map((cookie) => ['Set-Cookie', cookie] as [string, string]) })
    if (result.step !== 'out') throw redirect(addressOf('/sign-in', { to: to === '/' ? null : to }), 303)
    const t = signInWords.in(language)
    const minutes = Math.ceil(result.secondsToWait / 60)
    if (minutes > 0) return answer({ form: t('code_wait', { minutes }) }, readTyped(new FormData()), 429, { 'Retry-After': String(result.secondsToWait) })
    return answer({ code: t('code_wrong') }, readTyped(new FormData()), 401)
  } catch (error) {
    throw refuse(error, language, log)
  }
}

export function meta({ matches }: Route.MetaArgs) {
  return [{ title: signInWords.in(languageIn(matches))('code_title') }]
}

export default function SignInCodePage({ loaderData: { to }, actionData }: Route.ComponentProps) {
  const t = signInWords.in(useLanguage())
  const problems = actionData?.problems ?? {}
  return (
    <Door>
      <h1>{t('code_heading')}</h1>
      {problems['form'] && (
        <Notice isAttention role="alert">
          {problems['form']}
        </Notice>
      )}
      <form method="post" action={addressOf('/sign-in/code', { to: to === '/' ? null : to })}>
        <Field name="code" label={t('code')} hint={t('code_hint')} autoComplete="one-time-code" problem={problems['code']} isRequired />
        <Tick name="isTrusted" value="yes" label={t('code_trust')} />
        <Button kind="primary" isWide>
          {t('sign_in')}
        </Button>
      </form>
      <section>
        <h2>{t('code_lost')}</h2>
        <p className="sm q2">{t('code_lost_help')}</p>
      </section>
    </Door>
  )
}
