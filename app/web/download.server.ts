import type { LoaderFunctionArgs } from 'react-router'
import { appContext } from './context.ts'
import { download } from './download.ts'
import { languageOf } from './language.ts'
import { refuse } from './refusal.server.ts'

/** Makes a file once the transaction that read for it has ended, and answers with it; a refusal is said as pages say it. */
export async function downloadMade({ request, context }: LoaderFunctionArgs, make: () => Promise<Parameters<typeof download>[0]>): Promise<Response> {
  try {
    return download(await make())
  } catch (error) {
    throw refuse(error, languageOf(request), context.get(appContext).log)
  }
}
