import type { Cell, CellStyle, WriteSheet } from 'hucre/xlsx'
import { writeXlsx } from 'hucre/xlsx'
import { showCount } from '../../figures/figure.ts'
import { showDay, type Day } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { subjectOf } from './report-subject.ts'
import type { Report, SealedForm, SealMark, Tally } from './report.ts'
import { reportWords } from './reports.messages.ts'

type Say = ReturnType<typeof reportWords.in>
/** What a cell holds: numbers stay numbers; a share stays the quotient, so that it is rounded only where it is shown. */
type Value = string | null | { ordinal: number } | { count: number } | { share: number | null } | { day: Day }
type Column = { head: string; width: number }
type Section = { name: string; columns: Column[]; rows: Value[][]; total?: Value[] }

/** The report as a workbook, one sheet a section; base and day stand above every table, and of a sealed one its code. */
export async function renderXlsx(report: Report, language: Language, seal?: SealMark): Promise<Uint8Array> {
  const t = reportWords.in(language)
  const title = t('sheet.title', { subject: subjectOf(report) })
  const sections = [summary(report, t), units(report, t), categories(report, t), kinds(report, t), ...resolutions(report, t), curve(report, t), exemptReasons(report, t), ...sealed(seal, t)]
  const above = [dayAndBase(report, language, t), ...(seal ? [t('sheet.seal', { code: seal.code, at: seal.sealedOn })] : []), ...(seal && seal.corrections.length > 0 ? [t('sheet.corrected', { sheet: t('sheet.corrections') })] : [])].join(' ')
  return writeXlsx({
    sheets: sections.map((section) => sheet(section, [title, report.unit.name, above], language)),
    // pageSetup.printTitlesRow writes the sheet's name without quotes, and spreadsheets call such a file damaged
    namedRanges: sections.map(({ name }) => ({ name: '_xlnm.Print_Titles', range: `'${name}'!$${rowsAbove + 1}:$${rowsAbove + 1}`, scope: name })),
    properties: { title: clean(title), creator: clean(report.unit.name) },
    defaultFont: { name: 'Times New Roman', size: 12 },
  })
}

function dayAndBase({ asOf, campaign, total }: Report, language: Language, t: Say): string {
  return t(campaign.exemptExpected ? 'sheet.dayAndBaseWithExempt' : 'sheet.dayAndBase', {
    asOf: showDay(asOf),
    openedOn: showDay(campaign.openedOn),
    expected: showCount(total.expected, language),
    exempt: showCount(total.exempt, language),
  })
}

function summary({ figures, total }: Report, t: Say): Section {
  const onRoster = total.expected + total.exempt
  const covered = ['expected', 'studied', 'exempt', 'studied-declared', 'on-roster']
  return {
    name: t('sheet.summary'),
    columns: [
      { head: t('column.figure'), width: 44 },
      { head: t('column.numerator'), width: 14 },
      { head: t('column.denominator'), width: 14 },
      { head: t('column.share'), width: 12 },
      { head: t('column.base'), width: 28 },
    ],
    rows: [
      [t('figure.expected'), { count: total.expected }, null, null, null],
      [t('figure.studied'), ...over(total.studied, total.expected), t('base.expected')],
      [t('figure.missing'), ...over(total.expected - total.studied, total.expected), t('base.expected')],
      [t('figure.exempt'), ...over(total.exempt, onRoster), t('base.on-roster')],
      [t('figure.studied-declared'), ...over(total.declared, total.studied), t('base.studied')],
      ...figures
        .filter((figure) => !covered.includes(figure.key))
        .map((figure): Value[] => [
          wordOr(t, `figure.${figure.key}`, figure.key),
          ...(figure.denominator === null ? [{ count: figure.numerator }, null, null] : over(figure.numerator, figure.denominator)),
          figure.base === null ? null : wordOr(t, `base.${figure.base}`, figure.base),
        ]),
    ],
  }
}

const over = (part: number, whole: number): Value[] => [{ count: part }, { count: whole }, shareOf(part, whole)]
const shareOf = (part: number, whole: number): Value => ({ share: whole === 0 ? null : part / whole })

// An indicator that a unit added for itself has no word here; its key says more than nothing.
function wordOr(t: Say, key: string, otherwise: string): string {
  return key in reportWords.catalogues.vi ? t(key as Parameters<Say>[0]) : otherwise
}

function units({ units, otherUnits, unit, total }: Report, t: Say): Section {
  const cells = (tally: Tally): Value[] => [
    { count: tally.expected },
    { count: tally.studied },
    { count: tally.declared },
    { count: tally.expected - tally.studied },
    shareOf(tally.studied, tally.expected),
    { count: tally.exempt },
  ]
  return {
    name: t('sheet.units'),
    columns: [
      { head: t('column.number'), width: 6 },
      { head: t('column.unit'), width: 44 },
      { head: t('column.code'), width: 22 },
      ...counts(t('column.expected'), t('column.studied'), t('column.declared'), t('column.missing'), t('column.share'), t('column.exempt')),
    ],
    rows: [
      ...units.map((each, index) => [
        { ordinal: index + 1 },
        each.id === unit.id ? t('row.ownMembers', { unit: each.name }) : each.name,
        each.code,
        ...cells(each),
      ]),
      ...(otherUnits ? [[null, t('row.otherUnits'), null, ...cells(otherUnits)]] : []),
    ],
    total: [null, t('row.total'), null, ...cells(total)],
  }
}

function categories({ categories, total }: Report, t: Say): Section {
  const cells = (part: { expected: number; studied: number }): Value[] => [
    { count: part.expected },
    { count: part.studied },
    { count: part.expected - part.studied },
    shareOf(part.studied, part.expected),
  ]
  return {
    name: t('sheet.categories'),
    columns: [
      { head: t('column.number'), width: 6 },
      { head: t('column.category'), width: 44 },
      ...counts(t('column.expected'), t('column.studied'), t('column.missing'), t('column.share')),
    ],
    rows: categories.map((category, index) => [{ ordinal: index + 1 }, category.name, ...cells(category)]),
    total: [null, t('row.total'), ...cells(total)],
  }
}

function kinds({ kinds, total }: Report, t: Say): Section {
  return {
    name: t('sheet.kinds'),
    columns: [
      { head: t('column.number'), width: 6 },
      { head: t('column.sessionKind'), width: 44 },
      ...counts(t('column.sessions'), t('column.venues'), t('column.membersStudied'), t('column.expected'), t('column.share')),
    ],
    rows: kinds.map((kind, index) => [
      { ordinal: index + 1 },
      t(`kind.${kind.kind}`),
      ...(kind.kind === 'declared' ? [null, null] : [{ count: kind.sessions }, { count: kind.venues }]),
      ...over(kind.studied, total.expected),
    ]),
    total: [null, t('row.total'), null, null, ...over(total.studied, total.expected)],
  }
}

// One resolution says what the whole campaign says.
function resolutions({ resolutions, total }: Report, t: Say): Section[] {
  if (resolutions.length < 2) return []
  return [
    {
      name: t('sheet.resolutions'),
      columns: [{ head: t('column.number'), width: 6 }, { head: t('column.resolution'), width: 60 }, ...counts(t('column.studied'), t('column.expected'), t('column.share'))],
      rows: resolutions.map((each, index) => [{ ordinal: index + 1 }, each.name, ...over(each.studied, total.expected)]),
    },
  ]
}

function curve({ curve }: Report, t: Say): Section {
  return {
    name: t('sheet.curve'),
    columns: [t('column.day'), t('column.studiedSoFar'), t('column.expected'), t('column.share')].map((head) => ({ head, width: 20 })),
    rows: curve.map((point) => [{ day: point.day }, ...over(point.studied, point.expected)]),
  }
}

function exemptReasons({ exemptReasons, total }: Report, t: Say): Section {
  return {
    name: t('sheet.exempt'),
    columns: [{ head: t('column.number'), width: 6 }, { head: t('column.reason'), width: 44 }, ...counts(t('column.people'))],
    rows: exemptReasons.map(({ reason, people }, index) => [{ ordinal: index + 1 }, reason, { count: people }]),
    total: [null, t('row.total'), { count: total.exempt }],
  }
}

function sealed(seal: SealMark | undefined, t: Say): Section[] {
  return [...(seal?.form ? [form(seal.form, t)] : []), ...(seal && seal.corrections.length > 0 ? [corrections(seal.corrections, t)] : [])]
}

function form({ figures, missing }: SealedForm, t: Say): Section {
  return {
    name: t('sheet.form'),
    columns: [{ head: t('column.number'), width: 6 }, { head: t('column.figure'), width: 44 }, ...counts(t('column.numerator'), t('column.denominator'), t('column.share'), t('column.declared')), { head: t('column.base'), width: 28 }],
    rows: figures.map((figure, index): Value[] => [
      { ordinal: index + 1 },
      figure.name,
      ...(figure.denominator === null ? [{ count: figure.numerator }, null, null] : over(figure.numerator, figure.denominator)),
      { count: figure.declared },
      figure.baseName,
    ]).concat(missing.length > 0 ? [[null, t('document.formMissing', { units: missing.join(', ') })]] : []),
  }
}

function corrections(corrections: SealMark['corrections'], t: Say): Section {
  const value = (count: number | null): Value => (count === null ? null : { count })
  return {
    name: t('sheet.corrections'),
    columns: [
      { head: t('column.number'), width: 6 },
      { head: t('column.figure'), width: 44 },
      ...counts(t('column.sealedNumerator'), t('column.sealedDenominator'), t('column.correctedNumerator'), t('column.correctedDenominator'), t('column.correctedOn')),
      { head: t('column.correctionReason'), width: 44 },
    ],
    rows: corrections.map(({ name, sealed, corrected, correctedOn, reason }, index) => [
      { ordinal: index + 1 },
      name,
      { count: sealed.numerator },
      value(sealed.denominator),
      { count: corrected.numerator },
      value(corrected.denominator),
      { day: correctedOn },
      reason,
    ]),
  }
}

const counts = (...heads: string[]): Column[] => heads.map((head) => ({ head, width: 14 }))

const rowsAbove = 4 // title, unit, day and base, an empty row
const line = { style: 'thin', color: { rgb: '000000' } } as const
const lines = { top: line, bottom: line, left: line, right: line }
const above = { wrapText: true, vertical: 'top' } as const
const bold = { bold: true, name: 'Times New Roman', size: 12 } as const

function sheet({ name, columns, rows, total }: Section, [title, unit, base]: [string, string, string], language: Language): WriteSheet {
  const cells = new Map<string, Partial<Cell>>()
  const put = (row: number, column: number, value: Value, style: CellStyle) => cells.set(`${row},${column}`, cell(value, style, language))
  put(0, 0, title, { font: { ...bold, size: 14 }, alignment: above })
  put(1, 0, unit, { font: bold, alignment: above })
  put(2, 0, base, { font: { name: 'Times New Roman', size: 12, italic: true }, alignment: above })
  columns.forEach(({ head }, column) =>
    put(rowsAbove, column, head, { font: bold, border: lines, alignment: { horizontal: 'center', vertical: 'center', wrapText: true } }),
  )
  rows.forEach((row, index) => row.forEach((value, column) => put(rowsAbove + 1 + index, column, value, { border: lines })))
  const below = rowsAbove + 1 + rows.length
  total?.forEach((value, column) => put(below, column, value, { font: bold, border: lines }))
  return {
    name,
    columns: columns.map(({ width }) => ({ width })),
    rows: Array.from({ length: below + (total ? 1 : 0) }, () => columns.map(() => null)),
    cells,
    merges: [0, 1, 2].map((row) => ({ startRow: row, startCol: 0, endRow: row, endCol: columns.length - 1 })),
    rowDefs: new Map([
      [0, { height: lineHeights(title, 1.25, columns) }], // merged cells do not find their height themselves
      [1, { height: lineHeights(unit, 1.1, columns) }],
      [2, { height: lineHeights(base, 1.05, columns) }],
      [rowsAbove, { height: 34 }],
    ]),
    freezePane: { rows: rowsAbove + 1 },
    pageSetup: { paperSize: 'a4', orientation: columns.length > 6 ? 'landscape' : 'portrait', fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
  }
}

// Widths are in characters of the default font; `breadth` is how much wider these letters run.
function lineHeights(text: string, breadth: number, columns: Column[]): number {
  return 18 * Math.ceil((text.length * breadth) / columns.reduce((sum, { width }) => sum + width, 0))
}

// The region in a format makes programs that heed it write 50.424 and 98,96% whatever their own language is.
const region = { vi: '[$-42A]', en: '[$-809]' }

function cell(value: Value, style: CellStyle, language: Language): Partial<Cell> {
  if (value === null) return { value: null, type: 'empty', style }
  if (typeof value === 'string') return { value: clean(value), type: 'string', style: { alignment: { wrapText: true, vertical: 'top', horizontal: 'left', indent: 1 }, ...style } }
  const right: CellStyle = { ...style, alignment: { horizontal: 'right', vertical: 'top' } }
  if ('ordinal' in value) return { value: value.ordinal, type: 'number', style: { ...style, alignment: { horizontal: 'center', vertical: 'top' } } }
  if ('count' in value) return { value: value.count, type: 'number', style: { ...right, numFmt: `${region[language]}#,##0` } }
  if ('day' in value) return { value: new Date(`${value.day}T00:00:00Z`), type: 'date', style: { ...right, numFmt: 'd/m/yyyy' } }
  if (value.share === null) return { value: '–', type: 'string', style: right }
  return { value: value.share, type: 'number', style: { ...right, numFmt: `${region[language]}0.00%` } }
}

// Sheets are XML: control characters would make the whole workbook unreadable.
function clean(text: string): string {
  return text.normalize('NFC').toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
}
