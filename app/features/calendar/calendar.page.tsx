import type { Route } from './+types/calendar.page'
import { z } from 'zod'
import { showDay, today } from '../../platform/clock.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write, writeAndShow } from '../../web/write.server.ts'
import { calendarWords } from './calendar.messages.ts'
import { demandOneself, linkMadeAt, makeLink, revokeLink } from './calendar.server.ts'

const Pressed = z.object({ isPressed: z.literal('yes') })

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url }) => {
    demandOneself(ctx)
    const { timeZone, publicUrl } = args.context.get(appContext).config
    const at = await linkMadeAt(ctx)
    return { madeOn: at && today(timeZone, at), origin: publicUrl ?? url.origin }
  })

export const action = (args: Route.ActionArgs) => {
  if (new URL(args.request.url).searchParams.get('do') === 'revoke') return write(args, Pressed, revokeLink, { saved: () => calendarWords.say('revoked') })
  return writeAndShow(args, Pressed, makeLink)
}

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${calendarWords.in(language)('title')} · ${webWords.in(language)('appName')}` }]
}

export default function CalendarPage({ loaderData: { madeOn, origin }, actionData }: Route.ComponentProps) {
  const t = calendarWords.in(useLanguage())
  const shown = actionData && 'shown' in actionData ? actionData.shown : null
  return (
    <Shell section="me">
      <Eyebrow>{t('title')}</Eyebrow>
      <h1>{madeOn ? t('answer.on', { day: showDay(madeOn) }) : t('answer.off')}</h1>
      <Lede>{t('lede')}</Lede>
      <ProblemList problems={actionData && 'problems' in actionData ? actionData.problems : null} />
      {shown && (
        <Notice className="after-lede" isAttention role="status" title={t('made')} actions={<ButtonLink href="/me/calendar">{t('done')}</ButtonLink>}>
          <p className="secret" data-secret>{`${origin}/calendar/${shown.secret}.ics`}</p>
          <p className="sm">{t('made_hint')}</p>
        </Notice>
      )}
      <p className="after-lede">{t('warning')}</p>
      <div className="after-lede">
        <Buttons>
          {!shown && (
            <form method="post">
              <input type="hidden" name="isPressed" value="yes" />
              <Button kind={madeOn ? 'plain' : 'primary'}>{t(madeOn ? 'again' : 'make')}</Button>
            </form>
          )}
          {madeOn && (
            <form method="post" action="?do=revoke">
              <input type="hidden" name="isPressed" value="yes" />
              <Button>{t('revoke')}</Button>
            </form>
          )}
        </Buttons>
      </div>
    </Shell>
  )
}
