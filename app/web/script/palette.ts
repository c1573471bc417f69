import { isFound } from './fold.ts'
import { element } from './page.ts'

type Choice = { label: string; detail: string; href: string }

const mostOfEach = 7

/**
 * Once a document: Ctrl+K, ⌘K or the link in the bar open one field that goes anywhere: the sections of the bar at once, units
 * and people as the page of that link finds them. Without script the link leads to that page.
 */
export function enhancePalette(): void {
  document.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'k') return
    const link = document.querySelector<HTMLAnchorElement>('a[data-palette]')
    if (!link) return
    event.preventDefault()
    open(link)
  })
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-palette]')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    open(link)
  })
}

function open(link: HTMLAnchorElement): void {
  if (document.querySelector('dialog.palette')) return
  const words = link.dataset as Record<'label' | 'nothing' | 'away', string>
  const field = element('input', '') as HTMLInputElement
  const list = element('ul', 'found')
  const told = element('p', 'sm q2')
  const dialog = element('dialog', 'palette', field, list, told) as HTMLDialogElement
  dialog.setAttribute('aria-label', words.label)
  Object.assign(field, { type: 'text', placeholder: words.label, maxLength: 200, autocomplete: 'off' })
  for (const [name, value] of Object.entries({ role: 'combobox', 'aria-label': words.label, 'aria-expanded': 'true', 'aria-autocomplete': 'list', 'aria-controls': 'palette-found' })) field.setAttribute(name, value)
  list.id = 'palette-found'
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-label', words.label)
  told.setAttribute('role', 'status')

  let chosen = 0
  let asked = new AbortController()
  const items = () => [...list.children] as HTMLElement[]
  const choose = (index: number) => {
    const all = items()
    chosen = all.length === 0 ? 0 : (index + all.length) % all.length
    for (const [at, item] of all.entries()) item.setAttribute('aria-selected', String(at === chosen))
    field.setAttribute('aria-activedescendant', all[chosen]?.id ?? '')
    all[chosen]?.scrollIntoView({ block: 'nearest' })
  }
  const show = (choices: Choice[], sentence: string) => {
    list.replaceChildren(...choices.map(itemOf))
    told.textContent = sentence
    choose(0)
  }
  const look = async () => {
    asked.abort()
    asked = new AbortController()
    const { signal } = asked
    const looked = field.value.trim()
    const sections = sectionsNamed(looked)
    show(sections, '')
    if (looked === '') return
    try {
      await pause(150, signal)
      const found = await searched(link, looked, signal)
      show([...sections, ...found], sections.length + found.length === 0 ? words.nothing : '')
    } catch {
      if (!signal.aborted) show(sections, words.away)
    }
  }
  field.addEventListener('input', () => void look())
  field.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) {
      event.preventDefault()
      choose(chosen + step)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      items()[chosen]?.click()
    }
  })
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close())
  dialog.addEventListener('close', () => {
    asked.abort()
    dialog.remove()
  })
  document.body.append(dialog)
  dialog.showModal()
  void look()
}

function itemOf({ label, detail, href }: Choice, index: number): HTMLElement {
  const item = element('li', '', element('span', '', label), ...(detail ? [element('span', 'xs q3', detail)] : []))
  item.id = `palette-${index}`
  item.setAttribute('role', 'option')
  item.addEventListener('click', () => location.assign(href))
  return item
}

/** Sections and foot of this page whose name begins so. */
function sectionsNamed(looked: string): Choice[] {
  const links = document.querySelectorAll<HTMLAnchorElement>('.bar nav a, .foot nav > a:not(.phone)')
  return [...links].map((link) => ({ label: link.textContent.trim(), detail: '', href: link.href })).filter(({ label }) => isFound(label, looked))
}

/** What the search page answers to that: units and people, each with what stands beside its link. */
async function searched(link: HTMLAnchorElement, looked: string, signal: AbortSignal): Promise<Choice[]> {
  const answer = await fetch(`${link.pathname}?q=${encodeURIComponent(looked)}`, { signal })
  if (!answer.ok) throw new Error(String(answer.status))
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const found = (rows: string, beside: string) =>
    [...page.querySelectorAll(rows)].slice(0, mostOfEach).flatMap((row) => {
      const to = row.querySelector('a')
      return to ? [{ label: to.textContent.trim(), detail: row.querySelector(beside)?.textContent.trim() ?? '', href: to.href }] : []
    })
  return [...found('#units li', 'p'), ...found('#people tbody tr', 'td a')]
}

const pause = (milliseconds: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
