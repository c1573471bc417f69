import { createTransport } from 'nodemailer'

/** One e-mail: its texts as they are, to one address. `id` makes the same letter the same Message-ID however often it is sent. */
export type Letter = {
  to: string
  id: string
  subject: string
  text: string
  html: string
  /** Where one click of a mail program, without signing in, asks for fewer letters. */
  unsubscribe?: string
}

/** Sends letters; `isOn` is false when no server was named. */
export type Mail = { isOn: boolean; send: (letter: Letter) => Promise<void>; close: () => void }

/** The server did not take a letter; `isFinal`: it never will, since the address or the letter is wrong. The message is the server's own. */
export class NotSent extends Error {
  isFinal: boolean
  constructor(message: string, isFinal: boolean) {
    super(message)
    this.isFinal = isFinal
  }
}

/** How settings name a mail server; `from` is an address, with or without a name before it. */
export type MailServer = { url: string; from: string }

/** Letters through that server, on few connections that are kept; opens none before the first letter. */
export function openMail(server: MailServer | null): Mail {
  if (!server) return { isOn: false, send: () => Promise.reject(new NotSent('no mail server is named in SMTP_URL', false)), close: () => {} }
  const transport = createTransport({
    url: server.url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = domainOf(server.from)

  async function send({ to, id, subject, text, html, unsubscribe }: Letter): Promise<void> {
    try {
      await transport.sendMail({
        from: server!.from,
        to: { name: '', address: to },
        subject,
        text,
        html,
        messageId: `<${id}@${domain}>`,
        date: new Date(),
        headers: {
          'Auto-Submitted': 'auto-generated',
          'X-Auto-Response-Suppress': 'All',
          ...(unsubscribe ? { 'List-Unsubscribe': `<${unsubscribe}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {}),
        },
      })
    } catch (error) {
      const { message, responseCode, code } = error as Error & { responseCode?: number; code?: string }
      // A refused sign-in is the deployment's trouble, and passes; a refused address or letter does not. Without an answer of the
      // server's (a connection cut in the middle) only an address that is none is refused for good.
      throw new NotSent(message.slice(0, 500), responseCode === undefined ? code === 'EENVELOPE' : responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE'))
    }
  }

  return { isOn: true, send, close: () => transport.close() }
}

/** The part of a sender behind the @; null when it is no address. */
export function domainOf(from: string): string | null {
  return /^(?:[^<>@]*<)?[^\s<>@]+@([^\s<>@]+\.[^\s<>@]+|localhost)>?$/.exec(from.trim())?.[1] ?? null
}
