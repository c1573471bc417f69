import { v7 } from 'uuid'
import type { Route } from './+types/document-new.page'
import { chainOf, reasonAgainst } from '../../../permissions/permissions.ts'
import { whyNot } from '../../../permissions/who-could.server.ts'
import { showDay } from '../../../platform/clock.ts'
import { addressOf } from '../../../web/addresses.ts'
import { Button, ButtonLink, Buttons } from '../../../web/button.tsx'
import { appContext } from '../../../web/context.ts'
import { DayField, Field, FileField, Tick } from '../../../web/field.tsx'
import { languageIn, useLanguage } from '../../../web/language.ts'
import { Notice, ProblemList } from '../../../web/notice.tsx'
import { idsOf } from '../../../web/params.server.ts'
import { read } from '../../../web/read.server.ts'
import { Eyebrow, Shell } from '../../../web/shell.tsx'
import { webWords } from '../../../web/web.messages.ts'
import { write } from '../../../web/write.server.ts'
import { placeOf } from '../../units/place.server.ts'
import { signatureOf } from '../typesetting/document-issuer.server.ts'
import { draftDocument } from '../documents.server.ts'
import { DocumentDraft, FileBrought, IncomingDocument, RelationKind } from '../documents.schema.ts'
import { documentUpload } from '../files.server.ts'
import type { Suggestion } from '../first-page/first-page.ts'
import { bringFile, broughtFile, suggestFrom } from '../first-page/suggest.server.ts'
import { registerIncoming } from '../incoming.server.ts'
import { documentFiles } from './document-files.ts'
import { ContentFields, hintOf, PersonalPlanTick, RecipientFields, RelationFields, SignatureFields, TypeField, WholeText } from './document-fields.tsx'
import { filledOf, relationsIn, type FormAnswer } from './document-form.tsx'
import { answerFound, formBytes } from './find-related.server.ts'
import { formFacts, relationRows } from './form-facts.server.ts'
import { registerWords } from './register.messages.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const { tx, viewer } = ctx
    const place = await placeOf(ctx, url.searchParams.get('unit'), viewer.today)
    const kind = RelationKind.safeParse(url.searchParams.get('as'))
    const [uploadId] = idsOf(url.searchParams.getAll('upload'))
    const reason = reasonAgainst(viewer, 'keep documents', await chainOf(tx, place.unit.id, viewer.today))
    return {
      newId: v7(),
      isIncoming: url.searchParams.get('kind') === 'incoming',
      place,
      facts: await formFacts(ctx, place),
      relations: await relationRows(ctx, url.searchParams.getAll('relates').map((id) => ({ id, kind: kind.success ? kind.data : 'carries_out' }))),
      brought: uploadId ? await broughtFile(tx, uploadId) : null,
      signature: signatureOf(place.unit),
      campaignCode: url.searchParams.get('campaign'),
      type: url.searchParams.get('type'),
      isHead: viewer.offices.some((office) => office.unitId === place.unit.id && (office.role === 'secretary' || office.role === 'deputy')),
      today: viewer.today,
      reasonAgainst: await whyNot(tx, reason, language),
    }
  })

export async function action(args: Route.ActionArgs) {
  const url = new URL(args.request.url)
  const back = (more: Record<string, string | null> = {}) => addressOf('/documents/new', { kind: url.searchParams.get('kind'), unit: url.searchParams.get('unit'), ...more })
  switch (url.searchParams.get('do')) {
    case 'read': {
      let suggestion: Suggestion = { values: {}, doubts: {}, note: null }
      const { files } = args.context.get(appContext)
      return write(args, FileBrought, (ctx, input) => bringFile(ctx, input, suggestion), {
        upload: documentUpload,
        before: async ({ file }) => {
          suggestion = await suggestFrom(files, file)
        },
        to: ({ uploadId }) => back({ upload: uploadId }),
        saved: () => registerWords.say(suggestion.note ? `fileNote.${suggestion.note}` : 'fileRead'),
      })
    }
    case 'find':
      return answerFound(args)
    case 'incoming':
      return write(args, IncomingDocument, registerIncoming, { limit: formBytes, to: ({ documentId }) => `/documents/${documentId}`, saved: () => registerWords.say('registered') })
    default:
      return write(args, DocumentDraft, draftDocument, { limit: formBytes, to: ({ documentId }) => `/documents/${documentId}`, saved: () => registerWords.say('drafted') })
  }
}

export function meta({ loaderData, matches }: Route.MetaArgs) {
  return [{ title: `${registerWords.in(languageIn(matches))(loaderData?.isIncoming ? 'registerTitle' : 'draftTitle')} · ${webWords.in(languageIn(matches))('appName')}` }]
}

type Page = Route.ComponentProps

export default function NewDocumentPage(page: Page) {
  const { isIncoming, place, reasonAgainst: reason } = page.loaderData
  const t = registerWords.in(useLanguage())
  return (
    <Shell section="documents" unitTrail={place.unitTrail} unitsBeneath={[]} backHref="/documents" mainClass="narrow-form">
      <Eyebrow>{place.unit.name}</Eyebrow>
      <h1>{t(isIncoming ? 'registerTitle' : 'draftTitle')}</h1>
      {reason ? (
        <Notice actions={<ButtonLink href="/documents">{t('toRegisterList')}</ButtonLink>}>{reason}</Notice>
      ) : (
        <>
          <p className="lede">{t(isIncoming ? 'registerLede' : 'draftLede')}</p>
          <FileToRead {...page} />
          {isIncoming ? <IncomingForm {...page} /> : <DraftForm {...page} />}
        </>
      )}
    </Shell>
  )
}

const here = ({ isIncoming, place, brought }: Page['loaderData'], what: string) => addressOf('/documents/new', { kind: isIncoming ? 'incoming' : null, unit: place.unit.code, upload: brought?.id, do: what })

/** The file first: what its first page says then stands in the form, to be confirmed. */
function FileToRead({ loaderData, actionData }: Page) {
  const { brought, place, isIncoming } = loaderData
  const t = registerWords.in(useLanguage())
  if (brought) {
    return (
      <Notice title={t(brought.note ? `fileNote.${brought.note}` : 'fileRead')} isAttention={brought.note !== null}>
        <p>
          {t('fileWaits', { name: brought.name })} <a href={addressOf('/documents/new', { kind: isIncoming ? 'incoming' : null, unit: place.unit.code })}>{t('fileNot')}</a>
        </p>
      </Notice>
    )
  }
  return (
    <form method="post" encType="multipart/form-data" action={here(loaderData, 'read')} className="file-first">
      <input type="hidden" name="unitCode" value={place.unit.code} />
      <FileField name="file" label={t('fileFirst')} hint={t('fileFirstHint')} problem={actionData?.problems['file']} isRequired accept={documentFiles} />
      <Button>{t('fileReadIt')}</Button>
    </form>
  )
}

function IncomingForm({ loaderData, actionData }: Page) {
  const { newId, place, facts, brought, today, campaignCode } = loaderData
  const t = registerWords.in(useLanguage())
  const answer = actionData as FormAnswer | undefined
  const filled = filledOf(answer, { newId, campaignCode, receivedOn: showDay(today), recipientLines: '' }, { suggestion: brought })
  const { typed, problem } = filled
  return (
    <form method="post" action={here(loaderData, 'incoming')} className="after-lede">
      <ProblemList problems={answer?.problems} />
      <input type="hidden" name="newId" value={typed('newId')} />
      <input type="hidden" name="unitCode" value={place.unit.code} />
      {brought && <input type="hidden" name="uploadId" value={brought.id} />}
      <Field name="issuerName" label={t('issuer')} hint={hintOf('issuerName', filled, t('issuerHint'), t)} value={typed('issuerName')} problem={problem('issuerName')} isRequired maxLength={300} autoComplete="off" />
      <Field name="written" label={t('written')} hint={hintOf('written', filled, t('writtenHint'), t)} value={typed('written')} problem={problem('written')} maxLength={80} autoComplete="off" />
      <TypeField filled={filled} isEmptyAllowed ruledOut={[]} />
      <div className="two">
        <DayField name="issuedOn" label={t('issuedOn')} hint={hintOf('issuedOn', filled, undefined, t)} value={typed('issuedOn')} problem={problem('issuedOn')} isRequired />
        <DayField name="receivedOn" label={t('receivedOn')} value={typed('receivedOn')} problem={problem('receivedOn')} />
      </div>
      <ContentFields filled={filled} facts={facts} />
      <details className="part">
        <summary>{t('moreFacts')}</summary>
        <Field name="place" label={t('place')} hint={hintOf('place', filled, undefined, t)} value={typed('place')} problem={problem('place')} maxLength={300} autoComplete="off" />
        <SignatureFields filled={filled} />
      </details>
      <RelationFields filled={filled} rows={relationsIn(answer, loaderData.relations)} find={answer?.find ?? ''} found={answer?.found ?? []} findAction={here(loaderData, 'find')} />
      <details className="part" open={typed('toAllBeneath') !== ''}>
        <summary>{t('passOn')}</summary>
        <RecipientFields filled={filled} facts={facts} />
      </details>
      <WholeText filled={filled} />
      {problem('isKnownTwice') && (
        <div className="field" id="isKnownTwice">
          <span className="hint attn">{problem('isKnownTwice')}</span>
          <Tick name="isKnownTwice" label={t('knownTwice')} />
        </div>
      )}
      <Buttons>
        <Button kind="primary" isWide>{t('registerSave')}</Button>
      </Buttons>
    </form>
  )
}

function DraftForm({ loaderData, actionData }: Page) {
  const { newId, place, facts, brought, signature, campaignCode, type, isHead } = loaderData
  const t = registerWords.in(useLanguage())
  const answer = actionData as FormAnswer | undefined
  const first = { newId, campaignCode, type: type ?? brought?.values.type ?? 'plan', symbol: place.unit.symbol, place: place.unit.place, signedAs: brought?.values.signedAs ?? signature.authority.join(', '), signerPosition: brought?.values.signerPosition ?? signature.position }
  const filled = filledOf(answer, first, { suggestion: brought })
  const { typed, problem } = filled
  return (
    <form method="post" action={here(loaderData, 'draft')} className="after-lede">
      <ProblemList problems={answer?.problems} />
      <input type="hidden" name="newId" value={typed('newId')} />
      <input type="hidden" name="unitCode" value={place.unit.code} />
      {brought && <input type="hidden" name="uploadId" value={brought.id} />}
      <TypeField filled={filled} ruledOut={facts.ruledOut} />
      <ContentFields filled={filled} facts={facts} />
      <div className="two">
        <Field name="symbol" label={t('symbol')} hint={t('symbolHint')} value={typed('symbol')} problem={problem('symbol')} maxLength={30} autoComplete="off" />
        <Field name="place" label={t('place')} hint={hintOf('place', filled, undefined, t)} value={typed('place')} problem={problem('place')} maxLength={300} autoComplete="off" />
      </div>
      <RelationFields filled={filled} rows={relationsIn(answer, loaderData.relations)} find={answer?.find ?? ''} found={answer?.found ?? []} findAction={here(loaderData, 'find')} />
      <RecipientFields filled={filled} facts={facts} />
      <SignatureFields filled={filled} />
      <WholeText filled={filled} />
      {isHead && <PersonalPlanTick isTicked={typed('isPersonalPlan') !== ''} />}
      <Buttons>
        <Button kind="primary" isWide>{t('draftSave')}</Button>
      </Buttons>
    </form>
  )
}
