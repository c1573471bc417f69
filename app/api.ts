import { createRequire } from 'node:module'
import { dirname, relative } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import { z } from '@hono/zod-openapi'
import { Hono } from 'hono'
import { sql } from 'kysely'
import { accountsApi } from './features/accounts/accounts.api.ts'
import { actingApi } from './features/acting/acting.api.ts'
import { campaignsApi } from './features/campaigns/campaigns.api.ts'
import { cascadeApi } from './features/cascade/cascade.api.ts'
import { checksApi } from './features/checks/checks.api.ts'
import { dutiesApi } from './features/duties/duties.api.ts'
import { documentsApi } from './features/documents/documents.api.ts'
import { filingsApi } from './features/filings/filings.api.ts'
import { importsApi } from './features/imports/imports.api.ts'
import { indicatorsApi } from './features/indicators/indicators.api.ts'
import { acknowledgementsApi } from './features/acknowledgements/acknowledgements.api.ts'
import { materialsApi } from './features/materials/materials.api.ts'
import { narrativesApi } from './features/narratives/narratives.api.ts'
import { noticesApi } from './features/notices/notices.api.ts'
import { webhooksApi } from './features/notices/webhooks.api.ts'
import { peopleApi } from './features/people/people.api.ts'
import { questionsApi } from './features/questions/questions.api.ts'
import { reportsApi } from './features/reports/reports.api.ts'
import { rightsApi } from './features/rights/rights.api.ts'
import { sealsApi } from './features/seals/seals.api.ts'
import { studyApi } from './features/study/study.api.ts'
import { unitChangesApi, unitsApi } from './features/units/units.api.ts'
import { newApi, withProblems } from './web/api.server.ts'
import { sessionCookie } from './web/auth.server.ts'
import type { App } from './web/context.ts'
import { docsPage, docsScript } from './web/docs.ts'
import { signInApi } from './web/sign-in.api.ts'

const about = {
  openapi: '3.1.0',
  info: {
    title: 'Thông Suốt',
    version: '1',
    description: 'The same operations and rights as the pages. Sign in with POST /sign-in and send the session cookie, or send a token as `Authorization: Bearer ts_…`; errors are problem+json.',
  },
  servers: [{ url: '/api/v1' }],
  security: [{ session: [] }, { token: [] }] as Record<string, string[]>[],
}

/** Everything under /api: version 1, its description and its readable documentation. */
export function openApi(app: App): Hono {
  const v1 = newApi(app)
  v1.openAPIRegistry.registerComponent('securitySchemes', 'session', { type: 'apiKey', in: 'cookie', name: sessionCookie(app.config.publicUrl) })
  v1.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'ts_ and 43 letters',
    description: 'A token made on the page /me/tokens: it acts as its owner, reads alone or reads and writes, and ends on its last day. Cookies count for nothing beside it.',
  })
  v1.openapi(
    {
      method: 'get',
      path: '/health',
      tags: ['Health'],
      summary: 'Whether the server and its database answer',
      security: [],
      responses: { 200: { description: 'They do', content: { 'application/json': { schema: z.object({ status: z.literal('ok') }) } } } },
    },
    async (c) => {
      await sql`select 1`.execute(app.db)
      return c.json({ status: 'ok' as const }, 200)
    },
  )
  signInApi(v1, app)
  accountsApi(v1, app)
  actingApi(v1, app)
  unitsApi(v1, app)
  unitChangesApi(v1, app)
  peopleApi(v1, app)
  campaignsApi(v1, app)
  importsApi(v1, app)
  indicatorsApi(v1, app)
  documentsApi(v1, app)
  studyApi(v1, app)
  reportsApi(v1, app)
  dutiesApi(v1, app)
  filingsApi(v1, app)
  rightsApi(v1, app)
  sealsApi(v1, app)
  materialsApi(v1, app)
  acknowledgementsApi(v1, app)
  questionsApi(v1, app)
  narrativesApi(v1, app)
  noticesApi(v1, app)
  webhooksApi(v1, app)
  checksApi(v1, app)
  cascadeApi(v1, app)

  const api = withProblems(app, new Hono().basePath('/api'))
  api.route('/v1', v1)
  api.get('/openapi.json', (c) => c.json(describe(v1)))
  api.get('/docs', (c) => c.html(docsPage))
  api.get('/docs/start.js', (c) => c.body(docsScript, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }))
  const assets = relative(process.cwd(), dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json')))
  api.use('/docs/*', serveStatic({ root: assets, rewriteRequestPath: (path) => path.replace(/^.*\/docs\//, '/') }))
  return api
}

type Operation = { requestBody?: unknown; responses: Record<string, unknown> }

/** The description, with the answers that any operation may get before it is reached. */
function describe(v1: ReturnType<typeof newApi>) {
  const description = v1.getOpenAPI31Document(about)
  for (const operation of Object.values(description.paths ?? {}).flatMap((path) => Object.values(path as Record<string, Operation>))) {
    if (operation.requestBody) operation.responses['413'] ??= refusal('What is sent is too large')
    operation.responses['500'] ??= refusal('The server failed; the answer has the request id')
    operation.responses['503'] ??= refusal('The database is away; try again in some seconds')
  }
  return description
}

function refusal(description: string) {
  return { description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } }
}
