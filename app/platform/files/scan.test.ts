import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Refused } from '../errors.ts'
import { keepFile, openFiles, type Files } from './files.ts'

// A clamd that speaks as the real one does: reads pieces with their lengths up to an empty one, and answers.
const marked = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR'
const largest = 1024 * 1024
let folder: string
let server: Server
let files: Files
let asked = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'thong-suot-scan-'))
  server = createServer((socket) => {
    asked += 1
    let came = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', (part) => {
      came = Buffer.concat([came, part as Buffer])
      if (came.length > largest) return void socket.end('INSTREAM size limit exceeded. ERROR\0')
      let at = 'zINSTREAM\0'.length
      let content = ''
      while (at + 4 <= came.length) {
        const size = came.readUInt32BE(at)
        if (size === 0) return void socket.end(content.includes('mute') ? '' : content.includes(marked) ? 'stream: Win.Test.EICAR_HDB-1 FOUND\0' : 'stream: OK\0')
        if (at + 4 + size > came.length) return
        content += came.toString('latin1', at + 4, at + 4 + size)
        at += 4 + size
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(join(folder, 'clamd'), resolve))
  files = await openFiles({ kind: 'disk', folder: join(folder, 'files') }, { path: join(folder, 'clamd') })
})
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true, force: true })
})

const brought = (content: string, into = files) =>
  keepFile(into, Buffer.from(content), { allowed: ['txt'], most: 20 * 1024 * 1024, field: 'file' }).then(
    async (kept) => {
      await kept.drop()
      return 'kept'
    },
    (error: unknown) => (error instanceof Refused ? `${error.field}: ${error.sentence('vi')}` : error),
  )

describe('a file that somebody brings', () => {
  test('is looked through before it is kept, also a large one in pieces', async () => {
    expect(await brought('Biên bản hội nghị')).toBe('kept')
    expect(await brought('Biên bản '.repeat(50_000))).toBe('kept')
    expect(asked).toBe(2)
  })

  test('with a virus is refused with a sentence, and nothing of it stays', async () => {
    expect(await brought(`Biên bản ${marked}`)).toMatch(/^file: .*vi-rút/)
    expect(await brought(`${'Biên bản '.repeat(40_000)}${marked}`)).toMatch(/^file: .*vi-rút/)
    expect(await readdir(files.incoming)).toEqual([])
  })

  test('that the scanner cannot judge, or while it is away, is not taken', async () => {
    expect(await brought('mute')).toMatch(/^file: .*Chưa kiểm tra được/)
    expect(await brought('x'.repeat(3 * 1024 * 1024))).toMatch(/^file: .*Chưa kiểm tra được/)
    const away = await openFiles({ kind: 'disk', folder: join(folder, 'files') }, { path: join(folder, 'nobody') })
    expect(await brought('Biên bản', away)).toMatch(/^file: .*Chưa kiểm tra được/)
  })

  test('is not scanned where no scanner is named', async () => {
    const before = asked
    expect(await brought(marked, await openFiles({ kind: 'disk', folder: join(folder, 'files') }))).toBe('kept')
    expect(asked).toBe(before)
  })
})
