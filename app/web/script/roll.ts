import { countMarks, summarise, type MarkStatus } from '../roll-count.ts'
import { isFound } from './fold.ts'
import { showBusy } from './forms.ts'
import { element, showAnswer } from './page.ts'
import { allPresent, isSame, keyOf, outcomeOf, readDraft, restore, type Mark, type Marks } from './roll-draft.ts'
import { clock, say } from './words.ts'

const retryAfter = 15_000

/**
 * What the roll sheet gains: counts that follow the marks, "all present but", the search for a name, undo, and marks that
 * stay on the device until the server has them. Returns how to let go of the page before another takes its place.
 */
export function enhanceRoll(enhance: () => void): () => void {
  const form = document.querySelector<HTMLFormElement>('form[data-roll]')
  if (!form) return () => {}
  const lines = [...form.querySelectorAll<HTMLElement>('.sheet > li')]
  const { roll = '', viewer = '', version = '' } = form.dataset
  const key = viewer ? keyOf(viewer, roll) : null
  const undoButton = document.querySelector<HTMLButtonElement>('[data-roll-undo]')
  const saved = savedMarks(lines)
  const optional = new Set(lines.filter((line) => line.dataset['optional'] !== undefined).map((line) => line.dataset['person']!))
  const life = new AbortController()
  const { signal } = life
  let previous: { marks: Marks; words: string } | null = null
  let latest = readMarks(lines)
  let offlineSince: string | null = navigator.onLine ? null : clock()
  let isPending = false
  let isSending = false
  let notice: HTMLElement | null = null
  let retry: ReturnType<typeof setTimeout> | undefined

  const isUnsaved = () => !isSame(latest, saved)
  const peopleMarked = () => Object.values(latest).filter((mark) => mark.status !== null).length

  const showCounts = () => {
    const counted = Object.entries(latest).filter(([person, mark]) => mark.status !== null || !optional.has(person))
    const words = summarise(countMarks(counted.map(([, mark]) => mark.status)), say)
    for (const place of document.querySelectorAll('[data-roll-summary]')) place.textContent = words
  }
  const store = () => {
    try {
      if (key) localStorage.setItem(key, JSON.stringify({ marks: latest, version, at: new Date().toISOString(), isPending }))
    } catch {
      // A full or forbidden store: the marks are still on the page, and leaving it asks first.
    }
  }
  const keep = () => {
    if (isUnsaved() || isPending) store()
    else if (key) localStorage.removeItem(key)
  }
  const forget = () => {
    isPending = false
    if (key) localStorage.removeItem(key)
  }
  /** After every change: remembers the sheet before it, for undo. */
  const changed = (words: string) => {
    previous = { marks: latest, words }
    latest = readMarks(lines)
    if (undoButton) {
      undoButton.hidden = false
      undoButton.setAttribute('aria-label', `${say('undo')}: ${words}`)
    }
    showCounts()
    keep()
    showNetwork()
  }
  const put = (marks: Marks) => {
    writeMarks(lines, marks)
    latest = readMarks(lines)
    showCounts()
    keep()
  }
  // The notice stands at the head of a long list; the bar at the foot is always seen.
  const showLead = () => {
    const lead = document.querySelector('[data-roll-lead]')
    if (lead) lead.textContent = say(offlineSince !== null || isPending ? 'heldHere' : 'willSave')
  }
  const tell = (title: string, body: string, ...buttons: HTMLElement[]) => {
    notice?.remove()
    notice = element('div', 'note attn told', element('b', '', title), body)
    if (buttons.length > 0) notice.append(element('div', 'btns', ...buttons))
    notice.setAttribute('role', 'status')
    const heading = document.querySelector('h1[data-roll-summary]')
    if (heading) heading.after(notice)
    else form.prepend(notice)
    showLead()
  }
  const button = (words: string, press: () => void) => {
    const made = element('button', 'btn', words) as HTMLButtonElement
    made.type = 'button'
    made.addEventListener('click', press)
    return made
  }
  const hush = () => {
    notice?.remove()
    notice = null
    showLead()
  }
  const showNetwork = () => {
    if (offlineSince === null) return
    tell(say('offlineTitle', { time: offlineSince }), say(isPending ? 'offlineBody' : 'offlineKept', { count: peopleMarked() }))
  }

  const send = async (submitter: HTMLElement | null) => {
    if (isSending) return
    isSending = true
    clearTimeout(retry)
    const calm = showBusy(submitter, say('saving'))
    const sent = (latest = readMarks(lines))
    isPending = true
    keep()
    try {
      const body = new URLSearchParams(new FormData(form) as unknown as Record<string, string>)
      const answer = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'text/html' }, signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]) })
      const outcome = outcomeOf({ status: answer.status, isRedirected: answer.redirected, path: new URL(answer.url).pathname })
      if (outcome === 'away') throw new Error(`the server answered ${answer.status}`)
      const html = await answer.text()
      if (outcome === 'saved' && !isSame(readMarks(lines), sent)) {
        // Marked while it was on its way: the next page shows it as not saved yet.
        latest = readMarks(lines)
        isPending = false
        store()
      } else if (outcome === 'saved') forget()
      else if (outcome === 'refused') forget() // the answer shows all that was marked, and the page keeps it anew
      else keep()
      life.abort()
      if (outcome === 'signed-out') location.assign(`/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`)
      else showAnswer(html, answer.url, enhance)
    } catch {
      if (signal.aborted) return
      if (!navigator.onLine) offlineSince ??= clock()
      if (offlineSince) showNetwork()
      else tell(say('failedTitle', { time: clock() }), say('failedBody'), button(say('resend'), () => void send(null)))
      if (submitter) notice?.scrollIntoView({ block: 'center' })
      retry = setTimeout(() => void send(null), retryAfter)
    } finally {
      isSending = false
      calm()
    }
  }

  /** Asks the server for something beside saving, such as guests to add; it answers with the page and all that is marked on it. */
  const ask = async (submitter: HTMLButtonElement) => {
    const calm = showBusy(submitter)
    try {
      const body = new URLSearchParams(new FormData(form) as unknown as Record<string, string>)
      const answer = await fetch(submitter.formAction, { method: 'POST', body, headers: { Accept: 'text/html' }, signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]) })
      if (!answer.ok || answer.redirected) throw new Error(`the server answered ${answer.status}`)
      const html = await answer.text()
      forget()
      life.abort()
      showAnswer(html, location.href, enhance)
      document.querySelector<HTMLElement>('[data-answer]')?.scrollIntoView({ block: 'center' })
    } catch {
      if (!signal.aborted) tell(say('failedTitle', { time: clock() }), say('failedBody'), button(say('resend'), () => void ask(submitter)))
    } finally {
      calm()
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const { submitter } = event as SubmitEvent
    if (submitter?.hasAttribute('formaction')) void ask(submitter as HTMLButtonElement)
    else void send(submitter)
  }, { signal })
  for (const input of form.querySelectorAll<HTMLInputElement>('[data-enter-presses]')) {
    input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return
      event.preventDefault() // it must not send the roll
      document.getElementById(input.dataset['enterPresses']!)?.click()
    }, { signal })
  }
  form.addEventListener('change', (event) => {
    const line = (event.target as Element).closest<HTMLElement>('.sheet > li')
    const radio = event.target as HTMLInputElement
    if (line) changed(`${line.dataset['name']}, ${radio.type === 'radio' ? say(radio.value as MarkStatus) : radio.value}`)
  }, { signal })
  form.addEventListener('input', (event) => {
    if (!(event.target as Element).matches('.why input')) return
    latest = readMarks(lines)
    keep()
  }, { signal })
  // A finger that chose present or late is done with this person; arrow keys (detail 0) are still choosing.
  form.addEventListener('click', (event) => {
    const label = (event.target as Element).closest('.marks label')
    const chosen = label?.querySelector<HTMLInputElement>('input')?.value
    if (event.detail > 0 && (chosen === 'present' || chosen === 'late')) setTimeout(() => label!.closest('details')!.removeAttribute('open'))
  }, { signal })
  document.querySelector('[data-all-present]')?.addEventListener('click', (event) => {
    event.preventDefault()
    writeMarks(lines, allPresent(latest, optional))
    changed(say('changedAll'))
  }, { signal })
  undoButton?.addEventListener('click', () => {
    if (previous) put(previous.marks)
    previous = null
    undoButton.hidden = true
    showNetwork()
  }, { signal })
  findNames(lines, signal)

  addEventListener('offline', () => {
    offlineSince = clock()
    showNetwork()
  }, { signal })
  addEventListener('online', () => {
    offlineSince = null
    hush()
    if (isPending) void send(null)
  }, { signal })
  addEventListener('beforeunload', (event) => {
    if (isUnsaved()) event.preventDefault()
  }, { signal })

  const draft = key ? readDraft(localStorage.getItem(key), new Date()) : null
  if (draft) {
    const { marks, isListChanged } = restore(draft, saved)
    put(marks)
    const time = clock(new Date(draft.at))
    const discard = button(say('discard'), () => {
      put(saved)
      forget()
      hush()
    })
    if (isUnsaved() && !document.querySelector('[role=alert]'))
      tell(say('restoredTitle', { time }), isListChanged ? `${say('restoredBody')} ${say('restoredChanged')}` : say('restoredBody'), discard)
    // Save was pressed and nobody else has saved since: that wish still stands.
    if (draft.isPending && draft.version === version && !isListChanged && !document.querySelector('[role=alert]')) void send(null)
  }
  if (!draft && isUnsaved()) keep()
  showCounts()
  showNetwork()
  return () => {
    clearTimeout(retry)
    life.abort()
  }
}

function readMarks(lines: HTMLElement[]): Marks {
  const marks: Marks = {}
  for (const line of lines) {
    const status = (line.querySelector<HTMLInputElement>('input[type=radio]:checked')?.value ?? null) as Mark['status']
    marks[line.dataset['person']!] = { status, reason: line.querySelector<HTMLInputElement>('.why input')?.value ?? '' }
  }
  return marks
}

/** What the server has: what the page shows, unless a line says otherwise. */
function savedMarks(lines: HTMLElement[]): Marks {
  const marks = readMarks(lines)
  for (const { dataset } of lines) {
    if (dataset['saved'] !== undefined) marks[dataset['person']!] = { status: (dataset['saved'] || null) as Mark['status'], reason: dataset['savedReason'] ?? '' }
  }
  return marks
}

function writeMarks(lines: HTMLElement[], marks: Marks): void {
  for (const line of lines) {
    const mark = marks[line.dataset['person']!]
    if (!mark) continue
    for (const radio of line.querySelectorAll<HTMLInputElement>('input[type=radio]')) radio.checked = radio.value === mark.status
    const reason = line.querySelector<HTMLInputElement>('.why input')
    if (reason) reason.value = mark.reason
  }
}

function findNames(lines: HTMLElement[], signal: AbortSignal): void {
  const input = document.querySelector<HTMLInputElement>('[data-find-name]')
  if (!input) return
  const none = element('p', 'sm q2', say('foundNone'))
  none.setAttribute('role', 'status')
  input.addEventListener('input', () => {
    const found = lines.filter((line) => {
      line.hidden = !isFound(line.dataset['name'] ?? '', input.value)
      return !line.hidden
    })
    if (found.length === 0) input.after(none)
    else none.remove()
  }, { signal })
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return
    event.preventDefault() // it must not send the roll
    lines.find((line) => !line.hidden)?.querySelector<HTMLElement>('summary')?.click()
  }, { signal })
}
