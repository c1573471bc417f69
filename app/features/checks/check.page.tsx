import { data } from 'react-router'
import type { Route } from './+types/check.page'
import { showTime } from '../../platform/clock.ts'
import { Button, Buttons, ButtonLink } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { languageIn, languageOf, useLanguage } from '../../web/language.ts'
import { Notice } from '../../web/notice.tsx'
import { demandSameOrigin } from '../../web/origin.server.ts'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { sessionOf } from '../../web/visit.server.ts'
import { webWords } from '../../web/web.messages.ts'
import { CheckForm, Legend, MarkedText, MendForm, Reasons, Remarks } from './check-parts.tsx'
import { checkRequest } from './check-upload.server.ts'
import { viewOf } from './check-view.ts'
import { checksWords } from './checks.messages.ts'

export const loader = (args: Route.LoaderArgs) => read(args, () => Promise.resolve(null))

const mostEditable = 200_000 // a longer text is corrected where it was written

/** Checks and shows; writes nothing, so that there is no receipt and no redirect. */
export async function action(args: Route.ActionArgs) {
  const { request, context } = args
  const { config } = context.get(appContext)
  const language = languageOf(request)
  demandSameOrigin(request, config.publicUrl)
  if (!(await sessionOf(args))) throw data({ sentence: checksWords.in(language)('sessionOver') }, 401)
  const answer = await checkRequest(request)
  if (!('checked' in answer)) return data({ problems: { [answer.field]: answer.sentence(language) }, text: answer.text, result: null }, answer.status)
  const { checked, name, mended } = answer
  const text = checked.text.length > mostEditable ? null : checked.text
  return data({ problems: null, text, result: { ...viewOf(checked, language), name, mended, time: showTime(new Date(), config.timeZone) } })
}

export function meta({ matches }: Route.MetaArgs) {
  return [{ title: `${checksWords.in(languageIn(matches))('title')} · ${webWords.in(languageIn(matches))('appName')}` }]
}

type Result = NonNullable<NonNullable<Route.ComponentProps['actionData']>['result']>

export default function CheckPage({ actionData }: Route.ComponentProps) {
  const t = checksWords.in(useLanguage())
  return (
    <Shell section="check">
      {actionData?.result ? (
        <Checked result={actionData.result} text={actionData.text} />
      ) : (
        <>
          <Eyebrow>{t('title')}</Eyebrow>
          <h1>{t('askTitle')}</h1>
          <Lede>{t('askLede')}</Lede>
          {actionData?.problems && (
            <Notice isAttention role="alert" title={t('refused')}>
              {Object.values(actionData.problems)}
            </Notice>
          )}
          <CheckForm text={actionData?.text ?? ''} problems={actionData?.problems} />
        </>
      )}
    </Shell>
  )
}

function Checked({ result, text }: { result: Result; text: string | null }) {
  const t = checksWords.in(useLanguage())
  const { name, time, notes, mended } = result
  const mends = text === null ? [] : result.cards.flatMap((card) => card.mends)
  return (
    <>
      <Eyebrow>{name === null ? t('eyebrowText', { time }) : t('eyebrowFile', { name, time })}</Eyebrow>
      <h1>{result.title}</h1>
      <Lede>
        {result.figures > 0 && `${t('ledeFigures', { figures: result.figures, right: result.right.figures })} `}
        {notes > 0 && `${t('ledeNotes', { notes })} `}
        {t('lede')}
      </Lede>
      {mended > 0 && (
        <Notice role="status" className="after-lede">
          {t('mended', { count: mended })}
        </Notice>
      )}
      <Grid>
        <Column span={7} id="text" title={t('text')} action={<ButtonLink kind="quiet" href="/check">{t('another')}</ButtonLink>}>
          <MarkedText paragraphs={result.paragraphs} isLong={result.isLong} />
          <Legend {...result.samples} />
        </Column>
        <Column span={5} id="why" title={t('why')}>
          <Reasons cards={result.cards} right={result.right} more={result.more} mayMend={text !== null} />
          {mends.length > 0 && <MendForm text={text!} />}
          {result.remarks !== null && text !== null && <Remarks text={result.remarks} />}
        </Column>
        {text !== null && (
          <section className="c12" id="edit">
            <details open={mended > 0}>
              <summary>{t('edit')}</summary>
              <form method="post" action="/check" encType="multipart/form-data">
                <textarea name="text" rows={12} defaultValue={text} aria-label={t('text')} />
                <Buttons>
                  <Button kind={mends.length > 0 ? 'plain' : 'primary'} isWide>{t('checkAgain')}</Button>
                </Buttons>
              </form>
            </details>
          </section>
        )}
      </Grid>
    </>
  )
}
