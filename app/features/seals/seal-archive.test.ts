import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../../tests/database.ts'
import { readZip as readAnyZip } from '../../../tests/read-docx.ts'
import { openLog } from '../../platform/log.ts'
import { cityReport } from '../reports/report.fixture.ts'
import { deploymentKey, type DeploymentKey } from './deployment-key.server.ts'
import { canonical, codeOf, sha256, type SealContent } from './seal-content.ts'
import { sealArchive } from './seal-files.server.ts'
import type { Seal } from './seal-views.server.ts'
import { readZip, writeZip } from './stored-zip.ts'
import { fingerprintOf, readFingerprint, verifyArchive, type Problem } from './verify-archive.server.ts'

const { db } = await testDatabase()
const told = { language: 'vi', timeZone: 'Asia/Ho_Chi_Minh' } as const
let key: DeploymentKey
let archive: Uint8Array

function seal(): Seal {
  const report = cityReport()
  const content: SealContent = { version: 1, report, filing: null, definitions: [], sealedAt: '2021-07-01T02:48:00.000Z' }
  const hash = sha256(canonical(content))
  return {
    id: 'seal',
    code: codeOf(hash),
    hash,
    unit: { id: 'can-tho', code: 'can-tho', name: 'Thành ủy Cần Thơ' },
    campaign: { id: 'campaign', code: 'nq-dai-hoi-xiii', name: report.campaign.name },
    filingId: null,
    asOf: '2021-06-30',
    sealedAt: new Date(content.sealedAt),
    sealedBy: 'Huỳnh Thị Mai',
    content,
    isWhole: true,
    corrections: [],
  }
}

const problemsOf = (bytes: Uint8Array, fingerprint?: string) => verifyArchive(bytes, fingerprint).problems.map(({ part, problem }) => `${part ?? 'archive'}: ${problem}`)
/** The archive with some of its parts replaced; packed as an export would. */
const withParts = (changed: Record<string, Uint8Array>) => writeZip(new Map([...readZip(archive, 20)!, ...Object.entries(changed)]))
const part = (name: string) => readZip(archive, 20)!.get(name)!
const manifest = () => JSON.parse(Buffer.from(part('manifest.json')).toString()) as { key: { publicKey: string; fingerprint: string }; code: string; hash: string; parts: { name: string; sha256: string; sizeBytes: number }[] }

beforeAll(async () => {
  key = await deploymentKey(db, openLog('silent'))
  archive = await sealArchive(seal(), key, told)
})

describe('an archive as exported', () => {
  test('proves itself without the server, says whose it is and what it holds', () => {
    const verdict = verifyArchive(archive)
    expect(verdict).toMatchObject({ state: 'whole', problems: [], code: seal().code, hash: seal().hash, fingerprint: key.fingerprint })
    expect(verdict.told).toMatchObject({ sealedAt: '2021-07-01T02:48:00.000Z', report: { asOf: '2021-06-30', unit: { name: 'Thành ủy Cần Thơ' }, total: { expected: 50_424, studied: 49_901 } } })
    expect(verifyArchive(archive, key.fingerprint).state).toBe('whole')
  })

  test('is a zip that other programs read', () => {
    const parts = readAnyZip(archive)
    expect([...parts.keys()]).toEqual(['content.json', 'report.docx', 'report.pdf', 'report.xlsx', 'report.json', 'manifest.json', 'manifest.sig'])
    expect(createHash('sha256').update(parts.get('content.json')!).digest('hex')).toBe(seal().hash)
  })

  test('is signed by one key a deployment, whoever asks first', async () => {
    const again = await Promise.all([1, 2].map(() => deploymentKey(db, openLog('silent'))))
    expect(again.map((one) => one.fingerprint)).toEqual([key.fingerprint, key.fingerprint])
    expect(await db.selectFrom('deployment_secret').select('key').where('key', '=', 'seal-key').execute()).toHaveLength(1)
  })
})

describe('an archive that was tampered with', () => {
  test('fails wherever one byte was changed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: archive.byteLength - 1 }), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const changed = Uint8Array.from(archive)
        changed[at]! ^= by
        expect(verifyArchive(changed).state).not.toBe('whole')
      }),
      { numRuns: 300 },
    )
  })

  test('fails for every byte outside its documents', { timeout: 60_000 }, () => {
    // the documents in the middle are one hash each; heads, manifest, signature and directory are many kinds of bytes
    const manifestAt = Buffer.from(archive).indexOf('manifest.json')
    for (const at of [...Array.from({ length: 80 }, (_, index) => index), ...Array.from({ length: archive.byteLength - manifestAt + 30 }, (_, index) => manifestAt - 30 + index)]) {
      const changed = Uint8Array.from(archive)
      changed[at]! ^= 1
      expect(verifyArchive(changed).state, `byte ${at}`).not.toBe('whole')
    }
  })

  test('fails when bytes are added or cut off, at either end', () => {
    for (const bytes of [Buffer.concat([archive, Buffer.from('x')]), Buffer.concat([Buffer.from('x'), archive]), archive.slice(0, -1), archive.slice(1), archive.slice(0, archive.byteLength >> 1)]) {
      expect(verifyArchive(bytes).state).not.toBe('whole')
    }
  })

  test('is told what is wrong with it', () => {
    const text = (value: unknown) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`)
    const signed = (value: unknown) => ({ 'manifest.json': text(value), 'manifest.sig': key.sign(text(value)) })
    const otherContent = Buffer.from(canonical({ ...seal().content, sealedAt: '2021-07-02T00:00:00.000Z' }))
    const loose = Buffer.from(`${JSON.stringify(seal().content, null, 2)}`)
    const listed = (name: string, bytes: Uint8Array) => manifest().parts.map((one) => (one.name === name ? { name, sha256: sha256(bytes), sizeBytes: bytes.byteLength } : one))
    expect(problemsOf(withParts({ 'report.json': Buffer.from('{}') }))).toEqual(['report.json: part-changed'])
    expect(problemsOf(withParts({ 'notes.txt': Buffer.from('x') }))).toEqual(['notes.txt: part-unknown'])
    expect(problemsOf(withParts({ 'manifest.json': Buffer.from('{') }))).toEqual(['manifest.json: manifest-unreadable'])
    expect(problemsOf(withParts({ 'manifest.sig': Buffer.alloc(64) }))).toEqual(['manifest.sig: signature'])
    expect(problemsOf(withParts({ 'content.json': otherContent, ...signed({ ...manifest(), parts: listed('content.json', otherContent) }) }))).toEqual(['content.json: content-hash'])
    expect(problemsOf(withParts({ 'content.json': loose, ...signed({ ...manifest(), hash: sha256(loose), code: codeOf(sha256(loose)), parts: listed('content.json', loose) }) }))).toEqual(['content.json: content-form'])
    expect(problemsOf(withParts(signed({ ...manifest(), code: 'TS-AAAA-AAAA' })))).toEqual(['manifest.json: code'])
    expect(problemsOf(withParts(signed({ ...manifest(), key: { ...manifest().key, fingerprint: 'a'.repeat(64) } })))).toEqual(['manifest.json: key-fingerprint'])
    expect(problemsOf(withParts(signed({ ...manifest(), key: { ...manifest().key, publicKey: 'no key' } })))).toEqual(['manifest.json: key-unreadable'])
    expect(problemsOf(Buffer.concat([archive, Buffer.from('x')]))).toEqual(['archive: bytes-changed'])
  })

  test('and signed anew by another key, fails against the fingerprint that is known', () => {
    const pair = generateKeyPairSync('ed25519')
    const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const forged = Buffer.from(JSON.stringify({ ...manifest(), key: { algorithm: 'Ed25519', publicKey, fingerprint: fingerprintOf(publicKey) } }))
    const bytes = withParts({ 'manifest.json': forged, 'manifest.sig': sign(null, forged, pair.privateKey) })
    expect(problemsOf(bytes, key.fingerprint)).toEqual(['manifest.json: key-other'])
    expect(verifyArchive(bytes)).toMatchObject({ state: 'whole', fingerprint: fingerprintOf(publicKey) }) // consistent in itself; whose it is must be compared
  })
})

describe('a file that is no archive', () => {
  const bomb = () => {
    const content = deflateRawSync(Buffer.alloc(10 * 1024 * 1024))
    const bytes = Buffer.from(writeZip(new Map([['content.json', content]])))
    bytes.writeUInt16LE(8, 8) // deflated
    return bytes
  }
  const without = (name: string) => {
    const parts = readZip(archive, 20)!
    parts.delete(name)
    return writeZip(parts)
  }
  test.each<[string, () => Uint8Array, string[]]>([
    ['nothing', () => new Uint8Array(), ['archive: not-an-archive']],
    ['a text', () => Buffer.from('báo cáo'), ['archive: not-an-archive']],
    ['a DOCX', () => part('report.docx'), ['archive: not-an-archive']],
    ['a zip bomb', bomb, ['archive: not-an-archive']],
    ['a zip of too many parts', () => writeZip(new Map(Array.from({ length: 500 }, (_, index) => [`${index}`, new Uint8Array()]))), ['archive: not-an-archive']],
    ['an archive without its signature', () => without('manifest.sig'), ['manifest.sig: part-missing']],
    ['an archive without its content', () => without('content.json'), ['content.json: part-missing']],
    ['something huge', () => new Uint8Array(65 * 1024 * 1024), ['archive: too-large']],
  ])('such as %s is unusable, and told from a broken one', (_, bytes, problems) => {
    expect(verifyArchive(bytes()).state).toBe('unusable')
    expect(problemsOf(bytes())).toEqual(problems)
  })

  test('or any bytes at all never makes it fall over', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(verifyArchive(Buffer.concat([Buffer.from('PK\u0003\u0004'), bytes])).state).not.toBe('whole')
    }))
  })
})

test('a zip is read back as it was written', () => {
  const parts = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }), fc.uint8Array({ maxLength: 60 })), { selector: ([name]) => Buffer.from(name).toString(), minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(parts, (entries) => {
      const written = new Map(entries.map(([name, content]) => [Buffer.from(name).toString(), content]))
      const back = readZip(writeZip(written), 20)!
      expect([...back].map(([name, content]) => [name, [...content]])).toEqual([...written].map(([name, content]) => [name, [...content]]))
    }),
  )
})

test('canonical JSON has one spelling, whatever the order it came in', () => {
  expect(canonical({ b: 1, a: [true, null, 'ẵ', undefined], c: undefined, 'Đ': 0.1 })).toBe('{"a":[true,null,"ẵ",null],"b":1,"Đ":0.1}')
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    expect(canonical(JSON.parse(canonical(value)))).toBe(canonical(JSON.parse(JSON.stringify(value))))
  }))
})

test.each<[string, boolean]>([['AB:'.repeat(32).slice(0, -1), true], ['ab '.repeat(32), true], ['ab'.repeat(31), false], ['', false], ['zz'.repeat(32), false]])('"%s" is a fingerprint: %s', (typed, is) =>
  expect(readFingerprint(typed) !== null).toBe(is))

test('the command proves an archive without a database, and tells whole, broken and unusable apart by its exit code', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'seal-'))
  const run = async (bytes: Uint8Array, ...options: string[]) => {
    const file = join(folder, 'archive.zip')
    await writeFile(file, bytes)
    const env = { PATH: process.env['PATH'], DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' }
    return new Promise<[number, string]>((resolve) =>
      execFile(process.execPath, ['app/cli.ts', 'verify', file, ...options], { env }, (error, out, said) => resolve([error ? Number(error.code) : 0, out + said])))
  }
  try {
    expect(await run(archive, '--key', key.fingerprint)).toEqual([0, expect.stringContaining(`${seal().code}: Thành ủy Cần Thơ`)])
    expect(await run(withParts({ 'report.xlsx': Buffer.from('x') }))).toEqual([1, expect.stringContaining('report.xlsx: was changed after it was signed')])
    expect(await run(archive, '--key', 'a'.repeat(64))).toEqual([1, expect.stringContaining('signed by another key')])
    expect(await run(Buffer.from('no zip'))).toEqual([2, expect.stringContaining('not an archive')])
    const [code, told] = await run(archive, '--json')
    expect([code, JSON.parse(told).state]).toEqual([0, 'whole'])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('every problem has its words', async () => {
  const { sealWords } = await import('./seals.messages.ts')
  const all: Problem[] = ['too-large', 'not-an-archive', 'part-missing', 'part-unknown', 'part-changed', 'bytes-changed', 'manifest-unreadable', 'manifest-incomplete', 'key-unreadable', 'key-fingerprint', 'key-other', 'signature', 'content-hash', 'content-form', 'code']
  for (const problem of all) for (const language of ['vi', 'en'] as const) expect(sealWords.in(language)(`verify.${problem}`)).not.toContain('verify.')
})
