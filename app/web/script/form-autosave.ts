import { element } from './page.ts'
import { clock, say } from './words.ts'

const quietMs = 6000

/**
 * A `form[data-autosave]` saves itself some seconds after the last key, as its button would: the same address, the same version. What was
 * refused stays on the page and on the device, and the button says why.
 */
export function enhanceAutosave(): void {
  const form = document.querySelector<HTMLFormElement>('form[data-autosave]')
  if (!form || form.dataset['unsaved'] !== undefined) return
  const told = element('p', 'xs q3')
  told.setAttribute('role', 'status')
  form.append(told)
  let timer: ReturnType<typeof setTimeout> | undefined
  let isSaving = false
  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(() => void saveItself(), quietMs)
  })
  const saveItself = async () => {
    isSaving = true
    told.textContent = say((await saved(form)) ? 'formSavedItself' : 'formNotSavedItself', { at: clock() })
    isSaving = false
    form.dispatchEvent(new Event('idle'))
  }
  form.addEventListener('submit', (event) => {
    clearTimeout(timer)
    if (!isSaving) return
    // a button pressed meanwhile waits for the version that this save gives
    event.preventDefault()
    event.stopPropagation()
    form.addEventListener('idle', () => form.requestSubmit(event.submitter), { once: true })
  })
}

async function saved(form: HTMLFormElement): Promise<boolean> {
  const sent = new FormData(form)
  const typed = [...sent].flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : []))
  const values = new Map(typed)
  try {
    const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(typed) })
    if (!answer.ok || !answer.redirected) return false
    const version = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector<HTMLElement>('form[data-autosave]')?.dataset['version']
    if (!version) return false
    form.dataset['version'] = version
    form.querySelector<HTMLInputElement>('input[name=version]')!.value = version
    for (const field of form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('textarea, input[type=text]')) field.defaultValue = values.get(field.name) ?? field.defaultValue
    form.dispatchEvent(new Event('saved'))
    return true
  } catch {
    return false
  }
}
