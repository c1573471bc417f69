import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import fc from 'fast-check'
import S3rver from 's3rver'
import { afterAll, expect, test } from 'vitest'
import { keepOwn, openFile, openFiles } from './files.ts'
import type { S3Place } from '../config.ts'
import { serveFile } from './serve.ts'

const folder = await mkdtemp(join(tmpdir(), 'thong-suot-s3-'))
const port = await freePort()
const server = new S3rver({ port, address: '127.0.0.1', silent: true, directory: join(folder, 'buckets') })
await server.run()
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }
const place: S3Place = { kind: 's3', bucket: 'thong-suot', endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', prefix: 'tep/', credentials, incoming: join(folder, 'incoming') }
await new S3Client({ endpoint: place.endpoint!, region: place.region, credentials, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: place.bucket }))
const files = await openFiles(place)

test('contents come back byte for byte, whole and in parts, and none is longer than it was', () =>
  fc.assert(
    fc.asyncProperty(fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 700_000 })), fc.nat(), async (size, at) => {
      const content = randomBytes(size)
      const kept = await keepOwn(files, content, 'pdf')
      await kept.place()
      await kept.drop()
      expect(kept.sha256).toEqual(createHash('sha256').update(content).digest())
      expect(await files.store.look(kept.sha256.toString('hex'))).toMatchObject({ size })
      expect(Buffer.concat(await (await openFile(files, kept.sha256)).toArray()).equals(content)).toBe(true)
      const start = at % size
      expect(Buffer.concat(await (await openFile(files, kept.sha256, { start, end: size - 1 })).toArray()).equals(content.subarray(start))).toBe(true)
    }),
    { numRuns: 25 },
  ))

test('a large file is streamed out of the service as it is asked for', async () => {
  const content = randomBytes(12 * 1024 * 1024)
  const kept = await keepOwn(files, content, 'mp4', 'ghi-am.mp4')
  const answer = await serveFile(files, { sha256: kept.sha256, size: kept.size, mediaType: kept.mediaType, name: kept.name }, new Request('http://x/', { headers: { Range: 'bytes=1000000-' } }))
  expect([answer.status, Buffer.from(await answer.arrayBuffer()).equals(content.subarray(1_000_000))]).toEqual([206, true])
  await kept.drop()
})

test('what was taken away between sending and attaching is sent once more', async () => {
  const content = randomBytes(1000)
  const kept = await keepOwn(files, content, 'pdf')
  const hash = kept.sha256.toString('hex')
  await files.store.remove(hash)
  expect(await files.store.look(hash)).toBeNull()
  await expect(openFile(files, kept.sha256)).rejects.toThrow('is not in the store')
  await kept.place()
  expect(Buffer.concat(await (await openFile(files, kept.sha256)).toArray()).equals(content)).toBe(true)
  await kept.drop()
})

test('everything that lies there is listed', async () => {
  const hashes = new Set<string>()
  for (let count = 0; count < 5; count++) hashes.add((await keepOwn(files, randomBytes(50), 'pdf')).sha256.toString('hex'))
  const listed = new Map<string, Date>()
  for await (const { hash, at } of files.store.list()) listed.set(hash, at)
  for (const hash of hashes) expect(Date.now() - listed.get(hash)!.getTime()).toBeLessThan(60_000)
})

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address() as { port: number }
      probe.close(() => resolve(free))
    })
  })
}
