import type { Route } from './+types/document.page'
import { showDay } from '../../../platform/clock.ts'
import { addressOf } from '../../../web/addresses.ts'
import { appContext } from '../../../web/context.ts'
import type { Language } from '../../../platform/i18n.ts'
import { languageIn, useLanguage } from '../../../web/language.ts'
import { ButtonLink, Buttons } from '../../../web/button.tsx'
import { Notice, ProblemList } from '../../../web/notice.tsx'
import { idOf } from '../../../web/params.server.ts'
import { read } from '../../../web/read.server.ts'
import { Column, Eyebrow, Grid, Shell } from '../../../web/shell.tsx'
import { Trail } from '../../../web/trail.tsx'
import { trailOfSubjects } from '../../../web/trail.server.ts'
import { webWords } from '../../../web/web.messages.ts'
import { write } from '../../../web/write.server.ts'
import { placeOf } from '../../units/place.server.ts'
import { correctionsOf } from '../corrections.server.ts'
import { documentWhole, mayDo, proposedNumber } from '../document-views.server.ts'
import { discardDraft, issueDocument, withdrawDocument } from '../documents.server.ts'
import { emptyNames, emptyPartsOf, type EmptyParts } from '../empty-parts.server.ts'
import { numbersWords } from '../numbers/numbers.messages.ts'
import { DocumentIssue, DocumentReceived, DocumentWithdrawal, DraftDiscard, FileAttached, FileTakenOut } from '../documents.schema.ts'
import { attachFile, documentUpload, takeFileOut } from '../files.server.ts'
import { confirmReceived } from '../recipients.server.ts'
import { DiscardForm, IssueForm, ReceivedForm, WithdrawForm } from './document-forms.tsx'
import { CorrectionList } from './correction-list.tsx'
import { capital, Facts, FileList, RecipientList, RelationList } from './document-parts.tsx'
import { StateTag } from './documents.page.tsx'
import { registerWords } from './register.messages.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, language }) => {
    const { timeZone } = args.context.get(appContext).config
    const document = await documentWhole(ctx, idOf(params.id))
    return {
      document,
      place: document.unitCode ? await placeOf(ctx, document.unitCode, ctx.viewer.today) : null,
      may: await mayDo(ctx, document, language),
      next: await proposedNumber(ctx, document),
      empty: document.state === 'draft' ? namesOf(await emptyPartsOf(ctx, document), language) : [],
      today: ctx.viewer.today,
      timeZone,
      ...(document.state === 'draft' ? { corrections: [], related: [] } : await correctionsOf(ctx.tx, document.id)),
      trail: await trailOfSubjects(ctx, [{ type: 'document', ids: [document.id] }], { language, timeZone }),
    }
  })

const namesOf = (empty: EmptyParts | null, language: Language) => (empty ? emptyNames(empty, language) : [])

export async function action(args: Route.ActionArgs) {
  const here = () => `/documents/${args.params.id}`
  switch (new URL(args.request.url).searchParams.get('do')) {
    case 'issue':
      return write(args, DocumentIssue, issueDocument, { to: here, saved: ({ written }) => (written ? registerWords.say('issued', { written }) : registerWords.say('issuedPlain')) })
    case 'withdraw':
      return write(args, DocumentWithdrawal, withdrawDocument, { to: here, saved: () => registerWords.say('withdrawn') })
    case 'discard':
      return write(args, DraftDiscard, discardDraft, { to: () => '/documents', saved: () => registerWords.say('discarded') })
    case 'file':
      return write(args, FileAttached, attachFile, { upload: documentUpload, to: () => `${here()}#files`, saved: () => registerWords.say('fileAttached') })
    case 'take-out':
      return write(args, FileTakenOut, takeFileOut, { to: () => `${here()}#files`, saved: () => registerWords.say('fileTakenOut') })
    default:
      return write(args, DocumentReceived, confirmReceived, {
        to: here,
        saved: (_, { isReceived }) => registerWords.say(isReceived ? 'receivedSaved' : 'receivedBack'),
        undo: (_, { documentId, unitCode, isReceived }) => (isReceived ? { action: `${here()}?do=received`, fields: { documentId, ...(unitCode && { unitCode }), isReceived: 'no' } } : null),
      })
  }
}

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  const title = loaderData && [capital(numbersWords.in(language)(`type.${loaderData.document.type}`)), loaderData.document.written].filter(Boolean).join(' ')
  return [{ title: `${title ?? ''} · ${webWords.in(language)('appName')}` }]
}

type Page = Route.ComponentProps

export default function DocumentPage({ loaderData, actionData }: Page) {
  const { document, place, may, today, next, timeZone, trail } = loaderData
  const language = useLanguage()
  const [t, said] = [registerWords.in(language), numbersWords.in(language)]
  const type = said(`type.${document.type}`)
  const named = capital(type)
  const isDraft = document.state === 'draft'
  const waiting = may.addressed.filter((one) => !one.isReceived)
  return (
    <Shell section="documents" unitTrail={place?.unitTrail} unitsBeneath={[]} backHref="/documents">
      <Eyebrow>{isDraft ? t('draftOf', { unit: document.unitName }) : document.isIncoming ? t('inRegisterOf', { unit: document.unitName }) : document.issuerName}</Eyebrow>
      <h1>{isDraft ? t('headDraft', { type, abstract: document.abstract }) : t(document.written ? 'headIssued' : 'headPlain', { type: named, written: document.written ?? '', day: showDay(document.issuedOn!) })}</h1>
      {!isDraft && <p className="lede">{document.abstract}</p>}
      {!isDraft && (document.state !== 'issued' || document.urgency !== 'normal') && (
        <p>
          <StateTag {...document} />
        </p>
      )}
      <ProblemList problems={actionData?.problems} />
      <Standing {...loaderData} />
      <Ways document={document} mayKeep={may.keep === null} />
      {waiting.map((unit) => (
        <ReceivedForm key={unit.code} document={document} unit={unit} />
      ))}
      {isDraft && (may.keep ? <Notice>{may.keep}</Notice> : <IssueForm document={document} next={next} empty={loaderData.empty} today={today} answer={actionData} />)}
      <Grid>
        <Column span={8} id="facts" title={t('facts')} action={document.state !== 'withdrawn' && !may.keep ? <a href={`/documents/${document.id}/edit`}>{t(isDraft ? 'toEdit' : 'toCorrect')}</a> : undefined}>
          <Facts document={document} />
        </Column>
        <Column span={4} id="files" title={t('files', { count: document.files.filter((file) => !file.supersededAt).length })}>
          <FileList document={document} mayKeep={may.keep === null} timeZone={timeZone} problem={actionData?.problems['file']} />
        </Column>
        <Column span={8} id="relations" title={t('relations')}>
          <RelationList relations={document.relations} />
        </Column>
        <Column span={4} id="recipients" title={t('recipients')}>
          <RecipientList document={document} timeZone={timeZone} />
          {may.addressed.filter((one) => one.isReceived).map((unit) => <ReceivedForm key={unit.code} document={document} unit={unit} isQuiet />)}
        </Column>
        {document.text && (
          <Column span={8} id="text" title={t('text')}>
            <details className="guests" open={document.text.length < 3000}>
              <summary className="sm q2">{t('textOpen')}</summary>
              <div className="doc-text">{document.text.split(/\n+/).map((line, at) => <p key={at}>{line}</p>)}</div>
            </details>
          </Column>
        )}
        {loaderData.corrections.length > 0 && (
          <Column span={12} id="corrections" title={t('corrections', { count: loaderData.corrections.length })}>
            <CorrectionList corrections={loaderData.corrections} related={loaderData.related} timeZone={timeZone} />
          </Column>
        )}
        <Column span={12} id="trail" title={t('trail')}>
          <Trail entries={trail} />
          {isDraft && !may.keep && <DiscardForm document={document} />}
          {document.state === 'issued' && !may.withdraw && <WithdrawForm document={document} problem={actionData?.problems['reason']} />}
        </Column>
      </Grid>
    </Shell>
  )
}

/** What follows from the document: a draft is written on part by part, an issued one is answered and drafted from. */
function Ways({ document, mayKeep }: { document: Page['loaderData']['document']; mayKeep: boolean }) {
  const t = registerWords.in(useLanguage())
  if (document.state === 'withdrawn' || (document.state === 'draft' && !mayKeep)) return null
  return (
    <Buttons>
      {document.state === 'draft' && <ButtonLink href={`/drafts/${document.id}`}>{t('toDraftParts')}</ButtonLink>}
      {document.state === 'issued' && <ButtonLink href={addressOf('/drafts/new', { from: document.id })}>{t('toDraftFrom')}</ButtonLink>}
      {document.state === 'issued' && <ButtonLink href={`/documents/${document.id}/answers`}>{t('toAnswers')}</ButtonLink>}
      {mayKeep && <ButtonLink kind="quiet" href={`/documents/${document.id}/clauses`}>{t('toClauses')}</ButtonLink>}
    </Buttons>
  )
}

/** What a reader must know before reading: replaced, withdrawn, not out yet. */
function Standing({ document }: Page['loaderData']) {
  const language = useLanguage()
  const [t, said] = [registerWords.in(language), numbersWords.in(language)]
  const { replacedBy } = document
  if (document.state === 'withdrawn') return <Notice isAttention title={t('isWithdrawn')}>{document.withdrawnReason}</Notice>
  if (document.state === 'draft') return <p className="q2">{t('draftSeen', { unit: document.unitName })}</p>
  if (!replacedBy) return null
  return (
    <Notice isAttention title={t('isReplaced')} actions={<ButtonLink href={`/documents/${replacedBy.id}`}>{t('toReplacing', { written: replacedBy.written ?? said(`type.${replacedBy.type}`) })}</ButtonLink>}>
      {replacedBy.abstract}
    </Notice>
  )
}
