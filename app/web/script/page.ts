/** Shows the page that the server answered with, as following a link would; whoever enhances pages does so again. */
export function showAnswer(html: string, address: string, enhance: () => void): void {
  const answer = new DOMParser().parseFromString(html, 'text/html')
  document.title = answer.title
  document.body.replaceWith(answer.body)
  if (address !== location.href) history.pushState(null, '', address)
  scrollTo(0, 0)
  enhance()
  document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true })
}

/** An element with its class and its text or children. */
export function element(name: string, className: string, ...children: (string | Node)[]): HTMLElement {
  const made = document.createElement(name)
  made.className = className
  made.append(...children)
  return made
}
