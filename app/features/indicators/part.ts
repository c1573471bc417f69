/** What a figure is narrowed to, and the dimension that numerator and base are kept under. */
export type Part = {
  resolution: string | null
  category: string | null
  kind: string | null
  reason: string | null
  dimension: string
  baseDimension: string // a base has no parts but categories
}

// as the counting functions name them
const kinds: Record<string, readonly string[]> = {
  studied: ['national_conference', 'conference', 'class', 'make_up_class', 'declared'],
  'non-member-attendances': ['civil_servant', 'union_member', 'association_member', 'other'],
}

type Dimension = 'resolution' | 'category' | 'kind' | 'reason'

/**
 * Reads `?part=` of a figure, such as `resolution:code|category:key`; null when this figure has no such part. `dimensions` are
 * what the register says it is taken apart by.
 */
export function readPart({ key, dimensions }: { key: string; dimensions: string[] }, asked: string | null): Part | null {
  const part: Part = { resolution: null, category: null, kind: null, reason: null, dimension: asked ?? '', baseDimension: '' }
  if (!asked) return part
  const pieces = asked.startsWith('reason:') ? [asked] : asked.split('|') // a reason is free text
  for (const piece of pieces) {
    const at = piece.indexOf(':')
    const name = dimensions.find((one): one is Dimension => one === piece.slice(0, at))
    if (!name || part[name] !== null || at === piece.length - 1) return null
    part[name] = piece.slice(at + 1)
  }
  if (part.kind !== null && !kinds[key]?.includes(part.kind)) return null
  if (pieces.length > 2 || (pieces.length === 2 && (!part.resolution || !pieces[0]!.startsWith('resolution:')))) return null
  return { ...part, baseDimension: part.category ? `category:${part.category}` : '' }
}
