import type { Route } from './+types/answers.page'
import { ButtonLink } from '../../web/button.tsx'
import { Figures } from '../../web/figure.tsx'
import { chainOf } from '../../permissions/permissions.ts'
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
    const clauses = view.clauses.toSorted((one, other) => Number(isAnswered(one)) - Number(isAnswered(other)) || other.without.length - one.without.length)
    const left = clauses.filter((one) => one.without.length > 0).length
    const chain = await chainOf(ctx.tx, view.document.unitId, ctx.viewer.today)
    // further down one sees neither all units nor all answers: nothing is said of all of them
    const seesAll = ctx.viewer.offices.some((office) => chain.includes(office.unitId))
    return { ...view, seesAll, place: await placeOf(ctx, view.document.unitCode || null, ctx.viewer.today), clauses, unanswered: clauses.filter((one) => !isAnswered(one)).length, left }
  })

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${loaderData ? cascadeWords.in(language)('clausesTitle', { number: loaderData.document.written ?? '…' }) : ''} · ${webWords.in(language)('appName')}` }]
}

export default function AnswersPage({ loaderData }: Route.ComponentProps) {
  const { document, place, clauses, units, unanswered, left, seesAll } = loaderData
  const [worst] = clauses
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
          <h1>
            {!seesAll
              ? t('answersHeadSeen', { number })
              : unanswered > 0
              ? t('answersHead', { count: unanswered, all: clauses.length, number })
              : left > 0
                ? t('answersHeadLeft', { count: left, all: clauses.length, number, key: worst!.key, most: worst!.without.length, units })
                : t('answersHeadAll', { number })}
          </h1>
          <Lede>{seesAll ? t('answersLede', { units, unit: document.unitName }) : t('answersLedeSeen')}</Lede>
          <table className="cards after-table">
            <caption>
              {seesAll && t('answersCaption')} <span className="rule">{t('answersRule')}</span>
            </caption>
            <thead>
              <tr>
                <th scope="col">{t('columnClause')}</th>
                {seesAll && <th scope="col">{t('columnWithout')}</th>}
                <th scope="col">{t('columnAnswered')}</th>
              </tr>
            </thead>
            <tbody>
              {clauses.map((clause) => (
                <tr key={clause.id}>
                  <th scope="row">
                    <b>{clause.key}</b> <span className="q2">{clause.text}</span>
                  </th>
                  {seesAll && (
                    <td data-label={t('columnWithout')}>
                      <Without clause={clause} units={units} />
                    </td>
                  )}
                  <td data-label={t('columnAnswered')}>
                    <Answered clause={clause} />
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
  const lines = (
    <ul className="plain sm">
      {clause.answers.map((one) => (
        <li key={`${one.documentId} ${one.byKey ?? ''}`}>
          <a href={`/documents/${one.documentId}`}>
            {one.state === 'draft' ? t('answersDraft', { unit: one.unitName }) : t(one.byKey ? 'answersWhereKey' : 'answersWhere', { unit: one.unitName, number: one.written ?? '…', key: one.byKey ?? '' })}
          </a>
        </li>
      ))}
    </ul>
  )
  return (
    <details open={clause.answers.length <= mostOpen}>
      <summary className="sm">{t('answersDone', { count: new Set(clause.answers.map((one) => one.unitId)).size })}</summary>
      {lines}
    </details>
  )
}

const mostOpen = 3 // longer lists are opened by whoever wants them

function Without({ clause, units }: { clause: AnsweredClause; units: number }) {
  const t = cascadeWords.in(useLanguage())
  const { without } = clause
  if (without.length === 0) return <span className="q3">{t('answersWithoutNone')}</span>
  return (
    <details>
      <summary className="sm">
        <Figures>{t('answersUnits', { count: without.length, units })}</Figures>
      </summary>
      <ul className="plain sm">
        {without.map((unit) => (
          <li key={unit.code}>
            <a href={unitAddress(unit.code)}>{unit.name}</a>
          </li>
        ))}
      </ul>
    </details>
  )
}
