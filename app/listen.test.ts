import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { listen, type Listening } from './listen.ts'

const open: Listening[] = []
afterAll(() => Promise.all(open.map(({ close }) => close())))

async function server(work: (request: Request) => Promise<Response>, allowed?: Parameters<typeof listen>[2]): Promise<Listening & { url: string }> {
  const listening = await listen(work, { host: '127.0.0.1', port: 0 }, allowed)
  open.push(listening)
  return { ...listening, url: `http://127.0.0.1:${listening.port}` }
}

/** What comes back on a connection that sends these bytes, until it is ended; null when it is never ended. */
function raw(port: number, bytes: string, { isKept = false } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()))
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
    socket.on('connect', () => (isKept ? socket.write(bytes) : socket.end(bytes)))
  })
}

const hello = () => Promise.resolve(new Response('xin chào'))

test('what is no HTTP is refused with a sentence in both languages', async () => {
  const { port } = await server(hello)
  const wrong = ['xin chào\r\n\r\n', '\x16\x03\x01\x02\x00', 'GET / HTTP/9.9\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n', 'GET http:// HTTP/1.1\r\nHost: a\r\n\r\n', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n']
  for (const bytes of wrong) expect(await raw(port, bytes)).toMatch(/^HTTP\/1\.1 400 [^]*Không đọc được yêu cầu này[^]*cannot be read/)
  const long = `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`
  expect(await raw(port, long)).toMatch(/^HTTP\/1\.1 431 [^]*Yêu cầu quá dài/)
})

test('a head that comes letter by letter, and a body that never comes, are ended in time', async () => {
  const { port } = await server(async (request) => new Response(await request.text()), { head: 300, request: 600, idle: 300 })
  const began = performance.now()
  expect(await raw(port, 'GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ', { isKept: true })).toMatch(/^HTTP\/1\.1 408 [^]*quá chậm/)
  expect(await raw(port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nx', { isKept: true })).toMatch(/^(HTTP\/1\.1 408 |$)/)
  expect(await raw(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', { isKept: true })).toMatch(/^HTTP\/1\.1 200 /) // and a connection without a request is closed
  expect(performance.now() - began).toBeLessThan(8000)
}, 15_000)

test('a large file may take longer than anything else, but not for ever', async () => {
  const { port } = await server(async (request) => new Response(String((await request.arrayBuffer()).byteLength)), { head: 300, request: 400, upload: 2500, idle: 300 })
  const head = (length: number) => `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: ${length}\r\n\r\n`
  const slowly = (length: number, after: number) =>
    new Promise<string>((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => {
        socket.write(head(length) + 'x'.repeat(length - 1))
        setTimeout(() => socket.writable && socket.write('x'), after)
      })
      let answer = ''
      socket.on('data', (chunk: Buffer) => (answer += chunk.toString()))
      socket.on('error', () => {})
      socket.on('close', () => resolve(answer))
    })
  const large = 3 * 1024 * 1024
  const [inTime, tooLate, small] = await Promise.all([slowly(large, 900), slowly(large, 8000), slowly(20_000, 900)])
  expect(inTime).toMatch(/^HTTP\/1\.1 200 /)
  expect(tooLate).not.toMatch(/^HTTP\/1\.1 200 /)
  expect(small).toMatch(/^(HTTP\/1\.1 408 |$)/)
}, 15_000)

test('stopping, it lets what it has taken end well, and takes nothing more', async () => {
  let finish = () => {}
  const started = Promise.withResolvers<void>()
  const { close, url, port } = await server(async () => {
    started.resolve()
    await new Promise<void>((resolve) => (finish = resolve))
    return new Response('đã ghi')
  })
  const answer = fetch(url)
  await started.promise
  const stopped = close()
  await expect(raw(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')).rejects.toThrow('ECONNREFUSED')
  let isClosed = false
  void stopped.then(() => (isClosed = true))
  await sleep(100)
  expect(isClosed).toBe(false)
  finish()
  expect(await (await answer).text()).toBe('đã ghi')
  await stopped
})
