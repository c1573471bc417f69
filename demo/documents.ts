import type pg from 'pg'
import { writeBooklet } from '../app/features/materials/booklet.server.ts'
import { addDays, type Day } from '../app/platform/clock.ts'
import type { City } from './city.ts'
import { acknowledged, booklet, chain, outline, ownClauses, planClauses, plansBeneath, programmesOfCaucuses, rules } from './documents-told.ts'
import type { Entry } from './history/trail.ts'
import { instant } from './history/sessions.ts'
import type { People, Person } from './people.ts'
import { idOf, idsOf, type Random, randomOf } from './random.ts'
import type { openTables } from './tables.ts'
import type { Tree, Unit } from './units.ts'

type Tables = ReturnType<typeof openTables>
type Told = { city: City; tree: Tree; people: People; campaignId: string }
type Issued = { id: string; unit: Unit; day: Day }

/**
 * The documents of 2021 from the directive down to the communes, the duties the city's plan set, and what members were given to study with, as the
 * operations would have left them. Duties themselves are laid once the counts are kept: layDuties.
 */
export function issueDocuments(tables: Tables, told: Told): { entries: Entry[]; ruleIds: string[] } {
  const { city, tree, people } = told
  const writer = writerOf(tables, told)
  const officer = people.holder(tree.root, 'city_officer')!
  keepTerms(tables, told)

  const byKey = new Map<string, Issued>()
  for (const one of chain) {
    const id = idOf(city.seed, 'document', one.key)
    byKey.set(one.key, { id, unit: tree.root, day: one.day })
    writer.document({ ...one, id, unit: tree.root, by: officer })
  }
  for (const one of chain) for (const above of one.carriesOut) writer.relate(byKey.get(one.key)!.id, 'carries_out', byKey.get(above)!.id)
  const plan = byKey.get('plan')!
  const tops = tree.root.children.filter((unit) => unit.code in plansBeneath)
  const random = randomOf(city.seed, 'documents')
  for (const key of ['letter', 'plan', 'programme']) writer.send(byKey.get(key)!, tops)
  writer.clauses(plan, planClauses, chain.find((one) => one.key === 'plan')!.at, officer)
  issueBeneath(writer, told, plan, tops, random)
  for (const [code, { number, day }] of Object.entries(programmesOfCaucuses)) {
    const unit = tree.byCode.get(code)!
    const id = idOf(city.seed, 'document', `programme ${code}`)
    writer.document({ key: code, type: 'action_programme', number, symbol: unit.symbol ?? 'ĐĐ', day, at: instant(day, 16 * 60, random), abstract: 'Chương trình hành động thực hiện Nghị quyết Đại hội XIII', text: 'Chỉ tiêu và nhiệm vụ của đơn vị.', id, unit, by: officer })
    writer.relate(id, 'carries_out', byKey.get('programme')!.id)
  }
  writer.flush()
  const ruleIds = orderDuties(tables, told, byKey, officer, writer.entries)
  handOutMaterials(tables, told, officer, writer.entries)
  askHeads(tables, told, plan, officer, writer.entries)
  return { entries: writer.entries, ruleIds }
}

/** Lays the duties of the rules and finds what has fulfilled them, as the jobs would. */
export async function layDuties(client: pg.PoolClient, { campaignId, ruleIds }: { campaignId: string; ruleIds: string[] }): Promise<void> {
  for (const ruleId of ruleIds) {
    const { rows } = await client.query<{ laying: string }>(`select begin_laying($1, 'made', deployment_day(now()), null) as laying`, [ruleId])
    for (;;) {
      const { rows: chunk } = await client.query<{ more: boolean }>('select lay_chunk($1, 2000) as more', [rows[0]!.laying])
      if (!chunk[0]!.more) break
    }
  }
  await client.query('analyze duty')
  await client.query('select settle_duties_by_id(array(select duty.id from duty where duty.campaign_id = $1), deployment_day(now()))', [campaignId])
}

function keepTerms(tables: Tables, { city, tree }: Told): void {
  for (const unit of [tree.root, ...tree.root.children])
    tables.add('committee_term', { id: idOf(city.seed, 'term', unit.code), unit_id: unit.id, name: 'Nhiệm kỳ 2020 – 2025', during: '[2020-08-01,2025-07-01)', version: 1 })
}

type Writing = { key: string; id: string; type: string; number: number; symbol: string; issuer?: string; day: Day; receivedOn?: Day; at: string; abstract: string; text: string; unit: Unit; by: Person }

/** Collects rows, which must come table by table; `flush` writes them in the order in which they refer to each other. */
function writerOf(tables: Tables, { city, campaignId, people }: Told) {
  const entries: Entry[] = []
  const rows = { document: [] as Row[], document_relation: [] as Row[], document_recipient: [] as Row[], document_clause: [] as Row[], clause_answer: [] as Row[] }
  const nextRecipient = idsOf(city.seed, 'recipient')
  const random = randomOf(city.seed, 'received')
  return {
    entries,
    document({ id, type, number, symbol, issuer, day, receivedOn, at, abstract, text, unit, by }: Writing): void {
      rows.document.push({
        id, unit_id: unit.id, issuer_id: issuer ? null : unit.id, issuer_name: issuer ?? null, campaign_id: campaignId, type, grammar: 'party', number, symbol,
        abstract, urgency: 'normal', issued_on: day, received_on: receivedOn ?? null, place: issuer ? 'Hà Nội' : unit.place, ...signed(issuer ? null : people.holder(unit, 'secretary')), text, state: 'issued',
        recorded_at: at, recorded_by: by.id, source: 'page', issued_at: at, issued_by: by.id, version: 2,
      })
      entries.push({ at, by, action: issuer ? 'document.registered' : 'document.issued', unit, type: 'document', id, detail: { type, number, issuedOn: day } })
    },
    relate(from_id: string, kind: string, to_id: string): void {
      rows.document_relation.push({ from_id, kind, to_id })
    },
    /** To units as they received it within some days; a few have not said so. */
    send({ id, day }: Issued, units: Unit[]): void {
      rows.document_recipient.push({ id: nextRecipient(), document_id: id, unit_id: null, name: 'Các đơn vị trực thuộc', position: 0, is_beneath: true, is_one_of_them: false, received_at: null, received_by: null })
      for (const [index, unit] of units.entries()) {
        const receiver = random.chance(0.03) ? null : people.holder(unit, 'secretary')
        const received_at = receiver ? instant(addDays(day, random.between(1, 4)), random.between(8, 20) * 60 + random.between(0, 59), random) : null
        rows.document_recipient.push({ id: nextRecipient(), document_id: id, unit_id: unit.id, name: unit.name, position: index + 1, is_beneath: false, is_one_of_them: true, received_at, received_by: receiver?.id ?? null })
      }
    },
    clauses({ id, unit }: Issued, clauses: { key: string; depth: number; text: string }[], at: string, by: Person): void {
      for (const [index, { key, depth, text }] of clauses.entries())
        rows.document_clause.push({ id: idOf(city.seed, 'clause', `${id} ${key}`), document_id: id, unit_id: unit.id, key, text, position: index + 1, depth, recorded_at: at, recorded_by: by.id, source: 'page' })
    },
    /** Each of these clauses of the document above by one of its own, which are numbered anew beneath each part. */
    answer(above: Issued, keys: string[], { id, unit }: Issued, at: string, by: Person): void {
      const own = ownKeysOf(keys)
      this.clauses({ id, unit, day: at.slice(0, 10) }, keys.map((key) => ({ key: own.get(key)!, depth: 2, text: ownClauses[key]!.text })), at, by)
      for (const key of keys)
        rows.clause_answer.push({ id: idOf(city.seed, 'answer', `${id} ${key}`), clause_id: idOf(city.seed, 'clause', `${above.id} ${key}`), by_document_id: id, by_clause_id: idOf(city.seed, 'clause', `${id} ${own.get(key)!}`), unit_id: unit.id, recorded_at: at, recorded_by: by.id, source: 'page' })
    },
    flush(): void {
      for (const [name, some] of Object.entries(rows)) for (const row of some) tables.add(name, row)
    },
  }
}
type Row = Parameters<Tables['add']>[1]

/** As the secretary of a committee signs; what came from above keeps to its own paper. */
const signed = (secretary: Person | null) => ({ signed_as: secretary && 'T/M BAN THƯỜNG VỤ', signer_position: secretary && 'BÍ THƯ', signer_name: secretary && secretary.name })

function ownKeysOf(keys: string[]): Map<string, string> {
  const parts = ['I', 'II', 'III', 'IV']
  const used = parts.filter((part) => keys.some((key) => ownClauses[key]!.part === part))
  const inPart = new Map<string, number>()
  return new Map(
    keys.map((key) => {
      const { part } = ownClauses[key]!
      inPart.set(part, (inPart.get(part) ?? 0) + 1)
      return [key, `${parts[used.indexOf(part)]!}.${inPart.get(part)!}`]
    }),
  )
}
type Writer = ReturnType<typeof writerOf>

/** The plans of the committees directly beneath, each answering clauses of the city's, and of their communes as far as they got. */
function issueBeneath(writer: Writer, { city, people }: Told, plan: Issued, tops: Unit[], random: Random): void {
  for (const top of tops) {
    const own = plansBeneath[top.code]
    if (!own) continue
    const by = people.holder(top, 'secretary') ?? people.holder(top, 'clerk')!
    const at = instant(own.day, random.between(8, 16) * 60 + random.between(0, 59), random)
    const issued = { id: idOf(city.seed, 'document', `plan ${top.code}`), unit: top, day: own.day }
    const text = `Học xong trong đảng bộ trước ngày ${top.kind === 'attached_committee' ? '10' : '15'}/6/2021.`
    writer.document({ ...issued, key: top.code, type: 'plan', number: own.number, symbol: top.symbol ?? 'ĐU', at, abstract: 'Học tập, quán triệt, tuyên truyền và triển khai thực hiện Nghị quyết Đại hội XIII', text, by })
    writer.relate(issued.id, 'carries_out', plan.id)
    writer.answer(plan, own.clauses, issued, at, by)
    const communes = top.children.filter((unit) => unit.kind === 'commune_committee')
    writer.send(issued, communes.length > 0 ? top.children.filter((unit) => membersOf(unit) > 0) : cellsOf(top))
    for (const [index, commune] of communes.entries()) {
      if (index + 1 > Math.round(communes.length * own.communes)) continue
      const day = addDays(own.day, random.between(4, 17))
      const secretary = people.holder(commune, 'secretary') ?? by
      const id = idOf(city.seed, 'document', `plan ${commune.code}`)
      const commonAt = instant(day, random.between(8, 16) * 60 + random.between(0, 59), random)
      writer.document({ id, unit: commune, day, key: commune.code, type: 'plan', number: random.between(6, 24), symbol: commune.symbol ?? 'ĐU', at: commonAt, abstract: 'Học tập, quán triệt Nghị quyết Đại hội XIII trong đảng bộ', text: 'Lịch học của từng chi bộ kèm theo.', by: secretary })
      writer.relate(id, 'carries_out', issued.id)
      writer.send({ id, unit: commune, day }, cellsOf(commune))
    }
  }
}

/** The rules that the city set when it issued what they stand on. */
function orderDuties(tables: Tables, { city, tree, campaignId }: Told, byKey: Map<string, Issued>, officer: Person, entries: Entry[]): string[] {
  return rules.map(({ key, basis, kind, title, detail, who, due }, index) => {
    const id = idOf(city.seed, 'duty rule', key)
    const { id: basisId, day } = byKey.get(basis)!
    const at = `${day}T16:${String(10 + index)}:00+07:00`
    tables.add('duty_rule', {
      id, campaign_id: campaignId, unit_id: tree.root.id, basis_id: basisId, kind, title, kinds: `{${who.kinds.join(',')}}`, depth_to: who.depth_to, detail: JSON.stringify(detail),
      due_mode: due.due_mode, due_on: due.due_on ?? null, due_days: due.due_days ?? null, state: 'laying', recorded_at: at, recorded_by: officer.id, source: 'page',
    })
    entries.push({ at, by: officer, action: 'duties.ordered', unit: tree.root, type: 'duty_rule', id, detail: { kind } })
    return id
  })
}

/** Every head beneath the city was asked to read its plan; most have, one in seven without saying what changes, a few not at all. */
function askHeads(tables: Tables, { city, tree, people }: Told, plan: Issued, officer: Person, entries: Entry[]): void {
  const random = randomOf(city.seed, 'heads')
  const id = idOf(city.seed, 'acknowledgement request', 'plan')
  const { at, askedOn, dueOn, sentences } = acknowledged
  tables.add('acknowledgement_request', { id, unit_id: tree.root.id, document_id: plan.id, depth: 'can_say', whom: 'heads', due_on: dueOn, asked_on: askedOn, recorded_at: at, recorded_by: officer.id, source: 'page' })
  entries.push({ at, by: officer, action: 'acknowledgement.asked', unit: tree.root, type: 'acknowledgement_request', id, detail: { depth: 'can_say', dueOn } })
  const answered = new Set<string>()
  for (const unit of tree.units) {
    const head = unit === tree.root ? null : people.holder(unit, 'secretary')
    if (!head || answered.has(head.id)) continue
    answered.add(head.id)
    if (!head.named && random.chance(0.04)) continue
    const depth = !head.named && random.chance(0.14) ? 'read' : 'can_say'
    const day = addDays(askedOn, random.between(0, 20))
    const givenId = idOf(city.seed, 'acknowledgement', head.id)
    const sentence = sentences[random.between(0, sentences.length - 1)]!
    tables.add('acknowledgement', { id: givenId, request_id: id, person_id: head.id, unit_id: unit.id, depth, answered_on: day, recorded_at: instant(day, random.between(7, 21) * 60, random), recorded_by: head.id, source: 'page' })
    if (depth === 'can_say') tables.add('acknowledgement_sentence', { acknowledgement_id: givenId, person_id: head.id, unit_id: head.unit.id, sentence })
  }
}

/** An outline to read and a booklet to search; its printed copies went down to the cells, most of them in time. */
function handOutMaterials(tables: Tables, { city, tree, people, campaignId }: Told, officer: Person, entries: Entry[]): void {
  const random = randomOf(city.seed, 'materials')
  const materials = [
    { ...outline, reachBy: null as Day | null },
    { ...booklet, text: writeBooklet(booklet.questions) },
  ].map((one) => ({ ...one, id: idOf(city.seed, 'material', one.key), versionId: idOf(city.seed, 'material version', one.key) }))
  const common = { recorded_by: officer.id, source: 'page' }
  for (const { id, kind, title, reachBy, at } of materials) {
    tables.add('material', { id, unit_id: tree.root.id, campaign_id: campaignId, kind, title, reach_by: reachBy, published_at: at, version: 2, recorded_at: at, ...common })
    entries.push({ at, by: officer, action: 'material.published', unit: tree.root, type: 'material', id, detail: { number: 1 } })
  }
  for (const { id, versionId, text, at, day } of materials)
    tables.add('material_version', { id: versionId, material_id: id, unit_id: tree.root.id, number: 1, text, published_at: at, published_on: day, recorded_at: at, recorded_by: officer.id })
  const book = materials.find((one) => one.kind === 'booklet')!
  for (const [index, { part, question, answer }] of booklet.questions.entries())
    tables.add('booklet_question', { id: idOf(city.seed, 'question', String(index)), version_id: book.versionId, position: index + 1, part, question, answer })
  const nextCopy = idsOf(city.seed, 'copies')
  const handDown = (from: Unit, sentOn: Day) => {
    for (const unit of from.children) {
      const members = membersOf(unit)
      if (members === 0) continue
      const days = random.between(1, 5)
      const receivedOn = random.chance(0.02) ? addDays(booklet.reachBy, random.between(1, 9)) : addDays(sentOn, days)
      const isCounted = !random.chance(0.02)
      const by = people.holder(unit, 'secretary') ?? officer
      tables.add('material_copy', {
        id: nextCopy(), material_id: book.id, version_id: book.versionId, campaign_id: campaignId, from_unit_id: from.id, unit_id: unit.id, sent: members, sent_on: sentOn, reach_by: booklet.reachBy,
        received: isCounted ? members - (random.chance(0.05) ? random.between(1, Math.min(members, 3)) : 0) : null, received_on: isCounted ? receivedOn : null,
        recorded_at: instant(isCounted ? receivedOn : sentOn, 9 * 60, random), recorded_by: by.id, source: 'page',
      })
      if (isCounted) handDown(unit, addDays(receivedOn, 1))
    }
  }
  handDown(tree.root, '2021-04-12')
}

const cellsOf = (unit: Unit): Unit[] => unit.children.flatMap((child) => (child.kind === 'cell' ? [child] : cellsOf(child)))

const membersOf = (unit: Unit): number => unit.expected + unit.children.reduce((sum, child) => sum + membersOf(child), 0)
