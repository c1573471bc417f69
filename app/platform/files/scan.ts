import { createReadStream } from 'node:fs'
import { connect } from 'node:net'
import type { ScannerPlace } from '../config.ts'

/** What a scanner found of a file. `unknown`: it was not there, or could not say. */
type Scanned = 'clean' | 'infected' | 'unknown'

const chunk = 256 * 1024
const longestMs = 120_000

/**
 * Has clamd look through a file (INSTREAM: a length before each piece, none at the end). Whatever goes wrong is `unknown`, and whoever asks
 * does not take the file.
 */
export function scan(place: ScannerPlace, file: string, waitMs = longestMs): Promise<Scanned> {
  return new Promise((resolve) => {
    const socket = connect(place)
    const read = createReadStream(file, { highWaterMark: chunk })
    let said = ''
    const end = (found: Scanned) => {
      clearTimeout(timer)
      read.destroy()
      socket.destroy()
      resolve(found)
    }
    const timer = setTimeout(() => end('unknown'), waitMs)
    read.on('error', () => end('unknown'))
    socket.on('error', () => end(verdictOf(said))) // clamd closes at once when a file is too large for it
    socket.on('close', () => end(verdictOf(said)))
    socket.on('data', (part) => {
      said += part.toString('latin1')
      if (said.includes('\0') || said.length > 4096) end(verdictOf(said))
    })
    socket.write('zINSTREAM\0')
    read.on('data', (part: string | Buffer) => {
      const size = Buffer.alloc(4)
      size.writeUInt32BE(part.length)
      socket.write(size)
      if (!socket.write(part)) {
        read.pause()
        socket.once('drain', () => read.resume())
      }
    })
    read.on('end', () => void socket.write(Buffer.alloc(4)))
  })
}

/** "stream: OK", "stream: Win.Test.EICAR_HDB-1 FOUND", or "… ERROR". */
function verdictOf(said: string): Scanned {
  const answer = said.split('\0')[0]!.trim()
  return answer === 'stream: OK' ? 'clean' : answer.endsWith(' FOUND') ? 'infected' : 'unknown'
}
