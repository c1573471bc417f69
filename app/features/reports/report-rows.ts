import type { Day } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { figureAddress, unitAddress } from '../../web/addresses.ts'
import { sortUnits, type UnitOrder } from '../../web/unit-sort.ts'
import type { Report, ReportUnit, Tally } from './report.ts'
import { reportPageWords } from './report.messages.ts'

/** One line of a table of units, as UnitTable shows it; `share` compares with the unit's own. */
export type StandingRow = {
  id: string
  code: string
  name: string
  numerator: number
  denominator: number
  missing: number
  declared: number
  isLow: boolean
  href: string | null
  shareHref: string | null
  missingHref: string | null
}

type Asked = { campaign: string; unit: ReportUnit; asOf: Day; order: UnitOrder; language: Language; resolution?: string | null }

/** The rows of a report's units in the order asked, and the rest of the total last where the viewer does not see it all. */
export function standingRows({ units, otherUnits, total }: Pick<Report, 'units' | 'otherUnits' | 'total'>, asked: Asked): StandingRow[] {
  const t = reportPageWords.in(asked.language)
  const part = asked.resolution ? `resolution:${asked.resolution}` : null
  const row = (one: ReportUnit & Tally): StandingRow => {
    const isOwn = one.id === asked.unit.id
    const behind = figureAddress(asked.campaign, 'studied', { unit: one.code, asOf: asked.asOf, part })
    return {
      id: isOwn ? `${one.id}-own` : one.id,
      code: one.code,
      name: isOwn ? t('ownMembers', { unit: one.name }) : one.name,
      ...sharesOf(one, total),
      href: isOwn ? null : unitAddress(one.code, asked.asOf),
      shareHref: isOwn ? `${behind}#people` : behind,
      missingHref: `${behind}#${isOwn ? 'people' : 'missing'}`,
    }
  }
  const rows = sortUnits(units.map(row), asked.order, asked.language)
  if (!otherUnits) return rows
  return [...rows, { id: 'other', code: '', name: t('otherUnits'), ...sharesOf(otherUnits, total), isLow: false, href: null, shareHref: null, missingHref: null }]
}

function sharesOf({ expected, studied, declared }: Tally, total: Tally) {
  return {
    numerator: studied,
    denominator: expected,
    missing: expected - studied,
    declared,
    isLow: expected > 0 && studied * total.expected < total.studied * expected,
  }
}
