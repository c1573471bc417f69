import type { Route } from './+types/draft.page'
import { showDay } from '../../platform/clock.ts'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { ButtonLink, Buttons } from '../../web/button.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { EmptyState, Notice } from '../../web/notice.tsx'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { documentById } from '../documents/document-rows.server.ts'
import { typeName } from '../documents/numbers/type-rules.server.ts'
import { relationsOf } from '../documents/relations.server.ts'
import { placeOf } from '../units/place.server.ts'
import { Editor } from './draft-editor.tsx'
import { draftingWords } from './drafting.messages.ts'
import { DraftText } from './drafting.schema.ts'
import { answeredInDraft, bodyOf, recipientsToEdit, saveDraftText } from './drafting.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, language }) => {
    const { tx, viewer } = ctx
    const head = await documentById(tx, idOf(params.id))
    const body = await bodyOf(tx, head.id)
    return {
      head,
      body,
      viewerId: viewer.personId,
      place: await placeOf(ctx, head.unitCode, viewer.today),
      typeShown: typeName(head.type, language),
      recipients: await recipientsToEdit(tx, head.id),
      superior: (await relationsOf(tx, head.id)).to[0]?.document ?? null,
      answered: await answeredInDraft(tx, body),
      reasonAgainst: await whyNot(tx, reasonAgainst(viewer, 'keep documents', await chainOf(tx, head.unitId, viewer.today)), language),
    }
  })

export const action = (args: Route.ActionArgs) =>
  write(args, DraftText, saveDraftText, {
    to: (_, { documentId, command }) => `/drafts/${documentId}${command ? `#part-${command.do === 'add' || command.do === 'down' ? command.at + 1 : Math.max(0, command.at - 1)}` : ''}`,
    saved: () => draftingWords.say('draftSaved'),
  })

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${loaderData?.head.abstract ?? ''} · ${webWords.in(language)('appName')}` }]
}

export type DraftData = Route.ComponentProps['loaderData']
export type DraftAnswer = Route.ComponentProps['actionData']

export default function DraftPage({ loaderData, actionData }: Route.ComponentProps) {
  const { head, body, place, superior, typeShown } = loaderData
  const t = draftingWords.in(useLanguage())
  const empty = body?.blocks.filter((block) => block.text.trim() === '').length ?? 0
  const type = typeShown.charAt(0).toLocaleUpperCase('vi') + typeShown.slice(1)
  return (
    <Shell section="documents" unitTrail={place.unitTrail} unitsBeneath={[]} backHref={`/documents/${head.id}`} mainClass="narrow-form">
      <Eyebrow>
        <a href={`/documents/${head.id}`}>{head.state === 'draft' ? t('draftEyebrow', { unit: head.unitName }) : (head.written ?? head.abstract)}</a>
      </Eyebrow>
      {head.state === 'draft' ? <h1>{t('draftTitle', { type, unit: head.unitName, state: empty > 0 ? t('draftEmpty', { count: empty }) : t('draftWhole') })}</h1> : <h1>{t('issuedTitle', { number: head.written ?? head.abstract, day: head.issuedOn ? showDay(head.issuedOn) : '…' })}</h1>}
      {superior?.issuedOn && <Lede>{t('draftAfter', { number: superior.written ?? superior.abstract, issuer: superior.issuerName, day: showDay(superior.issuedOn) })}</Lede>}
      {body && (
        <Buttons>
          <ButtonLink href={`/drafts/${head.id}/preview`}>{t('preview')}</ButtonLink>
          <ButtonLink href={`/drafts/${head.id}/document.docx`} download>
            {t('toDocx')}
          </ButtonLink>
          <ButtonLink href={`/drafts/${head.id}/document.pdf`} download>
            {t('toPdf')}
          </ButtonLink>
          {head.state !== 'draft' && <ButtonLink href={`/documents/${head.id}`}>{t('toDocument')}</ButtonLink>}
        </Buttons>
      )}
      {!body ? (
        <EmptyState title={t('notWrittenHere')} actions={<ButtonLink href={`/documents/${head.id}`}>{t('toDocument')}</ButtonLink>} />
      ) : head.state !== 'draft' ? (
        <Notice>{t('issuedBody')}</Notice>
      ) : loaderData.reasonAgainst ? (
        <Notice>{loaderData.reasonAgainst}</Notice>
      ) : (
        <>
          <Editor page={loaderData} body={body} answer={actionData} />
          <Notice className="after-table" title={t('toIssue')} actions={<ButtonLink href={`/documents/${head.id}`}>{t('toIssue')}</ButtonLink>}>
            {t('toIssueHint')}
          </Notice>
        </>
      )}
    </Shell>
  )
}
