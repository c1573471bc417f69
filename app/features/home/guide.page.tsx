import type { Route } from './+types/guide.page'
import { Button } from '../../web/button.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { read } from '../../web/read.server.ts'
import { Column, Grid, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { ownUnit, placeAt } from '../units/place.server.ts'
import { GuideSteps } from './guide-steps.tsx'
import { guideWords } from './guide.messages.ts'
import { GuideHiding } from './guide.schema.ts'
import { guideOf, hideGuide, isGuideHidden } from './guide.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx) => {
    const unit = await ownUnit(ctx)
    const place = unit && (await placeAt(ctx.tx, unit, ctx.viewer.today))
    return { ...(await guideOf(ctx, unit, (place?.beneath.length ?? 0) > 0)), isHidden: await isGuideHidden(ctx) }
  })

export const action = (args: Route.ActionArgs) =>
  write(args, GuideHiding, hideGuide, {
    to: (_, { hidden }) => (hidden === 'yes' ? '/' : '/guide'),
    saved: (_, { hidden }) => guideWords.say(hidden === 'yes' ? 'hiddenNow' : 'shownAgain'),
  })

export const meta: Route.MetaFunction = ({ matches }) => [{ title: `${guideWords.in(languageIn(matches))('title')} · ${webWords.in(languageIn(matches))('appName')}` }]

export default function GuidePage({ loaderData: { kind, steps, isHidden } }: Route.ComponentProps) {
  const t = guideWords.in(useLanguage())
  return (
    <Shell>
      <h1>{t(`answer.${kind}`)}</h1>
      <Grid>
        <Column span={8} id="steps" title={t('steps')}>
          <GuideSteps steps={steps} />
          <form method="post" className="after-lede">
            <input type="hidden" name="hidden" value={isHidden ? 'no' : 'yes'} />
            <Button kind="quiet" type="submit">{t(isHidden ? 'show' : 'hide')}</Button>
          </form>
        </Column>
        <Column span={4} id="reading" title={t('reading')}>
          <ul className="rights">
            {(['answer', 'opens', 'day', 'trail'] as const).map((key) => (
              <li key={key}>
                <b>{t(`reading.${key}`)}</b>
                <p>{t(`readingBody.${key}`)}</p>
              </li>
            ))}
          </ul>
        </Column>
      </Grid>
    </Shell>
  )
}
