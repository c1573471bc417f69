import { checkText, type Checked as Found, type Finding as FoundFinding, type Proof as FoundProof } from '../../figures/check.ts'
import type { Language, Sentence } from '../../platform/i18n.ts'
import { readApart } from '../../platform/reading/apart.server.ts'
import { kindOf, readText } from '../../platform/reading/read-text.server.ts'
import { demandShort } from '../../platform/reading/too-long.ts'
import { mostProofs, shortText } from './limits.ts'

/** A finding of the checker with its sentence in both languages. */
export type Finding = Omit<FoundFinding, 'message'> & { message: Record<Language, string> }
/** A sum that came out right; of very many the first are told in words. */
export type Proof = Omit<FoundProof, 'message'> & { message: Record<Language, string> | null }
export type Checked = Omit<Found, 'findings' | 'proofs'> & { findings: Finding[]; proofs: Proof[] }

/** A file's bytes, or a text. */
export type Given = Uint8Array | string
/**
 * Reads a document and checks the arithmetic of its text; all but a short text in a process of its own, with a limit of time and
 * memory. Nothing of it is kept. Throws Refused('file' | 'text') with what is wrong with it, or when too many are waiting.
 */
export async function checkDocument(given: Given): Promise<Checked> {
  if (typeof given === 'string') demandShort(given.length)
  if (isShort(given)) return checkHere(given) // sooner done than a process is begun
  return readApart<Checked>('#check-worker', given)
}

/** Reads and checks in this process. */
export async function checkHere(given: Given): Promise<Checked> {
  const checked = checkText(typeof given === 'string' ? given : await readText(given))
  return {
    ...checked,
    findings: checked.findings.map((finding) => ({ ...finding, message: inBoth(finding.message) })),
    proofs: checked.proofs.map(({ places, message }, at) => ({ places, message: at < mostProofs ? inBoth(message) : null })),
  }
}

const inBoth = (message: Sentence): Record<Language, string> => ({ vi: message('vi'), en: message('en') })

const isShort = (given: Given) => given.length <= shortText && (typeof given === 'string' || kindOf(given) === 'plain')
