import { element } from './page.ts'
import { isDraftKey } from './roll-draft.ts'
import { clock, say } from './words.ts'

/** What every form gains, once a document: it is sent once however often its button is pressed, and the button says so. */
export function enhanceForms(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement
    if (event.defaultPrevented || form.method !== 'post' || form.dataset['roll'] !== undefined) return
    if (form.dataset['signOut'] !== undefined && !maySignOut()) return event.preventDefault()
    if (form.dataset['busy']) return event.preventDefault()
    if (!navigator.onLine && form.dataset['reached'] === undefined) {
      event.preventDefault()
      return void sendIfReached(form, event.submitter)
    }
    form.dataset['busy'] = 'yes'
    // Once the browser has taken the button's value along it may change; after 15 s the person may try again.
    const calm = showBusy(event.submitter)
    setTimeout(() => {
      delete form.dataset['busy']
      calm()
    }, 15_000)
  })
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload()
  })
}

// A browser without a network would leave the page, and what was typed with it. A server on this very machine is reached all the same.
async function sendIfReached(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  form.querySelector(':scope > .unsent')?.remove()
  try {
    await fetch('/health', { method: 'HEAD', cache: 'no-store' })
  } catch {
    const note = element('div', 'note attn unsent', element('b', '', say('unsentTitle', { time: clock() })), say('unsentBody'))
    note.setAttribute('role', 'alert')
    form.append(note)
    return
  }
  form.dataset['reached'] = 'yes'
  form.requestSubmit(submitter)
  delete form.dataset['reached']
}

/** Makes a pressed button say that it works, a moment later so that quick answers do not flicker; gives back how to undo it. */
export function showBusy(button: HTMLElement | null, words = say('working')): () => void {
  if (!button) return () => {}
  const before = [...button.childNodes]
  button.setAttribute('aria-disabled', 'true')
  const timer = setTimeout(() => button.replaceChildren(words), 300)
  return () => {
    clearTimeout(timer)
    button.removeAttribute('aria-disabled')
    button.replaceChildren(...before)
  }
}

// Drafts do not stay behind for the next person at this device.
function maySignOut(): boolean {
  const drafts = Object.keys(localStorage).filter(isDraftKey)
  if (drafts.length > 0 && !confirm(say('signOutLoses'))) return false
  for (const key of drafts) localStorage.removeItem(key)
  return true
}
