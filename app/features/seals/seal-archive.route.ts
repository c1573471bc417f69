import type { LoaderFunctionArgs } from 'react-router'
import { Forbidden } from '../../platform/errors.ts'
import { appContext } from '../../web/context.ts'
import { read } from '../../web/read.server.ts'
import { deploymentKey } from './deployment-key.server.ts'
import { sealArchive } from './seal-files.server.ts'
import { sealByCode } from './seal-views.server.ts'
import { sealWords } from './seals.messages.ts'

/** The signed archive of a sealed report. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const { db, log, config } = args.context.get(appContext)
  const { seal, language } = await read(args, async ({ tx }, { params, language }) => {
    const seal = await sealByCode(tx, params['code'] ?? '')
    if (!seal.isWhole) throw new Forbidden(sealWords.say('archiveNotWhole'))
    return { seal, language }
  })
  const bytes = await sealArchive(seal, await deploymentKey(db, log), { language, timeZone: config.timeZone })
  return new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: {
      'Content-Type': 'application/zip',
      'Content-Disposition': `attachment; filename="${seal.code}.zip"`,
      'Content-Length': String(bytes.byteLength),
      'Cache-Control': 'private, no-store',
    },
  })
}
