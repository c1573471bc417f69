import type { Route } from './+types/acting.page'
import { showDay, showInstant } from '../../platform/clock.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { languageIn, useLanguage } from '../../web/language.ts'
import { ProblemList } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { actingWords } from './acting.messages.ts'
import { ActingChoice } from './acting.schema.ts'
import { actingsKept, endActing, helpersOfOne, helping, mayName, type Acting } from './acting.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx) => {
    const { timeZone } = args.context.get(appContext).config
    const shown = (actings: Acting[]) =>
      actings.map(({ namedAt, endedAt, ...acting }) => ({ ...acting, namedAt: showInstant(namedAt, timeZone), hasEnded: endedAt !== null, isOver: acting.until < ctx.viewer.today }))
    return { helping: shown(await helping(ctx)), helped: shown(await helpersOfOne(ctx)), kept: shown(await actingsKept(ctx)), mayName: mayName(ctx), isActing: Boolean(ctx.viewer.actedBy) }
  })

export const action = (args: Route.ActionArgs) =>
  write(args, ActingChoice, endActing, { saved: ({ helped }) => (helped ? actingWords.say('ended', { helped }) : actingWords.say('ended_plain')) })

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${actingWords.in(language)('title')} · ${webWords.in(language)('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']
type Line = Data['helping'][number]

export default function ActingPage({ loaderData, actionData }: Route.ComponentProps) {
  const t = actingWords.in(useLanguage())
  const { helping: mine, helped, kept, isActing } = loaderData
  const now = kept.filter((line) => line.isInForce).length
  return (
    <Shell section="acting">
      <Eyebrow>{t('title')}</Eyebrow>
      <h1>{mine.length > 0 ? t('answer_helping', { count: mine.length }) : now > 0 ? t('answer_kept', { count: now }) : t('answer_none')}</h1>
      <Lede>{t('lede')}</Lede>
      <ProblemList problems={actionData?.problems} />
      {!isActing && (
        <Buttons>
          <ButtonLink href="/acting/new">{t('new')}</ButtonLink>
        </Buttons>
      )}
      <Grid>
        {!isActing && (
          <Column span={6} id="helping" title={t('helping')}>
            {mine.length === 0 ? <p className="q2">{t('none_helping')}</p> : <Lines lines={mine} titleOf={(line) => t('for', { name: line.helped ?? t('somebody') })} actionOf={(line) => <Begin {...line} />} />}
          </Column>
        )}
        <Column span={6} id="helped" title={t('helped')}>
          {helped.length === 0 ? <p className="q2">{t('none_helped')}</p> : <Lines lines={helped} titleOf={(line) => line.helper ?? t('somebody')} isReadOnly={isActing} />}
        </Column>
        {loaderData.mayName && kept.length > 0 && (
          <Column span={12} id="kept" title={t('kept')}>
            <Lines lines={kept} titleOf={(line) => t('pair', { helper: line.helper ?? t('somebody'), helped: line.helped ?? t('somebody') })} />
          </Column>
        )}
      </Grid>
    </Shell>
  )
}

function Lines({ lines, titleOf, actionOf, isReadOnly }: { lines: Line[]; titleOf: (line: Line) => string; actionOf?: (line: Line) => React.ReactNode; isReadOnly?: boolean }) {
  const t = actingWords.in(useLanguage())
  return (
    <ul className="rights acting">
      {lines.map((line) => (
        <li key={line.id}>
          <b>{titleOf(line)}</b>
          <p>
            {[
              line.hasEnded ? t('state.ended') : line.isOver ? t('state.over') : null,
              t('from_until', { from: showDay(line.from), until: showDay(line.until) }),
              line.reason,
              t('named_by', { name: line.namedBy ?? t('somebody'), at: line.namedAt }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
          {!isReadOnly && !line.hasEnded && !line.isOver && (
            <Buttons>
              {actionOf?.(line)}
              <form method="post" action="/acting">
                <input type="hidden" name="actingId" value={line.id} />
                <Button kind="quiet" label={t('end_of', { helper: line.helper ?? t('somebody'), helped: line.helped ?? t('somebody') })}>
                  {t('end')}
                </Button>
              </form>
            </Buttons>
          )}
        </li>
      ))}
    </ul>
  )
}

function Begin({ id, helped, from, isInForce }: Line) {
  const t = actingWords.in(useLanguage())
  if (!isInForce) return <span className="sm q2">{t('not_yet', { from: showDay(from) })}</span>
  return (
    <form method="post" action="/acting/mode?do=enter">
      <input type="hidden" name="actingId" value={id} />
      <Button label={t('begin_for', { name: helped ?? t('somebody') })}>{t('begin')}</Button>
    </form>
  )
}
