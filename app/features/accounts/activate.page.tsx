import { redirect } from 'react-router'
import type { Route } from './+types/activate.page'
import { Refused } from '../../platform/errors.ts'
import { Button } from '../../web/button.tsx'
import { appContext, visitContext } from '../../web/context.ts'
import { Field, PasswordField } from '../../web/field.tsx'
import { flashCookie } from '../../web/flash.ts'
import { readTyped } from '../../web/form.ts'
import { languageIn, languageOf, useLanguage } from '../../web/language.ts'
import { Notice } from '../../web/notice.tsx'
import { demandSameOrigin } from '../../web/origin.server.ts'
import { shortestPassword } from '../../web/password-length.ts'
import { refuse } from '../../web/refusal.server.ts'
import { Door } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { answer, parse, readForm } from '../../web/write.server.ts'
import { accountWords } from './accounts.messages.ts'
import { Activation } from './accounts.schema.ts'
import { activate } from './activation.server.ts'
import { grouped } from './slips.tsx'

/** The QR code of a slip brings the code along; whether it is one says only the answer to the form. */
export function loader({ request }: Route.LoaderArgs) {
  return { code: (new URL(request.url).searchParams.get('code') ?? '').replace(/\D/g, '').slice(0, 12) }
}

export async function action({ request, context }: Route.ActionArgs) {
  const app = context.get(appContext)
  const language = languageOf(request)
  const t = accountWords.in(language)
  let form = new FormData()
  try {
    demandSameOrigin(request, app.config.publicUrl)
    form = await readForm(request, 16 * 1024)
    const parsed = parse(form, Activation, language)
    if ('problems' in parsed) return answer(parsed.problems, readTyped(form), 422)
    const result = await activate(app, parsed.input, { address: context.get(visitContext).address, headers: request.headers })
    if (result.step === 'out') {
      const minutes = Math.ceil(result.secondsToWait / 60)
      if (minutes > 0) return answer({ form: t('wait', { minutes }) }, readTyped(form), 429, { 'Retry-After': String(result.secondsToWait) })
      return answer({ form: t('codeRefused') }, readTyped(form), 401)
    }
    const cookies = [...result.cookies, flashCookie({ sentence: t('activated', { username: result.username ?? '' }), receipt: null })]
    throw redirect(result.step === 'in' ? '/' : '/sign-in/code', { status: 303, headers: cookies.map((cookie) => ['Set-Cookie', cookie] as [string, string]) })
  } catch (error) {
    if (error instanceof Refused) return answer({ [error.field]: error.sentence(language) }, readTyped(form), 422)
    throw refuse(error, language, app.log)
  }
}

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${accountWords.in(language)('activateTitle')} · ${webWords.in(language)('appName')}` }]
}

export default function ActivatePage({ loaderData, actionData }: Route.ComponentProps) {
  const t = accountWords.in(useLanguage())
  const problems = actionData?.problems ?? {}
  const isScanned = loaderData.code.length === 12
  return (
    <Door>
      <h1>{isScanned ? t('activateScanned') : t('activateHeading')}</h1>
      {problems['form'] && (
        <Notice isAttention role="alert">
          {problems['form']}
        </Notice>
      )}
      <form method="post" action="/activate">
        <Field
          name="code"
          label={t('code')}
          hint={isScanned ? t('codeScanned') : t('codeHint')}
          inputMode="numeric"
          autoComplete="off"
          value={actionData?.values['code'] ?? grouped(loaderData.code)}
          problem={problems['code']}
          maxLength={30}
          isRequired
        />
        <PasswordField name="newPassword" label={t('newPassword')} hint={t('newPasswordHint', { least: shortestPassword })} problem={problems['newPassword']} autoComplete="new-password" isRequired />
        <Button kind="primary" isWide>
          {t('activateButton')}
        </Button>
      </form>
      <section>
        <h2>{t('noSlip')}</h2>
        <p className="sm q2">{t('noSlipHelp')}</p>
        <p>
          <a href="/sign-in">{t('toSignIn')}</a>
        </p>
      </section>
    </Door>
  )
}
