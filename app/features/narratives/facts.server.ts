import { showCount, showPercent } from '../../figures/figure.ts'
import { dayInText } from '../documents/typesetting/document-number.server.ts'
import type { Report } from '../reports/report.ts'
import type { FigureRef, Value, Values } from './narrative.ts'
import type { PartKey, Placeholder, SentenceKey } from './sentences.ts'

type Sentence = [key: SentenceKey, values: Values]
/** One paragraph of a part, and the lines of the list that it leads to. */
type Group = { part: PartKey; told: Sentence[]; lines: Sentence[] }

type Beside = { subject: string; runner: string; nationalOf: (category: string) => number }

/** Which sentences the figures of a report call for, with their values: what no figure stands behind is not told. */
export function factsOf(report: Report, beside: Beside): { always: Values; groups: Group[] } {
  const figures = valuesOf(report)
  const groups = [preface(), roster(report, figures), ...overall(report, figures), ...national(report, figures, beside), sessions(report, figures), categories(report, figures), ...units(report, figures), ...exempt(report, figures), missing(report, figures), closing()]
  return { always: alwaysOf(report, beside), groups: groups.filter((group) => group.told.length > 0) }
}

function alwaysOf(report: Report, { subject, runner }: Beside): Values {
  const { campaign, unit, asOf } = report
  return {
    subject: words(subject),
    runner: words(runner),
    unit: words(unit.name),
    scope: words(unit.organisationName === null ? unit.name : `toàn ${unit.organisationName}`),
    asOf: words(dayInText(asOf)),
    from: words(dayInText(campaign.studyFrom)),
    to: words(dayInText(campaign.studyTo)),
    openedOn: words(dayInText(campaign.openedOn)),
  }
}

type Figures = ReturnType<typeof valuesOf>

/** How numbers of this report's unit become values that open. */
function valuesOf({ unit, total, figures }: Report) {
  const at = (key: string, part: string | null = null, code = unit.code): FigureRef => ({ key, unit: code, part, isMissing: false })
  const lacking = (code = unit.code): FigureRef => ({ ...at('studied', null, code), isMissing: true })
  const number = (key: string) => figures.find((figure) => figure.key === key)?.numerator ?? 0
  return {
    at,
    lacking,
    number,
    expected: figure(count(total.expected), at('expected')),
    studied: figure(count(total.studied), at('studied')),
    studiedShare: figure(percent(total.studied, total.expected), at('studied')),
    missing: figure(count(total.expected - total.studied), lacking()),
    missingShare: figure(percent(total.expected - total.studied, total.expected), lacking()),
    exempt: figure(count(total.exempt), at('exempt')),
    onRoster: figure(count(number('on-roster')), at('on-roster')),
  }
}

const preface = (): Group => ({ part: 'preface', told: [['held', {}], ['handover', {}]], lines: [] })
const closing = (): Group => ({ part: 'closing', told: [['closing', {}]], lines: [] })

function roster(report: Report, { expected, exempt: exemptValue, onRoster, number }: Figures): Group {
  const beneath = unitsBeneath(report)
  const isWhole = number('on-roster') === report.total.expected
  return {
    part: 'roster',
    told: [
      ['frozen', {}],
      ...(number('on-roster') > 0 ? [isWhole ? say('rosterWhole', { expected }) : say('roster', { onRoster, expected, exempt: exemptValue })] : []),
      ...(beneath && beneath.length > 1 && beneath.length === report.units.filter((one) => one.expected > 0).length ? [say('rosterUnits', { units: rowsIn(beneath.length, 'units'), expected })] : []),
    ],
    lines: [],
  }
}

function overall({ total, resolutions, resolution }: Report, { expected, studied, studiedShare, missing: left, missingShare, at }: Figures): Group[] {
  if (total.expected === 0) return [{ part: 'overall', told: [['overallNobody', {}]], lines: [] }]
  const declared = figure(count(total.declared), at('studied-declared'))
  const declaredShare = figure(percent(total.declared, total.studied), at('studied-declared'))
  const each = resolution || resolutions.length < 2 ? [] : resolutions
  return [
    {
      part: 'overall',
      told: [
        say('overall', { studied, expected, studiedShare, missing: left, missingShare }),
        ...(total.declared > 0 ? [say('declared', { declared, declaredShare, studied })] : total.studied > 0 ? [say('declaredNone', { studied })] : []),
      ],
      lines: [],
    },
    {
      part: 'overall',
      told: each.length > 0 ? [say('resolutions', { expected })] : [],
      lines: each.map((one) => {
        const ref = at('studied', `resolution:${one.code}`)
        return say('resolution', { resolution: words(one.name), resolutionStudied: figure(count(one.studied), ref), resolutionShare: figure(percent(one.studied, total.expected), ref), expected })
      }),
    },
  ]
}

function national({ total, kinds, categories: all }: Report, { number, at, expected }: Figures, { nationalOf }: Beside): Group[] {
  const attended = number('studied-at-national-conference')
  if (attended === 0) return []
  const key = 'studied-at-national-conference'
  const venues = kinds.find((kind) => kind.kind === 'national_conference')?.venues ?? 0
  const value = figure(count(attended), at(key))
  const rows = all.length > 1 ? all.map((one) => ({ ...one, attended: nationalOf(one.key) })).filter((one) => one.attended > 0) : []
  return [
    {
      part: 'national',
      told: [
        say('national', { national: value, expected, nationalShare: figure(percent(attended, total.expected), at(key)) }),
        ...(venues > 1 ? [say('nationalVenues', { nationalVenues: rowsIn(venues, 'kinds') })] : []),
      ],
      lines: [],
    },
    {
      part: 'national',
      told: rows.length > 0 ? [say('nationalCategories', { national: value })] : [],
      lines: rows.map((one) => {
        const ref = at(key, `category:${one.key}`)
        return say('nationalCategory', {
          category: words(one.name),
          categoryNational: figure(count(one.attended), ref),
          categoryExpected: figure(count(one.expected), at('expected', `category:${one.key}`)),
          categoryNationalShare: figure(percent(one.attended, one.expected), ref),
        })
      }),
    },
  ]
}

function sessions({ kinds, total }: Report, { at, number, expected }: Figures): Group {
  const told = ([
    ['conference', 'conferences', 'conferencesAbove', 'conferenceStudied', 'conferenceShare'],
    ['class', 'classes', 'classesAbove', 'classStudied', 'classShare'],
    ['make_up_class', 'makeUps', 'makeUpsAbove', 'makeUpStudied', 'makeUpShare'],
  ] as const).flatMap(([kind, held, above, studied, share]): Sentence[] => {
    const row = kinds.find((one) => one.kind === kind)
    if (!row || total.expected === 0) return []
    const ref = at('studied', `kind:${kind}`)
    const values = { [studied]: figure(count(row.studied), ref), [share]: figure(percent(row.studied, total.expected), ref), expected }
    return [row.sessions > 0 ? [held, { ...values, [held]: rowsIn(row.sessions, 'kinds') }] : [above, values]]
  })
  const attendances = number('attendances')
  const nonMembers = number('non-member-attendances')
  return {
    part: 'sessions',
    told: [
      ...told,
      ...(attendances > 0 ? [say('attendances', { attendances: figure(count(attendances), at('attendances')) })] : []),
      ...(nonMembers > 0 ? [say('nonMembers', { nonMembers: figure(count(nonMembers), at('non-member-attendances')) })] : []),
    ],
    lines: [],
  }
}

function categories({ categories: all }: Report, { expected, studied, at }: Figures): Group {
  if (all.length < 2) return { part: 'categories', told: [], lines: [] }
  return {
    part: 'categories',
    told: [say('categories', { expected, studied })],
    lines: all.map((one) => {
      const ref = at('studied', `category:${one.key}`)
      return say('category', {
        category: words(one.name),
        categoryStudied: figure(count(one.studied), ref),
        categoryExpected: figure(count(one.expected), at('expected', `category:${one.key}`)),
        categoryShare: figure(percent(one.studied, one.expected), ref),
      })
    }),
  }
}

type Unit = Report['units'][number]

/** Units beneath where somebody has to study, worst first; null where the viewer does not see them all, or there are none. */
function unitsBeneath({ units: all, unit, otherUnits }: Report): Unit[] | null {
  const beneath = all.filter((one) => one.id !== unit.id && one.expected > 0)
  return otherUnits || beneath.length === 0 ? null : beneath
}

const mostNames = 12

function units(report: Report, { studiedShare, at }: Figures): Group[] {
  const beneath = unitsBeneath(report)
  if (!beneath || beneath.length < 2) return []
  const { total } = report
  const complete = beneath.filter((one) => one.studied === one.expected)
  const above = beneath.filter((one) => one.studied * total.expected >= total.studied * one.expected).length
  const number = { units: rowsIn(beneath.length, 'units'), complete: rowsIn(complete.length, 'units') }
  if (complete.length === beneath.length) return [{ part: 'units', told: [say('unitsAll', number)], lines: [] }]
  const named = (one: Unit, [unit, studied, expected, share]: [Placeholder, Placeholder, Placeholder, Placeholder]): Values => ({
    [unit]: words(one.name),
    [studied]: figure(count(one.studied), at('studied', null, one.code)),
    [expected]: figure(count(one.expected), at('expected', null, one.code)),
    [share]: figure(percent(one.studied, one.expected), at('studied', null, one.code)),
  })
  const lowest = beneath[0]!
  const highest = beneath.at(-1)!
  const differ = lowest.studied * highest.expected !== highest.studied * lowest.expected
  return [
    {
      part: 'units',
      told: [
        complete.length > 0 ? say('unitsSome', number) : say('unitsNone', number),
        ...(complete.length > 0 && complete.length <= mostNames ? [say('unitsComplete', { ...number, completeNames: words(complete.map((one) => one.name).join('; ')) })] : []),
        ...(differ ? [say('unitsAround', { ...number, studiedShare, above: rowsIn(above, 'units'), below: rowsIn(beneath.length - above, 'units') })] : []),
        ...(differ && complete.length === 0 ? [say('unitsHighest', named(highest, ['highestUnit', 'highestStudied', 'highestExpected', 'highestShare']))] : []),
        ...(differ ? [say('unitsLowest', named(lowest, ['lowestUnit', 'lowestStudied', 'lowestExpected', 'lowestShare']))] : []),
      ],
      lines: [],
    },
  ]
}

function exempt({ campaign, total, exemptReasons }: Report, { exempt: value, onRoster, expected, number, at }: Figures): Group[] {
  if (total.exempt === 0) return campaign.exemptExpected ? [{ part: 'exempt', told: [['exemptExpected', {}]], lines: [] }] : []
  const share = figure(percent(total.exempt, number('on-roster')), at('exempt'))
  return [
    { part: 'exempt', told: [say('exempt', { exempt: value, exemptShare: share, onRoster, expected })], lines: [] },
    {
      part: 'exempt',
      told: exemptReasons.length > 0 ? [say('exemptReasons', { exempt: value })] : [],
      lines: exemptReasons.map(({ reason, people }) => say('exemptReason', { reason: words(reason), reasonPeople: figure(count(people), at('exempt', `reason:${reason}`)) })),
    },
  ]
}

function missing(report: Report, { missing: left, missingShare, expected, lacking }: Figures): Group {
  const { total } = report
  if (total.expected === 0) return { part: 'difficulties', told: [], lines: [] }
  if (total.studied === total.expected) return { part: 'difficulties', told: [say('missingNone', { expected })], lines: [] }
  const behind = (unitsBeneath(report) ?? []).filter((one) => one.studied < one.expected)
  const isAll = behind.reduce((sum, one) => sum + one.expected - one.studied, 0) === total.expected - total.studied
  const most = behind.toSorted((one, other) => other.expected - other.studied - (one.expected - one.studied))[0]
  const where: Sentence[] = !most || !isAll
    ? []
    : behind.length === 1
      ? [say('missingUnit', { mostUnit: words(most.name), missing: left })]
      : [say('missingUnits', { missingUnits: rowsIn(behind.length, 'units'), mostUnit: words(most.name), mostMissing: figure(count(most.expected - most.studied), lacking(most.code)), missing: left })]
  return { part: 'difficulties', told: [say('missing', { missing: left, missingShare, expected }), ...where], lines: [] }
}

const count = (value: number) => showCount(value, 'vi')
const percent = (part: number, whole: number) => showPercent(part, whole, 'vi')
const words = (text: string): Value => ({ text, figure: null })
const rowsIn = (number: number, table: 'units' | 'kinds'): Value => ({ text: count(number), figure: null, rowsOf: table })
const figure = (text: string, ref: FigureRef): Value => ({ text, figure: ref })
const say = (key: SentenceKey, values: Partial<Record<Placeholder, Value>>): Sentence => [key, values as Values]
