import type { Language } from '../../platform/i18n.ts'
import { mediaTypes } from '../../platform/files/media-types.ts'
import { chartPng, shareOverTime, shareOverTimeInWords } from '../../web/chart.server.ts'
import { renderDocx } from '../documents/typesetting/official-docx.server.ts'
import { renderPdf } from '../documents/typesetting/official-pdf.server.ts'
import { reportDocument } from './report-document.server.ts'
import { reportJson } from './report-json.ts'
import { renderXlsx } from './report-xlsx.server.ts'
import type { Report, SealMark } from './report.ts'
import { thinned } from './reports.server.ts'

export const reportFormats = ['json', 'docx', 'pdf', 'xlsx'] as const
export type ReportFormat = (typeof reportFormats)[number]

/**
 * One report as a file; page, API and command line hand out the same bytes. The official document is in Vietnamese.
 * A sealed one bears its mark.
 */
export async function reportFile(report: Report, format: ReportFormat, language: Language, seal?: SealMark): Promise<{ bytes: Uint8Array; contentType: string; fileName: string }> {
  return {
    bytes: await render(report, format, language, seal),
    contentType: mediaTypes[format],
    fileName: `${report.campaign.code}-${report.unit.code}-${report.asOf}.${format}`,
  }
}

async function render(report: Report, format: ReportFormat, language: Language, seal: SealMark | undefined): Promise<Uint8Array> {
  switch (format) {
    case 'json':
      return new TextEncoder().encode(`${JSON.stringify(reportJson(report, seal), null, 2)}\n`)
    case 'xlsx':
      return renderXlsx(report, language, seal)
    case 'docx':
      return renderDocx(reportDocument(report, 'vi', { ...(await chartOf(report)), ...(seal && { seal }) }))
    case 'pdf':
      return renderPdf(reportDocument(report, 'vi', { ...(await chartOf(report)), ...(seal && { seal }) }))
  }
}

async function chartOf(report: Report) {
  const points = thinned(report.curve, 9).map(({ day, studied, expected }) => ({ day, numerator: studied, denominator: expected }))
  if (points.length < 2) return {}
  const svg = shareOverTime({ points, deadline: report.campaign.studyTo, language: 'vi', width: 600, height: 300, palette: 'paper' })
  return { chart: { png: await chartPng(svg), alt: shareOverTimeInWords(points, 'vi') } }
}
