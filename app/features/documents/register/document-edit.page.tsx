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
import { documentWhole } from '../document-views.server.ts'
import { draftDocument } from '../documents.server.ts'
import { documentsWords } from '../documents.messages.ts'
import { DocumentDraft } from '../documents.schema.ts'
import { ContentFields, RecipientFields, RelationFields, SignatureFields, TypeField, WholeText } from './document-fields.tsx'
import { filledOf, relationsIn, type FormAnswer } from './document-form.tsx'
import { answerFound, formBytes } from './find-related.server.ts'
import { formFacts, relationRows } from './form-facts.server.ts'
import { registerWords } from './register.messages.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params }) => {
    const { tx, viewer } = ctx
    const draft = await documentWhole(ctx, idOf(params.id))
    demand(viewer, 'keep documents', await chainOf(tx, draft.unitId, viewer.today))
    if (draft.state !== 'draft') throw new Refused('form', documentsWords.say('issuedAlready', { written: draft.written ?? '', day: draft.issuedOn ?? '' }))
    const place = await placeOf(ctx, draft.unitCode, viewer.today)
    return { draft, place, facts: await formFacts(ctx, place), relations: await relationRows(ctx, draft.relations.to.map(({ kind, document }) => ({ id: document.id, kind }))) }
  })

export async function action(args: Route.ActionArgs) {
  if (new URL(args.request.url).searchParams.get('do') === 'find') return answerFound(args)
  return write(args, DocumentDraft, draftDocument, { limit: formBytes, to: ({ documentId }) => `/documents/${documentId}`, saved: () => registerWords.say('edited') })
}

export function meta({ matches }: Route.MetaArgs) {
  return [{ title: `${registerWords.in(languageIn(matches))('editTitle')} · ${webWords.in(languageIn(matches))('appName')}` }]
}

export default function EditDocumentPage({ loaderData, actionData }: Route.ComponentProps) {
  const { draft, place, facts } = loaderData
  const t = registerWords.in(useLanguage())
  const answer = actionData as FormAnswer | undefined
  const lines = draft.recipients.filter((one) => one.unitId === null && !one.isBeneath).map((one) => one.name)
  const first = {
    type: draft.type,
    abstract: draft.abstract,
    campaignCode: draft.campaignCode,
    urgency: draft.urgency,
    symbol: draft.symbol,
    place: draft.place,
    text: draft.text,
    signedAs: draft.signedAs,
    signerPosition: draft.signerPosition,
    signerName: draft.signerName,
    version: String(draft.version),
    toAllBeneath: draft.recipients.some((one) => one.isBeneath) ? 'on' : '',
    recipientLines: lines.join('\n'),
  }
  const filled = filledOf(answer, first, { suggestion: null, chosen: { recipientUnits: draft.recipients.flatMap((one) => one.unitCode ?? []) } })
  const isStale = answer?.problems['version'] !== undefined
  return (
    <Shell section="documents" unitTrail={place.unitTrail} unitsBeneath={[]} backHref={`/documents/${draft.id}`} mainClass="narrow-form">
      <Eyebrow>{place.unit.name}</Eyebrow>
      <h1>{t('editTitle')}</h1>
      <form method="post" className="after-lede">
        <ProblemList problems={answer?.problems} />
        {isStale && <Notice actions={<ButtonLink href={`/documents/${draft.id}`}>{t('openTheirs')}</ButtonLink>}>{t('theirs', { abstract: draft.abstract })}</Notice>}
        <input type="hidden" name="documentId" value={draft.id} />
        {/* after a look at the other's version, saving again is meant */}
        <input type="hidden" name="version" value={isStale ? draft.version : filled.typed('version')} />
        <input type="hidden" name="unitCode" value={place.unit.code} />
        <input type="hidden" name="grammar" value={draft.grammar} />
        {draft.authorId && <input type="hidden" name="isPersonalPlan" value="on" />}
        <TypeField filled={filled} ruledOut={facts.ruledOut} />
        <ContentFields filled={filled} facts={facts} />
        <div className="two">
          <Field name="symbol" label={t('symbol')} hint={t('symbolHint')} value={filled.typed('symbol')} problem={filled.problem('symbol')} maxLength={30} autoComplete="off" />
          <Field name="place" label={t('place')} value={filled.typed('place')} problem={filled.problem('place')} maxLength={300} autoComplete="off" />
        </div>
        <RelationFields filled={filled} rows={relationsIn(answer, loaderData.relations)} find={answer?.find ?? ''} found={answer?.found ?? []} findAction={`/documents/${draft.id}/edit?do=find`} />
        <RecipientFields filled={filled} facts={facts} />
        <SignatureFields filled={filled} />
        <WholeText filled={filled} />
        <Buttons>
          <Button kind="primary" isWide>{t('editSave')}</Button>
        </Buttons>
      </form>
    </Shell>
  )
}
