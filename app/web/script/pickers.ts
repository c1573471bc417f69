import { isFound } from './fold.ts'

/** Shows what only script can obey, on this page. */
export function revealScripted(): void {
  for (const hidden of document.querySelectorAll<HTMLElement>('[data-needs-script]')) hidden.hidden = false
  for (const label of document.querySelectorAll<HTMLElement>('[data-shows]')) {
    label.hidden = false
    const field = document.getElementById(label.dataset['shows']!) as HTMLInputElement | null
    label.querySelector('input')?.addEventListener('change', (event) => {
      if (field) field.type = (event.target as HTMLInputElement).checked ? 'text' : 'password'
    })
  }
  for (const input of document.querySelectorAll<HTMLInputElement>('[data-filter]')) {
    const list = document.getElementById(input.dataset['filter']!)
    input.addEventListener('input', () => {
      for (const item of list?.children ?? []) (item as HTMLElement).hidden = !isFound(item.textContent ?? '', input.value)
    })
  }
  focusDrawer()
}

/** Once a document: what opened in place closes by Escape or by a click elsewhere; a drawer keeps the keyboard. */
export function enhancePickers(): void {
  document.addEventListener('click', (event) => (event.target as HTMLElement).closest('[data-print]') && print())
  document.addEventListener('click', (event) => void copyFor((event.target as HTMLElement).closest<HTMLElement>('[data-copy]')))
  document.addEventListener('click', (event) => {
    for (const open of openPickers()) if (!open.contains(event.target as Node)) open.open = false
  })
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    const [picker] = openPickers()
    if (picker) {
      picker.open = false
      picker.querySelector('summary')?.focus()
    } else openDrawer()?.querySelector<HTMLElement>('.close')?.click()
  })
  addEventListener('hashchange', focusDrawer)
}

/** Copies the words of a field; where the browser does not let a page copy, they stand selected. */
async function copyFor(button: HTMLElement | null): Promise<void> {
  const field = button && (document.getElementById(button.dataset['copy']!) as HTMLTextAreaElement | null)
  if (!field) return
  field.select()
  await navigator.clipboard.writeText(field.value).then(
    () => void (button.textContent = button.dataset['copied']!),
    () => field.focus(),
  )
}

const openPickers = () => document.querySelectorAll<HTMLDetailsElement>('details.pop[open]')
const openDrawer = () => document.querySelector<HTMLElement>('.drawer.open, .drawer:target')

function focusDrawer(): void {
  const drawer = openDrawer()
  for (const part of document.body.children) {
    if (part instanceof HTMLElement) part.inert = drawer !== null && part !== drawer && !part.contains(drawer)
  }
  drawer?.querySelector<HTMLElement>('.panel')?.focus()
}
