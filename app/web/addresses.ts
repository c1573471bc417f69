import type { Day } from '../platform/clock.ts'

/** A path with its query; what is null, undefined or empty is left out. */
export function addressOf(path: string, query: Record<string, string | null | undefined>): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value) params.set(name, value)
  return params.size > 0 ? `${path}?${params}` : path
}

type At = { unit: string; asOf: Day }

/** What is behind one figure of a unit; `part` narrows it to a dimension such as `category:key`. */
export function figureAddress(campaign: string, key: string, { unit, asOf, part }: At & { part?: string | null }): string {
  return addressOf(`/campaigns/${campaign}/figures/${key}`, { unit, asOf, part })
}

/** The report of a unit, as a page or as a file. */
export function reportAddress(campaign: string, { unit, asOf, resolution }: At & { resolution?: string | null }, format?: 'docx' | 'pdf' | 'xlsx' | 'json'): string {
  return addressOf(`/campaigns/${campaign}/report${format ? `.${format}` : ''}`, { unit, asOf, resolution })
}

/** A unit's own page. */
export function unitAddress(code: string, asOf?: Day | null): string {
  return addressOf(`/units/${code}`, { asOf })
}
