import { data } from 'react-router'
import type { Route } from './+types/confirm.page'
import { Button, ButtonLink } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Door } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { choiceWords } from './choices.messages.ts'
import { confirmAddress, stateOfAddress } from './choices.server.ts'
import { addressOf } from './links.server.ts'

// The link is followed by programs that look for viruses too, so what it asks for is done by the button alone.
export async function loader({ request, context }: Route.LoaderArgs) {
  const app = context.get(appContext)
  return { state: await stateOfAddress(app, addressOf(app, 'confirm', new URL(request.url).searchParams.get('of'))) }
}

export async function action({ request, context }: Route.ActionArgs) {
  const app = context.get(appContext)
  const addressId = addressOf(app, 'confirm', new URL(request.url).searchParams.get('of'))
  const isDone = addressId !== null && (await confirmAddress(app, addressId))
  return data({ isDone }, { status: isDone ? 200 : 404 })
}

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${choiceWords.in(language)('confirm.title')} · ${webWords.in(language)('appName')}` }]
}

export default function ConfirmPage({ loaderData, actionData }: Route.ComponentProps) {
  const t = choiceWords.in(useLanguage())
  const state = actionData ? (actionData.isDone || loaderData.state === 'confirmed' ? 'confirmed' : 'gone') : loaderData.state
  return (
    <Door>
      <h1>{t(`confirm.${state}`)}</h1>
      {state === 'waiting' && (
        <form method="post">
          <Button kind="primary" isWide>
            {t('confirm.button')}
          </Button>
        </form>
      )}
      {state === 'gone' && <p>{t('confirm.gone_hint')}</p>}
      {state !== 'waiting' && (
        <p>
          <ButtonLink href="/notices/choices">{t('to_choices')}</ButtonLink>
        </p>
      )}
    </Door>
  )
}
