import type { ReactNode } from 'react'
import { Button } from '../../../web/button.tsx'
import { Field, SelectField, TextField, Tick } from '../../../web/field.tsx'
import { useLanguage } from '../../../web/language.ts'
import { numbersWords } from '../numbers/numbers.messages.ts'
import { DocumentType, relationKinds } from '../documents.schema.ts'
import type { Suggestion, Suggested } from '../first-page/first-page.ts'
import { registerWords } from './register.messages.ts'
import type { FormFacts, Found, RelationRow } from './form-facts.server.ts'

/** What stands in the fields: typed before, read from the file, or of the draft. */
export type Filled = { typed: (name: string) => string; chosen: (name: string) => string[]; problem: (name: string) => string | undefined; suggestion: Suggestion | null; isTyped: boolean }

/** Says of a field that its words came out of the file, or what was read there and may be something else. */
export function hintOf(name: Suggested, { suggestion, isTyped }: Filled, plain: ReactNode, t: ReturnType<typeof registerWords.in>): ReactNode {
  const doubt = suggestion?.doubts[name]
  if (doubt) return t('readDoubt', { words: doubt })
  return suggestion?.values[name] && !isTyped ? t('readFromFile') : plain
}

export function TypeField({ filled, isEmptyAllowed, ruledOut }: { filled: Filled; isEmptyAllowed?: boolean; ruledOut: { type: string; basis: string }[] }) {
  const language = useLanguage()
  const [t, said] = [registerWords.in(language), numbersWords.in(language)]
  const isOut = (type: string) => ruledOut.some((one) => one.type === type)
  const hint = ruledOut.length > 0 ? t('typesRuledOut', { basis: ruledOut[0]!.basis, types: ruledOut.map((one) => said(`type.${one.type as 'plan'}`)).join(', ') }) : undefined
  return (
    <SelectField
      name="type"
      label={t('type')}
      hint={hintOf('type', filled, hint, t)}
      value={filled.typed('type')}
      problem={filled.problem('type')}
      isEmptyAllowed={isEmptyAllowed}
      options={DocumentType.options.filter((type) => !isOut(type)).map((type) => ({ value: type, label: said(`type.${type}`) }))}
    />
  )
}

export function ContentFields({ filled, facts }: { filled: Filled; facts: FormFacts }) {
  const t = registerWords.in(useLanguage())
  const { typed, problem } = filled
  return (
    <>
      <TextField name="abstract" label={t('abstract')} hint={hintOf('abstract', filled, t('abstractHint'), t)} rows={3} value={typed('abstract')} problem={problem('abstract')} isRequired />
      {facts.campaigns.length > 0 && <SelectField name="campaignCode" label={t('campaign')} value={typed('campaignCode')} problem={problem('campaignCode')} options={[{ value: '', label: t('noCampaign') }, ...facts.campaigns.map(({ code, name }) => ({ value: code, label: name }))]} />}
      <SelectField name="urgency" label={t('urgency')} value={typed('urgency') || 'normal'} options={(['normal', 'urgent', 'very_urgent', 'express'] as const).map((value) => ({ value, label: t(`urgency.${value}`) }))} />
    </>
  )
}

export function SignatureFields({ filled }: { filled: Filled }) {
  const t = registerWords.in(useLanguage())
  const { typed, problem } = filled
  return (
    <fieldset className="part">
      <legend>{t('signature')}</legend>
      <Field name="signedAs" label={t('signedAs')} hint={hintOf('signedAs', filled, t('signedAsHint'), t)} value={typed('signedAs')} problem={problem('signedAs')} maxLength={300} autoComplete="off" />
      <div className="two">
        <Field name="signerPosition" label={t('signerPosition')} hint={hintOf('signerPosition', filled, undefined, t)} value={typed('signerPosition')} problem={problem('signerPosition')} maxLength={300} autoComplete="off" />
        <Field name="signerName" label={t('signerName')} hint={hintOf('signerName', filled, undefined, t)} value={typed('signerName')} problem={problem('signerName')} maxLength={300} autoComplete="off" />
      </div>
    </fieldset>
  )
}

/** Documents it stands on: chosen by a search of numbers on the same form, which keeps all that was typed. */
export function RelationFields({ filled, rows, find, found, findAction }: { filled: Filled; rows: RelationRow[]; find: string; found: Found[]; findAction: string }) {
  const t = registerWords.in(useLanguage())
  const all = [...rows, ...found.filter((one) => !rows.some((row) => row.id === one.id)).map((one) => ({ ...one, kind: '' }))]
  return (
    <fieldset className="part" id="relations">
      <legend>{t('relations')}</legend>
      {filled.problem('relations') && <span className="hint attn">{filled.problem('relations')}</span>}
      {all.map((row, index) => (
        <div key={row.id}>
          <input type="hidden" name={`relations.${index}.toId`} value={row.id} />
          <input type="hidden" name={`relations.${index}.label`} value={row.label} />
          <input type="hidden" name={`relations.${index}.abstract`} value={row.abstract} />
          <SelectField
            name={`relations.${index}.kind`}
            label={row.label}
            hint={row.abstract}
            value={row.kind}
            options={[{ value: '', label: t('relation.none') }, ...relationKinds.map((kind) => ({ value: kind, label: t(`relation.${kind}`) }))]}
          />
        </div>
      ))}
      <details open={find !== '' || all.length === 0} className="guests">
        <summary className="sm q2">{t('relationFindMore')}</summary>
        <Field name="find" type="search" label={t('relationFind')} hint={find !== '' && found.length === 0 ? t('relationNone', { words: find }) : t('relationFindHint')} value={find} maxLength={200} autoComplete="off" />
        <Button formAction={findAction}>{t('relationFindButton')}</Button>
      </details>
    </fieldset>
  )
}

/** Who gets it: the units beneath, chosen units, and lines that name nobody of the tree. */
export function RecipientFields({ filled, facts, isOut }: { filled: Filled; facts: FormFacts; isOut?: boolean }) {
  const t = registerWords.in(useLanguage())
  const chosen = filled.chosen('recipientUnits')
  return (
    <fieldset className="part" id="recipientUnits">
      <legend>{t('recipients')}</legend>
      {isOut && <span className="hint">{t('recipientsOut')}</span>}
      {filled.problem('recipientUnits') && <span className="hint attn">{filled.problem('recipientUnits')}</span>}
      {facts.beneath.length > 0 && <Tick name="toAllBeneath" label={t('toAllBeneath', { count: facts.beneath.length })} isTicked={filled.typed('toAllBeneath') !== ''} />}
      <details className="guests" open={chosen.length > 0}>
        <summary className="sm q2">{t('chooseUnits')}</summary>
        {/* what was chosen elsewhere in the tree stays chosen */}
        {chosen.filter((code) => ![...facts.above, ...facts.beneath].some((one) => one.code === code)).map((code) => (
          <Tick key={code} name="recipientUnits[]" value={code} label={facts.others[code] ?? code} isTicked />
        ))}
        {[...facts.above, ...facts.beneath].map(({ code, name }) => (
          <Tick key={code} name="recipientUnits[]" value={code} label={name} isTicked={chosen.includes(code)} />
        ))}
      </details>
      <TextField name="recipientLines" label={t('recipientLines')} hint={hintOf('recipientLines', filled, t('recipientLinesHint'), t)} rows={4} value={filled.typed('recipientLines')} problem={filled.problem('recipientLines')} />
    </fieldset>
  )
}

export function WholeText({ filled }: { filled: Filled }) {
  const t = registerWords.in(useLanguage())
  const text = filled.typed('text')
  return (
    <details className="part" open={text !== ''}>
      <summary>{t('text')}</summary>
      <TextField name="text" label={t('textLabel')} hint={hintOf('text', filled, t('textHint'), t)} rows={10} value={text} problem={filled.problem('text')} />
    </details>
  )
}

export function PersonalPlanTick({ isTicked }: { isTicked: boolean }) {
  const t = registerWords.in(useLanguage())
  return (
    <div className="field">
      <Tick name="isPersonalPlan" label={t('personalPlan')} isTicked={isTicked} />
      <span className="hint">{t('personalPlanHint')}</span>
    </div>
  )
}
