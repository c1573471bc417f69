import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { canonical, codeOf, sha256 } from './seal-content.ts'
import { readZip, writeZip } from './stored-zip.ts'

/** Parts that the manifest answers for; then the manifest itself and the signature over it. */
export const contentParts = ['content.json', 'report.docx', 'report.pdf', 'report.xlsx', 'report.json'] as const
export const manifestPart = 'manifest.json'
export const signaturePart = 'manifest.sig'
const partNames = [...contentParts, manifestPart, signaturePart]

export const largestArchive = 64 * 1024 * 1024

const Manifest = z.strictObject({
  version: z.literal(1),
  code: z.string(),
  hash: z.string().regex(/^[0-9a-f]{64}$/), // of content.json
  exportedAt: z.string(),
  key: z.strictObject({ algorithm: z.literal('Ed25519'), publicKey: z.string().max(1000), fingerprint: z.string() }),
  parts: z.array(z.strictObject({ name: z.enum(contentParts), sha256: z.string(), sizeBytes: z.number().int() })).length(contentParts.length),
})
export type Manifest = z.infer<typeof Manifest>

/** What the archive says of itself: worth something only when it is whole. */
const Told = z.object({
  report: z.object({ asOf: z.string(), unit: z.object({ name: z.string() }), campaign: z.object({ name: z.string() }), total: z.object({ expected: z.number(), studied: z.number() }) }),
  sealedAt: z.string(),
})

export type Problem =
  | 'too-large' | 'not-an-archive' | 'part-missing' // unusable
  | 'part-unknown' | 'part-changed' | 'bytes-changed' | 'manifest-unreadable' | 'manifest-incomplete' | 'key-unreadable' | 'key-fingerprint' | 'key-other' | 'signature' | 'content-hash' | 'content-form' | 'code'

export type Verdict = {
  state: 'whole' | 'broken' | 'unusable'
  problems: { part: string | null; problem: Problem }[] // part null: the archive as a whole
  code: string | null
  hash: string | null
  fingerprint: string | null // of the key that signed it
  told: z.infer<typeof Told> | null
}

/**
 * Whether an archive of a sealed report is, byte for byte, what was exported and signed. Needs nothing but the archive.
 * Without the `fingerprint` of a key that is known to be the deployment's, it says who signed, not that they were to.
 */
export function verifyArchive(bytes: Uint8Array, fingerprint: string | null = null): Verdict {
  if (bytes.byteLength > largestArchive) return unusable(null, 'too-large')
  const parts = readZip(bytes, partNames.length + 8)
  if (!parts) return unusable(null, 'not-an-archive')
  const missing = partNames.filter((name) => !parts.has(name))
  if (missing.length > 0) return { ...unusable(null, 'not-an-archive'), problems: missing.map((part) => ({ part, problem: 'part-missing' })) }

  const part = (name: string) => parts.get(name)!
  const manifest = manifestOf(part(manifestPart))
  const problems: Verdict['problems'] = [...parts.keys()].filter((name) => !partNames.includes(name)).map((name) => ({ part: name, problem: 'part-unknown' }))
  const wrong = (problem: Problem, name: string | null = null) => problems.push({ part: name, problem })
  if (!manifest) {
    wrong('manifest-unreadable', manifestPart)
    return { state: 'broken', problems, code: null, hash: null, fingerprint: null, told: null }
  }

  const key = keyOf(manifest.key.publicKey)
  if (!key) wrong('key-unreadable', manifestPart)
  else if (fingerprintOf(manifest.key.publicKey) !== manifest.key.fingerprint) wrong('key-fingerprint', manifestPart)
  else if (fingerprint !== null && fingerprint !== manifest.key.fingerprint) wrong('key-other', manifestPart)
  if (key && !verify(null, part(manifestPart), key, part(signaturePart))) wrong('signature', signaturePart)

  for (const name of contentParts) {
    const told = manifest.parts.find((one) => one.name === name)
    if (!told) wrong('manifest-incomplete', manifestPart)
    else if (told.sizeBytes !== part(name).byteLength || told.sha256 !== sha256(part(name))) wrong('part-changed', name)
  }
  const content = part('content.json')
  const { told, isCanonical } = contentOf(content)
  if (sha256(content) !== manifest.hash) wrong('content-hash', 'content.json')
  else if (!isCanonical || !told) wrong('content-form', 'content.json')
  if (codeOf(manifest.hash) !== manifest.code) wrong('code', manifestPart)
  // what stands between the parts is nobody's content, and must all the same be as it was written
  if (problems.length === 0 && !Buffer.from(writeZip(parts)).equals(bytes)) wrong('bytes-changed')
  return { state: problems.length === 0 ? 'whole' : 'broken', problems, code: manifest.code, hash: manifest.hash, fingerprint: key && manifest.key.fingerprint, told }
}

const unusable = (part: string | null, problem: Problem): Verdict => ({ state: 'unusable', problems: [{ part, problem }], code: null, hash: null, fingerprint: null, told: null })

function manifestOf(bytes: Uint8Array): Manifest | null {
  const parsed = Manifest.safeParse(readJson(bytes))
  return parsed.success ? parsed.data : null
}

function contentOf(bytes: Uint8Array): { told: Verdict['told']; isCanonical: boolean } {
  const content = readJson(bytes)
  const told = Told.safeParse(content)
  return { told: told.success ? told.data : null, isCanonical: told.success && canonical(content) === new TextDecoder().decode(bytes) }
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}

/** An Ed25519 public key written exactly as exports write it; null for anything else. */
function keyOf(pem: string): KeyObject | null {
  try {
    const key = createPublicKey(pem)
    return key.asymmetricKeyType === 'ed25519' && key.export({ type: 'spki', format: 'pem' }) === pem ? key : null
  } catch {
    return null
  }
}

/** SHA-256 of a public key, by which people compare keys. */
export function fingerprintOf(publicKey: string): string {
  return createHash('sha256').update(createPublicKey(publicKey).export({ type: 'spki', format: 'der' })).digest('hex')
}

/** A fingerprint as somebody typed it, with spaces or colons; null when it is none. */
export function readFingerprint(typed: string): string | null {
  const plain = typed.replace(/[\s:-]/gu, '').toLowerCase()
  return /^[0-9a-f]{64}$/.test(plain) ? plain : null
}
