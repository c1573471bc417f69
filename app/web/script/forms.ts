import { isDraftKey } from './roll-draft.ts'
import { say } from './words.ts'

/** What every form gains, once a document: it is sent once however often its button is pressed, and the button says so. */
export function enhanceForms(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement
    if (event.defaultPrevented || form.method !== 'post' || form.dataset['roll'] !== undefined) return
    if (form.dataset['signOut'] !== undefined && !maySignOut()) return event.preventDefault()
    if (form.dataset['busy']) return event.preventDefault()
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
