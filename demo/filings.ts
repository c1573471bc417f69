import { createHash } from 'node:crypto'
import type pg from 'pg'
import { addDays, type Day } from '../app/platform/clock.ts'
import type { SubmissionContent, SubmittedFigure } from '../app/features/filings/filings.schema.ts'
import type { City } from './city.ts'
import { declaredFigures, reportForms, reportRounds, saidBy, unitsApart, type Report } from './filings-told.ts'
import type { Entry } from './history/trail.ts'
import { instant } from './history/sessions.ts'
import type { People, Person } from './people.ts'
import { apportion, idOf, randomOf } from './random.ts'
import type { openTables } from './tables.ts'
import type { Tree, Unit } from './units.ts'

/** A report handed up. Its counted figures are filled in once the counts are kept; `summed` are the filings it consolidates. */
export type HandedUp = {
  id: string
  filingId: string
  number: number
  unit: Unit
  asOf: Day
  sections: Section[]
  declared: Record<string, number>
  evidence: Record<string, NonNullable<SubmittedFigure['evidence']>>
  texts: Record<string, string>
  summed: { of: HandedUp[]; missing: SubmissionContent['missing'] } | null
  at: string
  by: Person
}
type Section = { id: string; kind: string; title: string; indicators: string[] }
type Tables = ReturnType<typeof openTables>
type Filing = { id: string; unit: Unit; report: Report; texts: Record<string, string>; declared: Record<string, number>; evidence: HandedUp['evidence']; version: number }

/** The rounds of reports that the city asked for, as the operations would have left them; what was handed up is written by `handUp`. */
export function fileReports(tables: Tables, { city, tree, people, campaignId }: { city: City; tree: Tree; people: People; campaignId: string }): { handedUp: HandedUp[]; entries: Entry[] } {
  const officer = people.holder(tree.root, 'city_officer')!
  const entries: Entry[] = []
  const handedUp: HandedUp[] = []
  const rows: Rows = { evidence: [], filing_value: [], filing_text: [], filing_event: [] }
  const note = (at: string, by: Person, action: string, unit: Unit, [type, id]: [string, string], detail: object = {}) => entries.push({ at, by, action, unit, type, id, detail })

  for (const { key, name, unitOfCount } of declaredFigures) {
    tables.add('indicator', { key, kind: 'count', base: null, unit_of_count: unitOfCount, unit_id: tree.root.id, name, is_declared: true, counted_by: null, position: null })
    note('2021-05-27T09:12:00+07:00', officer, 'indicator.added', tree.root, ['indicator', key])
  }
  for (const form of reportForms) {
    const formId = idOf(city.seed, 'form', form.kind)
    const sections = form.sections.map((section, position) => ({ ...section, position, id: idOf(city.seed, 'section', `${form.kind} ${position}`) }))
    tables.add('report_form', { id: formId, unit_id: tree.root.id, campaign_id: campaignId, name: form.name, kind: form.kind, retired_at: null, version: 1 })
    for (const { id, position, kind, title, indicators } of sections) {
      tables.add('report_form_section', { id, form_id: formId, position, kind, title })
      for (const [place, indicator] of indicators.entries()) tables.add('report_form_indicator', { section_id: id, indicator, position: place })
    }
    note(form.madeAt, officer, 'form.made', tree.root, ['report_form', formId], { campaign: city.campaign.code, kind: form.kind, sections: sections.length })
    const round = reportRounds.find((one) => one.form === form.kind)!
    const roundId = idOf(city.seed, 'round', round.name)
    tables.add('report_round', { id: roundId, form_id: formId, campaign_id: campaignId, unit_id: tree.root.id, name: round.name, as_of: round.asOf, due_at: round.dueAt, opened_at: round.openedAt, opened_by: officer.id })
    note(round.openedAt, officer, 'round.opened', tree.root, ['report_round', roundId], { campaign: city.campaign.code, asOf: round.asOf, dueOn: round.dueAt.slice(0, 10), units: tree.tops.length })
    const told = { tables, rows, city, tree, people, officer, sections, round, roundId, note }
    handedUp.push(...fileRound(told))
  }
  for (const [name, some] of Object.entries(rows)) for (const row of some) tables.add(name, row)
  return { handedUp, entries }
}

type Round = (typeof reportRounds)[number]
/** Rows that refer to filings, in the order in which they refer to each other. */
type Rows = Record<'evidence' | 'filing_value' | 'filing_text' | 'filing_event', Parameters<Tables['add']>[1][]>
type Told = {
  tables: Tables
  rows: Rows
  city: City
  tree: Tree
  people: People
  officer: Person
  sections: (Section & { position: number })[]
  round: Round
  roundId: string
  note: (at: string, by: Person, action: string, unit: Unit, subject: [string, string], detail?: object) => void
}

function fileRound(told: Told): HandedUp[] {
  const { tables, city, tree, people, officer, round, roundId, sections, note } = told
  const random = randomOf(city.seed, `reports ${round.name}`)
  const shares = declaredOfUnits(city, tree, round)
  const handedUp: HandedUp[] = []
  const accepted: HandedUp[] = []
  const missing: SubmissionContent['missing'] = []
  for (const { unit } of tree.tops) {
    const report: Report = unitsApart[round.form][unit.code] ?? { state: 'accepted' }
    const clerk = people.holder(unit, 'clerk')!
    const filing: Filing = { id: idOf(city.seed, 'filing', `${round.name} ${unit.code}`), unit, report, texts: {}, declared: shares.get(unit)!, evidence: {}, version: 1 }
    const day = report.onDay ?? addDays(round.dueAt.slice(0, 10), -random.between(0, 1))
    const typedAt = instant(day, random.between(8 * 60, 10 * 60), random)
    const sentAt = instant(day, report.onDay ? 8 * 60 + 41 : random.between(14 * 60, 16 * 60 + 50), random)
    typeDraft(told, filing, clerk, typedAt)
    let last: HandedUp | null = null
    const send = (number: number, at: string) => {
      last = { id: idOf(city.seed, 'submission', `${filing.id} ${number}`), filingId: filing.id, number, unit, asOf: round.asOf, sections, declared: filing.declared, evidence: filing.evidence, texts: { ...filing.texts }, summed: null, at, by: clerk }
      handedUp.push(last)
      happen(told, filing, 'submitted', at, clerk)
      note(at, clerk, 'filing.submitted', unit, ['submission', last.id], { filing: filing.id, number })
    }
    const decide = (kind: 'accepted' | 'returned', at: string, comment: string | null = null) => {
      happen(told, filing, kind, at, officer, comment)
      note(at, officer, `filing.${kind}`, unit, ['filing', filing.id])
    }
    const later = (minutes: number) => instant(addDays(day, 1), 8 * 60 + minutes, random)
    if (report.state !== 'draft') send(1, sentAt)
    if (report.comment) decide('returned', later(50), report.comment)
    if (report.comment && report.state === 'accepted') {
      const at = later(7 * 60)
      writeAnew(told, filing, clerk, at)
      send(2, later(8 * 60))
    }
    if (report.state === 'accepted') {
      decide('accepted', report.comment ? instant(addDays(day, 2), 8 * 60 + 20, random) : later(random.between(20, 110)))
      accepted.push(last!)
    } else missing.push({ filingId: filing.id, unitCode: unit.code, unitName: unit.name, state: report.state })
    tables.add('filing', { id: filing.id, round_id: roundId, unit_id: unit.id, is_consolidated: false, state: report.state, due_at: round.dueAt, submitted_at: report.state === 'draft' ? null : sentAt, version: filing.version })
  }
  handedUp.push(...consolidated(told, accepted, missing))
  return handedUp
}

/** The last part of a report that came back, as it is written the second time. */
function writeAnew({ rows, city, sections, note }: Told, filing: Filing, clerk: Person, at: string): void {
  const last = sections.at(-1)!
  const before = rows.filing_text.find((row) => row['filing_id'] === filing.id && row['section_id'] === last.id)!
  before['superseded_at'] = at
  const text = saidBy(last.kind, filing.unit)
  filing.texts[last.id] = text
  rows.filing_text.push({ ...before, id: idOf(city.seed, 'filing text', `${filing.id} ${last.id} 2`), text, version: 2, recorded_at: at, superseded_at: null })
  note(at, clerk, 'filing.text written', filing.unit, ['filing', filing.id], { section: last.id, length: text.length })
  filing.version++
}

function typeDraft({ rows, city, sections, note }: Told, filing: Filing, clerk: Person, at: string): void {
  const { unit, report } = filing
  const asked = sections.flatMap((section) => section.indicators).filter((key) => declaredFigures.some((figure) => figure.key === key))
  filing.declared = Object.fromEntries(asked.slice(0, report.state === 'draft' ? 1 : asked.length).map((key) => [key, filing.declared[key]!]))
  const written = sections.filter((section) => section.kind !== 'figures').slice(0, report.state === 'draft' ? 1 : undefined)
  for (const { id, kind } of written) filing.texts[id] = saidBy(kind, unit)
  if (report.comment) filing.texts[written.at(-1)!.id] = 'Không có.'
  for (const [key, value] of Object.entries(filing.declared)) {
    const evidenceId = report.proves?.includes(key) ? prove({ rows, city }, filing, key, clerk, at) : null
    rows.filing_value.push({ id: idOf(city.seed, 'filing value', `${filing.id} ${key}`), filing_id: filing.id, indicator: key, value, evidence_id: evidenceId, recorded_at: at, recorded_by: clerk.id, source: 'page', superseded_at: null })
  }
  note(at, clerk, 'filing.figures typed', unit, ['filing', filing.id], { changed: Object.keys(filing.declared).length })
  filing.version++
  for (const [section, text] of Object.entries(filing.texts)) {
    rows.filing_text.push({ id: idOf(city.seed, 'filing text', `${filing.id} ${section}`), filing_id: filing.id, section_id: section, text, version: 1, recorded_at: at, recorded_by: clerk.id, source: 'page', superseded_at: null })
    note(at, clerk, 'filing.text written', unit, ['filing', filing.id], { section, length: text.length })
    filing.version++
  }
}

/** A proof as a scan would be: a page that says what it is of. */
function prove({ rows, city }: Pick<Told, 'rows' | 'city'>, filing: Filing, key: string, clerk: Person, at: string): string {
  const id = idOf(city.seed, 'evidence', `${filing.id} ${key}`)
  const content = pdfSaying(`Danh sach kem theo: ${key}`)
  const sha256 = createHash('sha256').update(content).digest('hex')
  const name = `danh-sach-${key}.pdf`
  rows.evidence.push({ id, filing_id: filing.id, name, content_type: 'application/pdf', sha256: `\\x${sha256}`, size_bytes: content.length, content: `\\x${content.toString('hex')}`, recorded_at: at, recorded_by: clerk.id, handed_up_at: filing.report.state === 'draft' ? null : at })
  filing.evidence[key] = { id, name, contentType: 'application/pdf', sizeBytes: content.length, sha256 }
  return id
}

function pdfSaying(words: string): Buffer {
  const text = `BT /F1 16 Tf 72 760 Td (${words}) Tj ET`
  const parts = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>',
  ]
  let file = '%PDF-1.4\n'
  const places = parts.map((part, index) => {
    const place = file.length
    file += `${index + 1} 0 obj\n${part}\nendobj\n`
    return place
  })
  const start = file.length
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')
  return Buffer.from(`${file}xref\n0 ${parts.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${parts.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`, 'latin1')
}

function consolidated({ tables, rows, city, tree, officer, round, roundId, sections, note }: Told, accepted: HandedUp[], missing: SubmissionContent['missing']): HandedUp[] {
  const id = idOf(city.seed, 'filing', `${round.name} ${tree.root.code}`)
  const texts: Record<string, string> = {}
  let version = 1
  if (round.consolidatedAt) {
    for (const section of sections.filter((one) => one.kind !== 'figures')) {
      texts[section.id] = saidBy(section.kind, tree.root)
      const at = round.consolidatedAt.replace('T10:', 'T09:')
      rows.filing_text.push({ id: idOf(city.seed, 'filing text', `${id} ${section.id}`), filing_id: id, section_id: section.id, text: texts[section.id]!, version: 1, recorded_at: at, recorded_by: officer.id, source: 'page', superseded_at: null })
      note(at, officer, 'filing.text written', tree.root, ['filing', id], { section: section.id, length: texts[section.id]!.length })
      version++
    }
    version++
  }
  tables.add('filing', { id, round_id: roundId, unit_id: tree.root.id, is_consolidated: true, state: 'draft', due_at: round.dueAt, submitted_at: null, version })
  if (!round.consolidatedAt) return []
  const submission: HandedUp = { id: idOf(city.seed, 'submission', `${id} 1`), filingId: id, number: 1, unit: tree.root, asOf: round.asOf, sections, declared: {}, evidence: {}, texts, summed: { of: accepted, missing }, at: round.consolidatedAt, by: officer }
  event({ rows, city }, id, tree.root, 'consolidated', round.consolidatedAt, officer, null)
  note(round.consolidatedAt, officer, 'round.consolidated', tree.root, ['submission', submission.id], { filing: id, number: 1, accepted: accepted.length, missing: missing.length })
  return [submission]
}

function happen(told: Told, filing: Filing, kind: string, at: string, by: Person, comment: string | null = null): void {
  event(told, filing.id, filing.unit, kind, at, by, comment)
  filing.version++
}

function event({ rows, city }: Pick<Told, 'rows' | 'city'>, filingId: string, unit: Unit, kind: string, at: string, by: Person, comment: string | null): void {
  rows.filing_event.push({ id: idOf(city.seed, 'filing event', `${filingId} ${kind} ${at}`), filing_id: filingId, unit_id: unit.id, kind, comment, at, actor_id: by.id })
}

/** What each unit declares: the city's totals shared out by members, none far from the others. */
function declaredOfUnits(city: City, tree: Tree, round: Round): Map<Unit, Record<string, number>> {
  const random = randomOf(city.seed, 'declared figures')
  const of = new Map<Unit, Record<string, number>>(tree.tops.map(({ unit }) => [unit, {}]))
  for (const { key, total } of declaredFigures) {
    const weights = tree.tops.map(({ figures }) => figures.expected * (0.88 + 0.24 * random.next()))
    for (const [index, count] of apportion(Math.round(total * round.done), weights).entries()) of.get(tree.tops[index]!.unit)![key] = count
  }
  return of
}

type Counts = (unit: string, indicator: string, day: Day) => number

/** Writes what was handed up, the counted figures as the kept counts say them on the day of each round. */
export async function handUp(client: pg.PoolClient, campaignId: string, handedUp: HandedUp[]): Promise<void> {
  const counts = await countsOf(client, campaignId, handedUp)
  const { rows: kinds } = await client.query<Kind>(`select key, base, unit_of_count as "unitOfCount", name, is_declared as "isDeclared" from indicator`)
  const contents = new Map<HandedUp, SubmissionContent>()
  for (const one of handedUp) contents.set(one, contentOf(one, counts, new Map(kinds.map((kind) => [kind.key, kind])), contents))
  const rows = [...contents].map(([{ id, filingId, number, unit, at, by }, content]) => ({ id, filing_id: filingId, number, unit_id: unit.id, content, submitted_at: at, submitted_by: by.id }))
  await client.query(
    `insert into submission (id, filing_id, number, unit_id, content, submitted_at, submitted_by)
     select id, filing_id, number, unit_id, content, submitted_at, submitted_by
     from jsonb_to_recordset($1::jsonb) as row (id uuid, filing_id uuid, number smallint, unit_id uuid, content jsonb, submitted_at timestamptz, submitted_by uuid)`,
    [JSON.stringify(rows)],
  )
}

type Kind = { key: string; base: string | null; unitOfCount: string; name: string | null; isDeclared: boolean }

async function countsOf(client: pg.PoolClient, campaignId: string, handedUp: HandedUp[]): Promise<Counts> {
  const units = [...new Set(handedUp.map((one) => one.unit.id))]
  const known = new Map<string, number>()
  for (const day of new Set(handedUp.map((one) => one.asOf))) {
    const { rows } = await client.query<{ unit_id: string; indicator: string; whole: string }>(`select unit_id, indicator, whole from count_values($1, $2, $3) where dimension = ''`, [campaignId, units, day])
    for (const { unit_id, indicator, whole } of rows) known.set(`${unit_id} ${indicator} ${day}`, Number(whole))
  }
  return (unit, indicator, day) => known.get(`${unit} ${indicator} ${day}`) ?? 0
}

function contentOf(one: HandedUp, counts: Counts, kinds: Map<string, Kind>, contents: Map<HandedUp, SubmissionContent>): SubmissionContent {
  const count = (indicator: string) => counts(one.unit.id, indicator, one.asOf)
  const figures = one.sections.flatMap((section) => section.indicators).map((key): SubmittedFigure => {
    const { base, unitOfCount, name, isDeclared } = kinds.get(key)!
    const about = { key, name, unitOfCount, base, evidence: one.evidence[key] ?? null }
    if (isDeclared) {
      const numerator = one.summed ? one.summed.of.reduce((sum, unit) => sum + contents.get(unit)!.figures.find((figure) => figure.key === key)!.numerator, 0) : one.declared[key]!
      return { ...about, numerator, denominator: null, share: null, origin: one.summed ? 'summed' : 'declared', declared: numerator }
    }
    const [numerator, denominator] = [count(key), base === null ? null : count(base)]
    return { ...about, numerator, denominator, share: denominator ? numerator / denominator : null, origin: 'counted', declared: key === 'studied' ? Math.min(count('studied-declared'), numerator) : 0 }
  })
  return {
    asOf: one.asOf,
    expected: count('expected'),
    figures,
    texts: one.sections.filter((section) => section.kind !== 'figures').map(({ id, title, kind }) => ({ sectionId: id, title, kind, text: one.texts[id] ?? '' })),
    warnings: [],
    missing: one.summed?.missing ?? [],
  }
}
