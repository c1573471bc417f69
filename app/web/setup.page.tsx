import { redirect } from 'react-router'
import type { Route } from './+types/setup.page'
import { firstAdministrator, isEmpty } from './accounts.server.ts'
import { Button } from './button.tsx'
import { appContext, visitContext } from './context.ts'
import { Field, PasswordField, SelectField } from './field.tsx'
import { flashCookie } from './flash.ts'
import { readTyped } from './form.ts'
import { languageIn, languageOf, useLanguage } from './language.ts'
import { Notice } from './notice.tsx'
import { demandSameOrigin } from './origin.server.ts'
import { shortestPassword } from './password-length.ts'
import { Refused } from '../platform/errors.ts'
import { refuse } from './refusal.server.ts'
import { Door } from './shell.tsx'
import { setupWords } from './setup.messages.ts'
import { Setup, topKinds } from './setup.schema.ts'
import { answer, parse, readForm } from './write.server.ts'

export async function loader({ request, context }: Route.LoaderArgs) {
  const { db, config, log } = context.get(appContext)
  try {
    if (!(await isEmpty(db))) throw redirect('/sign-in')
    return { dataDir: config.databaseUrl ? null : config.dataDir }
  } catch (error) {
    throw refuse(error, languageOf(request), log)
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { db, config, log, auth } = context.get(appContext)
  const language = languageOf(request)
  try {
    demandSameOrigin(request, config.publicUrl)
    const form = await readForm(request, 64 * 1024)
    const parsed = parse(form, Setup, language)
    if ('problems' in parsed) return answer(parsed.problems, readTyped(form), 422)
    const { input } = parsed
    try {
      const { receipt } = await firstAdministrator(db, log, input)
      const address = context.get(visitContext).address
      const signedIn = await auth.signIn({ username: input.username, password: input.password, address, headers: request.headers })
      const done = setupWords.say('done', { unit: input.unit.name, username: input.username })
      const cookies = [flashCookie({ sentence: done(language), receipt }), ...(signedIn.step === 'in' ? signedIn.cookies : [])]
      throw redirect('/', { status: 303, headers: cookies.map((cookie) => ['Set-Cookie', cookie] as [string, string]) })
    } catch (error) {
      if (error instanceof Refused) return answer({ [error.field]: error.sentence(language) }, readTyped(form), 422)
      throw error
    }
  } catch (error) {
    throw refuse(error, language, log)
  }
}

export function meta({ matches }: Route.MetaArgs) {
  return [{ title: setupWords.in(languageIn(matches))('title') }]
}

export default function FirstSetUp({ loaderData, actionData }: Route.ComponentProps) {
  const t = setupWords.in(useLanguage())
  const problems = actionData?.problems ?? {}
  const field = (name: string) => ({ name, value: actionData?.values[name], problem: problems[name] })
  return (
    <Door>
      <p className="eyebrow">{t('eyebrow')}</p>
      <h1>{t('heading')}</h1>
      {actionData && (
        <Notice isAttention role="alert">
          {problems['form'] ?? t('problems')}
        </Notice>
      )}
      <form method="post">
        <Field {...field('unit.name')} label={t('unit_name')} hint={t('unit_name_hint')} autoComplete="organization" isRequired />
        <SelectField {...field('unit.kind')} label={t('kind')} options={topKinds.map((kind) => ({ value: kind, label: t(kind) }))} />
        <Field {...field('unit.organisationName')} label={t('organisation_name')} hint={t('organisation_name_hint')} />
        <Field {...field('unit.place')} label={t('place')} hint={t('place_hint')} />
        <Field {...field('unit.symbol')} label={t('symbol')} hint={t('symbol_hint')} maxLength={20} />
        <section>
          <h2>{t('administrator')}</h2>
          <Field {...field('person.name')} label={t('person_name')} autoComplete="name" isRequired />
          <Field {...field('username')} label={t('username')} hint={t('username_hint')} autoComplete="username" isRequired />
          <PasswordField
            name="password"
            label={t('password')}
            hint={t('password_hint', { least: shortestPassword })}
            problem={problems['password']}
            autoComplete="new-password"
            isRequired
          />
        </section>
        <Button kind="primary" isWide>
          {t('submit')}
        </Button>
      </form>
      <section>
        <h2>{t('where')}</h2>
        <p className="sm q2">{loaderData.dataDir ? t('where_embedded', { place: loaderData.dataDir }) : t('where_server')}</p>
      </section>
    </Door>
  )
}
