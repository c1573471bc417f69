import type { Route } from './+types/questions.page'
import { addressOf } from '../../web/addresses.ts'
import { Button, ButtonLink } from '../../web/button.tsx'
import { Pagination } from '../../web/data-table.tsx'
import { Field } from '../../web/field.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { EmptyState } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { Words } from '../../web/words.tsx'
import { currentCampaign } from '../campaigns/campaigns.server.ts'
import { searchQuestions } from './material-views.server.ts'
import { materialWords } from './materials.messages.ts'
import { QuestionSearch } from './materials.schema.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url }) => {
    const { q, campaign: code, page } = QuestionSearch.catch({ q: '', campaign: undefined, page: 1 }).parse(Object.fromEntries(url.searchParams))
    const campaign = await currentCampaign(ctx.tx, code ?? null)
    return { q, page, campaign: campaign && { code: campaign.code, name: campaign.name }, ...(await searchQuestions(ctx.tx, { q, campaignId: campaign?.id ?? null, page })) }
  })

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${materialWords.in(language)('questionsTitle')} · ${webWords.in(language)('appName')}` }]
}

export default function BookletQuestionsPage({ loaderData: { q, page, campaign, found, total, pages } }: Route.ComponentProps) {
  const t = materialWords.in(useLanguage())
  const back = addressOf('/materials', { campaign: campaign?.code })
  const answer = q ? (total > 0 ? t('questionsFound', { count: total, q }) : t('questionsNone', { q })) : total > 0 ? t('questionsAll', { count: total }) : t('questionsEmpty')
  return (
    <Shell section="materials" backHref={back}>
      <Eyebrow>{[t('questionsTitle'), campaign?.name].filter(Boolean).join(' · ')}</Eyebrow>
      <h1>{answer}</h1>
      <form method="get" className="search" role="search">
        {campaign && <input type="hidden" name="campaign" value={campaign.code} />}
        <Field name="q" type="search" label={t('questionsSearch')} hint={t('questionsSearchHint')} value={q} maxLength={200} />
        <Button>{t('searchAction')}</Button>
      </form>
      {total === 0 ? (
        <EmptyState title={answer} actions={<ButtonLink href={back}>{t('section')}</ButtonLink>}>
          {t(q ? 'questionsNoneBody' : 'questionsEmptyBody')}
        </EmptyState>
      ) : (
        <ul className="answers">
          {found.map((one) => (
            <li key={one.id}>
              <details open={total === 1}>
                <summary>
                  <b>{one.question}</b>
                  <span className="xs q3 sub">{[t('questionAt', { position: one.position, title: one.title }), one.part].filter(Boolean).join(' · ')}</span>
                </summary>
                <Words text={one.answer} />
              </details>
            </li>
          ))}
        </ul>
      )}
      <Pagination page={page} pages={pages} hrefOf={(other) => addressOf('/materials/questions', { q, campaign: campaign?.code, page: String(other) })} />
    </Shell>
  )
}
