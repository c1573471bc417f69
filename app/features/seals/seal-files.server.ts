import { showInstant, today } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { reportFile, type ReportFormat } from '../reports/report-file.server.ts'
import type { SealMark } from '../reports/report.ts'
import { contentParts, manifestPart, signaturePart, type Manifest } from './verify-archive.server.ts'
import { sealedFigures } from './corrections.server.ts'
import type { DeploymentKey } from './deployment-key.server.ts'
import { canonical, sha256, type SealContent } from './seal-content.ts'
import type { Seal } from './seal-views.server.ts'
import { writeZip } from './stored-zip.ts'

type Told = { language: Language; timeZone: string }

/** A sealed report as a file, from what was frozen; the official document is in Vietnamese. */
export async function sealFile(seal: Seal, format: ReportFormat, told: Told) {
  const language = format === 'docx' || format === 'pdf' ? 'vi' : told.language
  const file = await reportFile(seal.content.report, format, language, markOf(seal, { ...told, language }))
  return { ...file, fileName: `${seal.code}.${format}` }
}

/** What is printed on a sealed report: its code and hash, its form, and corrections with the names of figures. */
function markOf(seal: Seal, { language, timeZone }: Told): SealMark {
  const { filing } = seal.content
  const original = sealedFigures(seal.content)
  return {
    code: seal.code,
    hash: seal.hash,
    sealedAt: seal.content.sealedAt,
    sealedOn: showInstant(seal.sealedAt, timeZone),
    form: filing && {
      name: filing.form,
      figures: filing.figures.map(({ key, numerator, denominator, share, base, declared }) => ({ key, name: nameOf(seal.content, key, language), baseName: seal.content.definitions.find((one) => one.key === key)?.[language].base ?? null, numerator, denominator, share, base, declared })),
      texts: filing.texts.map(({ title, text }) => ({ title, text })),
      missing: filing.missing.map((unit) => unit.name),
    },
    corrections: seal.corrections.map(({ indicator, numerator, denominator, reason, recordedAt }) => {
      const sealed = original.find((figure) => figure.key === indicator)!
      return {
        key: indicator,
        name: nameOf(seal.content, indicator, language),
        sealed: { numerator: sealed.numerator, denominator: sealed.denominator },
        corrected: { numerator, denominator },
        correctedOn: today(timeZone, recordedAt),
        reason,
      }
    }),
  }
}

/** What a figure was called when it was sealed. */
export const nameOf = ({ definitions }: SealContent, key: string, language: Language): string => definitions.find((one) => one.key === key)?.[language].name ?? key

/**
 * The archive of a sealed report: frozen content and every format of it, their hashes, and the deployment's signature.
 * Only of a whole seal: the hash is that of everything sealed.
 */
export async function sealArchive(seal: Seal, key: DeploymentKey, told: Told): Promise<Uint8Array> {
  if (!seal.isWhole) throw new Error('An archive was asked for of content that is not shown whole')
  const content = Buffer.from(canonical(seal.content))
  const parts = new Map<string, Uint8Array>([['content.json', content]])
  for (const format of ['docx', 'pdf', 'xlsx', 'json'] as const) parts.set(`report.${format}`, (await sealFile(seal, format, told)).bytes)
  const manifest: Manifest = {
    version: 1,
    code: seal.code,
    hash: sha256(content),
    exportedAt: new Date().toISOString(),
    key: { algorithm: 'Ed25519', publicKey: key.publicKey, fingerprint: key.fingerprint },
    parts: contentParts.map((name) => ({ name, sha256: sha256(parts.get(name)!), sizeBytes: parts.get(name)!.byteLength })),
  }
  const signed = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)
  parts.set(manifestPart, signed)
  parts.set(signaturePart, key.sign(signed))
  return writeZip(parts)
}
