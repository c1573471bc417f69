import { Wrong, type Options } from './cli-parts.ts'
import { checkFile } from './features/checks/check-file.server.ts'
import { checksWords } from './features/checks/checks.messages.ts'
import type { Checked, Finding } from './features/checks/checks.server.ts'
import { Refused } from './platform/errors.ts'
import { languages, type Language } from './platform/i18n.ts'

export const help = `Usage: thong-suot check FILE|- [--json] [--lang vi|en]

Recomputes the shares and sums of a text and says what does not agree, in Vietnamese unless told otherwise. FILE is .txt, .docx,
.xlsx or .pdf with text, told apart by content; - reads standard input. Nothing is stored and no database is opened.
With --json: { "findings": [ { "code", "severity", "start", "end", "text", "printed", "expected", "message" } ], "figures": n },
with places in UTF-16 units of the composed (NFC) text. Exit codes: 0 no fault, 1 faults, 2 the input cannot be used.`

/** Checks one document; gives the exit code. */
export async function run(options: Options, [file, ...more]: string[]): Promise<number> {
  const language = languages.find((one) => one === (options.lang ?? 'vi'))
  if (!file || more.length > 0) throw new Wrong(help)
  if (!language) throw new Wrong(`--lang must be one of ${languages.join(', ')}.`)
  try {
    const checked = await checkFile(file)
    console.log(options.json ? asJson(checked, language) : asLines(checked, language))
    return checked.findings.some(({ severity }) => severity === 'fault') ? 1 : 0
  } catch (error) {
    if (error instanceof Refused) throw new Wrong(error.sentence(language))
    throw error
  }
}

function asJson({ findings, figures }: Checked, language: Language): string {
  const told = findings.map(({ code, severity, start, end, text, printed, expected, message }) => ({ code, severity, start, end, text, printed, expected, message: message[language] }))
  return JSON.stringify({ findings: told, figures }, null, 2)
}

function asLines({ text, findings, figures }: Checked, language: Language): string {
  const t = checksWords.in(language)
  const placeOf = placesIn(text)
  const faults = findings.filter(({ severity }) => severity === 'fault').length
  return [
    ...findings.map((finding) => `${t('place', placeOf(finding))}  ${finding.code}\n  ${t(`head_${finding.code}`, { printed: finding.printed, expected: finding.expected })}\n  ${finding.message[language]}\n`),
    t('summary', { faults, notes: findings.length - faults, figures }),
  ].join('\n')
}

/** Line and column of findings, which come in the order of the text. */
function placesIn(text: string): (finding: Finding) => { line: string; column: string } {
  let line = 1
  let lineStart = 0
  return ({ start }) => {
    for (let end = text.indexOf('\n', lineStart); end >= 0 && end < start; end = text.indexOf('\n', lineStart)) {
      line++
      lineStart = end + 1
    }
    return { line: String(line), column: String(start - lineStart + 1) }
  }
}
