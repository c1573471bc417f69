import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { readConfig, secret } from './config.ts'

afterEach(() => vi.unstubAllEnvs())

test('every setting has a default', () => {
  for (const name of ['DATABASE_URL', 'PUBLIC_URL', 'PORT', 'HOST', 'DATA_DIR', 'TIME_ZONE', 'LOG_LEVEL', 'TRUSTED_PROXIES', 'COSTLY_PER_MINUTE', 'METRICS_TOKEN']) vi.stubEnv(name, undefined)
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
