import { showCount, showPercent } from '../../figures/figure.ts'
import { dayInText } from '../documents/typesetting/document-number.server.ts'
import type { Block, Column, DocumentChart, OfficialDocument } from '../documents/typesetting/official-document.ts'
import { committeeKept, signatureOf, superiorBodyOf } from '../documents/typesetting/document-issuer.server.ts'
import { subjectOf } from './report-subject.ts'
import { correctedAhead, sealedSections, sealLine } from './report-seal.ts'
import type { Report, SealMark } from './report.ts'
import { thinned } from './reports.server.ts'
import { reportWords } from './reports.messages.ts'

/** Number, day and signer once they are known, the picture of the share over time, and the mark of a seal. */
export type Issue = { number?: number; day?: string; signedBy?: string; chart?: { png: Uint8Array; alt: string }; seal?: SealMark }

/** Official documents are written in Vietnamese only. */
type DocumentLanguage = 'vi'
type Paragraph = Extract<Block, { is: 'paragraph' }>
type Section = { heading: string; blocks: Block[] }

/** The report on the results of study as it goes up the tree; every number is the Report's own. */
export function reportDocument(report: Report, language: DocumentLanguage, issue: Issue = {}): OfficialDocument {
  const t = reportWords.in(language)
  const subject = subjectOf(report)
  const sections = [overall(report), byUnit(report), byCategory(report), bySession(report), byResolution(report), overTime(report, issue.chart), ...(issue.seal ? sealedSections(issue.seal) : [])]
  return {
    ...frameOf(report, issue),
    abstract: t('document.subjectOfAbstract', { subject }),
    body: [
      ...opening(report),
      ...(issue.seal ? correctedAhead(issue.seal) : []),
      ...sections
        .filter((section) => section.blocks.length > 0)
        .flatMap((section, index): Block[] => [{ is: 'heading', text: `${roman[index] ?? index + 1}. ${section.heading}` }, ...section.blocks]),
      { is: 'paragraph', text: t('document.closing', { subject, asOf: dayInText(report.asOf) }), leadsTo: true },
      ...(issue.seal ? [sealLine(issue.seal)] : []),
    ],
  }
}

/** What every report of such a unit has around its words: letterhead, recipients, signature. */
export function frameOf(report: Report, issue: Issue = {}): Omit<OfficialDocument, 'abstract' | 'body'> {
  return {
    issuedBy: 'party',
    type: 'report',
    number: issue.number ?? null,
    issuerSymbol: report.unit.symbol,
    superiorBody: superiorBodyOf(report.unit, report.superior),
    issuingBody: report.unit.name,
    place: report.unit.place,
    day: issue.day ?? null,
    addressees: [],
    recipients: recipients(report),
    signature: { ...signatureOf(report.unit), name: issue.signedBy ?? null },
  }
}

/** What was studied, as sentences name it after "học tập, quán triệt". */
export const studiedSubject = (report: Pick<Report, 'campaign' | 'resolution'>): string => subjectOf(report)

const t = reportWords.in('vi')
const count = (value: number) => showCount(value, 'vi')
const percent = (part: number, whole: number) => showPercent(part, whole, 'vi')
const roman = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII', 'XIII', 'XIV', 'XV']

function opening(report: Report): Block[] {
  const { campaign, unit, total } = report
  const missing = total.expected - total.studied
  const answer = total.expected === 0 ? 'document.answerNobodyExpected' : missing === 0 ? 'document.answerAllStudied' : 'document.answer'
  return [
    sentences(
      t('document.held', { subject: subjectOf(report), from: dayInText(campaign.studyFrom), to: dayInText(campaign.studyTo) }),
      t(answer, {
        asOf: dayInText(report.asOf),
        scope: unit.organisationName === null ? unit.name : t('document.wholeOf', { organisation: unit.organisationName }),
        studied: count(total.studied),
        expected: count(total.expected),
        share: percent(total.studied, total.expected),
        missing: count(missing),
        missingShare: percent(missing, total.expected),
      }),
      t('document.handover', { issuer: unit.name }),
    ),
  ]
}

function overall(report: Report): Section {
  const { campaign, total } = report
  // counted for the whole campaign, so it is not said of one of several resolutions
  const national = report.resolution && report.resolutions.length > 1 ? null : report.figures.find((figure) => figure.key === 'studied-at-national-conference')
  const onRoster = total.expected + total.exempt
  return {
    heading: t('document.overall'),
    blocks: [
      sentences(
        t('document.base', { openedOn: dayInText(campaign.openedOn), asOf: dayInText(report.asOf) }),
        total.exempt === 0 && campaign.exemptExpected && t('document.exemptExpected'),
      ),
      ...paragraphIf(national?.denominator, (expected) =>
        t('document.atNationalConference', { attended: count(national!.numerator), expected: count(expected), share: percent(national!.numerator, expected) }),
      ),
      ...paragraphIf(total.declared, (declared) => t('document.declared', { declared: count(declared), share: percent(declared, total.studied) })),
      ...paragraphIf(total.exempt, (exempt) =>
        [
          t('document.exempt', { exempt: count(exempt), share: percent(exempt, onRoster), onRoster: count(onRoster), expected: count(total.expected) }),
          ...(report.exemptReasons.length > 0 ? [t('document.exemptReasons')] : []),
        ].join(' '),
      ),
      ...report.exemptReasons.map(({ reason, people }, index, all): Block => {
        const line = index === all.length - 1 ? 'document.exemptLastReason' : 'document.exemptReason'
        return { is: 'paragraph', text: t(line, { reason, people: count(people) }) }
      }),
    ],
  }
}

function byUnit(report: Report): Section {
  const { unit, total } = report
  const hasDeclared = total.declared > 0
  if (report.units.length === 0) return { heading: '', blocks: [] }
  return {
    heading: t('document.byUnit'),
    blocks: [
      // of units that are not shown nothing is said but their sum
      { ...sentences(...(report.otherUnits ? [] : unitsInWords(report)), t('document.unitOrder')), leadsTo: false }, // the long table may start a page
      {
        is: 'table',
        countedIn: t('counted.members'),
        columns: [
          numberColumn,
          textColumn(t('column.unit')),
          countColumn(t('column.expected')),
          countColumn(t('column.studied'), 18),
          ...(hasDeclared ? [countColumn(t('column.declared'), 23)] : []),
          countColumn(t('column.missing')),
          countColumn(t('column.share'), 20),
        ],
        rows: [
          ...report.units.map((each, index) => [count(index + 1), nameInList(each, unit), ...tallyCells(each, hasDeclared)]),
          ...(report.otherUnits ? [['', t('row.otherUnits'), ...tallyCells(report.otherUnits, hasDeclared)]] : []),
        ],
        total: ['', t('row.total'), ...tallyCells(total, hasDeclared)],
      },
    ],
  }
}

function unitsInWords(report: Report): string[] {
  const units = report.units.filter((each) => each.expected > 0)
  const complete = units.filter((each) => each.studied === each.expected).length
  const words = { units: count(units.length), complete: count(complete) }
  const lowest = units[0] // they come worst first
  if (!lowest) return []
  if (complete === units.length) return [t('document.allUnitsComplete', words)]
  return [
    t(complete === 0 ? 'document.noUnitComplete' : 'document.someUnitsComplete', words),
    t('document.lowestUnit', {
      unit: nameInList(lowest, report.unit),
      studied: count(lowest.studied),
      expected: count(lowest.expected),
      share: percent(lowest.studied, lowest.expected),
      missing: count(lowest.expected - lowest.studied),
    }),
  ]
}

// A unit stands in its own list with the people it has besides the units beneath.
function nameInList(each: { id: string; name: string }, unit: { id: string }): string {
  return each.id === unit.id ? t('row.ownMembers', { unit: each.name }) : each.name
}

function tallyCells(tally: { expected: number; studied: number; declared: number }, hasDeclared: boolean): string[] {
  return [
    count(tally.expected),
    count(tally.studied),
    ...(hasDeclared ? [count(tally.declared)] : []),
    count(tally.expected - tally.studied),
    percent(tally.studied, tally.expected),
  ]
}

function byCategory({ categories, total }: Report): Section {
  if (categories.length < 2) return { heading: '', blocks: [] }
  const cells = (part: { expected: number; studied: number }) => tallyCells({ ...part, declared: 0 }, false)
  return {
    heading: t('document.byCategory'),
    blocks: [
      leading(t('document.categoryOnce')),
      {
        is: 'table',
        countedIn: t('counted.members'),
        columns: [
          numberColumn,
          textColumn(t('column.category')),
          countColumn(t('column.expected')),
          countColumn(t('column.studied'), 18),
          countColumn(t('column.missing')),
          countColumn(t('column.share'), 20),
        ],
        rows: categories.map((category, index) => [count(index + 1), category.name, ...cells(category)]),
        total: ['', t('row.total'), ...cells(total)],
      },
    ],
  }
}

function bySession({ kinds, total }: Report): Section {
  if (kinds.length === 0) return { heading: '', blocks: [] }
  const held = (kind: Report['kinds'][number]) => (kind.kind === 'declared' ? ['–', '–'] : [count(kind.sessions), count(kind.venues)])
  return {
    heading: t('document.bySession'),
    blocks: [
      leading(t('document.sessionOnce', { expected: count(total.expected) })),
      {
        is: 'table',
        countedIn: null,
        columns: [
          numberColumn,
          textColumn(t('column.sessionKind')),
          countColumn(t('column.sessions'), 24),
          countColumn(t('column.venues'), 25),
          countColumn(t('column.membersStudied'), 25),
          countColumn(t('column.share')),
        ],
        rows: kinds.map((kind, index) => [count(index + 1), t(`kind.${kind.kind}`), ...held(kind), count(kind.studied), percent(kind.studied, total.expected)]),
        total: ['', t('row.total'), '', '', count(total.studied), percent(total.studied, total.expected)],
      },
    ],
  }
}

function byResolution({ resolution, resolutions, total }: Report): Section {
  if (resolution || resolutions.length < 2) return { heading: '', blocks: [] }
  return {
    heading: t('document.byResolution'),
    blocks: [
      leading(t('document.resolutionBase', { expected: count(total.expected) })),
      {
        is: 'table',
        countedIn: t('counted.members'),
        columns: [numberColumn, textColumn(t('column.resolution')), countColumn(t('column.studied')), countColumn(t('column.missing')), countColumn(t('column.share'))],
        rows: resolutions.map((each, index) => [
          count(index + 1),
          each.name,
          count(each.studied),
          count(total.expected - each.studied),
          percent(each.studied, total.expected),
        ]),
        total: null,
      },
    ],
  }
}

function overTime({ curve, campaign }: Report, chart: Issue['chart']): Section {
  const last = curve.at(-1)
  if (!last) return { heading: '', blocks: [] }
  const points = thinned(curve, 12) // on paper a dozen days say what a hundred do; the workbook has every day
  const first = points[0]
  const to = dayInText(campaign.studyTo)
  const words = { day: dayInText(last.day), studied: count(last.studied), share: percent(last.studied, last.expected), to }
  const sentence = !first
    ? t('document.noProgress', words)
    : first.day === last.day
      ? t('document.progressOnce', words)
      : t('document.progress', {
          first: count(first.studied),
          firstShare: percent(first.studied, first.expected),
          firstDay: dayInText(first.day),
          last: count(last.studied),
          lastShare: words.share,
          lastDay: words.day,
          to,
        })
  return {
    heading: t('document.overTime'),
    blocks: [
      { is: 'paragraph', text: sentence, leadsTo: true },
      ...(first && chart ? [setChart(chart)] : []),
      ...(first ? [progressTable(points)] : []),
    ],
  }
}

function progressTable(points: Report['curve']): Block {
  return {
    is: 'table',
    countedIn: t('counted.members'),
    columns: [
      { ...textColumn(t('column.day')), align: 'center' },
      { ...textColumn(t('column.studiedSoFar')), align: 'right' },
      { ...textColumn(t('column.expected')), align: 'right' },
      { ...textColumn(t('column.share')), align: 'right' },
    ],
    rows: points.map((point) => [dayInText(point.day), count(point.studied), count(point.expected), percent(point.studied, point.expected)]),
    total: null,
  }
}

function setChart({ png, alt }: { png: Uint8Array; alt: string }): DocumentChart {
  const header = new DataView(png.buffer, png.byteOffset, 24) // width and height of a PNG stand at 16 and 20
  const widthMm = 150
  return { is: 'chart', png, alt, widthMm, heightMm: (widthMm * header.getUint32(20)) / header.getUint32(16) }
}

function recipients({ unit, superior, units }: Report): string[] {
  const committee = committeeKept(unit)
  return [
    ...(superior ? [t('document.toSuperior', { superior: superior.name })] : unit.kind === 'city_committee' ? [t('document.secretariat')] : []),
    ...(units.some((each) => each.id !== unit.id) ? [t('document.toUnits')] : []),
    committee ? t('document.keptAtOffice', { committee }) : t('document.kept', { unit: unit.name }),
  ]
}

const numberColumn: Column = { head: t('column.number'), align: 'center', widthMm: 10 }
const textColumn = (head: string): Column => ({ head, align: 'left', widthMm: null })
const countColumn = (head: string, widthMm = 21.5): Column => ({ head, align: 'right', widthMm })

const leading = (text: string): Paragraph => ({ is: 'paragraph', text, leadsTo: text.endsWith(':') })
const sentences = (...parts: (string | false)[]): Paragraph => leading(parts.filter((part) => part !== false).join(' '))
const paragraphIf = (value: number | null | undefined, say: (value: number) => string): Block[] => (value ? [leading(say(value))] : [])
