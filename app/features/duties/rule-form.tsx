import { DayField, Field, RadioField, SelectField, CheckField, Tick } from '../../web/field.tsx'
import { useLanguage } from '../../web/language.ts'
import { unitWords } from '../units/units.messages.ts'
import { dutyWords } from './duties.messages.ts'
import { DueMode, DutyWho, type DutyKind } from './duties.schema.ts'
import type { RuleChoices } from './rule-choices.server.ts'

type Shown = { kind: DutyKind; choices: RuleChoices; typed: Record<string, string[]>; problems: Record<string, string> | null; isRound?: boolean }

/** Who, what, by when: the fields of a rule. What belongs to another choice of who or when is hidden by the style sheet. */
export function RuleFields({ kind, choices, typed, problems }: Shown) {
  const language = useLanguage()
  const t = dutyWords.in(language)
  const kindName = unitWords.in(language)
  const value = (name: string, first = '') => typed[name]?.[0] ?? first
  const problem = (name: string) => problems?.[name]
  const field = (name: string, first?: string) => ({ name, value: value(name, first), problem: problem(name) })
  const whos = DutyWho.options.filter((who) => kind !== 'study' || who !== 'caucuses')
  return (
    <div className="rule-fields">
      <fieldset className="part">
        <legend>{t('part.what')}</legend>
        <Field {...field('title', t(`first.${kind}`))} label={t('field.title')} hint={t('field.titleHint')} isRequired maxLength={300} autoComplete="off" />
        {kind === 'document' && <SelectField {...field('documentType', 'plan')} label={t('field.documentType')} options={choices.types} />}
        {kind === 'study' && (
          <RadioField
            {...field('measure', 'all')}
            label={t('field.measure')}
            options={[
              { value: 'all', label: t('measure.all'), hint: t('measure.allHint') },
              { value: 'held', label: t('measure.held'), hint: t('measure.heldHint') },
            ]}
          />
        )}
        {kind === 'report' && (
          <>
            <SelectField {...field('roundId')} label={t('field.roundId')} hint={t('field.roundIdHint')} options={choices.rounds} isEmptyAllowed />
            <SelectField {...field('formId')} label={t('field.formId')} hint={t('field.formIdHint')} options={choices.forms} isEmptyAllowed />
          </>
        )}
        <SelectField {...field('basisId')} label={t('field.basisId')} hint={kind === 'document' || kind === 'personal_plan' ? t('field.basisIdHint') : null} options={choices.documents} isEmptyAllowed />
      </fieldset>
      <fieldset className="part">
        <legend>{t(kind === 'personal_plan' ? 'part.whoHeads' : 'part.who')}</legend>
        <RadioField {...field('who', kind === 'study' ? 'cells' : 'direct')} label={t('field.who')} options={whos.map((who) => ({ value: who, label: t(`who.${who}`) }))} />
        <div className="of-kinds">
          <CheckField
            name="kinds"
            label={t('field.kinds')}
            problem={problem('kinds')}
            values={typed['kinds'] ?? []}
            options={choices.kinds.map(({ key }) => ({ value: key, label: kindName(`kind.${key}` as 'kind.cell') }))}
          />
          <Tick name="directOnly" label={t('field.directOnly')} isTicked={value('directOnly') === 'on'} />
        </div>
        <Tick name="includesSelf" label={t('field.includesSelf')} isTicked={value('includesSelf') === 'on'} />
      </fieldset>
      <fieldset className="part">
        <legend>{t('part.when')}</legend>
        <RadioField
          {...field('dueMode', 'day')}
          label={t('field.dueMode')}
          options={DueMode.options.filter((mode) => mode !== 'monthly' || kind === 'document' || kind === 'report').map((mode) => ({ value: mode, label: t(`due.${mode}`) }))}
        />
        <div className="of-day">
          <DayField {...field('dueOn')} label={t('field.dueOn')} />
        </div>
        <div className="of-after">
          <Field {...field('dueDays', '15')} label={t('field.dueDays')} inputMode="numeric" maxLength={4} autoComplete="off" />
        </div>
        <div className="of-superior">
          <SelectField {...field('superiorType', kind === 'document' ? '' : 'plan')} label={t('field.superiorType')} hint={kind === 'document' ? t('field.superiorTypeHint') : null} options={choices.types} isEmptyAllowed={kind === 'document'} />
        </div>
        <div className="of-monthly">
          <Field {...field('dueMonthday', '5')} label={t('field.dueMonthday')} hint={t('field.dueMonthdayHint')} inputMode="numeric" maxLength={2} autoComplete="off" />
          <div className="two">
            <DayField {...field('fromOn')} label={t('field.fromOn')} />
            <DayField {...field('untilOn')} label={t('field.untilOn')} />
          </div>
        </div>
        <Field {...field('lateNoticeDays')} label={t('field.lateNoticeDays')} hint={t('field.lateNoticeDaysHint')} inputMode="numeric" maxLength={3} autoComplete="off" />
      </fieldset>
    </div>
  )
}

/** Everything that was typed, to be sent once more with the confirmation. */
export function TypedAgain({ typed, without = [] }: { typed: Record<string, string[]>; without?: string[] }) {
  return Object.entries(typed)
    .filter(([name]) => !without.includes(name))
    .flatMap(([name, values]) => values.map((value, index) => <input key={`${name} ${index}`} type="hidden" name={name} value={value} />))
}
