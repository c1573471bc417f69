import { join } from 'node:path'
import type { FilesPlace } from '../config.ts'

/** What the settings name, or the folder beside the data. */
export const placeOf = (named: FilesPlace | undefined, dataDir: string): FilesPlace => named ?? { kind: 'disk', folder: join(dataDir, 'files') }
