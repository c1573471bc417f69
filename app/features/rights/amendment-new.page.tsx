import type { Route } from './+types/amendment-new.page'
import { addDays, showDay } from '../../platform/clock.ts'
import { holderShown } from '../../permissions/who-could.server.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { TextField } from '../../web/field.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Shell } from '../../web/shell.tsx'
import { DefinitionList } from '../../web/trail.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write, type Answer } from '../../web/write.server.ts'
import { askAmendment, daysToAnswer, factToAmend, unitToAnswer } from './amendments.server.ts'
import { labelOf, valueOf } from './held-wording.ts'
import { rightsWords } from './rights.messages.ts'
import { AmendmentInput } from './rights.schema.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const item = url.searchParams.get('item') ?? 'missing'
    const row = url.searchParams.get('row')
    const rowId = row ? idOf(row) : null
    const fact = await factToAmend(ctx, { item, rowId: rowId ?? undefined })
    const unit = await unitToAnswer(ctx)
    return {
      item,
      rowId,
      label: labelOf(item, language),
      held: fact ? valueOf(fact, language) : null,
      unit: unit && { name: unit.name, holders: unit.holders.map((one) => holderShown(one, language)).join('; ') },
      dueOn: showDay(addDays(ctx.viewer.today, daysToAnswer)),
    }
  })

export const action = (args: Route.ActionArgs) =>
  write(args, AmendmentInput, (ctx, input, { language }) => askAmendment(ctx, input, language), {
    to: () => '/me/held#requests',
    saved: ({ unitName, dueOn }) => rightsWords.say('amend.sent', { unit: unitName, day: showDay(dueOn) }),
  })

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${rightsWords.in(language)('amend.title')} · ${webWords.in(language)('appName')}` }]
}

export default function AmendmentNewPage({ loaderData, actionData }: Route.ComponentProps) {
  const { item, rowId, label, held, unit, dueOn } = loaderData
  const t = rightsWords.in(useLanguage())
  const refused = actionData as Answer | undefined
  return (
    <Shell section="me" backHref="/me/held">
      <Eyebrow>{t('amend.title')}</Eyebrow>
      <h1>{t('amend.heading', { item: label })}</h1>
      <ProblemList problems={refused?.problems} />
      {unit ? (
        <form method="post" className="after-lede">
          <input type="hidden" name="item" value={item} />
          {rowId && <input type="hidden" name="rowId" value={rowId} />}
          <DefinitionList items={[{ term: t('amend.held'), value: held ?? t('amend.heldNothing') }]} />
          <TextField name="wanted" label={t('amend.wanted')} hint={t('amend.wantedHint')} value={refused?.values['wanted']} problem={refused?.problems['wanted']} isRequired rows={2} />
          <TextField name="reason" label={t('amend.reason')} hint={t('amend.reasonHint')} value={refused?.values['reason']} problem={refused?.problems['reason']} isRequired rows={3} />
          <p className="sm q2 after-lede">{t(unit.holders ? 'amend.goesTo' : 'amend.goesToNobody', { unit: unit.name, day: dueOn, holders: unit.holders })}</p>
          <div className="after-lede">
            <Buttons>
              <Button kind="primary" isWide>{t('amend.send')}</Button>
              <ButtonLink href="/me/held" kind="quiet">{t('amend.back')}</ButtonLink>
            </Buttons>
          </div>
        </form>
      ) : (
        <Notice className="after-lede" actions={<ButtonLink href="/me/held">{t('amend.back')}</ButtonLink>}>{t('amend.noUnit')}</Notice>
      )}
    </Shell>
  )
}
