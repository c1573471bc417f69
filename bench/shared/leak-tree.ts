import { sql } from 'kysely'
import type pg from 'pg'
import { v7 } from 'uuid'
import { asSystem, asViewer, type Db } from '../../app/db/open.ts'
import { openCampaign, prepareCampaign } from '../../app/features/campaigns/campaigns.server.ts'
import { attachEvidence, evidenceUpload } from '../../app/features/filings/evidence.server.ts'
import { saveText, saveValues } from '../../app/features/filings/filing.server.ts'
import { makeForm } from '../../app/features/filings/forms.server.ts'
import { openRound } from '../../app/features/filings/rounds.server.ts'
import { returnFiling, submitFiling } from '../../app/features/filings/workflow.server.ts'
import { addIndicator } from '../../app/features/indicators/register.server.ts'
import { saveWording } from '../../app/features/narratives/wording.server.ts'
import { askAbout } from '../../app/features/questions/questions.server.ts'
import { askAmendment } from '../../app/features/rights/amendments.server.ts'
import { addCorrection } from '../../app/features/seals/corrections.server.ts'
import { sealCampaignReport } from '../../app/features/seals/seals.server.ts'
import { declareTotals } from '../../app/features/study/declarations.server.ts'
import { takeRoll } from '../../app/features/study/rolls.server.ts'
import { holdSession } from '../../app/features/study/sessions.server.ts'
import type { Ctx, Role, Viewer } from '../../app/permissions/permissions.ts'
import { addDays, today } from '../../app/platform/clock.ts'
import { keepFile, type Files } from '../../app/platform/files/files.ts'
import { openLog } from '../../app/platform/log.ts'
import { hashPassword } from '../../app/web/password.server.ts'

// An organisation of random shape in which everything that tells of somebody carries a number: whatever an answer shows can be
// traced to the row it came from. Who may find which number is decided here from the shape, and shares nothing with the product's SQL.

export type LeakUnit = { id: string; index: number; code: string; name: string; parent: number | null; kind: string }
export type LeakPerson = {
  id: string
  index: number
  username: string
  name: string
  unit: number | null
  offices: { role: Role; unit: number; isOver: boolean }[]
  assigned: { unit: number; isOver: boolean }[]
}
/** Where something is kept, to be asked for by its id or code. */
export type LeakRow = { noun: string; key: string; unit: number }
type Allowed = (scope: LeakScope) => boolean
export type Secret = { what: string; allowed: Allowed }
export type LeakTree = { units: LeakUnit[]; people: LeakPerson[]; rows: LeakRow[]; campaigns: { code: string; unit: number }[]; secrets: Secret[]; day: string; ids: Map<string, Secret> }

/** What one person may find, by index. */
export type LeakScope = { person: number; units: Set<number>; figures: Set<number>; responsible: Set<number>; held: Set<number>; kept: Set<number>; peopleUnits: Set<number>; listed: Set<number>; tops: Set<number>; papers: Set<number>; isAdministrator: boolean }

export const leakPassword = 'thong-suot-leak'

/** Numbers from 0 to 1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const leadingRoles: readonly Role[] = ['city_officer', 'secretary', 'deputy', 'clerk']

/** Decides from the shape alone: offices, assignments and memberships of today, and where units stand. */
export function scopeOf({ units, people }: Pick<LeakTree, 'units' | 'people'>, index: number): LeakScope {
  const person = people[index]!
  const chain = (unit: number): number[] => (units[unit]!.parent === null ? [unit] : [unit, ...chain(units[unit]!.parent!)])
  const chains = units.map((unit) => chain(unit.index))
  const beneath = (tops: number[], most = Infinity) => units.flatMap((unit) => (tops.some((top) => chains[unit.index]!.includes(top) && chains[unit.index]!.indexOf(top) <= most) ? [unit.index] : []))
  const offices = person.offices.filter((office) => !office.isOver)
  const led = offices.filter((office) => leadingRoles.includes(office.role)).map((office) => office.unit)
  const kept = offices.filter((office) => ['secretary', 'deputy', 'clerk'].includes(office.role)).map((office) => office.unit)
  const administered = offices.filter((office) => office.role === 'administrator').map((office) => office.unit)
  const assigned = person.assigned.filter((one) => !one.isOver).map((one) => one.unit)
  const own = [...(person.unit === null ? [] : [person.unit]), ...led]
  const responsible = new Set([...beneath(led), ...beneath(assigned)])
  const figures = new Set([...responsible, ...own.flatMap((unit) => chains[unit]!)])
  return {
    person: index,
    figures,
    responsible,
    units: new Set([...figures, ...beneath(administered), ...[...led, ...assigned, ...administered].flatMap((unit) => chains[unit]!)]),
    held: new Set(led),
    kept: new Set(beneath(kept, 1)),
    peopleUnits: new Set([...beneath(led, 1), ...beneath(assigned)]),
    listed: new Set(beneath(administered)),
    tops: new Set([...led, ...assigned].flatMap((unit) => chains[unit]!)),
    papers: new Set(offices.filter((office) => office.role === 'secretary' || office.role === 'deputy').map((office) => office.unit)),
    isAdministrator: administered.length > 0,
  }
}

/** Makes the organisation with all it keeps in an empty database. */
export async function growLeakTree({ db, pool, files }: { db: Db; pool: pg.Pool; files: Files }, seed: number): Promise<LeakTree> {
  const random = randomFrom(seed)
  const pick = (most: number) => Math.floor(random() * most)
  const tree = shapeOf(random, pick)
  await plantOrganisation(db, tree)
  await plantAccounts({ db, pool }, tree)
  await plantWork({ db, files }, tree, pick)
  await sql`analyze`.execute(db)
  return tree
}

/** A word that carries the next number: "Qz00017". */
function mark(tree: LeakTree, what: string, allowed: Allowed): string {
  tree.secrets.push({ what, allowed })
  return `Qz${String(tree.secrets.length - 1).padStart(5, '0')}`
}

function shapeOf(random: () => number, pick: (most: number) => number): LeakTree {
  const tree: LeakTree = { units: [], people: [], rows: [], campaigns: [], secrets: [], day: today('Asia/Ho_Chi_Minh'), ids: new Map() }
  const unit = (parent: number | null, kind: string) => {
    const index = tree.units.length
    const seen: Allowed = (scope) => scope.units.has(index) || wasTheirs(tree.people[scope.person]!, index) // one's own record names what one left
    const code = mark(tree, `code of unit ${index}`, seen).toLowerCase()
    tree.units.push({ id: v7(), index, code, name: `Đơn vị ${mark(tree, `name of unit ${index}`, seen)}`, parent, kind })
    return index
  }
  const city = unit(null, 'city_committee')
  const communes = Array.from({ length: 3 + pick(2) }, () => unit(city, 'commune_committee'))
  const cells = communes.flatMap((commune) => Array.from({ length: 2 + pick(2) }, () => unit(commune, 'cell')))
  if (random() < 0.5) unit(city, 'commission')

  const person = (unit: number | null, offices: LeakPerson['offices'], assigned: LeakPerson['assigned'] = []) => {
    const index = tree.people.length
    const name = `Nguyễn Văn ${mark(tree, `name of person ${index}`, (scope) => seesName(tree, scope, tree.people[index]!))}`
    tree.people.push({ id: v7(), index, username: `nguoi.${index}`, name, unit, offices, assigned })
  }
  const office = (role: Role, unit: number, isOver = false) => ({ role, unit, isOver })
  const anyCell = () => cells[pick(cells.length)]!
  person(anyCell(), [office('city_officer', city)])
  person(random() < 0.5 ? anyCell() : null, [office('administrator', random() < 0.6 ? city : communes[pick(communes.length)]!)])
  person(anyCell(), [office('inspector', city)], [{ unit: random() < 0.5 ? anyCell() : communes[pick(communes.length)]!, isOver: false }])
  for (const [nth, commune] of communes.entries()) {
    person(anyCell(), [office(nth === 0 || random() < 0.5 ? 'secretary' : 'deputy', commune)])
    person(anyCell(), [office('clerk', commune)])
  }
  for (const cell of cells) {
    person(cell, [office('secretary', cell)])
    for (let more = 2; more > 0; more--) person(cell, random() < 0.25 ? [office('deputy', anyCell(), random() < 0.5)] : [], random() < 0.15 ? [{ unit: anyCell(), isOver: random() < 0.5 }] : [])
  }
  return tree
}

const wasTheirs = (person: LeakPerson, unit: number) => [...person.offices, ...person.assigned].some((one) => one.isOver && one.unit === unit)
const belongs = (person: LeakPerson, units: Set<number>) => person.unit !== null && units.has(person.unit)
/** By name, birth, card and marks. */
const seesPerson = (scope: LeakScope, person: LeakPerson) => person.index === scope.person || belongs(person, scope.peopleUnits)
/** As an entry of the list that an administrator keeps: by membership, or, of those who have none, by offices there alone. */
function isListed(scope: LeakScope, person: LeakPerson): boolean {
  const held = person.offices.filter((office) => !office.isOver)
  return person.unit === null ? held.length > 0 && held.every((office) => scope.listed.has(office.unit)) : scope.listed.has(person.unit)
}
/** By name alone: whoever signs or signed for a unit that is seen, and whose account one keeps. */
function seesName(_tree: LeakTree, scope: LeakScope, person: LeakPerson): boolean {
  return seesPerson(scope, person) || isListed(scope, person) || belongs(person, scope.kept) || person.offices.some((office) => scope.units.has(office.unit))
}

async function plantOrganisation(db: Db, tree: LeakTree): Promise<void> {
  const { units, people, day } = tree
  const seen = (index: number): Allowed => (scope) => scope.units.has(index)
  await db.insertInto('unit').values(units.map(({ id, index, code, name, kind }) => ({ id, code, name, kind, symbol: 'CB', organisation_name: `Đảng bộ ${mark(tree, `organisation of unit ${index}`, seen(index))}`, place: `Nơi ${mark(tree, `place of unit ${index}`, seen(index))}` }))).execute()
  await db.insertInto('unit_parent').values(units.flatMap(({ id, parent }) => (parent === null ? [] : [{ unit_id: id, parent_id: units[parent]!.id }]))).execute()
  await sql`select lay_ancestors()`.execute(db)
  const since = addDays(day, -400)
  for (const person of people) {
    const asPerson: Allowed = (scope) => seesPerson(scope, person) || isListed(scope, person)
    await db.insertInto('person').values({ id: person.id, name: person.name, card_number: mark(tree, `card of person ${person.index}`, asPerson).toUpperCase(), phone: `+84 ${mark(tree, `phone of person ${person.index}`, asPerson)}`, born_on: '1970-01-01' }).execute()
    tree.ids.set(person.id, { what: `id of person ${person.index}`, allowed: (scope) => seesName(tree, scope, person) })
    tree.rows.push({ noun: 'people', key: person.id, unit: person.unit ?? person.offices[0]!.unit })
    if (person.unit !== null) {
      const isExempt = person.index % 7 === 6
      const reason = isExempt ? `Miễn ${mark(tree, `exemption of person ${person.index}`, (scope) => seesPerson(scope, person) || scope.responsible.has(person.unit!))}` : null // levels above get counts and reasons
      await db.insertInto('membership').values({ id: v7(), person_id: person.id, unit_id: units[person.unit]!.id, during: `[${since},)`, status: isExempt ? 'exempt' : 'in_post', exempt_reason: reason }).execute()
    }
    const until = (isOver: boolean) => (isOver ? addDays(day, -1) : addDays(day, 300))
    for (const { role, unit, isOver } of person.offices) await db.insertInto('office').values({ id: v7(), person_id: person.id, unit_id: units[unit]!.id, role, during: `[${since},${until(isOver)})` }).onConflict((conflict) => conflict.doNothing()).execute()
    for (const { unit, isOver } of person.assigned) await db.insertInto('inspection_assignment').values({ id: v7(), person_id: person.id, unit_id: units[unit]!.id, during: `[${since},${until(isOver)})` }).execute()
  }
}

async function plantAccounts({ db }: { db: Db; pool: pg.Pool }, tree: LeakTree): Promise<void> {
  const password = await hashPassword(leakPassword) // one for all: hashing is slow by design
  for (const person of tree.people) {
    const id = v7()
    const own: Allowed = (scope) => scope.person === person.index
    await db.insertInto('account').values({ id, person_id: person.id, username: person.username, display_username: person.username, name: person.name, email: `${id}@account.invalid` }).execute()
    await db.insertInto('account_credential').values({ id: v7(), account_id: id, provider: 'credential', provider_account_id: id, password }).execute()
    await db.insertInto('account_session').values({ id: v7(), account_id: id, token: v7(), expires_at: sql`now() + interval '1 day'`, ip_address: '10.0.0.1', user_agent: `Trình duyệt ${mark(tree, `browser of person ${person.index}`, own)}` }).execute()
    const mayAdminister: Allowed = (scope) => own(scope) || (scope.isAdministrator && isListed(scope, person))
    await db.insertInto('account_token').values({ id: v7(), account_id: id, name: `Máy ${mark(tree, `token of person ${person.index}`, mayAdminister)}`, prefix: 'ts_abcd', hash: sql`sha256(${id}::bytea)`, scope: 'read', ends_on: addDays(tree.day, 30) }).execute()
    tree.rows.push({ noun: 'accounts', key: person.id, unit: person.unit ?? person.offices[0]!.unit })
  }
}

/** Campaigns, sessions, rolls, declarations, reports, questions, seals, wordings, requests and helpers, by the operations that make them. */
async function plantWork({ db, files }: { db: Db; files: Files }, tree: LeakTree, pick: (most: number) => number): Promise<void> {
  const { units, people, day, rows } = tree
  const viewerOf = (person: LeakPerson): Viewer => ({
    personId: person.id, name: person.name, today: day,
    offices: person.offices.filter((office) => !office.isOver).map(({ role, unit }) => ({ role, unitId: units[unit]!.id, unitName: units[unit]!.name })),
  })
  const as = <Result>(person: LeakPerson, work: (ctx: Ctx) => Promise<Result>) => asViewer(db, viewerOf(person), (tx) => work({ tx, viewer: viewerOf(person), source: 'page' }))
  const holder = (unit: number, roles: readonly Role[]) => people.find((person) => person.offices.some((office) => office.unit === unit && !office.isOver && roles.includes(office.role)))
  const figures = (unit: number): Allowed => (scope) => scope.figures.has(unit)
  const responsible = (unit: number): Allowed => (scope) => scope.responsible.has(unit)
  const officer = people[0]!
  const communes = units.filter((unit) => unit.kind === 'commune_committee')
  const cells = units.filter((unit) => unit.kind === 'cell')
  const leaderOf = new Map([...communes, ...cells].map((unit) => [unit.index, holder(unit.index, ['secretary', 'deputy'])!]))

  const open = async (who: LeakPerson, unit: LeakUnit, code: string) => {
    // a campaign reaches down from its unit: whoever leads or checks beneath sees it, and whoever sees its unit's figures
    const seen: Allowed = (scope) => scope.figures.has(unit.index) || scope.tops.has(unit.index)
    tree.campaigns.push({ code, unit: unit.index })
    await as(who, (ctx) => prepareCampaign(ctx, {
      code, name: `Đợt ${mark(tree, `campaign of unit ${unit.index}`, seen)}`, unitCode: unit.code, studyFrom: addDays(day, -30), studyTo: addDays(day, 30), dataDay: addDays(day, 30), exemptExpected: false, whoWrites: 'in_post',
      resolutions: [{ code: `nq-${code}`, name: `Nghị quyết ${mark(tree, `resolution of unit ${unit.index}`, seen)}`, topics: [`Chuyên đề ${mark(tree, `topic of unit ${unit.index}`, seen)}`] }], categories: ['Đảng viên'],
    }))
    await as(who, (ctx) => openCampaign(ctx, { campaignCode: code, openedOn: addDays(day, -30) }))
  }
  await open(officer, units[0]!, 'dot-thanh-pho')
  await open(leaderOf.get(communes[0]!.index)!, communes[0]!, 'dot-xa')
  const topicIds = (await db.selectFrom('topic').innerJoin('campaign', 'campaign.id', 'topic.campaign_id').select('topic.id').where('campaign.code', '=', 'dot-thanh-pho').execute()).map((topic) => topic.id)

  for (const unit of [...communes, ...cells]) {
    const who = leaderOf.get(unit.index)!
    const session = await as(who, (ctx) => holdSession(ctx, { campaignCode: 'dot-thanh-pho', unitCode: unit.code, kind: 'class', name: `Lớp ${mark(tree, `session of unit ${unit.index}`, figures(unit.index))}`, place: `Hội trường ${mark(tree, `place of a session of unit ${unit.index}`, figures(unit.index))}`, categories: [], sittings: [{ heldOn: addDays(day, -5), topicIds }] }))
    rows.push({ noun: 'sessions', key: session.sessionId, unit: unit.index }, { noun: 'sittings', key: session.sittingIds[0]!, unit: unit.index })
    const roll = people.filter((person) => person.unit === unit.index && person.index % 7 !== 6)
    const marks = roll.map((person, nth) => nth === 0
      ? { personId: person.id, status: 'excused' as const, reason: `Bận ${mark(tree, `reason of absence of person ${person.index}`, (scope) => seesPerson(scope, person))}` }
      : { personId: person.id, status: 'present' as const })
    if (marks.length > 0) await as(who, (ctx) => takeRoll(ctx, { sittingId: session.sittingIds[0]!, marks }))
  }
  const declaring = cells.at(-1)!
  const category = await db.selectFrom('category').innerJoin('campaign', 'campaign.id', 'category.campaign_id').select('category.key').where('campaign.code', '=', 'dot-thanh-pho').executeTakeFirstOrThrow()
  await as(leaderOf.get(declaring.index)!, (ctx) => declareTotals(ctx, { campaignCode: 'dot-thanh-pho', unitCode: declaring.code, declaredOn: addDays(day, -2), studied: { [category.key]: 1 }, note: `Ghi chú ${mark(tree, `note of a declaration of unit ${declaring.index}`, figures(declaring.index))}` }))

  // a commune asks its cells; the city asks its communes
  const ask = async (who: LeakPerson, unit: LeakUnit) => {
    // what is asked is seen with the unit's figures, and with a report that answers it
    const asked: Allowed = (scope) => scope.figures.has(unit.index) || units.some((one) => one.parent === unit.index && scope.responsible.has(one.index))
    const named = `Sổ ${mark(tree, `figure of unit ${unit.index}`, asked)}`
    const key = `so-rieng-${unit.index}`
    await as(who, (ctx) => addIndicator(ctx, { unitCode: unit.code, key, name: named, unitOfCount: 'people', partOf: [], notMoreThan: [] }))
    const { formId } = await as(who, (ctx) => makeForm(ctx, { unitCode: unit.code, campaignCode: 'dot-thanh-pho', name: `Mẫu ${mark(tree, `form of unit ${unit.index}`, asked)}`, kind: 'month', sections: [{ kind: 'figures', title: 'Số liệu', indicators: ['studied', key] }, { kind: 'difficulties', title: 'Khó khăn', indicators: [] }] }))
    const { roundId } = await as(who, (ctx) => openRound(ctx, { unitCode: unit.code, formId, name: `Kỳ ${mark(tree, `round of unit ${unit.index}`, asked)}`, asOf: addDays(day, -1), dueOn: addDays(day, 5), dueTime: '17:00' }, 'Asia/Ho_Chi_Minh'))
    rows.push({ noun: 'forms', key: formId, unit: unit.index }, { noun: 'rounds', key: roundId, unit: unit.index })
    const filings = await db.selectFrom('filing').select(['id', 'unit_id']).where('round_id', '=', roundId).where('is_consolidated', '=', false).execute()
    const section = await db.selectFrom('report_form_section').select('id').where('form_id', '=', formId).where('kind', '=', 'difficulties').executeTakeFirstOrThrow()
    for (const [nth, filing] of filings.entries()) {
      const of = units.find((one) => one.id === filing.unit_id)!
      const filer = leaderOf.get(of.index)!
      rows.push({ noun: 'filings', key: filing.id, unit: of.index })
      const isHandedUp = nth % 2 === 0
      const text = mark(tree, `${isHandedUp ? 'report' : 'draft'} of unit ${of.index}`, isHandedUp ? responsible(of.index) : (scope) => scope.held.has(of.index))
      await as(filer, (ctx) => saveText(ctx, { filingId: filing.id, sectionId: section.id, text: `Khó khăn ${text}`, version: 0 }))
      await as(filer, (ctx) => saveValues(ctx, { filingId: filing.id, values: { [key]: { value: 7 } } }))
      const proof = mark(tree, `proof of unit ${of.index}`, isHandedUp ? responsible(of.index) : (scope) => scope.held.has(of.index))
      const file = await keepFile(files, Buffer.from(`%PDF-1.4\n${proof}\n%%EOF`), { ...evidenceUpload.takes('file')!, name: `anh-${proof}.pdf` })
      const { evidenceId } = await as(filer, (ctx) => attachEvidence(ctx, { filingId: filing.id, indicator: key, file }))
      rows.push({ noun: 'evidence', key: `${filing.id}/evidence/${evidenceId}`, unit: of.index })
      if (!isHandedUp) continue
      const { version } = await db.selectFrom('filing').select('version').where('id', '=', filing.id).executeTakeFirstOrThrow()
      const submitted = await as(filer, (ctx) => submitFiling(ctx, { filingId: filing.id, version, reasons: {} })).catch(() => null)
      if (!submitted || nth % 4 !== 0) continue
      const { version: now } = await db.selectFrom('filing').select('version').where('id', '=', filing.id).executeTakeFirstOrThrow()
      await as(who, (ctx) => returnFiling(ctx, { filingId: filing.id, version: now, comment: `Xem lại ${mark(tree, `comment on unit ${of.index}`, responsible(of.index))}` }))
    }
  }
  await ask(officer, units[0]!)
  for (const commune of communes.slice(0, 2)) await ask(leaderOf.get(commune.index)!, commune)

  for (const unit of [...communes, ...cells.filter((_, nth) => nth % 2 === 0)]) {
    const who = leaderOf.get(unit.parent!) ?? officer
    const { questionId } = await as(who, (ctx) => askAbout(ctx, { campaignCode: 'dot-thanh-pho', unitCode: unit.code, key: 'studied', asOf: addDays(day, -1), text: `Vì sao ${mark(tree, `question to unit ${unit.index}`, responsible(unit.index))}`, dueOn: addDays(day, 3) }))
    rows.push({ noun: 'questions', key: questionId, unit: unit.index })
  }
  for (const unit of [communes[0]!, cells[0]!, communes.at(-1)!]) {
    const who = leaderOf.get(unit.index)!
    const { code } = await as(who, (ctx) => sealCampaignReport(ctx, { campaignCode: 'dot-thanh-pho', unitCode: unit.code, asOf: addDays(day, -1) }))
    rows.push({ noun: 'seals', key: code, unit: unit.index })
    await as(who, (ctx) => addCorrection(ctx, { code, indicator: 'studied', numerator: 0, denominator: 1, reason: `Sót ${mark(tree, `correction of unit ${unit.index}`, figures(unit.index))}` }))
    await as(who, (ctx) => saveWording(ctx, { unitCode: unit.code, key: 'overall', text: `Kết quả {studied} ${mark(tree, `wording of unit ${unit.index}`, figures(unit.index))}`, version: 0 }))
  }
  await plantRequests(db, tree, as)
  await plantDocuments(db, tree)
  for (const [nth, person] of people.entries()) {
    if (person.unit === null || nth % 3 !== 0) continue
    const helper = people[pick(people.length)]!
    if (helper === person) continue
    const id = v7()
    const reason = `Mắt kém ${mark(tree, `helper of person ${person.index}`, (scope) => scope.person === helper.index || seesPerson(scope, person))}`
    await db.insertInto('acting').values({ id, helper_id: helper.id, helped_id: person.id, unit_id: units[person.unit]!.id, during: `[${addDays(day, -3)},${addDays(day, 30)})`, reason, recorded_by: (helper === officer ? person : officer).id, source: 'page' }).execute()
    rows.push({ noun: 'acting', key: id, unit: person.unit })
    // the two of a naming see each other's name
    allowAlso(tree, `name of person ${person.index}`, (scope) => scope.person === helper.index)
    allowAlso(tree, `name of person ${helper.index}`, (scope) => seesPerson(scope, person))
    for (const [one, also] of [[person, (scope: LeakScope) => scope.person === helper.index], [helper, (scope: LeakScope) => seesPerson(scope, person)]] as const) {
      const before = tree.ids.get(one.id)!
      tree.ids.set(one.id, { ...before, allowed: (scope) => before.allowed(scope) || also(scope) })
    }
  }
}

function allowAlso(tree: LeakTree, what: string, also: Allowed): void {
  const secret = tree.secrets.find((one) => one.what === what)!
  const before = secret.allowed
  secret.allowed = (scope) => before(scope) || also(scope)
}

/** Documents, materials, what people said of them, and duties: of a commune and every other cell, drafts beside what went out. */
async function plantDocuments(db: Db, tree: LeakTree): Promise<void> {
  const { units, people, day, rows } = tree
  const { id: campaign_id } = await db.selectFrom('campaign').select('id').where('code', '=', 'dot-thanh-pho').executeTakeFirstOrThrow()
  const recorded_by = people[0]!.id
  const working = [units.find((unit) => unit.kind === 'commune_committee')!, ...units.filter((unit) => unit.kind === 'cell').filter((_, nth) => nth % 2 === 0)]
  for (const unit of working) {
    for (const isOut of [false, true]) {
      const seen: Allowed = isOut ? (scope) => scope.figures.has(unit.index) : (scope) => scope.held.has(unit.index)
      const said = (what: string) => mark(tree, `${isOut ? '' : 'draft of a '}${what} of unit ${unit.index}`, seen)
      const document_id = v7()
      await db.insertInto('document').values({
        id: document_id, unit_id: unit.id, issuer_id: unit.id, campaign_id, type: 'plan', grammar: 'party', symbol: 'CB', abstract: `Việc ${said('document')}`, text: `Chữ ${said('text')}`, source: 'page',
        ...(isOut ? { state: 'issued', number: 1, issued_on: day, issued_at: new Date() } : { state: 'draft' }),
      }).execute()
      await db.insertInto('document_clause').values({ id: v7(), document_id, unit_id: unit.id, key: 'I', text: `Mục ${said('clause')}`, position: 1, depth: 1, source: 'page' }).execute()
      rows.push({ noun: 'documents', key: document_id, unit: unit.index }, ...(isOut ? [] : [{ noun: 'drafts', key: document_id, unit: unit.index }]))
      const [material_id, version_id] = [v7(), v7()]
      const published_at = isOut ? new Date() : null
      await db.insertInto('material').values({ id: material_id, unit_id: unit.id, campaign_id, kind: 'outline', title: `Tài liệu ${said('material')}`, published_at, recorded_by, source: 'page' }).execute()
      await db.insertInto('material_version').values({ id: version_id, material_id, unit_id: unit.id, number: 1, text: `Lời ${said('material text')}`, published_at, published_on: isOut ? day : null, recorded_by }).execute()
      rows.push({ noun: 'materials', key: material_id, unit: unit.index })
      if (!isOut) continue
      const request_id = v7()
      await db.insertInto('acknowledgement_request').values({ id: request_id, unit_id: unit.id, version_id, depth: 'can_say', whom: 'members', due_on: day, asked_on: day, recorded_by, source: 'page' }).execute()
      rows.push({ noun: 'acknowledgements', key: request_id, unit: unit.index })
      const person = people.find((one) => one.unit === unit.index)
      if (!person) continue
      const id = v7()
      const sentence = `Với tôi ${mark(tree, `sentence of person ${person.index}`, (scope) => scope.person === person.index || scope.papers.has(unit.index))}`
      await db.insertInto('acknowledgement').values({ id, request_id, person_id: person.id, unit_id: unit.id, depth: 'can_say', answered_on: day, recorded_by: person.id, source: 'page' }).execute()
      await db.insertInto('acknowledgement_sentence').values({ acknowledgement_id: id, person_id: person.id, unit_id: unit.id, sentence }).execute()
      await db.insertInto('notice').values({ person_id: person.id, kind: 'document-received', about_type: 'unit', about_id: unit.id, facts: { document: mark(tree, `notice of person ${person.index}`, (scope) => scope.person === person.index), issuer: 'X' }, path: '/documents', is_required: true, is_urgent: false, by_office: false }).execute()
    }
    const rule_id = v7()
    // what is ordered is read by everybody it reaches, and by those above and who checks beneath
    const ordered = mark(tree, `rule of unit ${unit.index}`, (scope) => scope.figures.has(unit.index) || scope.tops.has(unit.index))
    await db.insertInto('duty_rule').values({ id: rule_id, campaign_id, unit_id: unit.id, kind: 'document', title: `Việc ${ordered}`, due_mode: 'day', due_on: day, state: 'active', source: 'page' }).execute()
    const waived = mark(tree, `waiver of unit ${unit.index}`, (scope) => scope.responsible.has(unit.index))
    const duty = await db.insertInto('duty').values({ rule_id, campaign_id, unit_id: unit.id, kind: 'document', due_on: day, detail: '{"type": "plan"}', laid_on: day, waived_at: new Date(), waived_reason: `Lý do ${waived}` }).returning('id').executeTakeFirstOrThrow()
    rows.push({ noun: 'duties', key: duty.id, unit: unit.index }, { noun: 'duties', key: rule_id, unit: unit.index })
  }
}

/** Requests to put something right, and files that somebody brought in. */
async function plantRequests(db: Db, tree: LeakTree, as: <Result>(person: LeakPerson, work: (ctx: Ctx) => Promise<Result>) => Promise<Result>): Promise<void> {
  for (const person of tree.people) {
    const place = person.unit ?? person.offices[0]!.unit
    const seen: Allowed = (scope) => scope.person === person.index || scope.kept.has(place)
    if (person.index % 2 === 0) {
      const { amendmentId } = await as(person, (ctx) => askAmendment(ctx, { item: 'name', wanted: `Tên ${mark(tree, `request of person ${person.index}`, seen)}`, reason: `Vì ${mark(tree, `reason of a request of person ${person.index}`, seen)}` }))
      tree.rows.push({ noun: 'amendments', key: amendmentId, unit: place })
    }
    if (person.offices.length > 0) {
      const id = v7()
      const own: Allowed = (scope) => scope.person === person.index
      await db.insertInto('import').values({ id, person_id: person.id, kind: 'members', effective_on: tree.day, source: 'page', file_name: `danh-sach-${mark(tree, `file of person ${person.index}`, own)}.xlsx`, state: 'cancelled', ended_at: new Date() }).execute()
      tree.rows.push({ noun: 'imports', key: id, unit: place })
    }
  }
  await asSystem(db, openLog('silent'), 'a marked change of a membership', async (tx) => {
    for (const person of tree.people.filter((one) => one.unit !== null && one.index % 4 === 0)) {
      const reason = `Chuyển ${mark(tree, `change of person ${person.index}`, (scope) => seesPerson(scope, person))}`
      await tx.insertInto('member_change').values({ id: v7(), person_id: person.id, kind: 'joined', unit_id: tree.units[person.unit!]!.id, from_day: addDays(tree.day, -400), reason, before: '[]', after: '[]', source: 'page' }).execute()
    }
  })
}

/** Adds people with a membership, an office, an account, a request, a helper and a file to a unit; none of them is on a roster, so no figure counts them. */
export async function plantMore(db: Db, tree: LeakTree, unit: number): Promise<void> {
  const { units, day } = tree
  const unitId = units[unit]!.id
  const made = [v7(), v7(), v7()]
  await db.insertInto('person').values(made.map((id, nth) => ({ id, name: `Nguyễn Văn Qz99${nth}99`, card_number: `QZ98${nth}99`, born_on: '1970-01-01' }))).execute()
  await db.insertInto('membership').values(made.map((id) => ({ id: v7(), person_id: id, unit_id: unitId, during: `[${addDays(day, -1)},)`, status: 'in_post' }))).execute()
  await db.insertInto('office').values({ id: v7(), person_id: made[0]!, unit_id: unitId, role: 'deputy', during: `[${addDays(day, -1)},)` }).execute()
  const account = v7()
  await db.insertInto('account').values({ id: account, person_id: made[0]!, username: 'nguoi.moi', display_username: 'nguoi.moi', name: 'Qz', email: `${account}@account.invalid` }).execute()
  await db.insertInto('amendment').values({ id: v7(), person_id: made[1]!, asked_by: made[1]!, unit_id: unitId, item: 'name', held: 'x', wanted: 'y', reason: 'z', due_on: day }).execute()
  await db.insertInto('acting').values({ id: v7(), helper_id: made[0]!, helped_id: made[1]!, unit_id: unitId, during: `[${day},${addDays(day, 30)})`, reason: 'x', recorded_by: made[2]!, source: 'page' }).execute()
  await db.insertInto('import').values({ id: v7(), person_id: made[0]!, kind: 'members', effective_on: day, source: 'page', file_name: 'x.xlsx', state: 'cancelled', ended_at: new Date() }).execute()
}
