import { renderToStaticMarkup } from 'react-dom/server'
import { RouterContextProvider, ServerRouter, type EntryContext, type HandleErrorFunction } from 'react-router'
import { appContext, visitContext, type App, type Visit } from './web/context.ts'
import { RequestNumber } from './web/root-data.ts'

/** Pages are documents: rendered whole, without the marks that hydration would need (decision 0004). */
export default function handleRequest(request: Request, status: number, headers: Headers, entry: EntryContext, context: Readonly<RouterContextProvider>): Response {
  headers.set('Content-Type', 'text/html; charset=utf-8')
  if (request.method === 'HEAD') return new Response(null, { status, headers })
  const page = renderToStaticMarkup(
    <RequestNumber.Provider value={context.get(visitContext).requestId}>
      <ServerRouter context={entry} url={request.url} />
    </RequestNumber.Provider>,
  )
  return new Response(`<!doctype html>${page}`, { status, headers })
}

export const handleError: HandleErrorFunction = (error, { request, context }) => {
  if (request.signal.aborted) return
  const { requestId } = context.get(visitContext)
  context.get(appContext).log.error({ err: error, requestId }, 'a page failed')
}

/** What loaders and actions ask their context for. It is made here since the bundle has its own copy of the keys. */
export function openContext(app: App, visit: Visit): RouterContextProvider {
  const context = new RouterContextProvider()
  context.set(appContext, app)
  context.set(visitContext, visit)
  return context
}
