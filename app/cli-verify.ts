import { readFile, stat } from 'node:fs/promises'
import { Wrong, type Options } from './cli-parts.ts'
import { sealWords } from './features/seals/seals.messages.ts'
import { largestArchive, readFingerprint, verifyArchive, type Verdict } from './features/seals/verify-archive.server.ts'
import { showDay } from './platform/clock.ts'

export const help = `Usage: thong-suot verify FILE [--key FINGERPRINT] [--json]

Proves an exported archive without the server and without its database: every byte is as it was exported and signed, and the
code is that of the content. With --key it must be signed by that key; without, compare the fingerprint that is printed with
the one on the page of the sealed report. Exit codes: 0 whole, 1 broken, 2 not an archive.`

/** Proves an archive; gives the exit code. */
export async function run(options: Options, [file]: string[]): Promise<number> {
  const fingerprint = options.key === undefined ? null : readFingerprint(options.key)
  if (!file) throw new Wrong(help)
  if (options.key !== undefined && !fingerprint) throw new Wrong('--key must be a fingerprint: 64 hexadecimal digits, as "thong-suot seal key" prints.')
  const verdict = verifyArchive(await readArchive(file), fingerprint)
  if (options.json) console.log(JSON.stringify(verdict, null, 2))
  else sayVerdict(file, verdict, fingerprint !== null)
  return { whole: 0, broken: 1, unusable: 2 }[verdict.state]
}

/** A file too long for an archive is not read: as many bytes as make it too long stand for it. */
async function readArchive(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file)
    return size > largestArchive ? new Uint8Array(largestArchive + 1) : await readFile(file)
  } catch (error) {
    throw new Wrong(`${file} cannot be read: ${(error as Error).message}`)
  }
}

function sayVerdict(file: string, { state, problems, code, hash, fingerprint, told }: Verdict, isKeyKnown: boolean): void {
  const t = sealWords.in('en')
  if (state !== 'whole') {
    console.error(`${file} ${state === 'broken' ? 'is NOT what was exported' : 'cannot be verified'}:`)
    for (const { part, problem } of problems) {
      const sentence = t(`verify.${problem}`)
      console.error(`  ${part ?? t('verify.archive')}: ${sentence}`)
    }
    return
  }
  const { report, sealedAt } = told!
  console.log(`${file} is whole.`)
  console.log(`  ${code}: ${report.unit.name}, ${report.campaign.name}, as of ${showDay(report.asOf)}`)
  console.log(`  ${report.total.studied} of ${report.total.expected} studied; sealed at ${sealedAt}`)
  console.log(`  SHA-256 of the content: ${hash}`)
  console.log(`  signed by the key ${fingerprint}`)
  if (!isKeyKnown) console.log('  Compare this key with the one on the page of the sealed report, or give it with --key.')
}
