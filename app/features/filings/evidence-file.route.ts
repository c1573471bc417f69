import type { LoaderFunctionArgs } from 'react-router'
import { NotFound } from '../../platform/errors.ts'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { evidenceFile } from './evidence.server.ts'

/** A proof as it was attached: a download in a sandbox, for the file comes from outside and is never to run here. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const { name, contentType, content } = await read(args, async ({ tx }, { params }) => {
    const file = await tx.selectFrom('evidence').select('id').where('id', '=', idOf(params['evidenceId'])).where('filing_id', '=', idOf(params['id'])).executeTakeFirst()
    if (!file) throw new NotFound()
    return evidenceFile(tx, file.id)
  })
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').replace(/[^\w.-]+/g, '-')
  return new Response(content as Uint8Array<ArrayBuffer>, {
    headers: {
      'Content-Type': contentType,
      'Content-Disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`,
      'Content-Length': String(content.byteLength),
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Cache-Control': 'private, no-store',
    },
  })
}
