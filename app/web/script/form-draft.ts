import { element } from './page.ts'
import { formPrefix } from './roll-draft.ts'
import { clock, say } from './words.ts'

type Draft = { version: string; at: string; fields: Record<string, string> }
type Typed = HTMLInputElement | HTMLTextAreaElement

const daysKept = 30

/**
 * What is typed into a `form[data-draft]` stays on the device until the server has it. `data-version` is that of the saved
 * report: a draft begun on it comes back into its fields; one begun on an older version is offered beside them, so that it
 * never takes the place of what somebody else wrote meanwhile.
 */
export function enhanceDrafts(): void {
  const handedUp = document.querySelector<HTMLElement>('[data-handed-up]')
  // the receipt says that it was this person who has just handed it up, with all that was typed
  if (handedUp && document.querySelector('main > .toast')) forget(`${formPrefix}${handedUp.dataset['viewer']}:${handedUp.dataset['handedUp']}`)
  const form = document.querySelector<HTMLFormElement>('form[data-draft]')
  if (!form?.dataset['viewer']) return
  const key = `${formPrefix}${form.dataset['viewer']}:${form.dataset['draft']}`
  const version = form.dataset['version'] ?? ''
  const fields = [...form.querySelectorAll<Typed>('textarea, input[type=text]')]
  const kept = read(key)
  const isRefused = form.dataset['unsaved'] !== undefined // the page shows again what was typed, and the server has none of it
  const unsaved = kept && !isRefused ? fields.filter((field) => kept.fields[field.name] !== undefined && kept.fields[field.name] !== field.value) : []
  if (kept && unsaved.length > 0) {
    if (kept.version === version) restore(form, kept, unsaved)
    else offer(kept, unsaved, () => forget(key))
  } else if (!isRefused) forget(key)
  const keep = () => {
    const changed = fields.filter((field) => field.value !== field.defaultValue || (isRefused && kept?.fields[field.name] !== undefined))
    try {
      if (changed.length === 0) forget(key)
      else localStorage.setItem(key, JSON.stringify({ version: form.dataset['version'] ?? '', at: new Date().toISOString(), fields: Object.fromEntries(changed.map((field) => [field.name, field.value])) } satisfies Draft))
    } catch {
      // A full or forbidden store: what was typed is still on the page.
    }
  }
  form.addEventListener('input', keep)
  form.addEventListener('saved', keep) // it saved itself: what was typed since stays
}

function restore(form: HTMLFormElement, { at, fields }: Draft, unsaved: Typed[]): void {
  for (const field of unsaved) field.value = fields[field.name]!
  form.prepend(element('p', 'note', say('formDraftRestored', { at: clock(new Date(at)) })))
}

function offer({ at, fields }: Draft, unsaved: Typed[], drop: () => void): void {
  for (const field of unsaved) {
    const use = button(say('formDraftUse'), () => {
      field.value = fields[field.name]!
      field.dispatchEvent(new Event('input', { bubbles: true }))
      note.remove()
    })
    const away = button(say('formDraftDrop'), () => {
      drop()
      note.remove()
    })
    const note = element('div', 'note attn', say('formDraftOld', { at: clock(new Date(at)) }), element('blockquote', 'theirs', fields[field.name]!), element('div', 'btns', use, away))
    field.closest('.field')?.before(note)
  }
}

function button(words: string, press: () => void): HTMLElement {
  const made = element('button', 'btn', words)
  made.setAttribute('type', 'button')
  made.addEventListener('click', press)
  return made
}

function read(key: string): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? 'null') as Draft | null
    if (!draft || typeof draft.fields !== 'object' || !(Date.now() - Date.parse(draft.at) < daysKept * 24 * 3600_000)) return null
    return draft
  } catch {
    return null
  }
}

function forget(key: string): void {
  try {
    localStorage.removeItem(key)
  } catch {
    // nothing was kept
  }
}
