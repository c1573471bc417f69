import type { Route } from './+types/answers.page'
import { ButtonLink } from '../../web/button.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { EmptyState } from '../../web/notice.tsx'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { unitAddress } from '../../web/addresses.ts'
import { placeOf } from '../units/place.server.ts'
import { cascadeWords } from './cascade.messages.ts'
import { answeredClauses, type AnsweredClause } from './clauses.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params }) => {
    const view = await answeredClauses(ctx, idOf(params.id))
    const isAnswered = (clause: AnsweredClause) => clause.answers.some((one) => one.state === 'issued')
    return { ...view, place: await placeOf(ctx, view.document.unitCode || null, ctx.viewer.today), clauses: [...view.clauses.filter((one) => !isAnswered(one)), ...view.clauses.filter(isAnswered)], unanswered: view.clauses.filter((one) => !isAnswered(one)).length }
  })

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${loaderData ? cascadeWords.in(language)('clausesTitle', { number: loaderData.document.written ?? '…' }) : ''} · ${webWords.in(language)('appName')}` }]
}

export default function AnswersPage({ loaderData }: Route.ComponentProps) {
  const { document, place, clauses, units, unanswered } = loaderData
  const t = cascadeWords.in(useLanguage())
  const number = document.written ?? document.abstract
  return (
    <Shell section="documents" unitTrail={place.unitTrail} unitsBeneath={[]} backHref={`/documents/${document.id}`}>
      <Eyebrow>
        <a href={`/documents/${document.id}`}>{number}</a> · {document.issuerName}
      </Eyebrow>
      {clauses.length === 0 ? (
        <>
          <h1>{t('clausesHeadNone', { number })}</h1>
          <EmptyState title={t('clausesNone')} actions={<ButtonLink href={`/documents/${document.id}/clauses`}>{t('answersName')}</ButtonLink>} />
        </>
      ) : (
        <>
          <h1>{unanswered > 0 ? t('answersHead', { count: unanswered, all: clauses.length, number }) : t('answersHeadAll', { number })}</h1>
          <Lede>{t('answersLede', { units, unit: document.unitName })}</Lede>
          <table className="cards after-table">
            <caption>
              {t('answersCaption')} <span className="rule">{t('answersRule')}</span>
            </caption>
            <thead>
              <tr>
                <th scope="col">{t('columnClause')}</th>
                <th scope="col">{t('columnAnswered')}</th>
                <th scope="col">{t('columnWithout')}</th>
              </tr>
            </thead>
            <tbody>
              {clauses.map((clause) => (
                <tr key={clause.id}>
                  <th scope="row">
                    <b>{clause.key}</b> <span className="q2">{clause.text}</span>
                  </th>
                  <td data-label={t('columnAnswered')}>
                    <Answered clause={clause} />
                  </td>
                  <td data-label={t('columnWithout')}>
                    <Without clause={clause} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </Shell>
  )
}

function Answered({ clause }: { clause: AnsweredClause }) {
  const t = cascadeWords.in(useLanguage())
  if (clause.answers.length === 0) return <span className="attn">{t('answersNobody')}</span>
  return (
    <ul className="row-lines">
      {clause.answers.map((one) => (
        <li key={`${one.documentId} ${one.byKey ?? ''}`}>
          <a href={`/documents/${one.documentId}`}>
            {one.state === 'draft' ? t('answersDraft', { unit: one.unitName }) : t(one.byKey ? 'answersWhereKey' : 'answersWhere', { unit: one.unitName, number: one.written ?? '…', key: one.byKey ?? '' })}
          </a>
        </li>
      ))}
    </ul>
  )
}

function Without({ clause }: { clause: AnsweredClause }) {
  const t = cascadeWords.in(useLanguage())
  const { without } = clause
  if (without.length === 0) return <span className="q3">{t('answersWithoutNone')}</span>
  return (
    <details>
      <summary className="sm">{t('answersUnits', { count: without.length })}</summary>
      <ul className="row-lines">
        {without.map((unit) => (
          <li key={unit.code}>
            <a href={unitAddress(unit.code)}>{unit.name}</a>
          </li>
        ))}
      </ul>
    </details>
  )
}
