import type { Route } from './+types/questions.page'
import { showDay } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { figureAddress, unitAddress } from '../../web/addresses.ts'
import { ButtonLink } from '../../web/button.tsx'
import { useLanguage } from '../../web/language.ts'
import { EmptyState } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Grid, Column, Shell } from '../../web/shell.tsx'
import { Duties } from '../../web/trail.tsx'
import { webWords } from '../../web/web.messages.ts'
import { placeOf } from '../units/place.server.ts'
import { figureShown } from './question-wording.server.ts'
import { listQuestions, questionsAbout, type Question } from './question-views.server.ts'
import { questionWords } from './questions.messages.ts'
import { FigureFilter } from './questions.schema.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const rowOf = (question: Question) => ({
      ...question,
      shown: figureShown(question, language),
      daysLeft: Math.round((Date.parse(question.dueOn) - Date.parse(ctx.viewer.today)) / 86_400_000),
    })
    const filter = FigureFilter.safeParse(Object.fromEntries(url.searchParams))
    if (filter.success) {
      const { campaign, unit, key, part } = filter.data
      const all = (await questionsAbout(ctx, filter.data)).map(rowOf)
      const place = await placeOf(ctx, unit, ctx.viewer.today)
      const figureHref = figureAddress(campaign, key, { unit, asOf: url.searchParams.get('asOf') ?? '', part: part ?? null })
      return { about: { place, figureHref, all }, lists: null }
    }
    const lists = await listQuestions(ctx)
    return {
      about: null,
      lists: {
        toAnswer: lists.toAnswer.map(rowOf),
        escalated: lists.escalated.map(rowOf),
        answered: lists.answered.map(rowOf),
        waiting: lists.waiting.map(rowOf),
        closed: lists.closed.map(rowOf),
      },
    }
  })

export function meta({ matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  return [{ title: `${questionWords.in(language)('title')} · ${webWords.in(language)('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']
type Row = NonNullable<Data['lists']>['toAnswer'][number]

export default function QuestionsPage({ loaderData: { about, lists } }: Route.ComponentProps) {
  return about ? <AboutFigure {...about} /> : <Lists {...lists} />
}

function AboutFigure({ place, figureHref, all }: NonNullable<Data['about']>) {
  const t = questionWords.in(useLanguage())
  const [one] = all
  return (
    <Shell section="report" unitTrail={place.unitTrail} unitsBeneath={[]} unitHref={(code) => unitAddress(code)}>
      <Eyebrow>{one ? t('askEyebrow', { campaign: one.campaignName }) : t('title')}</Eyebrow>
      <h1>{one ? t('aboutFigure', { count: all.length, figure: one.shown.name, unit: place.unit.name }) : t('aboutNone')}</h1>
      <div className="after-lede">
        <ButtonLink href={figureHref}>{t('toFigure')}</ButtonLink>
      </div>
      {one && (
        <Grid>
          <div className="c8">
            <QuestionList rows={all} isFigureKnown />
          </div>
        </Grid>
      )}
    </Shell>
  )
}

function Lists({ toAnswer, escalated, answered, waiting, closed }: NonNullable<Data['lists']>) {
  const t = questionWords.in(useLanguage())
  const overdue = toAnswer.filter((one) => one.isOverdue).length
  const isEmpty = [toAnswer, escalated, answered, waiting, closed].every((rows) => rows.length === 0)
  const answer =
    toAnswer.length > 0
      ? [t('listToAnswer', { count: toAnswer.length }), overdue > 0 && t('listOverdue', { count: overdue })].filter(Boolean).join(', ')
      : answered.length > 0
        ? t('listAnswered', { count: answered.length })
        : waiting.length + escalated.length > 0
          ? t('listWaiting', { count: waiting.length + escalated.length })
          : t('listNothing')
  const sections = [
    ['toAnswer', toAnswer],
    ['escalated', escalated],
    ['answered', answered],
    ['waiting', waiting],
    ['closed', closed],
  ] as const
  return (
    <Shell section="report">
      <Eyebrow>{t('title')}</Eyebrow>
      <h1>{answer}</h1>
      {isEmpty ? (
        <div className="after-lede">
          <EmptyState title={t('emptyTitle')} actions={<ButtonLink href="/report">{t('toReport')}</ButtonLink>}>
            {t('emptyBody')}
          </EmptyState>
        </div>
      ) : (
        <Grid>
          {sections.map(([key, rows]) =>
            rows.length === 0 ? null : (
              <Column key={key} span={8} id={key} title={t(`section.${key}`, { count: rows.length })}>
                <QuestionList rows={rows} />
              </Column>
            ),
          )}
        </Grid>
      )}
    </Shell>
  )
}

/** Questions by the day they are due, each opening its exchange. */
function QuestionList({ rows, isFigureKnown }: { rows: readonly Row[]; isFigureKnown?: boolean }) {
  const t = questionWords.in(useLanguage())
  return (
    <Duties
      duties={rows.map((row) => ({
        when: whenOf(row, t),
        day: row.closedAt || row.answeredAt ? '' : showDay(row.dueOn),
        isOverdue: row.isOverdue,
        what: isFigureKnown ? row.text : t('rowTitle', { value: row.shown.value, figure: row.shown.name, unit: row.unitName }),
        href: `/questions/${row.id}`,
        detail: isFigureKnown ? t('rowAskedThen', { asker: row.askedByUnitName, value: row.shown.value, day: showDay(row.asOf) }) : t('rowAsked', { asker: row.askedByUnitName, text: row.text }),
      }))}
    />
  )
}

function whenOf({ closedAt, answeredAt, daysLeft }: Row, t: ReturnType<typeof questionWords.in>): string {
  if (closedAt) return t('state.closed')
  if (answeredAt) return t('state.answered')
  if (daysLeft < 0) return t('overdueDays', { count: -daysLeft })
  return daysLeft === 0 ? t('today') : t('inDays', { count: daysLeft })
}
