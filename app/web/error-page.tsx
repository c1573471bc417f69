import type { Language } from '../platform/i18n.ts'
import { ButtonLink } from './button.tsx'
import { useLanguage } from './language.ts'
import { Notice } from './notice.tsx'
import { useRoot } from './root-data.ts'
import { Door, Shell } from './shell.tsx'
import { webWords } from './web.messages.ts'

/** A request that was refused or failed, as the reader sees it: what happened, what is safe, what to do. */
export function ErrorPage({ refusal }: { refusal: { status: number; data: unknown } }) {
  const { viewer, language } = useRoot()
  const content = (
    <>
      <h1>{titleOf(refusal.status, language)}</h1>
      <Explained {...refusal} />
    </>
  )
  return viewer ? <Shell>{content}</Shell> : <Door>{content}</Door>
}

function Explained({ status, data }: { status: number; data: unknown }) {
  const { viewer, path, requestId } = useRoot()
  const t = webWords.in(useLanguage())
  const { sentence } = (data ?? {}) as { sentence?: string | null }
  const isOurs = status >= 500 || status === 400 || status === 409
  return (
    <Notice
      isAttention={isOurs}
      role="alert"
      className="explained"
      actions={
        <>
          {status >= 500 && <ButtonLink href={path}>{t('retry')}</ButtonLink>}
          {viewer ? <ButtonLink href="/">{t('toHome')}</ButtonLink> : status < 500 && <ButtonLink href={`/sign-in?to=${encodeURIComponent(path)}`}>{t('toSignIn')}</ButtonLink>}
          {status === 403 && viewer && <ButtonLink href="/rights" kind="quiet">{t('whatISee')}</ButtonLink>}
        </>
      }
    >
      <p>{sentence ?? t(bodies[status] ?? (status >= 500 ? 'failedBody' : 'notFoundBody'))}</p>
      {status >= 500 && requestId && <p className="q2">{t('failedRequest', { id: requestId })}</p>}
    </Notice>
  )
}

const bodies: Record<number, 'forbiddenBody' | 'offlineBody' | 'staleBody' | 'signedOutBody' | 'refusedBody'> = {
  400: 'refusedBody',
  401: 'signedOutBody',
  403: 'forbiddenBody',
  409: 'staleBody',
  413: 'refusedBody',
  503: 'offlineBody',
}

/** What happened, as heading and title of the page. */
export function titleOf(status: number, language: Language): string {
  const t = webWords.in(language)
  switch (status) {
    case 400:
    case 413:
      return t('refusedTitle')
    case 401:
      return t('signedOutTitle')
    case 403:
      return t('forbiddenTitle')
    case 409:
      return t('staleTitle')
    case 503:
      return t('offlineTitle')
    default:
      return status >= 500 ? t('failedTitle') : t('notFoundTitle')
  }
}
