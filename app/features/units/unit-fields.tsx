import { Field, SelectField } from '../../web/field.tsx'
import { useLanguage } from '../../web/language.ts'
import type { Problems } from '../../web/problems.ts'
import { unitWords } from './units.messages.ts'

const kinds = ['cell', 'base_organisation', 'commune_committee', 'attached_committee', 'district_committee', 'city_committee', 'caucus', 'commission', 'partner'] as const

type Named = { kind: string; name: string; organisationName: string | null; symbol: string | null; place: string | null }

/** What a unit is called, as fields; for a new one and for putting right. */
export function UnitFields({ unit, values, problems }: { unit: Named; values: Record<string, string>; problems: Problems }) {
  const t = unitWords.in(useLanguage())
  return (
    <>
      <SelectField name="kind" label={t('kind')} options={kinds.map((kind) => ({ value: kind, label: capital(t(`kind.${kind}`)) }))} value={values['kind'] ?? unit.kind} problem={problems['kind']} />
      <Field name="name" label={t('name')} hint={t('nameHint')} value={values['name'] ?? unit.name} problem={problems['name']} isRequired maxLength={300} autoComplete="off" />
      <Field name="organisationName" label={t('organisationName')} hint={t('organisationNameHint')} value={values['organisationName'] ?? unit.organisationName} problem={problems['organisationName']} maxLength={300} autoComplete="off" />
      <div className="two">
        <Field name="symbol" label={t('symbol')} hint={t('symbolHint')} value={values['symbol'] ?? unit.symbol} problem={problems['symbol']} maxLength={20} autoComplete="off" />
        <Field name="place" label={t('place')} hint={t('placeHint')} value={values['place'] ?? unit.place} problem={problems['place']} maxLength={300} autoComplete="off" />
      </div>
    </>
  )
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
