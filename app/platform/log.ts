import { pino, type DestinationStream, type Logger } from 'pino'

export type Log = Logger

/** JSON lines on standard error: standard output belongs to what commands print. */
export function openLog(level: string, destination: DestinationStream = pino.destination(2)): Log {
  return pino({ level, base: null, serializers: { err: describeError } }, destination)
}

/** What of an error may be logged: where it happened and what kind it is. Of its words only those that cannot hold what people have typed. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error }
  const { code, constraint, table, column, routine, syscall, cause } = error as Error & Record<string, unknown>
  const known = Object.entries({ code, constraint, table, column, routine, syscall }).filter(([, value]) => typeof value === 'string')
  return {
    type: error.name,
    message: plainMessage(error),
    ...Object.fromEntries(known),
    stack: placesOf(error),
    ...(cause === undefined ? {} : { cause: describeError(cause) }),
  }
}

/** PostgreSQL and parsers repeat in their message what they could not read, in quotes or after a colon: a name, a card number, a search. */
function plainMessage(error: Error): string {
  const isDatabase = typeof (error as { severity?: unknown }).severity === 'string'
  if (error instanceof SyntaxError) return 'could not be parsed'
  const first = error.message.split('\n')[0]!.slice(0, 300)
  return isDatabase ? first.replace(/: ".*$/, ': …') : first.replace(/"[^"]*"|“[^”]*”/g, '"…"')
}

/** The stack without its first lines, which repeat the message. */
function placesOf(error: Error): string {
  return (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 12).map((line) => line.trim()).join(' | ')
}
