import { v7 } from 'uuid'
import type { Route } from './+types/question-new.page'
import { chainOf } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { addDays, readDay, showDay } from '../../platform/clock.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Language } from '../../platform/i18n.ts'
import { figureAddress } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { DayField, TextField } from '../../web/field.tsx'
import { FigureLink } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { defaultDay, openCampaignByCode } from '../campaigns/campaigns.server.ts'
import { placeOf } from '../units/place.server.ts'
import { figureAsked } from './figure-asked.server.ts'
import { figureShown } from './question-wording.server.ts'
import { questionWords } from './questions.messages.ts'
import { QuestionInput } from './questions.schema.ts'
import { askAbout, reasonAgainstAsking } from './questions.server.ts'

const usualDays = 5

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const { tx, viewer } = ctx
    const query = (name: string) => url.searchParams.get(name)
    const campaign = await openCampaignByCode(tx, query('campaign') ?? '')
    const typedDay = query('asOf')
    const asOf = typedDay ? readDay(typedDay) : defaultDay(campaign, viewer.today)
    if (!asOf) throw new NotFound()
    const place = await placeOf(ctx, query('unit'), asOf)
    const key = query('key') ?? ''
    const part = query('part')
    const figure = await figureAsked(ctx, { campaign, unit: place.unit, key, asOf, part })
    const reason = reasonAgainstAsking(viewer, await chainOf(tx, place.unit.id, viewer.today))
    return {
      id: v7(),
      place,
      campaign: { code: campaign.code, name: campaign.name },
      key,
      part,
      asOf,
      shown: figureShown({ key, name: await ownName(ctx.tx, key), figure }, language),
      dueOn: addDays(viewer.today, usualDays),
      figureHref: figureAddress(campaign.code, key, { unit: place.unit.code, asOf, part }),
      reasonAgainst: await whyNot(tx, reason, language),
    }
  })

/** What a unit calls a figure of its own; null for the product's. */
async function ownName(tx: Parameters<typeof chainOf>[0], key: string): Promise<string | null> {
  return (await tx.selectFrom('indicator').select('name').where('key', '=', key).executeTakeFirst())?.name ?? null
}

export const action = (args: Route.ActionArgs) =>
  write(args, QuestionInput, askAbout, {
    to: ({ questionId }) => `/questions/${questionId}`,
    saved: (_, { dueOn }) => questionWords.say('asked', { day: showDay(dueOn) }),
  })

export function meta({ matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  return [{ title: `${questionWords.in(language)('ask')} · ${webWords.in(language)('appName')}` }]
}

export default function NewQuestionPage({ loaderData, actionData }: Route.ComponentProps) {
  const { id, place, campaign, key, part, asOf, shown, dueOn, figureHref, reasonAgainst } = loaderData
  const t = questionWords.in(useLanguage())
  const typed = (name: string, first = '') => actionData?.values[name] ?? (actionData ? '' : first)
  const problem = (name: string) => actionData?.problems[name]
  return (
    <Shell section="report" unitTrail={place.unitTrail} unitsBeneath={[]} asOf={asOf} backHref={figureHref} mainClass="narrow-form">
      <Eyebrow>{t('askEyebrow', { campaign: campaign.name })}</Eyebrow>
      <h1>
        {t('askOf')} <FigureLink href={figureHref}>{shown.value}</FigureLink> {shown.name}{' '}
        <small>
          ({shown.fraction && `${shown.fraction}, `}
          {t('asOf', { unit: place.unit.name, day: showDay(asOf) })})
        </small>
      </h1>
      {reasonAgainst ? (
        <Notice className="after-lede" actions={<ButtonLink href={figureHref}>{t('toFigure')}</ButtonLink>}>{reasonAgainst}</Notice>
      ) : (
        <form method="post">
          <ProblemList problems={actionData?.problems} />
          <input type="hidden" name="id" value={typed('id', id)} />
          <input type="hidden" name="campaignCode" value={campaign.code} />
          <input type="hidden" name="unitCode" value={place.unit.code} />
          <input type="hidden" name="key" value={key} />
          <input type="hidden" name="part" value={part ?? ''} />
          <input type="hidden" name="asOf" value={asOf} />
          <TextField name="text" label={t('text')} hint={t('textHint', { unit: place.unit.name })} value={typed('text')} problem={problem('text')} isRequired rows={5} />
          <DayField name="dueOn" label={t('dueOn')} hint={t('dueOnHint')} value={typed('dueOn', dueOn)} problem={problem('dueOn')} isRequired />
          <p className="sm q2 after-lede">{t('frozenNote')}</p>
          <div className="after-lede">
            <Buttons>
              <Button kind="primary" isWide>
                {t('send', { unit: place.unit.name })}
              </Button>
            </Buttons>
          </div>
        </form>
      )}
    </Shell>
  )
}
