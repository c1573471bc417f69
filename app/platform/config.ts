import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { trustOf } from './client-address.ts'
import { domainOf, type MailServer } from './mail.ts'

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
  trustedProxies?: string[] // addresses and ranges whose X-Forwarded-For is believed; none unless named
  costlyPerMinute?: number // searches, files and checks that one account may ask for; 0 or absent: as many as it likes
  scanner?: ScannerPlace | null // looks through files that people bring; null: nobody does
  sessions?: Sessions // how long one stays signed in; the usual when absent
  oidc?: Oidc | null // the organisation's own sign-in; null: by password alone
  files?: FilesPlace | undefined // where files are kept; undefined: in dataDir
  metricsToken?: string | null // opens /metrics from elsewhere than this machine
  mail?: MailServer | null // null: no e-mail
  webhookPrivate?: string[] // addresses and ranges of one's own network that webhooks may reach
}

/** Where clamd listens: the path of its socket, or a host and a port. */
export type ScannerPlace = { path: string } | { host: string; port: number }

/** From signing in to signing in again: of who holds an office, also after so long without use; of a member (decision 0018). */
export type Sessions = { officeHours: number; officeIdleMinutes: number; memberDays: number }
export const usualSessions: Sessions = { officeHours: 12, officeIdleMinutes: 30, memberDays: 30 }

/** Where a deployment keeps its files. */
export type FilesPlace = { kind: 'disk'; folder: string } | S3Place

/** A bucket of an S3 service; files wait in `incoming` while they come. */
export type S3Place = {
  kind: 's3'
  bucket: string
  endpoint: string | null // null: Amazon's own
  region: string
  prefix: string // of every key, '' or ending with /
  credentials: { accessKeyId: string; secretAccessKey: string } | null // null: as the machine is known to the service
  incoming: string
}

/** An OpenID Connect provider, as it knows us. */
export type Oidc = {
  issuer: string
  clientId: string
  clientSecret: string | null // null: a public client, by PKCE alone
  name: string // what the button calls it
  claim: string | null // the claim that holds the user name, to link by at the first sign-in; null: only people themselves link
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
  const publicUrl = readPublicUrl(environment['PUBLIC_URL'])
  const dataDir = resolve(options.data ?? environment['DATA_DIR'] ?? (isDemo ? 'data/demo' : 'data/main'))
  return {
    databaseUrl: secret('DATABASE_URL'),
    dataDir,
    files: readFilesPlace(dataDir),
    host: options.host ?? environment['HOST'] ?? '127.0.0.1',
    port,
    publicUrl,
    timeZone,
    isDemo,
    logLevel: environment['LOG_LEVEL'] ?? 'info',
    trustedProxies: readProxies(environment['TRUSTED_PROXIES'], publicUrl !== null),
    costlyPerMinute: readNumber('COSTLY_PER_MINUTE', 120),
    metricsToken: secret('METRICS_TOKEN'),
    scanner: readScanner(process.env['CLAMD']),
    sessions: {
      officeHours: readNumber('SESSION_OFFICE_HOURS', usualSessions.officeHours, 1),
      officeIdleMinutes: readNumber('SESSION_OFFICE_IDLE_MINUTES', usualSessions.officeIdleMinutes, 2), // use is noted to the minute
      memberDays: readNumber('SESSION_MEMBER_DAYS', usualSessions.memberDays, 1),
    },
    oidc: readOidc(publicUrl),
    mail: readMail(publicUrl),
    webhookPrivate: readRanges('WEBHOOK_PRIVATE'),
  }
}

/** A mail server, such as `smtps://user:password@mail.example.vn`, and who letters come from. */
function readMail(publicUrl: string | null): MailServer | null {
  const url = secret('SMTP_URL')
  if (!url) return null
  const from = process.env['MAIL_FROM']?.trim() ?? ''
  const parsed = URL.canParse(url) ? new URL(url) : null
  // the address holds a password: the sentence does not repeat it
  if (!parsed || !['smtp:', 'smtps:'].includes(parsed.protocol) || !parsed.hostname) throw new Error('SMTP_URL is not an address like smtps://user:password@mail.example.vn:465 or smtp://mail.example.vn:587; letters such as @ in the password are written as %40.')
  if (!from) throw new Error('SMTP_URL is set and MAIL_FROM is not: name who letters come from, like MAIL_FROM="Thông Suốt <thong-suot@example.vn>".')
  if (!domainOf(from)) throw new Error(`MAIL_FROM "${from}" is not an address like thong-suot@example.vn or "Thông Suốt <thong-suot@example.vn>".`)
  if (!publicUrl) throw new Error('SMTP_URL is set and PUBLIC_URL is not: letters carry links, which need the address people use.')
  return { url, from }
}

function readRanges(name: string): string[] {
  const ranges = (process.env[name] ?? '').split(',').map((one) => one.trim()).filter(Boolean)
  try {
    trustOf(ranges)
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error })
  }
  return ranges
}

function readPublicUrl(text: string | undefined): string | null {
  if (!text) return null
  const url = URL.canParse(text) ? new URL(text) : null
  if (url && ['http:', 'https:'].includes(url.protocol) && url.pathname === '/' && !url.search && !url.username) return url.origin
  throw new Error(`PUBLIC_URL "${text}" is not an address like https://thong-suot.example, without a path.`)
}

/** Behind a proxy, which PUBLIC_URL tells, one on this machine is trusted unless others are named. */
function readProxies(text: string | undefined, isBehindProxy: boolean): string[] {
  const proxies = text === undefined ? (isBehindProxy ? ['127.0.0.0/8', '::1'] : []) : text.split(',').map((one) => one.trim()).filter(Boolean)
  try {
    trustOf(proxies)
  } catch (error) {
    throw new Error(`TRUSTED_PROXIES: ${(error as Error).message}`, { cause: error })
  }
  return proxies
}

/** A folder, or a bucket of an S3 service; undefined when neither is named. */
function readFilesPlace(dataDir: string): FilesPlace | undefined {
  const { FILES_DIR: folder, FILES_S3_BUCKET: bucket, FILES_S3_ENDPOINT: endpoint, FILES_S3_REGION: region, FILES_S3_PREFIX: prefix } = process.env
  if (folder && bucket) throw new Error('FILES_DIR and FILES_S3_BUCKET are both set: files are kept in one place. Unset one of them.')
  if (!bucket) {
    if (endpoint) throw new Error('FILES_S3_ENDPOINT is set and FILES_S3_BUCKET is not: name the bucket too.')
    return folder ? { kind: 'disk', folder: resolve(folder) } : undefined
  }
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) throw new Error(`FILES_S3_BUCKET "${bucket}" is not the name of a bucket: 3 to 63 small letters, digits, dots and hyphens.`)
  const url = endpoint && URL.canParse(endpoint) ? new URL(endpoint) : null
  if (endpoint && (!url || !['http:', 'https:'].includes(url.protocol))) throw new Error(`FILES_S3_ENDPOINT "${endpoint}" is not an address like https://s3.example.vn.`)
  const [accessKeyId, secretAccessKey] = [secret('FILES_S3_KEY_ID'), secret('FILES_S3_KEY')]
  if ((accessKeyId === null) !== (secretAccessKey === null)) throw new Error('FILES_S3_KEY_ID and FILES_S3_KEY belong together: set both, or neither where the machine itself is known to the service.')
  return {
    kind: 's3',
    bucket,
    endpoint: url?.href ?? null,
    region: region || 'us-east-1',
    prefix: prefix ? `${prefix.replace(/^\/+|\/+$/g, '')}/` : '',
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : null,
    incoming: join(dataDir, 'incoming'),
  }
}

/** clamd's socket, or HOST:PORT. */
function readScanner(text: string | undefined): ScannerPlace | null {
  if (!text) return null
  if (text.startsWith('/')) return { path: text }
  const [, host, port] = /^([\w.-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})$/.exec(text) ?? []
  if (!host || Number(port) > 65535) throw new Error(`CLAMD "${text}" is neither the path of clamd's socket, like /run/clamav/clamd.ctl, nor HOST:PORT.`)
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
}

function readOidc(publicUrl: string | null): Oidc | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_NAME: name, OIDC_CLAIM: claim } = process.env
  if (!issuer) return null
  const url = URL.canParse(issuer) ? new URL(issuer) : null
  const isLoopback = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isLoopback)) throw new Error(`OIDC_ISSUER "${issuer}" is not an https address like https://sso.example.vn/realms/main.`)
  if (!clientId) throw new Error('OIDC_ISSUER is set and OIDC_CLIENT_ID is not: register this deployment with the provider and set both.')
  if (!publicUrl) throw new Error('OIDC_ISSUER is set and PUBLIC_URL is not: the provider sends people back to PUBLIC_URL/sign-in/oidc/callback.')
  return { issuer, clientId, clientSecret: secret('OIDC_CLIENT_SECRET'), name: name?.trim() || url.hostname, claim: claim?.trim() || null }
}

function readNumber(name: string, usual: number, least = 0): number {
  const text = process.env[name]
  if (text === undefined) return usual
  if (!/^\d{1,6}$/.test(text.trim()) || Number(text) < least) throw new Error(`${name} must be a whole number${least ? ` of ${least} or more` : ''}, not "${text}".`)
  return Number(text)
}

/** A secret from `NAME`, or from the file that `NAME_FILE` points at; null when neither is set. */
export function secret(name: string): string | null {
  const file = process.env[`${name}_FILE`]
  if (!file) return process.env[name] || null
  try {
    return readFileSync(file, 'utf8').trim() || null
  } catch (cause) {
    throw new Error(`The file that ${name}_FILE names cannot be read: ${(cause as Error).message}`, { cause })
  }
}
