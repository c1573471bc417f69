import { z } from '@hono/zod-openapi'
import { asCaller, refusals, send, type Api } from '../../web/api.server.ts'
import type { App } from '../../web/context.ts'
import { languageOf } from '../../web/language.ts'
import { checkRequest } from './check-upload.server.ts'

const Found = z
  .object({
    code: z.string(),
    severity: z.enum(['fault', 'note']),
    start: z.number().int().openapi({ description: 'UTF-16 units of `text`, which is composed (NFC)' }),
    end: z.number().int(),
    text: z.string(),
    printed: z.string(),
    expected: z.string().openapi({ description: 'Empty where nothing can be proposed' }),
    message: z.string(),
  })
  .openapi('CheckFinding')

const Right = z.object({ places: z.array(z.object({ start: z.number().int(), end: z.number().int() })), message: z.string().openapi({ description: 'The sum that came out right' }) }).openapi('CheckProof')

const Answer = z.object({ findings: z.array(Found), proofs: z.array(Right).openapi({ description: 'At most 300' }), figures: z.number().int(), text: z.string().openapi({ description: 'What was read, which the places are of' }) }).openapi('CheckedText')

/** Checking the arithmetic of a text or file; signed-in callers, nothing is stored. */
export function checksApi(api: Api, app: App): void {
  const languages = z.object({ lang: z.enum(['vi', 'en']).optional() })
  // Described and not validated: a validator would read the whole body before its size is known.
  api.openAPIRegistry.registerPath({
    method: 'post',
    path: '/check',
    tags: ['Checks'],
    summary: 'Recomputes the shares and sums of a text or file, and says what does not agree',
    request: {
      query: languages,
      body: {
        required: true,
        content: {
          'application/json': { schema: z.object({ text: z.string() }) },
          'multipart/form-data': { schema: z.object({ file: z.string().openapi({ format: 'binary', description: '.txt, .docx, .xlsx or .pdf with text, at most 20 MB' }) }) },
        },
      },
    },
    responses: { 200: { description: 'What was found', content: { 'application/json': { schema: Answer } } }, 400: refusals[400], 401: refusals[401], 422: refusals[422], 413: { ...refusals[422], description: 'The file is too large' } },
  })
  api.post('/check', async (c) => {
    await asCaller(app, c, () => Promise.resolve()) // signed in; no transaction stands while the text is read
    const language = languages.safeParse(c.req.query()).data?.lang ?? languageOf(c.req.raw)
    const answer = await checkRequest(c.req.raw)
    if (!('checked' in answer)) return send(c, answer.status, answer.sentence(language), { [answer.field]: answer.sentence(language) })
    const { findings, proofs, figures, text } = answer.checked
    return c.json({
      findings: findings.map((finding) => ({ ...finding, message: finding.message[language] })),
      proofs: proofs.flatMap(({ places, message }) => (message ? [{ places, message: message[language] }] : [])),
      figures,
      text,
    })
  })
}
