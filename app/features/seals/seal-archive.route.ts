import type { LoaderFunctionArgs } from 'react-router'
import { Forbidden } from '../../platform/errors.ts'
import { mediaTypes } from '../../platform/files/media-types.ts'
import { appContext } from '../../web/context.ts'
import { downloadMade } from '../../web/download.server.ts'
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
  return downloadMade(args, async () => {
    const bytes = await sealArchive(seal, await deploymentKey(db, log), { language, timeZone: config.timeZone })
    return { bytes, contentType: mediaTypes.zip, fileName: `${seal.code}.zip` }
  })
}
