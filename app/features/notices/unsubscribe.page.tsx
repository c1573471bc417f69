import { data } from 'react-router'
import type { Route } from './+types/unsubscribe.page'
import { Button, ButtonLink } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Door } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { choiceWords } from './choices.messages.ts'
import { unsubscribe, stateOfAddress } from './choices.server.ts'
import { addressOf } from './links.server.ts'

/** Shows the button; following the link alone changes nothing. */
export async function loader({ request, context }: Route.LoaderArgs) {
  const app = context.get(appContext)
  return { state: await stateOfAddress(app, addressOf(app, 'unsubscribe', new URL(request.url).searchParams.get('of'))) }
}

/** The button, and the one click of a mail program (RFC 8058). Asked twice, it does no more. */
export async function action({ request, context }: Route.ActionArgs) {
  const app = context.get(appContext)
  const addressId = addressOf(app, 'unsubscribe', new URL(request.url).searchParams.get('of'))
  const isDone = addressId !== null && (await unsubscribe(app, addressId))
  return data({ isDone }, { status: isDone ? 200 : 404 })
}

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${choiceWords.in(language)('unsubscribe.title')} · ${webWords.in(language)('appName')}` }]
}

export default function UnsubscribePage({ loaderData, actionData }: Route.ComponentProps) {
  const t = choiceWords.in(useLanguage())
  const state = actionData ? (actionData.isDone ? 'done' : 'gone') : loaderData.state === 'gone' ? 'gone' : 'ask'
  return (
    <Door>
      <h1>{t(`unsubscribe.${state}`)}</h1>
      {state !== 'gone' && <p>{t('unsubscribe.keeps')}</p>}
      {state === 'ask' && (
        <form method="post">
          <Button kind="primary" isWide>
            {t('unsubscribe.button')}
          </Button>
        </form>
      )}
      {state !== 'ask' && (
        <p>
          <ButtonLink href="/notices/choices">{t('to_choices')}</ButtonLink>
        </p>
      )}
    </Door>
  )
}
