import { materialKinds } from '../../platform/files/media-types.ts'

/** What a material may bring: one file, as large as a recording of a session. */
export const materialFile = { allowed: materialKinds, most: 300 * 1024 * 1024 }
export const materialMegabytes = materialFile.most / 1024 / 1024
