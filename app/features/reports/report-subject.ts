import type { Report } from './report.ts'

/**
 * What was studied, as titles and sentences name it after "học tập, quán triệt": the resolution, or the campaign's name
 * without those words where it begins with them.
 */
export function subjectOf({ campaign, resolution }: Pick<Report, 'campaign' | 'resolution'>): string {
  if (resolution) return resolution.name
  const rest = campaign.name.replace(/^(đợt\s+)?học tập,?\s+(và\s+)?quán triệt((,|,?\s+và)\s+(tuyên truyền|triển khai)(\s+thực hiện)?)*\s+/iu, '')
  return rest === '' ? campaign.name : rest
}
