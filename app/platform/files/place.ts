import { join } from 'node:path'

/** Where a deployment keeps its files. */
export type FilesPlace = { kind: 'disk'; folder: string } | S3Place

/** What the settings name, or the folder beside the data. */
export const placeOf = (named: FilesPlace | undefined, dataDir: string): FilesPlace => named ?? { kind: 'disk', folder: join(dataDir, 'files') }

/** A bucket of an S3 service; files wait in `incoming` while they come. */
export type S3Place = {
  kind: 's3'
  bucket: string
  endpoint: string | null // null: Amazon's own
  region: string
  prefix: string // of every key, '' or ending with /
  credentials: { accessKeyId: string; secretAccessKey: string } | null // null: as the machine is known to the service
  incoming: string
}
