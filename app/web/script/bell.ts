const askEvery = 60_000
const asksBeforeStream = 5

/**
 * Keeps the number at the bell as it is: by a stream of the server's while the page is looked at, and by asking now and then where
 * the stream is cut. Once a document: pages that take one another's place share it.
 */
export function enhanceBell(): void {
  let source: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  let asks = 0

  const stop = () => {
    source?.close()
    source = null
    clearTimeout(timer)
  }
  const start = () => {
    stop()
    const bell = bellOf()
    if (!bell || document.hidden) return
    if (bell.dataset['bell'] === 'stream' && 'EventSource' in window && asks % asksBeforeStream === 0) listen()
    else void ask()
  }
  const listen = () => {
    source = new EventSource('/notices/stream')
    source.addEventListener('unread', (event) => {
      failures = asks = 0
      show(Number((event as MessageEvent<string>).data))
    })
    source.addEventListener('over', () => askInstead())
    source.addEventListener('error', () => {
      if (source?.readyState === EventSource.CLOSED || ++failures >= 3) askInstead()
    })
  }
  const askInstead = () => {
    stop()
    failures = 0
    asks = 1
    void ask()
  }
  const ask = async () => {
    try {
      const answer = await fetch('/notices/count', { headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(20_000) })
      if (answer.status === 401) return // signed out
      if (answer.ok) show(((await answer.json()) as { unread: number }).unread)
    } catch {
      // no network: the next time
    }
    asks += 1
    timer = setTimeout(start, askEvery)
  }

  document.addEventListener('visibilitychange', start)
  addEventListener('pagehide', stop)
  start()
}

const bellOf = () => document.querySelector<HTMLElement>('[data-bell]')

function show(unread: number): void {
  const bell = bellOf()
  const number = bell?.querySelector<HTMLElement>('.n')
  if (!bell || !number) return
  const words = unread > 99 ? '99+' : String(unread)
  if (unread > Number(number.hidden ? 0 : number.textContent)) document.querySelector('[data-new-notices]')?.removeAttribute('hidden')
  number.textContent = words
  number.hidden = unread === 0
  bell.setAttribute('aria-label', unread > 0 ? bell.dataset['some']!.replace('…', words) : bell.dataset['none']!)
}
