import { pino, type Logger } from 'pino'

export type Log = Logger

/** JSON lines on standard error: standard output belongs to what commands print. */
export function openLog(level: string): Log {
  return pino({ level, base: null }, pino.destination(2))
}
