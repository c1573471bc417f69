import type { Ctx } from '../../permissions/permissions.ts'
import { NotFound } from '../../platform/errors.ts'
import { committeeKept, signatureOf, superiorBodyOf } from '../documents/typesetting/document-issuer.server.ts'
import { dayInText } from '../documents/typesetting/document-number.server.ts'
import type { Block, OfficialDocument } from '../documents/typesetting/official-document.ts'
import { nameOf } from '../indicators/register.server.ts'
import { formTable } from '../reports/form-table.server.ts'
import { trailOf } from '../units/units.server.ts'
import { filingHead, type FilingHead } from './filing-head.server.ts'
import { submissionsOf } from './filing.server.ts'
import { filingsWords } from './filings.messages.ts'
import type { SubmissionContent } from './filings.schema.ts'
import { sectionsOf, type FormSection } from './forms.server.ts'

/**
 * A report as it was handed up, as an official document of its unit to print and sign: the latest submission, or that of the number
 * asked. Throws NotFound, also before anything was handed up.
 */
export async function filingDocument({ tx, viewer }: Ctx, filingId: string, number: number | null): Promise<{ document: OfficialDocument; fileName: string }> {
  const head = await filingHead(tx, filingId)
  const submissions = await submissionsOf(tx, filingId)
  const submission = number === null ? submissions[0] : submissions.find((one) => one.number === number)
  if (!submission) throw new NotFound()
  const trail = await trailOf(tx, head.unitId, viewer.today)
  const unit = trail.at(-1)!
  const superior = trail.at(-2)
  const kept = committeeKept(unit)
  return {
    fileName: `report-${unit.code}-${head.asOf}-${submission.number}`,
    document: {
      issuedBy: 'party',
      type: 'report',
      number: null,
      issuerSymbol: unit.symbol,
      superiorBody: superiorBodyOf(unit, superior),
      issuingBody: unit.name,
      place: unit.place ?? superior?.place ?? null,
      day: null,
      abstract: abstractOf(head.roundName),
      addressees: [],
      body: bodyOf(head, await sectionsOf(tx, head.formId), submission.content),
      recipients: [...(head.isConsolidated ? [] : [t('documentTo', { asker: head.askerName })]), kept ? t('documentKeptAt', { committee: kept }) : t('documentKept', { unit: unit.name })],
      signature: { ...signatureOf(unit), name: null },
    },
  }
}

// Official documents are written in Vietnamese only.
const t = filingsWords.in('vi')
const roman = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII']

/** "Báo cáo tổng kết ..." under the type name BÁO CÁO is "tổng kết ...". */
const abstractOf = (round: string) => {
  const plain = round.replace(/^báo cáo\s+/iu, '')
  return plain.charAt(0).toLocaleLowerCase('vi') + plain.slice(1)
}

function bodyOf(head: FilingHead, sections: FormSection[], content: SubmissionContent): Block[] {
  const words = { unit: head.unitName, asker: head.askerName, round: head.roundName, day: dayInText(head.asOf) }
  const firstTable = sections.find((section) => section.kind === 'figures')
  return [
    { is: 'paragraph', text: t(head.isConsolidated ? 'documentOpeningOwn' : 'documentOpening', words) },
    ...(content.missing.length > 0 ? [{ is: 'paragraph', text: t('documentMissing', { units: content.missing.map((one) => one.unitName).join(', ') }) } as const] : []),
    ...sections.flatMap((section, index): Block[] => [
      { is: 'heading', text: `${roman[index] ?? index + 1}. ${section.title}` },
      ...(section === firstTable ? [{ is: 'paragraph', text: t('documentTableLead'), leadsTo: true } as const] : []),
      ...partOf(section, content),
    ]),
    { is: 'paragraph', text: t('documentClosing', words), leadsTo: true },
  ]
}

function partOf({ id, kind, indicators }: FormSection, content: SubmissionContent): Block[] {
  if (kind !== 'figures') return linesOf(content.texts.find((text) => text.sectionId === id)?.text ?? '')
  const named = new Map(content.figures.map((figure) => [figure.key, figure]))
  const baseName = (base: string) => nameOf({ key: base, name: named.get(base)?.name ?? null })('vi')
  const figures = indicators.flatMap(({ key }) => {
    const figure = named.get(key)
    const name = figure && nameOf(figure)('vi')
    return figure && name ? [{ ...figure, name: `${name.charAt(0).toLocaleUpperCase('vi')}${name.slice(1)}`, baseName: figure.base && baseName(figure.base) }] : []
  })
  return [formTable(figures)]
}

const linesOf = (text: string): Block[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => ({ is: 'paragraph', text: line }))
