import type { Block, OfficialDocument } from '../documents/typesetting/official-document.ts'
import { mediaTypes } from '../../platform/files/media-types.ts'
import { renderDocx } from '../documents/typesetting/official-docx.server.ts'
import { renderPdf } from '../documents/typesetting/official-pdf.server.ts'
import { frameOf } from '../reports/report-document.server.ts'
import type { Narrative, Paragraph, Part } from './narrative.ts'
import { textOf } from './narratives.server.ts'

export const narrativeFormats = ['json', 'docx', 'pdf'] as const
export type NarrativeFormat = (typeof narrativeFormats)[number]

/** The narrative report as a file; page, API and command line hand out the same bytes. */
export async function narrativeFile(narrative: Narrative, format: NarrativeFormat): Promise<{ bytes: Uint8Array; contentType: string; fileName: string }> {
  const { campaign, unit } = narrative.report
  return { bytes: await render(narrative, format), contentType: mediaTypes[format], fileName: `${campaign.code}-${unit.code}-${narrative.asOf}-narrative.${format}` }
}

async function render(narrative: Narrative, format: NarrativeFormat): Promise<Uint8Array> {
  if (format === 'json') return Buffer.from(JSON.stringify(narrativeJson(narrative), null, 2))
  return format === 'docx' ? renderDocx(narrativeDocument(narrative)) : renderPdf(narrativeDocument(narrative))
}

/** The narrative as an official document. */
function narrativeDocument(narrative: Narrative): OfficialDocument {
  return {
    ...frameOf(narrative.report),
    abstract: abstractOf(narrative),
    body: headed(narrative.parts).flatMap(({ title, paragraphs }): Block[] => [...(title ? [{ is: 'heading' as const, text: title }] : []), ...paragraphs.flatMap(blocksOf)]),
  }
}

export const abstractOf = ({ subject }: Narrative): string => `tình hình và kết quả học tập, quán triệt ${subject}`

const roman = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII']

/** Parts with their numbered titles: "II. Kết quả học tập, quán triệt", "1. Kết quả chung". */
export function headed(parts: Part[]): (Part & { title: string | null })[] {
  let first = 0
  let second = 0
  return parts.map((part) => {
    if (part.level === 1) [first, second] = [first + 1, 0]
    if (part.level === 2) second += 1
    const number = part.level === 1 ? roman[first - 1] : second
    return { ...part, title: part.heading === null ? null : `${number}. ${part.heading}` }
  })
}

// what was written on several lines stays on several
const blocksOf = (paragraph: Paragraph): Block[] =>
  textOf(paragraph)
    .split(/\n+/)
    .filter((text) => text.trim() !== '')
    .map((text) => ({ is: 'paragraph', text: text.trim(), leadsTo: text.endsWith(':') }))

/** The narrative for other software: every sentence in words, and the figures it names. */
export function narrativeJson(narrative: Narrative) {
  const { report, asOf, parts } = narrative
  return {
    campaign: report.campaign.code,
    unit: report.unit.code,
    asOf,
    title: abstractOf(narrative),
    parts: headed(parts).map(({ key, title, paragraphs }) => ({
      key,
      title,
      paragraphs: paragraphs.map((paragraph) => ({
        text: textOf(paragraph),
        sentences: paragraph.told.map(({ key: sentence, pieces }) => ({
          key: sentence,
          text: pieces.map((piece) => piece.text).join(''),
          figures: pieces.flatMap(({ text, figure }) => (figure ? [{ text, key: figure.key, unit: figure.unit, part: figure.part, isMissing: figure.isMissing }] : [])),
        })),
      })),
    })),
  }
}

/** Everything it says, a line each, as a reader of text or the checker gets it. */
export const narrativeText = (narrative: Narrative): string =>
  [abstractOf(narrative), ...headed(narrative.parts).flatMap(({ title, paragraphs }) => [...(title ? [title] : []), ...paragraphs.map(textOf)])].join('\n')
