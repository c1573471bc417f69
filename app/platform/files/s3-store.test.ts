import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import fc from 'fast-check'
import S3rver from 's3rver'
import { afterAll, describe, expect, test } from 'vitest'
import { keepOwn, openFile, openFiles } from './files.ts'
import type { S3Place } from '../config.ts'
import { s3Store } from './s3-store.ts'
import { serveFile } from './serve.ts'

const folder = await mkdtemp(join(tmpdir(), 'thong-suot-s3-'))
// TEST_S3 names another server on this machine, such as moto's, for the same tests.
const service = process.env['TEST_S3'] ?? (await ownServer())
afterAll(() => rm(folder, { recursive: true, force: true }))

const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }
const place: S3Place = { kind: 's3', bucket: 'thong-suot', endpoint: service, region: 'us-east-1', prefix: 'tep/', credentials, incoming: join(folder, 'incoming') }
await new S3Client({ endpoint: service, region: place.region, credentials, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: place.bucket }))
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

test('everything that lies there is listed', { timeout: 60_000 }, async () => {
  const many = await openFiles({ ...place, prefix: `${randomBytes(4).toString('hex')}/` })
  const hashes = new Set<string>()
  const put = async () => {
    for (let count = 0; count < (process.env['TEST_S3'] ? 150 : 1); count++) { // one page of a service holds a thousand
      const kept = await keepOwn(many, randomBytes(50), 'pdf')
      await kept.drop()
      hashes.add(kept.sha256.toString('hex'))
    }
  }
  await Promise.all(Array.from({ length: 8 }, put))
  const listed = new Map<string, Date>()
  for await (const { hash, at } of many.store.list()) listed.set(hash, at)
  expect(new Set(listed.keys())).toEqual(hashes)
  for (const at of listed.values()) expect(Math.abs(Date.now() - at.getTime())).toBeLessThan(60_000)
})

test('page by page to the last, whatever lies between', async () => {
  const hashes = Array.from({ length: 25 }, () => randomBytes(32).toString('hex')).sort()
  const keys = hashes.flatMap((hash) => [`tep/${hash.slice(0, 2)}/${hash}`, `tep/${hash.slice(0, 2)}/other`])
  const { endpoint } = await answering((request, answer) => {
    const asked = new URL(request.url!, 'http://x').searchParams
    const from = Number(asked.get('continuation-token') ?? 0)
    const isMore = from + 10 < keys.length
    const contents = keys.slice(from, from + 10).map((key) => `<Contents><Key>${key}</Key><LastModified>2021-04-01T00:00:00.000Z</LastModified><Size>50</Size></Contents>`)
    answer.writeHead(200, { 'Content-Type': 'application/xml' }).end(`<?xml version="1.0"?><ListBucketResult><IsTruncated>${isMore}</IsTruncated>${isMore ? `<NextContinuationToken>${from + 10}</NextContinuationToken>` : ''}${contents.join('')}</ListBucketResult>`)
  })
  const listed: string[] = []
  for await (const { hash } of s3Store({ ...place, endpoint }).list()) listed.push(hash)
  expect(listed).toEqual(hashes)
})

describe('a service that does not do as it should', () => {
  const content = randomBytes(3 * 1024 * 1024)
  const nothingLeft = async () => expect(await readdir(place.incoming)).toEqual([])

  test('for want of the right key keeps nothing and says so', async () => {
    const { endpoint } = await answering((_, answer) => answer.writeHead(403, { 'Content-Type': 'application/xml' }).end('<?xml version="1.0"?><Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error>'))
    await expect(keepOwn(await openFiles({ ...place, endpoint }), content, 'pdf')).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
    await nothingLeft()
  })
  test('whose bucket is gone keeps nothing, and never calls that an empty store', async () => {
    const gone = await openFiles({ ...place, bucket: 'khong-co' })
    await expect(keepOwn(gone, content, 'pdf')).rejects.toBeInstanceOf(Error) // some answer, some hang up at the first byte
    await expect(openFile(gone, randomBytes(32))).rejects.toMatchObject({ name: 'NoSuchBucket' })
    await expect(gone.store.list()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ name: 'NoSuchBucket' })
    await nothingLeft()
  })
  test('that goes away while a file is sent leaves nothing here, and what it kept of it is no file to anybody', async () => {
    const other = randomBytes(3 * 1024 * 1024)
    const { endpoint } = await cutting({ sent: 1_000_000 })
    await expect(keepOwn(await openFiles({ ...place, endpoint }), other, 'pdf')).rejects.toBeInstanceOf(Error)
    await nothingLeft()
    const kept = await keepOwn(files, other, 'pdf')
    await files.store.remove(kept.sha256.toString('hex'))
    await expect(keepOwn(await openFiles({ ...place, endpoint }), other, 'pdf')).rejects.toBeInstanceOf(Error)
    await kept.place() // half of it may lie there under its name
    expect(Buffer.concat(await (await openFile(files, kept.sha256)).toArray()).equals(other)).toBe(true)
    await kept.drop()
  })
  test('that goes away while a file is read ends the answer with an error, and not as if that were all', async () => {
    const kept = await keepOwn(files, content, 'pdf')
    await kept.drop()
    const { endpoint } = await cutting({ answered: 1_000_000 })
    const answer = await serveFile(await openFiles({ ...place, endpoint }), { sha256: kept.sha256, size: kept.size, mediaType: kept.mediaType, name: 'a.pdf' }, new Request('http://x/'))
    await expect(answer.arrayBuffer()).rejects.toBeInstanceOf(Error)
  })
  test('that says nothing is not waited for', async () => {
    const { endpoint } = await cutting({ answered: 0 }, 'silent')
    const silent = s3Store({ ...place, endpoint }, { silenceMs: 300 })
    await expect(silent.look('ab'.repeat(32))).rejects.toBeInstanceOf(Error)
  })
})

/** The service behind a line that is cut, or falls silent, after so many bytes either way. */
async function cutting({ sent = Infinity, answered = Infinity }: { sent?: number; answered?: number }, how: 'cut' | 'silent' = 'cut'): Promise<{ endpoint: string }> {
  const target = new URL(service)
  const line = createServer((client) => {
    const there = connect(Number(target.port), target.hostname)
    const end = () => {
      if (how === 'silent') return
      client.destroy()
      there.destroy()
    }
    let [to, from] = [0, 0]
    client.on('data', (piece) => ((to += piece.length) > sent ? end() : there.write(piece)))
    there.on('data', (piece) => ((from += piece.length) > answered ? end() : client.write(piece)))
    for (const [one, other] of [[client, there], [there, client]] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => how === 'cut' && other.destroy())
    }
  })
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve))
  afterAll(() => void line.close())
  return { endpoint: `http://127.0.0.1:${(line.address() as AddressInfo).port}` }
}

/** A service that reads what is sent and answers like this. */
async function answering(answer: (request: IncomingMessage, answer: ServerResponse) => unknown): Promise<{ endpoint: string }> {
  const server = createHttpServer((request, to) => request.resume().on('end', () => void answer(request, to)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterAll(() => void server.close())
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

async function ownServer(): Promise<string> {
  const port = await freePort()
  const server = new S3rver({ port, address: '127.0.0.1', silent: true, directory: join(folder, 'buckets') })
  await server.run()
  afterAll(() => server.close())
  return `http://127.0.0.1:${port}`
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address() as { port: number }
      probe.close(() => resolve(free))
    })
  })
}
