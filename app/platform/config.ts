import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** What one deployment is told from outside; everything has a default that works on a fresh machine. */
export type Config = {
  databaseUrl: string | null // null: embedded PostgreSQL in dataDir
  dataDir: string
  host: string
  port: number
  publicUrl: string | null // origin behind a TLS proxy; null: as the request says
  timeZone: string // "today" is its day
  isDemo: boolean
  logLevel: string
}

/** Reads settings from the environment, with `--data DIR`, `--port N` and `--host H` above it. */
export function readConfig(options: { data?: string | undefined; port?: string | undefined; host?: string | undefined; isDemo?: boolean }): Config {
  const environment = process.env
  const isDemo = options.isDemo ?? false
  const port = Number(options.port ?? environment['PORT'] ?? 3000)
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`The port must be a number from 0 to 65535, not "${options.port ?? environment['PORT']}".`)
  if (isDemo && secret('DATABASE_URL')) throw new Error('The demonstration works on data of its own, and DATABASE_URL is set. Unset it, or leave --demo out ("npm start") to work on that database.')
  const timeZone = environment['TIME_ZONE'] ?? 'Asia/Ho_Chi_Minh'
  try {
    new Intl.DateTimeFormat('en', { timeZone })
  } catch {
    throw new Error(`TIME_ZONE "${timeZone}" is not a time zone; write it like Asia/Ho_Chi_Minh.`)
  }
  return {
    databaseUrl: secret('DATABASE_URL'),
    dataDir: resolve(options.data ?? environment['DATA_DIR'] ?? (isDemo ? 'data/demo' : 'data/main')),
    host: options.host ?? environment['HOST'] ?? '127.0.0.1',
    port,
    publicUrl: environment['PUBLIC_URL'] ?? null,
    timeZone,
    isDemo,
    logLevel: environment['LOG_LEVEL'] ?? 'info',
  }
}

/** A secret from `NAME`, or from the file that `NAME_FILE` points at; null when neither is set. */
export function secret(name: string): string | null {
  const file = process.env[`${name}_FILE`]
  return file ? readFileSync(file, 'utf8').trim() : (process.env[name] ?? null)
}
