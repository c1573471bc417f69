import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { readConfig, secret } from './config.ts'

afterEach(() => vi.unstubAllEnvs())

test('every setting has a default', () => {
  for (const name of ['DATABASE_URL', 'PUBLIC_URL', 'PORT', 'HOST', 'DATA_DIR', 'TIME_ZONE', 'LOG_LEVEL', 'TRUSTED_PROXIES', 'COSTLY_PER_MINUTE', 'METRICS_TOKEN', 'SMTP_URL', 'WEBHOOK_PRIVATE']) vi.stubEnv(name, undefined)
  expect(readConfig({})).toMatchObject({ databaseUrl: null, host: '127.0.0.1', port: 3000, publicUrl: null, timeZone: 'Asia/Ho_Chi_Minh', trustedProxies: [], costlyPerMinute: 120, metricsToken: null })
})

test('behind a proxy that PUBLIC_URL tells of, one on this machine is believed, or those that are named', () => {
  vi.stubEnv('PUBLIC_URL', 'https://thong-suot.example/')
  expect(readConfig({})).toMatchObject({ publicUrl: 'https://thong-suot.example', trustedProxies: ['127.0.0.0/8', '::1'] })
  vi.stubEnv('TRUSTED_PROXIES', '10.0.0.2, 10.1.0.0/16')
  expect(readConfig({}).trustedProxies).toEqual(['10.0.0.2', '10.1.0.0/16'])
})

test('a wrong setting is named with what it should be', () => {
  const wrong = [['PUBLIC_URL', 'thong-suot.example'], ['PUBLIC_URL', 'https://a.example/path'], ['TRUSTED_PROXIES', 'nginx'], ['COSTLY_PER_MINUTE', 'many'], ['SESSION_OFFICE_HOURS', '0'], ['SESSION_OFFICE_IDLE_MINUTES', 'nửa giờ'], ['CLAMD', 'clamd'], ['CLAMD', 'localhost:99999'], ['PORT', '70000'], ['TIME_ZONE', 'Cần Thơ']] as const
  for (const [name, value] of wrong) {
    vi.stubEnv(name, value)
    expect(() => readConfig({})).toThrow(name === 'PORT' ? 'The port must be' : name)
    vi.unstubAllEnvs()
  }
})

test('how long one stays signed in, and who scans files, are settings', () => {
  expect(readConfig({})).toMatchObject({ sessions: { officeHours: 12, officeIdleMinutes: 30, memberDays: 30 }, scanner: null })
  vi.stubEnv('SESSION_OFFICE_HOURS', '8')
  vi.stubEnv('SESSION_MEMBER_DAYS', '7')
  for (const [text, place] of [['/run/clamav/clamd.ctl', { path: '/run/clamav/clamd.ctl' }], ['scan.example:3310', { host: 'scan.example', port: 3310 }], ['[::1]:3310', { host: '::1', port: 3310 }]] as const) {
    vi.stubEnv('CLAMD', text)
    expect(readConfig({})).toMatchObject({ sessions: { officeHours: 8, officeIdleMinutes: 30, memberDays: 7 }, scanner: place })
  }
})

test('files are kept in one place: a folder, or a bucket with all that it needs', () => {
  for (const name of ['FILES_DIR', 'FILES_S3_BUCKET', 'FILES_S3_ENDPOINT']) vi.stubEnv(name, undefined)
  expect(readConfig({}).files).toBeUndefined()
  vi.stubEnv('FILES_DIR', '/srv/tep')
  expect(readConfig({}).files).toEqual({ kind: 'disk', folder: '/srv/tep' })
  vi.stubEnv('FILES_S3_BUCKET', 'thong-suot')
  expect(() => readConfig({})).toThrow('FILES_DIR and FILES_S3_BUCKET are both set')
  vi.stubEnv('FILES_DIR', undefined)
  vi.stubEnv('FILES_S3_PREFIX', '/tep/')
  expect(readConfig({ data: '/data' }).files).toEqual({ kind: 's3', bucket: 'thong-suot', endpoint: null, region: 'us-east-1', prefix: 'tep/', credentials: null, incoming: '/data/incoming' })
  vi.stubEnv('FILES_S3_KEY_ID', 'ai')
  expect(() => readConfig({})).toThrow('FILES_S3_KEY_ID and FILES_S3_KEY belong together')
  vi.stubEnv('FILES_S3_KEY', 'bí mật')
  vi.stubEnv('FILES_S3_ENDPOINT', 'http://127.0.0.1:9000')
  expect(readConfig({}).files).toMatchObject({ endpoint: 'http://127.0.0.1:9000/', credentials: { accessKeyId: 'ai', secretAccessKey: 'bí mật' } })
  vi.stubEnv('FILES_S3_ENDPOINT', 's3.example.vn')
  expect(() => readConfig({})).toThrow('FILES_S3_ENDPOINT "s3.example.vn" is not an address')
  vi.stubEnv('FILES_S3_BUCKET', 'Tệp')
  expect(() => readConfig({})).toThrow('FILES_S3_BUCKET "Tệp" is not the name of a bucket')
  vi.stubEnv('FILES_S3_BUCKET', undefined)
  expect(() => readConfig({})).toThrow('FILES_S3_BUCKET is not: name the bucket too')
})

test('a secret comes from a file as well as from the environment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secret-'))
  writeFileSync(join(folder, 'token'), 'từ tệp\n')
  vi.stubEnv('METRICS_TOKEN', 'from the environment')
  expect(secret('METRICS_TOKEN')).toBe('from the environment')
  vi.stubEnv('METRICS_TOKEN_FILE', join(folder, 'token'))
  expect(secret('METRICS_TOKEN')).toBe('từ tệp')
  vi.stubEnv('METRICS_TOKEN_FILE', join(folder, 'none'))
  expect(() => secret('METRICS_TOKEN')).toThrow('METRICS_TOKEN_FILE')
  rmSync(folder, { recursive: true })
})

test('a mail server is named with who letters come from and the address people use, and its password is never said', () => {
  const wrong = [
    [{ SMTP_URL: 'mail.example.vn', MAIL_FROM: 'a@example.vn' }, 'SMTP_URL is not an address'],
    [{ SMTP_URL: 'https://user:matkhau@mail.example.vn', MAIL_FROM: 'a@example.vn' }, 'SMTP_URL is not an address'],
    [{ SMTP_URL: 'smtps://user:matkhau@mail.example.vn' }, 'MAIL_FROM is not'],
    [{ SMTP_URL: 'smtps://user:matkhau@mail.example.vn', MAIL_FROM: 'Thông Suốt' }, 'MAIL_FROM "Thông Suốt" is not an address'],
    [{ SMTP_URL: 'smtps://user:matkhau@mail.example.vn', MAIL_FROM: 'a@example.vn' }, 'PUBLIC_URL is not'],
    [{ WEBHOOK_PRIVATE: 'zalo' }, 'WEBHOOK_PRIVATE'],
  ] as const
  for (const [settings, sentence] of wrong) {
    for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value)
    expect(() => readConfig({})).toThrow(sentence)
    expect(() => readConfig({})).not.toThrow(/matkhau/)
    vi.unstubAllEnvs()
  }
  const right = { SMTP_URL: 'smtp://mail.example.vn:587', MAIL_FROM: 'Thông Suốt <thong-suot@example.vn>', PUBLIC_URL: 'https://thong-suot.example', WEBHOOK_PRIVATE: '10.0.0.5, 192.168.1.0/24' }
  for (const [name, value] of Object.entries(right)) vi.stubEnv(name, value)
  expect(readConfig({})).toMatchObject({ mail: { url: right.SMTP_URL, from: right.MAIL_FROM }, webhookPrivate: ['10.0.0.5', '192.168.1.0/24'] })
})
