/** The path and query to go back to, when it is one of this site; the home page for anything else. */
export function ownPath(to: string | null | undefined): string {
  if (!to) return '/'
  const here = 'http://here.invalid'
  try {
    const url = new URL(to, here)
    return url.origin === here && to.startsWith('/') ? url.pathname.replace(/^\/+/, '/') + url.search + url.hash : '/'
  } catch {
    return '/'
  }
}
