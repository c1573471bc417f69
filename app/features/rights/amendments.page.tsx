import type { Route } from './+types/amendments.page'
import { showDay, showInstant, type Day } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { Button } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { RadioField, TextField } from '../../web/field.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { EmptyState, ProblemList } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write, type Answer } from '../../web/write.server.ts'
import { amendmentsToAnswer, answerAmendment, type Amendment } from './amendments.server.ts'
import { labelOf, outcomeOf } from './held-wording.ts'
import { rightsWords } from './rights.messages.ts'
import { AmendmentAnswer } from './rights.schema.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { language }) => {
    const { timeZone } = args.context.get(appContext).config
    const { waiting, answered } = await amendmentsToAnswer(ctx)
    const shown = (all: Amendment[]) => all.map((one) => requestShown(one, { today: ctx.viewer.today, language, timeZone }))
    return { waiting: shown(waiting), answered: shown(answered) }
  })

export const action = (args: Route.ActionArgs) => write(args, AmendmentAnswer, answerAmendment, { saved: () => rightsWords.say('amendments.sent') })

function requestShown({ id, version, who, unitName, item, held, wanted, reason, dueOn, outcome, answer, answeredAt, answeredBy }: Amendment, { today, language, timeZone }: { today: Day; language: Language; timeZone: string }) {
  const t = rightsWords.in(language)
  return {
    id,
    version,
    what: t('amendments.what', { who, item: labelOf(item, language) }),
    unit: unitName,
    change: t(item === 'missing' ? 'amendments.missing' : 'amendments.change', { held: held || t('amend.heldNothing'), wanted, reason }),
    isLate: !outcome && dueOn < today,
    due: t(dueOn < today ? 'amendments.overdue' : 'amendments.due', { day: showDay(dueOn) }),
    done: outcome && answeredAt ? t('amendments.by', { outcome: outcomeOf({ outcome, answer }, t)!, who: answeredBy ?? t('held.somebody'), at: showInstant(answeredAt, timeZone) }) : null,
  }
}

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${rightsWords.in(language)('amendments.title')} · ${webWords.in(language)('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function AmendmentsPage({ loaderData: { waiting, answered }, actionData }: Route.ComponentProps) {
  const t = rightsWords.in(useLanguage())
  const refused = actionData as Answer | undefined
  const late = waiting.filter((one) => one.isLate).length
  return (
    <Shell section="home">
      <Eyebrow>{t('amendments.title')}</Eyebrow>
      <h1>{waiting.length > 0 ? [t('amendments.waiting', { count: waiting.length }), late > 0 && t('amendments.late', { count: late })].filter(Boolean).join(', ') : t('amendments.none')}</h1>
      <ProblemList problems={refused?.problems} />
      {waiting.length + answered.length === 0 ? (
        <div className="after-lede">
          <EmptyState>{t('amendments.noneBody')}</EmptyState>
        </div>
      ) : (
        <Grid>
          {waiting.length > 0 && (
            <Column span={8} id="open" title={t('amendments.open')}>
              <ul className="rights">
                {waiting.map((request) => (
                  <Waiting key={request.id} {...request} refused={refused?.values['amendmentId'] === request.id ? refused : undefined} />
                ))}
              </ul>
            </Column>
          )}
          {answered.length > 0 && (
            <Column span={8} id="done" title={t('amendments.done')}>
              <ul className="rights">
                {answered.map((request) => (
                  <li key={request.id}>
                    <b>{request.what}</b>
                    <p>{request.change}</p>
                    <p>{request.done}</p>
                  </li>
                ))}
              </ul>
            </Column>
          )}
        </Grid>
      )}
    </Shell>
  )
}

function Waiting({ id, version, what, unit, change, due, isLate, refused }: Data['waiting'][number] & { refused: Answer | undefined }) {
  const t = rightsWords.in(useLanguage())
  return (
    <li>
      <b>{what}</b>
      <p>{change}</p>
      <p>
        {unit} · <span className={isLate ? 'attn' : undefined}>{due}</span>
      </p>
      <details open={Boolean(refused)}>
        <summary>{t('amendments.answer')}</summary>
        <form method="post">
          <input type="hidden" name="amendmentId" value={id} />
          <input type="hidden" name="version" value={version} />
          <RadioField
            id={`outcome-${id}`}
            name="outcome"
            label={t('amendments.outcome')}
            value={refused?.values['outcome'] ?? 'corrected'}
            options={[
              { value: 'corrected', label: t('amendments.corrected'), hint: t('amendments.correctedHint') },
              { value: 'refused', label: t('amendments.refused'), hint: t('amendments.refusedHint') },
            ]}
          />
          <TextField id={`answer-${id}`} name="answer" label={t('amendments.text')} value={refused?.values['answer']} problem={refused?.problems['answer']} rows={2} />
          <div className="after-lede">
            <Button>{t('amendments.send')}</Button>
          </div>
        </form>
      </details>
    </li>
  )
}
