import type { ReactNode } from 'react'
import { isDay, showDay } from '../platform/clock.ts'
import { useLanguage } from './language.ts'
import { shortestPassword } from './password-length.ts'
import { passwordWords } from './password.messages.ts'
import { webWords } from './web.messages.ts'

/** What every field has. `problem` is shown beside the field; `value` is what was typed, also after a refusal. */
type Common = {
  name: string
  label: ReactNode
  hint?: ReactNode
  problem?: string | null | undefined
  value?: string | null | undefined
  isRequired?: boolean
  id?: string // the name, when left out
  isDisabled?: boolean
}

/** One line of text. */
export function Field({ type = 'text', autoComplete, inputMode, placeholder, maxLength, ...field }: FieldProps) {
  return (
    <Labelled {...field}>
      <input {...attributesOf(field)} type={type} defaultValue={field.value ?? ''} autoComplete={autoComplete} inputMode={inputMode} placeholder={placeholder} maxLength={maxLength} />
    </Labelled>
  )
}

type FieldProps = Common & {
  type?: 'text' | 'password' | 'search' | 'email' | 'tel'
  autoComplete?: string
  inputMode?: 'text' | 'numeric' | 'decimal' | 'tel' | 'email' | 'search'
  placeholder?: string
  maxLength?: number
}

/** A day, typed as d/m/yyyy; `value` may be `YYYY-MM-DD` or whatever was typed. The schema reads it with readDay. */
export function DayField({ hint, value, ...field }: Common) {
  const t = webWords.in(useLanguage())
  return <Field {...field} hint={hint ?? t('dayHint')} value={value && isDay(value) ? showDay(value) : value} inputMode="numeric" autoComplete="off" maxLength={10} />
}

/** Several lines of text. */
export function TextField({ rows = 4, ...field }: Common & { rows?: number }) {
  return (
    <Labelled {...field}>
      <textarea {...attributesOf(field)} rows={rows} defaultValue={field.value ?? ''} />
    </Labelled>
  )
}

/** A file from the reader's machine. `accept` only narrows what is offered there: what came is looked into by the server. */
export function FileField({ accept, ...field }: Omit<Common, 'value'> & { accept?: string }) {
  return (
    <Labelled {...field}>
      <input {...attributesOf(field)} type="file" accept={accept} />
    </Labelled>
  )
}

export type Option = { value: string; label: string; hint?: string }

/** One of several, in a native list. With `isEmptyAllowed` the first choice is "Chọn…" and posts an empty value. */
export function SelectField({ options, isEmptyAllowed, ...field }: Common & { options: Option[]; isEmptyAllowed?: boolean }) {
  const t = webWords.in(useLanguage())
  return (
    <Labelled {...field}>
      <select {...attributesOf(field)} defaultValue={field.value ?? ''}>
        {isEmptyAllowed && <option value="">{t('choose')}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Labelled>
  )
}

/** One of a few, each with a line that explains it. */
export function RadioField({ options, name, label, hint, problem, value, isDisabled, id = name }: Common & { options: Option[] }) {
  return (
    <fieldset className="field" id={id} disabled={isDisabled} aria-describedby={problem ? `${id}-problem` : hint ? `${id}-hint` : undefined}>
      <legend className="lab-top">{label}</legend>
      <Hints id={id} hint={hint} problem={problem} />
      {options.map((option) => (
        <label className="radio" key={option.value}>
          <input type="radio" name={name} value={option.value} defaultChecked={option.value === value} />
          <Choice {...option} />
        </label>
      ))}
    </fieldset>
  )
}

/** Any of a few; the form posts `name` once for each that is ticked, and not at all when none is. */
export function CheckField({ options, values, name, label, hint, problem, isDisabled, id = name }: Omit<Common, 'value'> & { options: Option[]; values: string[] }) {
  return (
    <fieldset className="field" id={id} disabled={isDisabled} aria-describedby={problem ? `${id}-problem` : hint ? `${id}-hint` : undefined}>
      <legend className="lab-top">{label}</legend>
      <Hints id={id} hint={hint} problem={problem} />
      {options.map((option) => (
        <label className="radio" key={option.value}>
          <input type="checkbox" name={name} value={option.value} defaultChecked={values.includes(option.value)} />
          <Choice {...option} />
        </label>
      ))}
    </fieldset>
  )
}

/** A single box; posts `name=on` when ticked. */
export function Tick({ name, label, isTicked, value }: { name: string; label: ReactNode; isTicked?: boolean; value?: string }) {
  return (
    <label className="chk">
      <input type="checkbox" name={name} value={value} defaultChecked={isTicked} /> <span>{label}</span>
    </label>
  )
}

/** A password with a box that shows it; the box appears only where script can obey it. */
export function PasswordField({ autoComplete = 'current-password', ...field }: Common & { autoComplete?: 'current-password' | 'new-password' }) {
  const t = webWords.in(useLanguage())
  const id = field.id ?? field.name
  return (
    <>
      <Field {...field} type="password" autoComplete={autoComplete} />
      {autoComplete === 'new-password' && <Strength id={id} />}
      <label className="chk" hidden data-shows={id}>
        <input type="checkbox" /> <span>{t('showPassword')}</span>
      </label>
    </>
  )
}

/** How hard a new password is to guess, as it is typed; what matters is judged by the server when it is sent. */
function Strength({ id }: { id: string }) {
  const t = passwordWords.in(useLanguage())
  const said = { 'data-short': t('meter_short', { count: '{count}' }), 'data-weak': t('meter_weak'), 'data-fair': t('meter_fair'), 'data-good': t('meter_good') }
  return (
    <p className="strength sm q2" hidden data-strength={id} data-least={shortestPassword} {...said}>
      <meter min={0} max={3} value={0} aria-label={t('meter')} /> <span role="status" />
    </p>
  )
}

function Labelled({ children, ...field }: Common & { children: ReactNode }) {
  const id = field.id ?? field.name
  return (
    <div className="field">
      <label className="lab" htmlFor={id}>
        {field.label}
      </label>
      <Hints id={id} hint={field.hint} problem={field.problem} />
      {children}
    </div>
  )
}

function Hints({ id, hint, problem }: { id: string; hint?: ReactNode; problem?: string | null | undefined }) {
  return (
    <>
      {hint && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {problem && (
        <span className="hint attn" id={`${id}-problem`}>
          {problem}
        </span>
      )}
    </>
  )
}

function Choice({ label, hint }: Option) {
  return (
    <span>
      {hint ? <b>{label}</b> : label}
      {hint && <span className="sub sm q2">{hint}</span>}
    </span>
  )
}

function attributesOf({ name, id = name, hint, problem, isRequired, isDisabled }: Common) {
  const described = [problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return {
    id,
    name,
    required: isRequired,
    disabled: isDisabled,
    className: problem ? 'wrong' : undefined,
    'aria-invalid': problem ? (true as const) : undefined,
    'aria-describedby': described || undefined,
  }
}
