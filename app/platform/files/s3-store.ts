import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { S3Place } from '../config.ts'
import { NoContent, type Store } from './store.ts'

/**
 * Contents in a bucket, `prefix/ab/abcdef…`. A file is sent before the transaction begins, and inside it only looked for. A service that
 * says nothing for `silenceMs` is away: whoever waits for it may hold a lock.
 */
export function s3Store({ bucket, endpoint, region, prefix, credentials }: S3Place, { silenceMs = 60_000 } = {}): Store {
  const client = new S3Client({
    region,
    ...(endpoint && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
    // The sums that newer clients append to a stream arrive inside the content at services that do not know them.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: Math.min(5000, silenceMs), socketTimeout: silenceMs },
  })
  const at = (hash: string) => ({ Bucket: bucket, Key: `${prefix}${hash.slice(0, 2)}/${hash}` })
  const look: Store['look'] = async (hash) => {
    const found = await client.send(new HeadObjectCommand(at(hash))).catch(nothing)
    return found && { size: found.ContentLength ?? 0, at: found.LastModified ?? new Date(0) }
  }
  // Sent also when it is there: that it took no time would tell the sender that somebody else has the file. With its sum, which services
  // that know such sums compare with what came.
  const put = async (hash: string, draft: string) => {
    const { size } = await stat(draft)
    const Body = createReadStream(draft, { highWaterMark: 256 * 1024 })
    try {
      await client.send(new PutObjectCommand({ ...at(hash), Body, ContentLength: size, ContentType: 'application/octet-stream', ChecksumSHA256: Buffer.from(hash, 'hex').toString('base64') }))
    } finally {
      Body.destroy()
    }
  }
  return {
    prepare: put,
    place: async (hash, draft) => {
      // Some services keep what came before the line was cut.
      const [there, draftSize] = await Promise.all([look(hash), stat(draft).then(({ size }) => size)])
      if (there?.size !== draftSize) await put(hash, draft)
    },
    open: async (hash, range) => {
      const found = await client.send(new GetObjectCommand({ ...at(hash), ...(range && { Range: `bytes=${range.start}-${range.end}` }) })).catch(nothing)
      if (!found) throw new NoContent(hash)
      return found.Body as Readable
    },
    look,
    remove: async (hash) => {
      await client.send(new DeleteObjectCommand(at(hash)))
    },
    list: async function* () {
      let token: string | undefined
      do {
        const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }))
        for (const { Key, LastModified } of page.Contents ?? []) {
          const hash = Key?.slice(prefix.length + 3) ?? ''
          if (/^[0-9a-f]{64}$/.test(hash)) yield { hash, at: LastModified ?? new Date() }
        }
        token = page.IsTruncated ? page.NextContinuationToken : undefined
      } while (token)
    },
  }
}

function nothing(error: Error): null {
  if (['NotFound', 'NoSuchKey'].includes(error.name)) return null
  throw error
}
