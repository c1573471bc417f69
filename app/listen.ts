import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { writeWords } from './web/write.messages.ts'

/** How long a browser may take: to send its head, to send all of a request, or of one with large files, to stay without one. Milliseconds. */
const patience = { head: 15_000, request: 120_000, upload: 30 * 60_000, idle: 10_000 }

const largestHead = 16 * 1024
const mostConnections = 2000
/** Requests that are being answered get this long when the server stops. */
const longestFarewell = 10_000

export type Listening = { port: number; close: () => Promise<void> }

type Fetch = Parameters<typeof getRequestListener>[0]

/** Listens and answers; what is no HTTP at all, or comes too slowly, is refused with a sentence and the connection ended. */
export function listen(fetch: Fetch, { host, port }: { host: string; port: number }, allowed: Omit<typeof patience, 'upload'> & { upload?: number } = patience): Promise<Listening> {
  const isStopping = { now: false }
  const answer = getRequestListener(fetch, { errorHandler: () => new Response(unreadable, { status: 400, headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' } }) })
  const server = createServer(
    {
      maxHeaderSize: largestHead,
      headersTimeout: allowed.head,
      requestTimeout: Math.max(allowed.request, allowed.upload ?? patience.upload),
      keepAliveTimeout: allowed.idle,
      connectionsCheckingInterval: Math.min(5000, allowed.head / 3),
      requireHostHeader: false, // refused below, with a sentence
    },
    (request, response) => {
      if (isStopping.now) response.setHeader('Connection', 'close')
      // Two hosts: a proxy may have believed the other one.
      if (request.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length > 1) return end(request.socket, 400)
      if (!bringsFiles(request)) {
        const timer = setTimeout(() => request.complete || refuse({ name: '', message: '', code: 'ERR_HTTP_REQUEST_TIMEOUT' }, request.socket), allowed.request)
        response.once('close', () => clearTimeout(timer))
      }
      void answer(request, response)
    },
  )
  server.maxConnections = mostConnections
  server.on('clientError', refuse)
  server.on('connect', (_, socket: Socket) => end(socket, 400)) // a tunnel: nothing of ours
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      const close = () => {
        isStopping.now = true
        return farewell(server)
      }
      resolve({ port: typeof address === 'object' && address ? address.port : port, close })
    })
  })
}

const usualBody = 2 * 1024 * 1024

/** A recording over a village line takes its time; who sends it is asked before it is read. */
function bringsFiles({ headers }: IncomingMessage): boolean {
  return (headers['content-type'] ?? '').startsWith('multipart/form-data') && Number(headers['content-length'] ?? usualBody) >= usualBody
}

const unreadable = sentence('unreadable_request')

function sentence(key: 'unreadable_request' | 'head_too_large' | 'too_slow'): string {
  return `${writeWords.in('vi')(key)}\n${writeWords.in('en')(key)}\n`
}

const kinds: Record<string, [status: 408 | 431, key: Parameters<typeof sentence>[0]]> = {
  HPE_HEADER_OVERFLOW: [431, 'head_too_large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'too_slow'],
}
const reasons = { 400: 'Bad Request', 408: 'Request Timeout', 431: 'Request Header Fields Too Large' }

function refuse(error: Error & { code?: string }, socket: Socket): void {
  const [status, key] = kinds[error.code ?? ''] ?? [400, 'unreadable_request']
  end(socket, status, sentence(key))
}

function end(socket: Socket, status: keyof typeof reasons, body = unreadable): void {
  if (!socket.writable) return void socket.destroy()
  // Half an answer may be under way on this connection; a second one would be read as a part of it.
  if (socket.bytesWritten > 0) return void socket.destroy()
  socket.end(`HTTP/1.1 ${status} ${reasons[status]}\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  setTimeout(() => socket.destroy(), 1000).unref()
}

/** Listens no more, lets requests that have come be answered, and then ends what is left. */
function farewell(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const idle = setInterval(() => server.closeIdleConnections(), 50) // a connection is idle as soon as its answer is out
    const impatience = setTimeout(() => server.closeAllConnections(), longestFarewell)
    server.close(() => {
      clearInterval(idle)
      clearTimeout(impatience)
      resolve()
    })
    server.closeIdleConnections()
  })
}
