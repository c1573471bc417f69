import type { AddressInfo } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'

/** A letter as a mail server took it: parsed, and as it came. */
export type Mailed = Email & { recipients: string[]; raw: string }

type Refusal = { code: number; text: string }

/**
 * A real SMTP server on this machine that keeps what it takes. `refuse` answers for a recipient with a status instead; `trouble` is
 * asked for each letter that came whole: a status answers it so, 'cut' ends the connection without a word.
 */
export type PostOffice = { url: string; letters: Mailed[]; refuse: (answer: ((address: string) => Refusal | null) | null) => void; trouble: (next: (() => Refusal | 'cut' | null) | null) => void; close: () => Promise<void> }

/** Opens one; `onLetter` hears of each letter before it is acknowledged. */
export async function openPostOffice(onLetter: (letter: Mailed) => void = () => {}): Promise<PostOffice> {
  const letters: Mailed[] = []
  let refusal: ((address: string) => Refusal | null) | null = null
  let troubling: (() => Refusal | 'cut' | null) | null = null
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onRcptTo({ address }, _, answer) {
      const refused = refusal?.(address)
      answer(refused ? Object.assign(new Error(refused.text), { responseCode: refused.code }) : null)
    },
    onData(stream, session, answer) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const trouble = troubling?.() ?? null
        if (trouble === 'cut') return cut(session.id)
        if (trouble) return answer(Object.assign(new Error(trouble.text), { responseCode: trouble.code }))
        const raw = Buffer.concat(chunks)
        void PostalMime.parse(raw).then((email) => {
          const letter = { ...email, recipients: session.envelope.rcptTo.map((one) => one.address), raw: raw.toString() }
          letters.push(letter)
          onLetter(letter)
          answer(null)
        })
      })
    },
  })
  const cut = (session: string) => {
    for (const connection of server.connections as Set<{ session: { id: string }; _socket: { destroy: () => void } }>) if (connection.session.id === session) connection._socket.destroy()
  }
  server.on('error', () => {}) // a client that was killed in the middle of a letter
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return { url: `smtp://127.0.0.1:${port}`, letters, refuse: (answer) => (refusal = answer), trouble: (next) => (troubling = next), close: () => new Promise((resolve) => server.close(() => resolve())) }
}

/** The header of that name, unfolded; null when there is none. */
export const headerOf = (letter: Mailed, name: string): string | null => letter.headers.find((header) => header.key === name.toLowerCase())?.value ?? null
