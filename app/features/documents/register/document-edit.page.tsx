import type { Route } from './+types/document-edit.page'
import { chainOf, demand } from '../../../permissions/permissions.ts'
import { Refused } from '../../../platform/errors.ts'
import { Button, ButtonLink, Buttons } from '../../../web/button.tsx'
import { Field } from '../../../web/field.tsx'
import { languageIn, useLanguage } from '../../../web/language.ts'
import { Notice, ProblemList } from '../../../web/notice.tsx'
import { idOf } from '../../../web/params.server.ts'
import { read } from '../../../web/read.server.ts'
import { Eyebrow, Shell } from '../../../web/shell.tsx'
import { webWords } from '../../../web/web.messages.ts'
import { write } from '../../../web/write.server.ts'
import { placeOf } from '../../units/place.server.ts'
import { correctDocument } from '../corrections.server.ts'
import { documentWhole } from '../document-views.server.ts'
import { draftDocument } from '../documents.server.ts'
import { documentsWords } from '../documents.messages.ts'
import { DocumentCorrection, DocumentDraft } from '../documents.schema.ts'
import { ContentFields, PersonalPlanTick, RecipientFields, RelationFields, SignatureFields, TypeField, WholeText } from './document-fields.tsx'
import { CorrectionForm } from './document-correction.tsx'
import { chosenUnits, filledOf, firstOf, relationsIn, type FormAnswer } from './document-form.tsx'
import { answerFound, formBytes } from './find-related.server.ts'
import { formFacts, relationRows } from './form-facts.server.ts'
import { registerWords } from './register.messages.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params }) => {
    const { tx, viewer } = ctx
    const document = await documentWhole(ctx, idOf(params.id))
    demand(viewer, 'keep documents', await chainOf(tx, document.unitId, viewer.today))
    if (document.state === 'withdrawn') throw new Refused('form', documentsWords.say('withdrawnStays'))
    const place = await placeOf(ctx, document.unitCode, viewer.today)
    const relations = await relationRows(ctx, document.relations.to.map((one) => ({ id: one.document.id, kind: one.kind })))
    return { document, place, facts: await formFacts(ctx, place, document.recipients), relations, isHead: viewer.offices.some((office) => office.unitId === document.unitId && (office.role === 'secretary' || office.role === 'deputy')), viewerId: viewer.personId }
  })

export async function action(args: Route.ActionArgs) {
  if (new URL(args.request.url).searchParams.get('do') === 'find') return answerFound(args)
  if (new URL(args.request.url).searchParams.get('do') === 'correct') return write(args, DocumentCorrection, correctDocument, { limit: formBytes, to: ({ documentId }) => `/documents/${documentId}#corrections`, saved: () => registerWords.say('corrected') })
  return write(args, DocumentDraft, draftDocument, { limit: formBytes, to: ({ documentId }) => `/documents/${documentId}`, saved: () => registerWords.say('edited') })
}

export function meta({ loaderData, matches }: Route.MetaArgs) {
  return [{ title: `${registerWords.in(languageIn(matches))(loaderData?.document.state === 'issued' ? 'correctName' : 'editTitle')} · ${webWords.in(languageIn(matches))('appName')}` }]
}

type Page = Route.ComponentProps
export type EditData = Page['loaderData']

export default function EditDocumentPage({ loaderData, actionData }: Page) {
  const { document, place } = loaderData
  const t = registerWords.in(useLanguage())
  const answer = actionData as FormAnswer | undefined
  const isOut = document.state === 'issued'
  return (
    <Shell section="documents" unitTrail={place.unitTrail} unitsBeneath={[]} backHref={`/documents/${document.id}`} mainClass="narrow-form">
      <Eyebrow>{place.unit.name}</Eyebrow>
      <h1>{isOut ? t('correctTitle', { document: document.written ?? document.abstract }) : t('editTitle')}</h1>
      {isOut && <p className="lede">{t('correctLede')}</p>}
      {isOut ? <CorrectionForm page={loaderData} answer={answer} /> : <DraftForm page={loaderData} answer={answer} />}
    </Shell>
  )
}

function DraftForm({ page: { document: draft, place, facts, relations, isHead, viewerId }, answer }: { page: EditData; answer: FormAnswer | undefined }) {
  const t = registerWords.in(useLanguage())
  const filled = filledOf(answer, { ...firstOf(draft), isPersonalPlan: draft.authorId ? 'on' : '' }, { suggestion: null, chosen: { recipientUnits: chosenUnits(draft) } })
  const isStale = answer?.problems['version'] !== undefined
  const mayTurn = isHead && (draft.authorId === null || draft.authorId === viewerId)
  return (
    <form method="post" className="after-lede">
      <ProblemList problems={answer?.problems} />
      {isStale && <Notice actions={<ButtonLink href={`/documents/${draft.id}`}>{t('openTheirs')}</ButtonLink>}>{t('theirs', { abstract: draft.abstract })}</Notice>}
      <input type="hidden" name="documentId" value={draft.id} />
      {/* after a look at the other's version, saving again is meant */}
      <input type="hidden" name="version" value={isStale ? draft.version : filled.typed('version')} />
      <input type="hidden" name="unitCode" value={place.unit.code} />
      <input type="hidden" name="grammar" value={draft.grammar} />
      <TypeField filled={filled} ruledOut={facts.ruledOut} />
      <ContentFields filled={filled} facts={facts} />
      <div className="two">
        <Field name="symbol" label={t('symbol')} hint={t('symbolHint')} value={filled.typed('symbol')} problem={filled.problem('symbol')} maxLength={30} autoComplete="off" />
        <Field name="place" label={t('place')} value={filled.typed('place')} problem={filled.problem('place')} maxLength={300} autoComplete="off" />
      </div>
      <RelationFields filled={filled} rows={relationsIn(answer, relations)} find={answer?.find ?? ''} found={answer?.found ?? []} findAction={`/documents/${draft.id}/edit?do=find`} />
      <RecipientFields filled={filled} facts={facts} />
      <SignatureFields filled={filled} />
      <WholeText filled={filled} />
      {mayTurn ? <PersonalPlanTick isTicked={filled.typed('isPersonalPlan') !== ''} /> : draft.authorId && <input type="hidden" name="isPersonalPlan" value="on" />}
      <Buttons>
        <Button kind="primary" isWide>{t('editSave')}</Button>
      </Buttons>
    </form>
  )
}
