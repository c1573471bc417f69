import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { DayField, Field, FileField, RadioField, SelectField, TextField } from '../../web/field.tsx'
import { useLanguage } from '../../web/language.ts'
import { ProblemList } from '../../web/notice.tsx'
import type { Answer } from '../../web/write.server.ts'
import { materialWords } from './materials.messages.ts'

const kinds = ['outline', 'booklet', 'slides', 'recording', 'other'] as const

type Shown = { title: string; kind?: string; text: string; address: string | null; reachBy: string | null; changeNote?: string | null; fileName: string | null; megabytes: number }

/** What a version holds: the same fields for a new material, where the kind is chosen, and for its next version, which says what is new. */
export function MaterialFields({ shown, refused, isNew, saysWhatIsNew, back }: { shown: Shown; refused: Answer | undefined; isNew: boolean; saysWhatIsNew: boolean; back: string }) {
  const t = materialWords.in(useLanguage())
  const typed = (name: string, first: string | null | undefined) => refused?.values[name] ?? (refused ? '' : (first ?? ''))
  const problem = (name: string) => refused?.problems[name]
  return (
    <>
      <ProblemList problems={refused?.problems} />
      {isNew && <SelectField name="kind" label={t('fieldKind')} value={typed('kind', shown.kind)} problem={problem('kind')} isRequired options={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))} />}
      <Field name="title" label={t('fieldTitle')} value={typed('title', shown.title)} problem={problem('title')} isRequired maxLength={300} />
      {saysWhatIsNew && <TextField name="changeNote" label={t('fieldChangeNote')} hint={t('fieldChangeNoteHint')} value={typed('changeNote', shown.changeNote)} problem={problem('changeNote')} rows={2} />}
      <TextField name="text" label={t('fieldText')} hint={t('fieldTextHint')} value={typed('text', shown.text)} problem={problem('text')} rows={14} />
      {shown.fileName && (
        <RadioField
          name="keepsFile"
          label={t('fileKept')}
          value={typed('keepsFile', 'yes')}
          options={[
            { value: 'yes', label: t('keepsFile', { name: shown.fileName }) },
            { value: 'no', label: t('dropsFile', { name: shown.fileName }) },
          ]}
        />
      )}
      <FileField name="file" label={t('fieldFile')} hint={t('fieldFileHint', { megabytes: shown.megabytes })} problem={problem('file')} />
      <Field name="address" label={t('fieldAddress')} hint={t('fieldAddressHint')} value={typed('address', shown.address)} problem={problem('address')} maxLength={1000} />
      <DayField name="reachBy" label={t('fieldReachBy')} hint={t('fieldReachByHint')} value={typed('reachBy', shown.reachBy)} problem={problem('reachBy')} />
      <div className="after-lede">
        <Buttons>
          <Button kind="primary" isWide>
            {t(isNew ? 'saveNew' : 'saveDraft')}
          </Button>
          <ButtonLink kind="quiet" href={back}>
            {t('section')}
          </ButtonLink>
        </Buttons>
      </div>
    </>
  )
}
