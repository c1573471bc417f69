import { useRouteLoaderData } from 'react-router'
import { languages, type Language } from '../platform/i18n.ts'

/** Size of letters on every page: large makes 16 px into 20. */
export type TypeSize = 'normal' | 'large'

/** The language the reader chose; Vietnamese until they choose. */
export function languageOf(request: Request): Language {
  const chosen = cookieOf(request, 'language')
  return languages.find((language) => language === chosen) ?? 'vi'
}

/** The size of letters the reader chose. */
export function typeOf(request: Request): TypeSize {
  return cookieOf(request, 'type') === 'large' ? 'large' : 'normal'
}

/** The reader's language, in a page. */
export function useLanguage(): Language {
  const root = useRouteLoaderData('root') as { language?: Language } | undefined
  return root?.language ?? 'vi' // an error page may have no data of the root
}

/** The reader's language, in the title of a page: what React Router gives `meta` as matches. */
export function languageIn(matches: readonly unknown[]): Language {
  const root = matches[0] as { loaderData?: { language?: Language } } | undefined
  return root?.loaderData?.language ?? 'vi'
}

/** One cookie of a request, decoded; null when it is not there or is broken. */
export function cookieOf(request: Pick<Request, 'headers'>, name: string): string | null {
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at < 0 || pair.slice(0, at).trim() !== name) continue
    try {
      return decodeURIComponent(pair.slice(at + 1).trim())
    } catch {
      return null
    }
  }
  return null
}
