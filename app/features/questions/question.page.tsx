import type { Route } from './+types/question.page'
import { whyNot } from '../../permissions/who-could.server.ts'
import { showCount } from '../../figures/figure.ts'
import { showDay, showInstant } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { addressOf, figureAddress, unitAddress } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { RadioField, TextField } from '../../web/field.tsx'
import { FigureLink } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Shell } from '../../web/shell.tsx'
import { DefinitionList } from '../../web/trail.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write, type Answer } from '../../web/write.server.ts'
import { placeOf } from '../units/place.server.ts'
import { figureShown } from './question-wording.server.ts'
import { questionById, type Message } from './question-views.server.ts'
import { questionWords } from './questions.messages.ts'
import { AnswerInput, ClosingInput } from './questions.schema.ts'
import { answer, close, reasonAgainstAnswering, reasonAgainstClosing } from './questions.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, language }) => {
    const { question, messages, now } = await questionById(ctx, idOf(params.id))
    const place = await placeOf(ctx, question.unitCode, ctx.viewer.today)
    const { timeZone } = args.context.get(appContext).config
    const figure = { unit: question.unitCode, asOf: question.asOf, part: question.part || null }
    return {
      question,
      place,
      asAsked: figureShown(question, language),
      now: figureShown({ ...question, figure: now }, language),
      isChanged: now.numerator !== question.figure.numerator || now.denominator !== question.figure.denominator,
      declared: question.figure.declared > 0 && question.figure.denominator !== null ? showCount(question.figure.declared, language) : null,
      messages: messages.map((message) => ({ ...message, instant: message.at.toISOString(), at: showInstant(message.at, timeZone) })),
      askedAt: showInstant(question.askedAt, timeZone),
      figureHref: figureAddress(question.campaignCode, question.key, figure),
      askHref: addressOf('/questions/new', { campaign: question.campaignCode, key: question.key, ...figure }),
      againstAnswering: await whyNot(ctx.tx, reasonAgainstAnswering(ctx.viewer, question), language),
      againstClosing: await whyNot(ctx.tx, reasonAgainstClosing(ctx.viewer, question), language),
    }
  })

export async function action(args: Route.ActionArgs) {
  const isClosing = new URL(args.request.url).searchParams.get('do') === 'close'
  return isClosing
    ? write(args, ClosingInput, close, { saved: () => questionWords.say('closed') })
    : write(args, AnswerInput, answer, { saved: (_, { kind }) => questionWords.say(kind === 'answer' ? 'answered' : 'corrected') })
}

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  return [{ title: `${questionWords.in(language)('ask')}: ${loaderData?.question.unitName ?? ''} · ${webWords.in(language)('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']
type Page = Data & { answer: Answer | undefined }

export default function QuestionPage({ loaderData, actionData }: Route.ComponentProps) {
  const { question, place, asAsked, figureHref } = loaderData
  const t = questionWords.in(useLanguage())
  const page = { ...loaderData, answer: actionData as Answer | undefined }
  return (
    <Shell section="report" unitTrail={place.unitTrail} unitsBeneath={[]} unitHref={(code) => unitAddress(code)}>
      <Eyebrow>{t('askEyebrow', { campaign: question.campaignName })}</Eyebrow>
      <h1>
        {t('askedOf', { asker: question.askedByUnitName })} <FigureLink href={figureHref}>{asAsked.value}</FigureLink> {asAsked.name} <small>({t('asOf', { unit: question.unitName, day: showDay(question.asOf) })})</small>
      </h1>
      <StateLine {...page} />
      <Grid>
        <Column span={7} id="exchange" title={t('exchange')}>
          <Exchange {...page} />
          <Forms {...page} />
        </Column>
        <Column span={5} id="figure" title={t('figureTitle')}>
          <Figure {...page} />
        </Column>
      </Grid>
    </Shell>
  )
}

/** What is owed now, by whom and until when. */
function StateLine({ question }: Page) {
  const t = questionWords.in(useLanguage())
  const words = { unit: question.unitName, asker: question.askedByUnitName, day: showDay(question.dueOn), above: question.escalatedToUnitName ?? '' }
  if (question.closedAt) return <p className="lede">{t('stateClosed', words)}</p>
  if (question.answeredAt) return <p className="lede">{t('stateAnswered', words)}</p>
  if (!question.isOverdue) return <p className="lede">{t('stateWaiting', words)}</p>
  return <p className="lede attn">{t(question.escalatedToUnitName ? 'stateEscalated' : 'stateOverdue', words)}</p>
}

function Exchange({ messages, question }: Page) {
  const t = questionWords.in(useLanguage())
  return (
    <ol className="exchange">
      {messages.map((message, index) => (
        <li key={index}>
          <p className="sm q3">
            <b>{whoOf(message, question, t)}</b> <time className="n" dateTime={message.instant}>{message.at}</time>
          </p>
          {message.kind === 'escalation' ? <p className="sm attn">{t('escalation', { above: message.text, unit: question.unitName })}</p> : message.text.split(/\n+/).filter(Boolean).map((line, at) => <p key={at}>{line}</p>)}
        </li>
      ))}
    </ol>
  )
}

function whoOf({ kind, author, isOwn }: { kind: Message['kind']; author: string | null; isOwn: boolean }, { unitName, askedByUnitName }: Data['question'], t: ReturnType<typeof questionWords.in>): string {
  const who = isOwn ? t('you') : (author ?? t('somebody'))
  return t(`said.${kind}`, { who, unit: kind === 'question' || kind === 'closing' ? askedByUnitName : unitName })
}

function Forms(page: Page) {
  const { question, answer: refused, againstAnswering, againstClosing, askHref } = page
  const t = questionWords.in(useLanguage())
  if (question.closedAt) {
    return againstClosing === null ? (
      <p className="after-lede noprint">
        <ButtonLink href={askHref}>{t('askAgain')}</ButtonLink>
      </p>
    ) : null
  }
  const isStale = refused && 'version' in refused.problems
  return (
    <div className="noprint">
      {isStale && (
        <Notice isAttention role="alert" title={refused.problems['version']} className="after-lede">
          {t('staleBody')}
        </Notice>
      )}
      {againstAnswering === null ? <AnswerForm {...page} isStale={Boolean(isStale)} /> : againstClosing !== null && <Notice className="after-lede">{againstAnswering}</Notice>}
      {againstClosing === null && <CloseForm {...page} />}
    </div>
  )
}

function AnswerForm({ question, answer: refused, isStale }: Page & { isStale: boolean }) {
  const t = questionWords.in(useLanguage())
  const own = refused && 'kind' in refused.values ? refused : undefined
  return (
    <form method="post">
      {!isStale && <ProblemList problems={own?.problems} />}
      <input type="hidden" name="questionId" value={question.id} />
      <input type="hidden" name="version" value={question.version} />
      <RadioField
        name="kind"
        label={t(question.answeredAt ? 'answerMore' : 'answerTitle')}
        value={own?.values['kind'] ?? 'answer'}
        options={[
          { value: 'answer', label: t('kind.answer'), hint: t('kindHint.answer') },
          { value: 'correction', label: t('kind.correction'), hint: t('kindHint.correction') },
        ]}
      />
      <TextField name="text" label={t('answerText')} hint={t('answerHint')} value={own?.values['text']} problem={own?.problems['text']} isRequired rows={5} />
      <div className="after-lede">
        <Button kind={question.answeredAt ? 'plain' : 'primary'} isWide>{t('sendAnswer')}</Button>
      </div>
    </form>
  )
}

function CloseForm({ question, answer: refused, askHref }: Page) {
  const t = questionWords.in(useLanguage())
  const own = refused && !('kind' in refused.values) ? refused : undefined
  return (
    <form method="post" action={`/questions/${question.id}?do=close`}>
      <input type="hidden" name="questionId" value={question.id} />
      <input type="hidden" name="version" value={question.version} />
      <TextField name="text" id="closing" label={t(question.answeredAt ? 'closeText' : 'withdrawText')} hint={t('closeHint')} value={own?.values['text']} problem={own?.problems['text'] ?? own?.problems['form']} rows={2} />
      <div className="after-lede">
        <Buttons>
          <Button kind={question.answeredAt ? 'primary' : 'plain'}>{t(question.answeredAt ? 'close' : 'withdraw')}</Button>
          {question.answeredAt && <ButtonLink href={askHref} kind="quiet">{t('askAgain')}</ButtonLink>}
        </Buttons>
      </div>
    </form>
  )
}

/** The figure as it stood when asked, beside what it is now. */
function Figure({ question, asAsked, now, isChanged, declared, askedAt, figureHref }: Page) {
  const t = questionWords.in(useLanguage())
  const value = (one: typeof asAsked) => (
    <>
      <b className="n">{one.value}</b> {one.fraction && <span className="n q2">({one.fraction})</span>}
    </>
  )
  return (
    <>
      <DefinitionList
        items={[
          { term: t('whenAsked'), value: <>{value(asAsked)} {declared && <span className="sub">{t('declaredPart', { count: declared })}</span>} <span className="xs q3 sub">{askedAt}</span></> },
          { term: t('now'), value: isChanged ? <FigureLink href={figureHref}>{value(now)}</FigureLink> : t('unchanged') },
          { term: t('ofUnit'), value: question.unitName },
          { term: t('asOfDay'), value: <span className="n">{showDay(question.asOf)}</span> },
          { term: t('dueOn'), value: <span className="n">{showDay(question.dueOn)}</span> },
        ]}
      />
      <div className="after-lede noprint">
        <Buttons>
          <ButtonLink href={figureHref}>{t('toFigure')}</ButtonLink>
          <ButtonLink href="/questions" kind="quiet">{t('toList')}</ButtonLink>
        </Buttons>
      </div>
    </>
  )
}
