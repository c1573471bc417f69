import { showCount } from '../../figures/figure.ts'
import { dayInText } from '../documents/typesetting/document-number.server.ts'
import type { Block } from '../documents/typesetting/official-document.ts'
import type { MarkedCorrection, SealedForm, SealMark } from './report.ts'
import { formTable } from './form-table.server.ts'
import { reportWords } from './reports.messages.ts'

const t = reportWords.in('vi') // official documents are written in Vietnamese only
const count = (value: number | null) => (value === null ? '' : showCount(value, 'vi'))

/** What stands in a sealed report beside the sections of every report: its form, what the unit wrote, corrections. */
export function sealedSections({ form, corrections }: SealMark): { heading: string; blocks: Block[] }[] {
  return [
    ...(form ? [formSection(form), ...form.texts.map(({ title, text }) => ({ heading: title, blocks: paragraphs(text) }))] : []),
    ...(corrections.length > 0 ? [correctionSection(corrections)] : []),
  ]
}

/** Said at the head of a sealed report that was corrected, so that nobody reads the sealed numbers without knowing. */
export function correctedAhead({ corrections }: SealMark): Block[] {
  return corrections.length === 0 ? [] : [{ is: 'paragraph', text: t('document.correctedAhead', { corrections: count(corrections.length) }) }]
}

/** The line that binds a printed report to what was sealed. */
export function sealLine({ code, hash, sealedOn }: SealMark): Block {
  return { is: 'paragraph', text: t('document.seal', { code, at: sealedOn, hash: hash.replace(/.{8}(?=.)/gu, '$& ') }), leadsTo: true }
}

function formSection({ name, figures, missing }: SealedForm): { heading: string; blocks: Block[] } {
  if (figures.length === 0) return { heading: '', blocks: [] }
  return {
    heading: t('document.form'),
    blocks: [
      { is: 'paragraph', text: t('document.formLead', { form: name }), leadsTo: missing.length === 0 },
      ...(missing.length > 0 ? [{ is: 'paragraph', text: t('document.formMissing', { units: missing.join(', ') }), leadsTo: true } as const] : []),
      formTable(figures),
    ],
  }
}

function correctionSection(corrections: MarkedCorrection[]): { heading: string; blocks: Block[] } {
  const value = ({ numerator, denominator }: MarkedCorrection['sealed']) => (denominator === null ? count(numerator) : `${count(numerator)}/${count(denominator)}`)
  return {
    heading: t('document.corrections'),
    blocks: [
      { is: 'paragraph', text: t('document.correctionsLead'), leadsTo: true },
      {
        is: 'table',
        countedIn: null,
        columns: [
          { head: t('column.figure'), align: 'left', widthMm: 38 },
          { head: t('column.sealedValue'), align: 'right', widthMm: 29 },
          { head: t('column.correctedValue'), align: 'right', widthMm: 29 },
          { head: t('column.correctedOn'), align: 'center', widthMm: 26 },
          { head: t('column.correctionReason'), align: 'left', widthMm: null },
        ],
        rows: corrections.map(({ name, sealed, corrected, correctedOn, reason }) => [name, value(sealed), value(corrected), dayInText(correctedOn), reason]),
        total: null,
      },
    ],
  }
}

const paragraphs = (text: string): Block[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => ({ is: 'paragraph', text: line }))
