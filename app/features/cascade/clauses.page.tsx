import type { Route } from './+types/clauses.page'
import { showDay } from '../../platform/clock.ts'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { Button, ButtonLink, Buttons, DisabledButton } from '../../web/button.tsx'
import { SelectField, TextField } from '../../web/field.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { EmptyState, Notice, ProblemList } from '../../web/notice.tsx'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { documentById } from '../documents/document-rows.server.ts'
import { placeOf } from '../units/place.server.ts'
import { cascadeWords } from './cascade.messages.ts'
import { AnswerKeeping, ClauseNaming } from './cascade.schema.ts'
import { clausesIn } from './clauses-in-text.ts'
import { answerableBy, clausesOf, keepAnswers, nameClauses, textOf, type Answerable } from './clauses.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const { tx, viewer } = ctx
    const document = await documentById(tx, idOf(params.id))
    const clauses = await clausesOf(tx, document.id)
    const chain = await chainOf(tx, document.unitId, viewer.today)
    const naming = reasonAgainst(viewer, 'name clauses', chain)
    const answering = reasonAgainst(viewer, 'answer clauses', chain)
    const readAgain = url.searchParams.get('read') === 'text'
    const found = naming === null && (clauses.length === 0 || readAgain) ? clausesIn(await textOf(tx, document.id)) : []
    return {
      document,
      place: await placeOf(ctx, document.unitCode || null, viewer.today),
      clauses,
      found,
      isReadAgain: readAgain,
      reasons: { name: await whyNot(tx, naming, language), answer: await whyNot(tx, answering, language) },
      answerable: await answerableBy(tx, document.id),
    }
  })

export const action = (args: Route.ActionArgs) =>
  new URL(args.request.url).searchParams.get('do') === 'answer'
    ? write(args, AnswerKeeping, keepAnswers, { saved: (_, { answers }) => cascadeWords.say('answersSaved', { count: new Set(answers.filter((one) => one.by).map((one) => one.clauseId)).size }) })
    : write(args, ClauseNaming, nameClauses, { to: () => `/documents/${args.params.id}/clauses`, saved: (_, { clauses }) => cascadeWords.say('clausesSaved', { count: clauses.length }) })

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${loaderData ? cascadeWords.in(language)('clausesTitle', { number: loaderData.document.written ?? '…' }) : ''} · ${webWords.in(language)('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function ClausesPage({ loaderData, actionData }: Route.ComponentProps) {
  const { document, place, clauses, found, reasons, answerable } = loaderData
  const t = cascadeWords.in(useLanguage())
  const number = document.written ?? document.abstract
  const isNaming = actionData && 'clauses' in actionData.values
  return (
    <Shell section="documents" unitTrail={place.unitTrail} unitsBeneath={[]} backHref={`/documents/${document.id}`}>
      <Eyebrow>
        <a href={`/documents/${document.id}`}>{number}</a> · {document.issuerName}
        {document.issuedOn && ` · ${showDay(document.issuedOn)}`}
      </Eyebrow>
      <h1>{clauses.length === 0 ? t('clausesHeadNone', { number }) : t('clausesHead', { number, count: clauses.length })}</h1>
      {clauses.length > 0 && (
        <Lede>
          <a href={`/documents/${document.id}/answers`}>{t('clausesSee')}</a>
        </Lede>
      )}
      <ProblemList problems={actionData?.problems} />
      <Grid>
        <Column span={6} id="own" title={t('clausesOwn')}>
          {reasons.name !== null ? (
            <>
              <ClauseList {...loaderData} />
              <Notice>{reasons.name}</Notice>
            </>
          ) : (
            <form method="post">
              <input type="hidden" name="documentId" value={document.id} />
              {found.length > 0 && <Notice role="status">{t('clausesSuggested')}</Notice>}
              {clauses.length === 0 && found.length === 0 && <p className="sm q2">{t('clausesNoText')}</p>}
              <TextField name="clauses" rows={Math.min(30, Math.max(8, clauses.length + found.length + 2))} label={t('clausesLines')} hint={t('clausesLinesHint')} problem={isNaming ? actionData.problems['clauses'] : null} value={isNaming ? actionData.values['clauses'] : linesOf(found.length > 0 ? found : clauses)} />
              <Buttons>
                <Button kind="primary" isWide>
                  {t('clausesSave')}
                </Button>
                {clauses.length > 0 && !loaderData.isReadAgain && <ButtonLink kind="quiet" href={`/documents/${document.id}/clauses?read=text`}>{t('clausesReadAgain')}</ButtonLink>}
              </Buttons>
            </form>
          )}
        </Column>
        <div className="c6 stack">
          {answerable.length === 0 && reasons.answer === null && <EmptyState title={t('answersNothing')} />}
          {answerable.map((one) => (
            <Answers key={one.document.id} answerable={one} page={loaderData} />
          ))}
        </div>
      </Grid>
    </Shell>
  )
}

const linesOf = (clauses: { key: string; text: string }[]) => clauses.map(({ key, text }) => `${key} ${text}`).join('\n')

function ClauseList({ clauses }: Data) {
  const t = cascadeWords.in(useLanguage())
  if (clauses.length === 0) return <p className="sm q2">{t('clausesNone')}</p>
  return (
    <ul className="chain">
      {clauses.map(({ id, key, text }) => (
        <li key={id}>
          <p>
            <b>{key}</b> {text}
          </p>
        </li>
      ))}
    </ul>
  )
}

/** One select for each clause of the other document, and one more where something answers it already. */
function Answers({ answerable, page }: { answerable: Answerable; page: Data }) {
  const t = cascadeWords.in(useLanguage())
  const { document, clauses } = answerable
  const number = document.written ?? document.abstract
  const options = [{ value: 'document', label: t('answersWhole') }, ...page.clauses.map(({ id, key, text }) => ({ value: id, label: `${key} ${text.slice(0, 60)}` }))]
  const rows = clauses.flatMap((clause) => [...clause.by, ''].map((by, nth) => ({ clause, by, nth })))
  return (
    <section aria-labelledby={`to-${document.id}`}>
      <div className="h2row">
        <h2 id={`to-${document.id}`}>{t('answersTo', { number })}</h2>
      </div>
      <p className="sm q2">{t('answersToHint', { number, issuer: document.issuerName })}</p>
      <form method="post" action={`/documents/${page.document.id}/clauses?do=answer`}>
        <input type="hidden" name="documentId" value={page.document.id} />
        <input type="hidden" name="toDocumentId" value={document.id} />
        {rows.map(({ clause, by, nth }, index) => (
          <div key={`${clause.id} ${nth}`}>
            <input type="hidden" name={`answers.${index}.clauseId`} value={clause.id} />
            <SelectField name={`answers.${index}.by`} id={`by-${clause.id}-${nth}`} label={t(nth === 0 ? 'answersBy' : 'answersByMore', { key: clause.key })} hint={nth === 0 ? clause.text : undefined} value={by} options={[{ value: '', label: t('answersNone') }, ...options]} isDisabled={page.reasons.answer !== null} />
          </div>
        ))}
        <div className="btns">{page.reasons.answer === null ? <Button>{t('answersSave', { number })}</Button> : <DisabledButton reason={page.reasons.answer}>{t('answersSave', { number })}</DisabledButton>}</div>
      </form>
    </section>
  )
}
