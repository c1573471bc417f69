import type { ReportFormat } from '../reports/report-file.server.ts'

/** The page of a sealed report, or one of its files. */
export const sealAddress = (code: string, file?: `report.${ReportFormat}` | 'archive.zip'): string => `/seals/${code}${file ? `/${file}` : ''}`
