import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { keepFile, openFiles } from '../app/platform/files/files.ts'
import { serveFile } from '../app/platform/files/serve.ts'
import { oneFile, readUpload } from '../app/web/upload.server.ts'
import { line } from './shared/measure.ts'

// A recording of 1 GB in and out, on the disk of this machine, beside a plain copy by streams that is brought to the disk as well.
const mega = 1024 * 1024
const size = 1024 * mega
const folder = await mkdtemp(join(tmpdir(), 'thong-suot-bench-files-'))
const takes = { allowed: ['mp4'], most: size } as const
try {
  const recording = join(folder, 'ghi-am.mp4')
  await write(recording)
  const files = await openFiles({ kind: 'disk', folder: join(folder, 'files') })

  const copied = await timed('plain copy', async () => {
    await pipeline(createReadStream(recording, { highWaterMark: 256 * 1024 }), createWriteStream(join(folder, 'copy'), { flush: true }))
    await rm(join(folder, 'copy'))
  })
  const kept = await timed('kept: counted, hashed, on the disk, looked into', async () => {
    const file = await keepFile(files, createReadStream(recording, { highWaterMark: 256 * 1024 }), takes)
    await file.place()
    await file.drop()
    return file
  }, copied.value)
  await timed('sent as a form and kept', async () => {
    const request = new Request('http://bench/', { method: 'POST', headers: { 'Content-Type': 'multipart/form-data; boundary=x' }, body: form(recording) as never, duplex: 'half' } as RequestInit)
    const { kept: [first], drop } = await readUpload(request, files, oneFile('file', takes))
    if (first?.[1].size !== size) throw new Error('the form lost something')
    await drop()
  }, copied.value)
  await timed('served', async () => {
    const answer = await serveFile(files, { ...kept.result, name: 'ghi-am.mp4' }, new Request('http://bench/'))
    let served = 0
    for await (const chunk of answer.body!) served += chunk.byteLength
    if (served !== size) throw new Error('the answer lost something')
  }, copied.value)
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function timed<Result>(what: string, work: () => Promise<Result>, plain?: number): Promise<{ value: number; result: Result }> {
  const before = process.memoryUsage().rss
  let highest = before
  const watch = setInterval(() => (highest = Math.max(highest, process.memoryUsage().rss)), 5)
  const began = performance.now()
  const result = await work()
  const value = Math.round(size / mega / ((performance.now() - began) / 1000))
  clearInterval(watch)
  line({ bench: 'files', what, unit: 'MB/s', value, ...(plain === undefined ? {} : { ofPlainCopy: Math.round((value / plain) * 100) / 100 }), memoryMegabytes: Math.round((highest - before) / mega) })
  return { value, result }
}

async function* form(path: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from('--x\r\nContent-Disposition: form-data; name="file"; filename="ghi-am.mp4"\r\n\r\n')
  yield* createReadStream(path, { highWaterMark: 64 * 1024 }) as AsyncIterable<Uint8Array>
  yield Buffer.from('\r\n--x--\r\n')
}

/** A film by its first bytes, then noise. */
async function write(path: string): Promise<void> {
  const piece = crypto.getRandomValues(Buffer.alloc(65_536))
  const block = Buffer.concat(Array.from({ length: 16 }, () => piece))
  const handle = await open(path, 'w')
  const first = Buffer.from(block)
  Buffer.from('000000186674797069736f6d0000020069736f6d6d703431000003e86d646174', 'hex').copy(first)
  await handle.writeFile(first)
  for (let written = mega; written < size; written += mega) await handle.writeFile(block)
  await handle.sync()
  await handle.close()
}
