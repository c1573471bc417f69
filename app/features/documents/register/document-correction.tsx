import { showDay } from '../../../platform/clock.ts'
import { Button, ButtonLink, Buttons } from '../../../web/button.tsx'
import { DayField, Field } from '../../../web/field.tsx'
import { useLanguage } from '../../../web/language.ts'
import { Notice, ProblemList } from '../../../web/notice.tsx'
import { ContentFields, RecipientFields, RelationFields, SignatureFields, TypeField, WholeText } from './document-fields.tsx'
import type { EditData } from './document-edit.page.tsx'
import { chosenUnits, filledOf, firstOf, relationsIn, type FormAnswer } from './document-form.tsx'
import { registerWords } from './register.messages.ts'

/** What the register says of a document that is out, to be put right; on its own page what it said before stays to be read. */
export function CorrectionForm({ page: { document, facts, relations }, answer }: { page: EditData; answer: FormAnswer | undefined }) {
  const t = registerWords.in(useLanguage())
  const first = { ...firstOf(document), written: document.written, number: document.number === null ? '' : String(document.number), issuerName: document.issuerName, issuedOn: document.issuedOn && showDay(document.issuedOn), receivedOn: document.receivedOn && showDay(document.receivedOn) }
  const filled = filledOf(answer, first, { suggestion: null, chosen: { recipientUnits: chosenUnits(document) } })
  const { typed, problem } = filled
  const isStale = problem('version') !== undefined
  return (
    <form method="post" action={`/documents/${document.id}/edit?do=correct`} className="after-lede">
      <ProblemList problems={answer?.problems} />
      {isStale && <Notice actions={<ButtonLink href={`/documents/${document.id}`}>{t('openTheirs')}</ButtonLink>}>{t('theirs', { abstract: document.abstract })}</Notice>}
      <input type="hidden" name="documentId" value={document.id} />
      <input type="hidden" name="version" value={isStale ? document.version : typed('version')} />
      {document.isIncoming ? (
        <>
          <Field name="issuerName" label={t('issuer')} value={typed('issuerName')} problem={problem('issuerName')} isRequired maxLength={300} autoComplete="off" />
          <Field name="written" label={t('written')} hint={t('writtenHint')} value={typed('written')} problem={problem('written')} maxLength={80} autoComplete="off" />
          <TypeField filled={filled} ruledOut={[]} />
        </>
      ) : (
        <>
          <TypeField filled={filled} ruledOut={facts.ruledOut} />
          <div className="two">
            <Field name="number" label={t('number')} hint={t(document.authorId ? 'numberNotNeeded' : 'correctNumberHint')} value={typed('number')} problem={problem('number')} inputMode="numeric" maxLength={5} autoComplete="off" />
            <Field name="symbol" label={t('symbol')} hint={t('symbolHint')} value={typed('symbol')} problem={problem('symbol')} maxLength={30} autoComplete="off" />
          </div>
        </>
      )}
      <div className="two">
        <DayField name="issuedOn" label={t('issuedOn')} value={typed('issuedOn')} problem={problem('issuedOn')} isRequired />
        {document.isIncoming && <DayField name="receivedOn" label={t('receivedOn')} value={typed('receivedOn')} problem={problem('receivedOn')} />}
      </div>
      <ContentFields filled={filled} facts={facts} />
      <SignatureFields filled={filled} />
      <Field name="place" label={t('place')} value={typed('place')} problem={problem('place')} maxLength={300} autoComplete="off" />
      <RelationFields filled={filled} rows={relationsIn(answer, relations)} find={answer?.find ?? ''} found={answer?.found ?? []} findAction={`/documents/${document.id}/edit?do=find`} />
      <RecipientFields filled={filled} facts={facts} isOut />
      {document.isIncoming && <WholeText filled={filled} />}
      <Field name="reason" label={t('correctReason')} hint={t('correctReasonHint')} value={typed('reason')} problem={problem('reason')} maxLength={300} autoComplete="off" />
      <Buttons>
        <Button kind="primary" isWide>{t('correctSave')}</Button>
      </Buttons>
    </form>
  )
}
