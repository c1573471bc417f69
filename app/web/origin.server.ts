import { data } from 'react-router'
import { languageOf } from './language.ts'
import { writeWords } from './write.messages.ts'

/**
 * Refuses with 403 what another site's page sends. Browsers say where a form comes from; what sends neither header is no
 * browser, and has no cookie of one either.
 */
export function demandSameOrigin(request: Request, publicUrl: string | null): void {
  const own = new URL(publicUrl ?? request.url).origin
  const origin = request.headers.get('origin')
  const site = request.headers.get('sec-fetch-site')
  if ((origin === null || origin === own) && (site === null || site === 'same-origin')) return
  throw data({ sentence: writeWords.in(languageOf(request))('other_origin', { own }) }, 403)
}
