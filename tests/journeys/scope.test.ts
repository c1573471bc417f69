import { beforeAll, expect, test } from 'vitest'
import routes from '../../app/routes.ts'
import { demoDatabase } from '../demo.ts'
import { readDocx, readZip } from '../read-docx.ts'
import { readPdf } from '../read-pdf.ts'
import { markCity, type MarkedCity } from './marked-city.ts'
import { readRecords, scopeOf, type Records, type Scope } from './scope-oracle.ts'
import { serve, sessionOf } from './site.ts'

const database = await demoDatabase()
const { pool } = database
const served = await serve(database)
let city: MarkedCity
let records: Records
let rosters: Map<string, MarkedCity['people']>

beforeAll(async () => {
  city = await markCity(pool)
  records = await readRecords(pool)
  await writeDocuments()
  const byId = new Map(city.people.map((person) => [person.id, person]))
  rosters = new Map([...Map.groupBy(records.roster, (row) => row.unit_id)].map(([unitId, rows]) => [unitId, rows.map((row) => byId.get(row.person_id)!)]))
  await writeWork()
  const { paths } = (await (await fetch(`${served.url}/api/openapi.json`)).json()) as { paths: Record<string, object> }
  operations = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`))
}, 120_000)

const campaign = 'nq-dai-hoi-xiii'
const [day, earlier] = ['2021-06-30', '2021-04-15']
const keys = ['studied', 'studied-at-national-conference', 'exempt', 'expected', 'on-roster', 'studied-declared', 'must-write', 'attendances', 'non-member-attendances']

/** Units near and far, by the code they had. */
const near = ['vinh-thanh-thanh-loc-ap-tan-an', 'vinh-thanh-thanh-loc', 'vinh-thanh', 'can-tho', 'thoi-lai'] as const
const far = ['ninh-kieu', 'dai-hoc-can-tho', 'ban-tuyen-giao']

const people = {
  'ut.tanan': { who: 'the secretary of a cell', own: 'vinh-thanh-thanh-loc-ap-tan-an' },
  'lan.tanan': { who: 'a member', own: 'vinh-thanh-thanh-loc-ap-tan-an' },
  'vanphong.thanhloc': { who: 'the clerk of a commune', own: 'vinh-thanh-thanh-loc' },
  'bithu.vinhthanh': { who: 'the secretary of a district', own: 'vinh-thanh' },
  'ha.city': { who: 'the city officer', own: 'can-tho' },
  kiemtra: { who: 'an inspector', own: 'thoi-lai' },
  quantri: { who: 'the administrator of accounts', own: 'can-tho' },
} as const

/**
 * Each of the seven asks of every route and call a third of what there is to ask, two questions at least, of a file one. It is another
 * third for each in turn, so that together they ask all of it; near and far stand in every third.
 */
function inTurn(asks: Ask[], turn: number): Ask[] {
  const least = asks.some(({ path }) => /\.(docx|pdf|xlsx)\b/.test(path)) ? 1 : 2
  const third = asks.filter((_, nth) => (nth + Math.floor(nth / 3) + turn) % 3 === 0)
  return third.length >= least ? third : asks.map((_, nth) => asks[(turn + nth) % asks.length]!).slice(0, least)
}

const unitOf = (formerCode: string) => city.units.find((unit) => unit.formerCode === formerCode)!
const childrenOf = (formerCode: string) => city.units.filter((unit) => unit.parent === unitOf(formerCode).id)
/** People on the rosters of a unit; found at once, since 50,000 of them are asked about again and again. */
const peopleOn = (unitId: string): MarkedCity['people'] => rosters.get(unitId) ?? []
const someoneOf = (unitId: string): MarkedCity['people'][number] | undefined => peopleOn(unitId)[0]
const personOf = (username: string) => records.cards.get(username)!

/** The units asked about: near, far, and a cell and a commune beside one's own. */
function asked(): MarkedCity['units'] {
  const beside = childrenOf('vinh-thanh-thanh-loc').find((unit) => unit.kind === 'cell' && unit.formerCode !== near[0])!
  const cellOf = (code: string) => childrenOf(childrenOf(code).find((unit) => childrenOf(unit.formerCode).length > 0)!.formerCode)[0]!
  return [...[...near, ...far].map(unitOf), beside, cellOf('ninh-kieu'), cellOf('thoi-lai'), cellOf('vinh-thanh')]
}

/** A sitting that the unit holds, or one above it does. */
function sittingOf(unit: MarkedCity['units'][number]): MarkedCity['sittings'][number] {
  return city.sittings.find((sitting) => sitting.unitId === unit.id) ?? sittingOf(city.units.find((one) => one.id === unit.parent)!)
}

/** Of every unit asked about a draft and a document it issued, each with the unit's number; the drafts are meant for a far cell. */
async function writeDocuments(): Promise<void> {
  const units = asked()
  for (const unit of units) {
    for (const [state, prefix] of [['draft', 'Wq'], ['issued', 'Vq']] as const) {
      const mark = `${prefix}${String(unit.number).padStart(5, '0')}`
      const { rows } = await pool.query<{ id: string }>(
        `insert into document (id, unit_id, issuer_id, campaign_id, type, grammar, symbol, abstract, text, place, signer_name, state, number, issued_on, issued_at, source)
         values (gen_random_uuid(), $1, $1, (select id from campaign where code = $2), 'plan', 'party', 'X', 'Việc ' || $3, 'Chữ ' || $3, 'Nơi ' || $3, 'Ký ' || $3, $4, $5, $6, $7, 'page') returning id`,
        [unit.id, campaign, mark, state, state === 'issued' ? 1 : null, state === 'issued' ? day : null, state === 'issued' ? new Date() : null])
      documents.push({ id: rows[0]!.id, unitId: unit.id, isDraft: state === 'draft' })
      if (state === 'draft') await pool.query('insert into document_recipient (document_id, unit_id, name) values ($1, $2, $3)', [rows[0]!.id, units[9]!.id, `Gửi ${mark}`])
    }
  }
}
const documents: { id: string; unitId: string; isDraft: boolean }[] = []

/** The units of which documents, materials and duties are asked one by one: two near, the city, a sibling, and cells far and near. */
const workingAt = [0, 3, 5, 8, 9, 10]

/**
 * Of each of these units a material that is a draft and a published one with a draft of its next version, a request with one answer in
 * somebody's own words, a rule, a duty that was waived, copies and an urging; clauses with answers from drafts; and notices.
 */
async function writeWork(): Promise<void> {
  const units = asked()
  const row = async (statement: string, values: unknown[]) => (await pool.query<{ id: string }>(`${statement} returning id`, values)).rows[0]!.id
  const campaignId = (await pool.query<{ id: string }>('select id from campaign where code = $1', [campaign])).rows[0]!.id
  const officer = personOf('ha.city')
  const [directive] = documents.filter(({ unitId, isDraft }) => unitId === unitOf('can-tho').id && !isDraft)
  const clause = (of: string, unitId: string, mark: string, key: string) =>
    row(`insert into document_clause (id, document_id, unit_id, key, text, position, depth, source) values (gen_random_uuid(), $1, $2, $4, 'Mục ' || $3, 1, 1, 'page')`, [of, unitId, mark, key])
  const asking = await clause(directive!.id, directive!.unitId, `Vq${numberOf(unitOf('can-tho'))}`, 'I')
  for (const unit of workingAt.map((nth) => units[nth]!)) {
    const number = numberOf(unit)
    const version = (material: string, nth: number, isOut: boolean, mark: string) =>
      row(`insert into material_version (id, material_id, unit_id, number, text, change_note, published_at, published_on, recorded_by)
        values (gen_random_uuid(), $1, $2, $3, 'Lời ' || $4, 'Mới ' || $4, case when $5 then now() end, case when $5 then $6::date end, $7)`, [material, unit.id, nth, mark, isOut, day, officer])
    for (const isOut of [false, true]) {
      const mark = `${isOut ? 'Vq' : 'Wq'}${number}`
      const material = await row(`insert into material (id, unit_id, campaign_id, kind, title, reach_by, published_at, recorded_by, source) values (gen_random_uuid(), $1, $2, 'booklet', 'Tài liệu ' || $3, $4, case when $5 then now() end, $6, 'page')`, [unit.id, campaignId, mark, day, isOut, officer])
      materials.push({ id: material, unitId: unit.id, isDraft: !isOut })
      const versionId = await version(material, 1, isOut, mark)
      if (!isOut) continue
      await row(`insert into booklet_question (id, version_id, position, question, answer) values (gen_random_uuid(), $1, 1, 'Hỏi ' || $2, 'Đáp ' || $2)`, [versionId, mark])
      await version(material, 2, false, `Wq${number}`)
      if (unit.parent) {
        await row(`insert into material_copy (id, material_id, version_id, campaign_id, from_unit_id, unit_id, sent, sent_on, received, received_on, note, recorded_by, source)
          values (gen_random_uuid(), $1, $2, $3, $4, $5, 100, $6, 7, $6, 'Bản ' || $7, $8, 'page')`, [material, versionId, campaignId, unit.parent, unit.id, day, `Jq${number}`, officer])
      }
      const request = await row(`insert into acknowledgement_request (id, unit_id, version_id, depth, whom, due_on, asked_on, recorded_by, source) values (gen_random_uuid(), $1, $2, 'can_say', 'members', current_date, current_date, $3, 'page')`, [unit.id, versionId, officer])
      requests.push(request)
      const someone = someoneOf(unit.id)
      if (!someone) continue
      const given = await row(`insert into acknowledgement (id, request_id, person_id, unit_id, depth, answered_on, recorded_by, source) values (gen_random_uuid(), $1, $2, $3, 'can_say', current_date, $2, 'page')`, [request, someone.id, unit.id])
      await pool.query('insert into acknowledgement_sentence (acknowledgement_id, person_id, unit_id, sentence) values ($1, $2, $3, $4)', [given, someone.id, unit.id, `Với tôi Bq${numberOf(someone)}`])
      city.sentences.push({ number: someone.number, personId: someone.id, unitId: unit.id })
      await notice(someone.id, 'document-received', { type: 'unit', id: unit.id }, { document: `Aq${numberOf(someone)}`, issuer: 'X' })
    }
    const rule = await row(`insert into duty_rule (id, campaign_id, unit_id, kind, title, due_mode, due_on, state, source) values (gen_random_uuid(), $1, $2, 'document', 'Việc ' || $3, 'day', $4, 'active', 'page')`, [campaignId, unit.id, `Pq${number}`, day])
    const waived = await row(`insert into duty (rule_id, campaign_id, unit_id, kind, due_on, detail, laid_on, waived_at, waived_reason) values ($1, $2, $3, 'document', $4, '{"type": "plan"}', $4, now(), 'Lý do ' || $5)`, [rule, campaignId, unit.id, day, `Jq${number}`])
    await row(`insert into duty_urge (campaign_id, unit_id, by_unit_id, owed, note) values ($1, $2, $3, '{}', 'Nhắn ' || $4)`, [campaignId, unit.id, unitOf('can-tho').id, `Jq${number}`])
    rules.push(rule)
    duties.push(waived)
    for (const own of documents.filter(({ unitId, id }) => unitId === unit.id && id !== directive!.id)) {
      const mark = `${own.isDraft ? 'Wq' : 'Vq'}${number}`
      const by = await clause(own.id, unit.id, mark, 'II')
      await row(`insert into clause_answer (id, clause_id, by_document_id, by_clause_id, unit_id, source) values (gen_random_uuid(), $1, $2, $3, $4, 'page')`, [asking, own.id, by, unit.id])
      if (own.isDraft) await pool.query(`insert into document_body (document_id, unit_id, blocks, source) values ($1, $2, $3, 'page')`, [own.id, unit.id, JSON.stringify([{ kind: 'paragraph', text: `Đoạn ${mark}` }])])
    }
  }
  // what a notice is about may be closed to its reader by now: then nothing of it is said
  const hidden = documents.find(({ unitId, isDraft }) => unitId === units[9]!.id && isDraft)!
  for (const username of Object.keys(people)) notices.push(await notice(personOf(username), 'document-received', { type: 'document', id: hidden.id }, { document: `Wq${numberOf(units[9]!)}`, issuer: `Wq${numberOf(units[9]!)}` }))
}
const materials: { id: string; unitId: string; isDraft: boolean }[] = []
const [requests, rules, duties, notices]: [string[], string[], string[], string[]] = [[], [], [], []]
const numberOf = ({ number }: { number: number }) => String(number).padStart(5, '0')

async function notice(personId: string, kind: string, about: { type: string; id: string }, facts: Record<string, string>): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `insert into notice (person_id, kind, about_type, about_id, facts, path, is_required, is_urgent, by_office) values ($1, $2, $3, $4, $5, '/documents', true, false, false) returning id`, [personId, kind, about.type, about.id, facts])
  return rows[0]!.id
}

type Ask = { path: string; method?: string; form?: Record<string, string>; json?: unknown; isData?: boolean }
type Answer = Ask & { status: number; text: string }

function client(cookie: string) {
  return async ({ path, method = 'GET', form, json }: Ask): Promise<Answer> => {
    const send = () => fetch(served.url + path, {
      method,
      redirect: 'manual',
      headers: { cookie, ...(json ? { 'Content-Type': 'application/json' } : {}) },
      ...(form ? { body: new URLSearchParams(form) } : {}),
      ...(json ? { body: JSON.stringify(json) } : {}),
    })
    const answer = await send().catch(send) // a connection that was kept may have been closed in between
    const head = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join('\n')
    return { path, method, status: answer.status, text: `${decodeURIComponent(head.replace(/%(?![0-9A-F]{2})/gi, '%25'))}\n\n${await wordsOf(answer)}` }
  }
}

/** What a reader of the body sees, whatever it is packed into. */
async function wordsOf(answer: Response): Promise<string> {
  const type = answer.headers.get('content-type') ?? ''
  if (!/wordprocessing|spreadsheet|pdf/.test(type)) return answer.text()
  const bytes = new Uint8Array(await answer.arrayBuffer())
  if (type.includes('pdf')) return (await readPdf(bytes)).text
  return type.includes('wordprocessing') ? `${readDocx(bytes).paragraphs.join('\n')}\n${[...readDocx(bytes).parts.values()].join('\n')}` : [...readZip(bytes).values()].join('\n')
}

type Marks = (prefix: string) => Set<number>

/** The numbers in a text by what stands before them, read in one go: some texts are long. */
function marksIn(...texts: string[]): Marks {
  const byPrefix = new Map<string, Set<number>>()
  for (const text of texts) {
    for (const [, prefix, number] of text.matchAll(/([A-Zz]q|uq-)(\d{5})/g)) {
      const numbers = byPrefix.get(prefix!) ?? new Set()
      byPrefix.set(prefix!, numbers.add(Number(number)))
    }
  }
  return (prefix) => byPrefix.get(prefix) ?? new Set()
}

/** Everything in the answer that is not this person's to find. What stands in the question may come back as it was asked. */
function leaksIn(answer: Answer, scope: Scope, { numberOfId, unitOfId, unitOfSession }: Index): string[] {
  const question = `${answer.path} ${JSON.stringify(answer.form ?? answer.json ?? '')}`
  const [given, marks] = [marksIn(question), marksIn(answer.text)]
  const born = [...answer.text.matchAll(/\b(1[56]\d\d)-(\d\d)-(\d\d)\b/g)].map(([, year, month, date]) => birthNumber(Number(year), Number(month), Number(date)))
  const bornShown = [...answer.text.matchAll(/\b(\d{1,2})\/(\d{1,2})\/(1[56]\d\d)\b/g)].map(([, date, month, year]) => birthNumber(Number(year), Number(month), Number(date)))
  const ids = [...new Set(answer.text.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g))].filter((id) => !question.includes(id))
  const found: [string, Iterable<number>, Set<number>][] = [
    ['name', marks('Zq'), scope.names],
    ['name, folded', marks('zq'), scope.names],
    ['card', marks('Kq'), scope.kept],
    ['phone', marks('Tq'), scope.kept],
    ['birth', [...born, ...bornShown], scope.kept],
    ['person', ids.flatMap((id) => numberOfId.get(id) ?? []), scope.names],
    ['unit of a session', ids.flatMap((id) => unitOfId.get(id) ?? []), scope.figures],
    ['unit', marks('Uq'), scope.units],
    ['code', [...marks('uq-')].filter((number) => !given('uq-').has(number)), scope.units],
    ['holder of a session', [...marks('Sq')].map((number) => unitOfSession.get(number)!), scope.figures],
    ['reason', marks('Rq'), scope.reasons],
    ['exemption', marks('Eq'), scope.exemptions],
    ['draft', marks('Wq'), scope.drafts],
    ['document', marks('Vq'), scope.figures],
    ['words of one’s own', marks('Bq'), scope.sentences],
    ['duty', marks('Jq'), scope.duties],
    ['rule', marks('Pq'), scope.rules],
    ['notice', marks('Aq'), scope.notices],
  ]
  return found.flatMap(([what, numbers, allowed]) => [...numbers].filter((number) => !allowed.has(number)).slice(0, 3).map((number) => `${answer.method} ${answer.path} (${answer.status}): ${what} ${number}`))
}

const birthNumber = (year: number, month: number, date: number) => Math.round((Date.UTC(year, month - 1, date) - Date.UTC(1500, 0, 1)) / 86_400_000)

type Index = { numberOfId: Map<string, number>; unitOfId: Map<string, number>; unitOfSession: Map<number, number> }

function indexOf(): Index {
  const unitNumber = new Map(city.units.map((unit) => [unit.id, unit.number]))
  return {
    numberOfId: new Map(city.people.map((person) => [person.id, person.number])),
    unitOfId: new Map([...city.sessions, ...city.sittings].map((one) => [one.id, unitNumber.get(one.unitId)!])),
    unitOfSession: new Map(city.sessions.map((session) => [session.number, unitNumber.get(session.unitId)!])),
  }
}

/** Every GET page of the route file, asked about the units in turn. A route that has no questions of its own here is asked in general. */
function pageAsks(turn: number): Ask[] {
  const units = asked()
  const at = (unit: { code: string }, asOf = day) => `unit=${unit.code}&asOf=${asOf}`
  const sittings = [...new Set(units.map(sittingOf))]
  const conference = city.sessions.find((session) => session.kind === 'national_conference' && session.unitId === unitOf('can-tho').id)!
  const hall = city.sittings.find((sitting) => sitting.sessionId === conference.id)!
  const stranger = someoneOf(units[9]!.id)!
  const exempt = city.exemptions[0]!
  const files = units.filter((_, index) => [0, 4, 5].includes(index))
  const report = (kind: string) => `/campaigns/${campaign}/report${kind}`
  const workplaces = workingAt.map((nth) => units[nth]!)
  const worked = documents.filter(({ unitId }) => workplaces.some((unit) => unit.id === unitId))
  const drafts = worked.filter(({ isDraft }) => isDraft)
  const asks: Record<string, string[]> = {
    '/': ['/', ...units.map((unit) => `/?${at(unit)}`)],
    '/report': ['/report', ...units.slice(0, 6).map((unit) => `/report?unit=${unit.code}`)],
    '/campaigns/:campaign/report': [...units.map((unit) => `${report('')}?${at(unit)}`), ...units.slice(3, 7).map((unit) => `${report('')}?${at(unit, earlier)}&resolution=nq-xiii`)],
    ...Object.fromEntries(['.docx', '.pdf', '.xlsx', '.json'].map((kind) => [`/campaigns/:campaign/report${kind}`, files.map((unit) => `${report(kind)}?${at(unit)}`)])),
    '/campaigns/:campaign/figures/:key': [
      ...units.flatMap((unit, index) => keys.filter((_, nth) => nth === 0 || (index + nth) % 6 === 0).map((key) => `/campaigns/${campaign}/figures/${key}?${at(unit)}`)),
      ...units.slice(4).map((unit) => `/campaigns/${campaign}/figures/studied?${at(unit, earlier)}&part=category:other`),
      ...units.slice(0, 6).map((unit) => `/campaigns/${campaign}/figures/exempt?${at(unit)}&part=reason:${encodeURIComponent(`Lý do X${exempt.number}`)}`),
    ],
    '/units': ['/units', '/units?q=zz', ...units.map((unit) => `/units?${at(unit)}`), '/units?q=' + encodeURIComponent('đơn vị')],
    '/units/:code': units.flatMap((unit) => [`/units/${unit.code}`, `/units/${unit.code}?asOf=${earlier}`]),
    '/me': ['/me'],
    '/accounts': ['/accounts', '/accounts?q=zq', '/accounts?q=nguyen', ...units.map((unit) => `/accounts?unit=${unit.code}`), `/accounts?unit=${units[9]!.code}&q=zq`],
    '/accounts/:person': [stranger, ...near.map((code) => someoneOf(unitOf(code).id)).filter((one) => one !== undefined)].map((person) => `/accounts/${person.id}`),
    '/sessions': ['/sessions', ...units.map((unit) => `/sessions?${at(unit)}`)],
    '/sessions/new': ['/sessions/new', ...units.map((unit) => `/sessions/new?campaign=${campaign}&unit=${unit.code}`)],
    '/sessions/:id': [...sittings, hall].map((sitting) => `/sessions/${sitting.sessionId}`),
    '/sittings/:id/roll': [...sittings, hall].flatMap((sitting, index) => {
      const narrowed = [`unit=${units[0]!.code}&all=present`, `unit=${units[9]!.code}`, 'print=1', `add=nguyen&guest=${stranger.id}`]
      return ['', `?${narrowed[index % 4]}`, `?${narrowed[(index + 2) % 4]}`].map((query) => `/sittings/${sitting.id}/roll${query}`)
    }),
    '/declarations': ['/declarations', ...units.map((unit) => `/declarations?campaign=${campaign}&${at(unit)}`)],
    '/campaigns': ['/campaigns', ...units.map((unit) => `/campaigns?${at(unit)}`)],
    '/campaigns/new': ['/campaigns/new', `/campaigns/new?unit=${units[5]!.code}`],
    '/campaigns/:code': [`/campaigns/${campaign}`, '/campaigns/none'],
    '/campaigns/:code/roster': [
      `/campaigns/${campaign}/roster`,
      ...units.flatMap((unit) => [`/campaigns/${campaign}/roster?${at(unit)}`, `/campaigns/${campaign}/roster?${at(unit)}&q=nguyen&person=${stranger.id}`]),
    ],
    '/campaigns/:code/documents': units.map((unit) => `/campaigns/${campaign}/documents?${at(unit)}&open=${units[0]!.code}`),
    '/campaigns/:code/documents.xlsx': files.map((unit) => `/campaigns/${campaign}/documents.xlsx?${at(unit)}`),
    '/campaigns/:code/documents/chain': units.map((unit) => `/campaigns/${campaign}/documents/chain?${at(unit)}`),
    '/documents': ['/documents', '/documents?words=viec', '/documents?words=wq&state=draft', '/documents?type=plan&page=2', ...units.map((unit) => `/documents?unit=${unit.code}`)],
    '/documents/new': ['/documents/new', ...documents.slice(-2).map(({ id }) => `/documents/new?relates=${id}`)],
    '/documents/numbers': units.map((unit) => `/documents/numbers?unit=${unit.code}`),
    '/documents/:id': documents.map(({ id }) => `/documents/${id}`),
    '/documents/:id/edit': drafts.map(({ id }) => `/documents/${id}/edit`),
    '/documents/:id/clauses': worked.map(({ id }) => `/documents/${id}/clauses`),
    '/documents/:id/answers': worked.filter(({ isDraft }) => !isDraft).map(({ id }) => `/documents/${id}/answers`),
    '/drafts/new': [`/drafts/new?unit=${units[0]!.code}`, ...worked.slice(2, 8).map(({ id }) => `/drafts/new?from=${id}`), `/drafts/new?duty=${duties[4]}`],
    '/drafts/:id': drafts.map(({ id }) => `/drafts/${id}`),
    '/drafts/:id/preview': drafts.map(({ id }) => `/drafts/${id}/preview`),
    '/drafts/:id/document.docx': drafts.slice(3, 5).map(({ id }) => `/drafts/${id}/document.docx`),
    '/drafts/:id/document.pdf': drafts.slice(4, 5).map(({ id }) => `/drafts/${id}/document.pdf`),
    '/materials': workplaces.map((unit) => `/materials?campaign=${campaign}&unit=${unit.code}`),
    '/materials/questions': [`/materials/questions?campaign=${campaign}`, '/materials/questions?q=dap', '/materials/questions?q=vq'],
    '/materials/:id': materials.flatMap(({ id, isDraft }) => [`/materials/${id}`, ...(isDraft ? [] : [`/materials/${id}?version=2`])]),
    '/materials/:id/edit': materials.map(({ id }) => `/materials/${id}/edit`),
    '/materials/:id/copies': materials.map(({ id, unitId }) => `/materials/${id}/copies?unit=${units.find((unit) => unit.id === unitId)!.code}`),
    '/materials/:id/file': materials.map(({ id }) => `/materials/${id}/file`),
    '/acknowledgements': workplaces.map((unit) => `/acknowledgements?unit=${unit.code}`),
    '/acknowledgements/new': materials.slice(-4).map(({ id }) => `/acknowledgements/new?unit=${units[0]!.code}&material=${id}`),
    '/acknowledgements/:id': requests.flatMap((id, nth) => [`/acknowledgements/${id}`, `/acknowledgements/${id}?unit=${workplaces[nth]!.code}`]),
    '/duties': workplaces.map((unit) => `/duties?unit=${unit.code}`),
    '/duties/rules/new': workplaces.map((unit) => `/duties/rules/new?unit=${unit.code}&kind=document`),
    '/duties/rules/:id': rules.flatMap((id) => [`/duties/rules/${id}`, `/duties/rules/${id}?do=change`]),
    '/duties/:id': duties.map((id) => `/duties/${id}`),
    '/notices': ['/notices', '/notices?page=2'],
    '/notices/:id/open': notices.map((id) => `/notices/${id}/open`),
    '/documents/:id/files/:file': documents.slice(0, 3).map(({ id }) => `/documents/${id}/files/${id}`),
    '/imports/lists/:file': ['members', 'units', 'offices'].flatMap((kind) => [`/imports/lists/${kind}.csv?unit=${units[0]!.code}`, `/imports/lists/${kind}.csv?unit=${units[9]!.code}`]),
    '/imports/templates/:file': ['/imports/templates/members.xlsx'],
    '/notices/stream': [], // one number, and no end: notices.test.ts asks it
    '/sign-in': ['/sign-in'],
    '/sign-out': ['/sign-out'],
    '/setup': ['/setup'],
    '/preferences': ['/preferences'],
    '/*': ['/none', '/persons', `/people/${stranger.id}`],
  }
  const patterns = routes.map((route) => `/${route.path ?? ''}`)
  expect(patterns).toEqual(expect.arrayContaining(Object.keys(asks)))
  for (const pattern of patterns) asks[pattern] ??= [units[0]!, units[3]!, units[9]!].map((unit) => `${pattern.replaceAll(/:\w+/g, stranger.id)}?${at(unit)}`)
  const pages = Object.values(asks).map((paths) => inTurn(paths.filter((path) => path !== '/sign-out').map((path) => ({ path })), turn))
  // What the router's own data address gives is not what the page shows of it: one of every second route.
  const hasData = ({ path }: Ask) => !/report\.|imports\/(lists|templates)|sign-|preferences|setup/.test(path)
  const data = pages.map((page) => page.filter(hasData)).flatMap((page, nth) => (page.length > 0 && (nth + turn) % 2 === 0 ? [page[nth % page.length]!] : []))
  return [...pages.flat(), ...data.map(({ path }) => ({ path: path.startsWith('/?') || path === '/' ? path.replace('/', '/_root.data') : path.replace(/^[^?]+/, '$&.data'), isData: true }))]
}

/**
 * Every operation of the API's own description, asked about the units in turn; writes name rows that are somebody else's. An operation
 * that has no questions of its own here is asked in general. Figures and names of all units are asked by everybody.
 */
function apiAsks(turn: number): Ask[] {
  const units = asked()
  const stranger = someoneOf(units[9]!.id)!
  const sittings = [...new Set(units.map(sittingOf))]
  const away = sittingOf(units[9]!)
  const post = (path: string, json: unknown): Ask => ({ path: `/api/v1${path}`, method: 'POST', json })
  const get = (paths: string[]): Ask[] => paths.map((path) => ({ path: `/api/v1${path}` }))
  const files = (kind: string) => get(units.filter((_, index) => (kind === 'pdf' ? [1, 5] : [1, 3, 4, 6]).includes(index)).map((unit) => `/campaigns/${campaign}/report.${kind}?unit=${unit.code}&asOf=${day}`))
  const marks = [{ personId: stranger.id, status: 'present', reason: 'x' }]
  const asks: Record<string, Ask[]> = {
    'get /health': get(['/health']),
    'post /sign-in': [post('/sign-in', { username: 'nobody', password: 'nothing at all' })],
    'post /sign-out': [],
    'get /me': get(['/me']),
    'get /accounts': get(['/accounts', '/accounts?q=zq', ...units.map((unit) => `/accounts?unit=${unit.code}`)]),
    'post /activation-codes': [post('/activation-codes', { personIds: [stranger.id] }), post('/activation-codes', { unit: units[9]!.code })],
    'post /account-shuttings': [post('/account-shuttings', { personId: stranger.id, isShut: false })],
    'get /lists/{kind}': get(['members', 'units', 'offices'].map((kind) => `/lists/${kind}?format=csv&unit=${units[9]!.code}`)),
    'get /units': get(['/units?q=', '/units?q=uq-0', `/units?q=${encodeURIComponent('đơn vị')}`, ...units.map((unit) => `/units?q=${unit.code}`)]),
    'get /units/{code}': get(units.flatMap((unit) => [`/units/${unit.code}`, `/units/${unit.code}?asOf=${earlier}`])),
    'get /campaigns': get(['/campaigns']),
    'post /campaigns': [post('/campaigns', { code: 'x', name: 'x', unitCode: units[5]!.code, studyFrom: day, studyTo: day, dataDay: day, resolutions: [{ code: 'r', name: 'r', topics: ['t'] }], categories: ['c'] })],
    'post /campaigns/openings': [post('/campaigns/openings', { campaignCode: campaign, openedOn: day })],
    'post /roster-changes': [post('/roster-changes', { campaignCode: campaign, personId: stranger.id, change: 'exempt', fromDay: day, reason: 'x' }), post('/roster-changes', { campaignCode: campaign, personId: stranger.id, change: 'arrive', unitCode: units[0]!.code, fromDay: day, reason: 'x' })],
    'get /campaigns/{code}/figures': get(units.flatMap((unit) => [`/campaigns/${campaign}/figures?unit=${unit.code}&asOf=${day}`, `/campaigns/${campaign}/figures?unit=${unit.code}&asOf=${earlier}`])),
    'get /campaigns/{code}/documents': get(units.map((unit) => `/campaigns/${campaign}/documents?unit=${unit.code}&asOf=${day}`)),
    'get /documents': get(['/documents', '/documents?words=viec', '/documents?state=draft', ...units.map((unit) => `/documents?unit=${unit.code}&beneath=1`)]),
    'get /documents/{id}': get(documents.map(({ id }) => `/documents/${id}`)),
    'get /documents/{id}/clauses': get(documents.slice(6).map(({ id }) => `/documents/${id}/clauses`)),
    'get /campaigns/{code}/materials': get(workingAt.map((nth) => `/campaigns/${campaign}/materials?unit=${units[nth]!.code}`)),
    'get /materials/{id}': get(materials.map(({ id }) => `/materials/${id}`)),
    'get /booklet-questions': get(['/booklet-questions', '/booklet-questions?q=dap', `/booklet-questions?q=hoi&campaign=${campaign}`]),
    'post /material-publications': materials.slice(-4).map(({ id }) => post('/material-publications', { materialId: id, changeNote: 'x' })),
    'get /acknowledgements': get(['/acknowledgements']),
    'get /acknowledgement-requests/{id}': get(requests.map((id, nth) => `/acknowledgement-requests/${id}?unit=${units[workingAt[nth]!]!.code}`)),
    'post /acknowledgement-request-closings': requests.slice(4).map((id) => post('/acknowledgement-request-closings', { requestId: id })),
    'get /duties': get(workingAt.map((nth) => `/duties?unit=${units[nth]!.code}`)),
    'get /duties/beneath': get(workingAt.map((nth) => `/duties/beneath?unit=${units[nth]!.code}&campaign=${campaign}`)),
    'get /duty-rules': get(workingAt.map((nth) => `/duty-rules?unit=${units[nth]!.code}`)),
    'get /duty-rules/{id}': get(rules.map((id) => `/duty-rules/${id}`)),
    'post /duty-rule-endings': rules.slice(4, 5).map((id) => post('/duty-rule-endings', { ruleId: id, version: 1 })),
    'post /duty-waiver-undoings': duties.slice(4, 5).map((id) => post('/duty-waiver-undoings', { dutyIds: [id] })),
    'get /notices': get(['/notices', '/notices?page=2']),
    'post /document-issues': documents.filter(({ unitId }) => unitId === units[9]!.id).map(({ id }) => post('/document-issues', { documentId: id, issuedOn: day })),
    'post /document-receptions': documents.filter(({ unitId }) => unitId === units[9]!.id).map(({ id }) => post('/document-receptions', { documentId: id })),
    'post /sessions': [post('/sessions', { campaignCode: campaign, unitCode: units[9]!.code, kind: 'class', name: 'x', categories: [], sittings: [{ heldOn: day, topicIds: [] }] })],
    'post /session-cancellations': [post('/session-cancellations', { sessionId: away.sessionId, confirmed: 'yes' })],
    'get /sittings/{id}/roll': get(sittings.flatMap((sitting) => [`/sittings/${sitting.id}/roll`, `/sittings/${sitting.id}/roll?unit=${units[0]!.code}`])),
    'post /rolls': [post('/rolls', { sittingId: away.id, marks }), ...sittings.slice(0, 4).map((sitting) => post('/rolls', { sittingId: sitting.id, marks })), post('/rolls', { sittingId: away.id, marks: [{ personId: 'x' }] })],
    'post /head-counts': [post('/head-counts', { sittingId: away.id, people: { other: 1 } })],
    'post /declarations': [post('/declarations', { campaignCode: campaign, unitCode: units[9]!.code, declaredOn: day, studied: { other: 1 } })],
    'post /declaration-withdrawals': [post('/declaration-withdrawals', { campaignCode: campaign, unitCode: units[9]!.code, reason: 'x' })],
    ...Object.fromEntries(['json', 'docx', 'pdf', 'xlsx'].map((kind) => [`get /campaigns/{code}/report.${kind}`, files(kind)])),
  }
  expect(operations).toEqual(expect.arrayContaining(Object.keys(asks)))
  for (const operation of operations) {
    const [method, path] = operation.split(' ') as [string, string]
    const filled = (code: string) => path.replace('{code}', code).replaceAll(/\{\w+\}/g, stranger.id)
    asks[operation] ??= method === 'get' ? get([units[0]!, units[3]!, units[9]!].map((unit) => `${filled(unit.code)}?unit=${unit.code}&asOf=${day}`)) : [{ ...post(filled(campaign), {}), method: method.toUpperCase() }]
  }
  const all = get(units.flatMap(({ code }) => [`/campaigns/${campaign}/figures?unit=${code}&asOf=${day}`, `/units/${code}`]))
  return unlike([...all, ...Object.values(asks).flatMap((one) => inTurn(one, turn))])
}
let operations: string[] = [] // as `get /units/{code}`

/** Every question once. */
const unlike = (asks: Ask[]) => [...new Map(asks.map((one) => [`${one.method ?? 'GET'} ${one.path} ${JSON.stringify(one.form ?? one.json ?? '')}`, one])).values()]

/** Forms of pages that search. */
function formAsks(turn: number): Ask[] {
  const units = asked()
  const sittings = [...new Set(units.map(sittingOf))]
  return inTurn(sittings.slice(0, 6).flatMap((sitting) => ['nguyen', '0'].map((guest) => ({ path: `/sittings/${sitting.id}/roll?do=guests`, method: 'POST', form: { guest } }))), turn)
}

/** Follows the links from home, at most so many pages and two of a kind. A list of people is read as CSV only: packed it says the same. */
async function follow(ask: (ask: Ask) => Promise<Answer>, most: number): Promise<Answer[]> {
  const waiting = ['/']
  const seen = new Set(waiting)
  const kinds = new Map<string, number>()
  const answers: Answer[] = []
  while (waiting.length > 0 && answers.length < most) {
    const answer = await ask({ path: waiting.shift()! })
    answers.push(answer)
    for (const [, href] of answer.text.matchAll(/<a [^>]*href="(\/[^"#]*)/g)) {
      const path = href!.replaceAll('&amp;', '&')
      const kind = path.replace(/\?.*/, '').replace(/uq-\d+|[0-9a-f-]{36}/g, ':id') + [...new URLSearchParams(path.split('?')[1] ?? '').keys()].join()
      if (seen.has(path) || /^\/(assets|api)|^\/imports\/lists\/.*\.xlsx/.test(path) || (kinds.get(kind) ?? 0) >= 2) continue
      seen.add(path)
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      waiting.push(path)
    }
  }
  return answers
}

for (const [turn, username] of (Object.keys(people) as (keyof typeof people)[]).entries()) {
  const { who, own } = people[username]
  test(`${who} finds what is theirs, and no row outside their scope on any page, call or export`, async () => {
    const ask = client(await sessionOf(served, username))
    const scope = scopeOf(city, records, personOf(username))
    const index = indexOf()
    const answers = await follow(ask, 30)
    expect(answers.filter((answer) => answer.status >= 400).map((answer) => `${answer.path} ${answer.status}`), 'links that lead nowhere').toEqual([])
    const followed = new Set(answers.map(({ path }) => path))
    const asks = [...pageAsks(turn), ...apiAsks(turn), ...formAsks(turn)].filter(({ path, method }) => method || !followed.has(path))
    await Promise.all([0, 1, 2].map(async (lane) => {
      for (const one of asks.filter((_, nth) => nth % 3 === lane)) answers.push({ ...one, ...(await ask(one)) })
    }))

    expect(answers.flatMap((answer) => leaksIn(answer, scope, index))).toEqual([])
    expect(answers.filter((answer) => answer.status >= 500).map((answer) => `${answer.path} ${answer.status}`)).toEqual([])
    // what stands under /me is one's own to change
    const written = answers.filter((answer) => answer.method !== 'GET' && answer.status < 300 && !/do=guests|^\/api\/v1\/me\//.test(answer.path))
    // an administrator gives codes to whoever stands beneath
    expect(written.map((answer) => answer.path).filter((path) => username !== 'quantri' || path !== '/api/v1/activation-codes')).toEqual([])

    // Figures: of the units that the matrix gives, and no other; the same for everybody, and what the records say.
    for (const unit of asked()) {
      const answer = answers.find(({ path }) => path === `/api/v1/campaigns/${campaign}/figures?unit=${unit.code}&asOf=${day}`)!
      expect([unit.formerCode, answer.status === 200]).toEqual([unit.formerCode, scope.figures.has(unit.number)])
      if (answer.status === 200) expect([unit.formerCode, figuresIn(answer)]).toEqual([unit.formerCode, await countByHand(unit.id)])
      const named = answers.find(({ path }) => path === `/api/v1/units/${unit.code}`)!
      expect([unit.formerCode, named.status === 200]).toEqual([unit.formerCode, scope.units.has(unit.number)])
    }

    const found = marksIn(...answers.map(({ text }) => text))
    expect(found('Uq')).toContain(unitOf(own).number)
    if (scope.drafts.size > 0) expect([...found('Wq')].some((number) => scope.drafts.has(number))).toBe(true)
    expect(found('Zq')).toContain(city.people.find((person) => person.id === personOf(username))!.number)
    expectTheirs[username](found, scope)
  }, 480_000) // ten seconds where nothing else runs
}

test('without a session nothing is found at all', async () => {
  const ask = client('')
  const nothing: Scope = { units: new Set([unitOf('can-tho').number]), figures: new Set(), persons: new Set(), kept: new Set(), names: new Set(), reasons: new Set(), exemptions: new Set(), drafts: new Set(), sentences: new Set(), duties: new Set(), rules: new Set(), notices: new Set() }
  const answers: Answer[] = []
  for (const one of [...pageAsks(0), ...apiAsks(0)]) answers.push({ ...one, ...(await ask(one)) })
  expect(answers.flatMap((answer) => leaksIn(answer, nothing, indexOf()))).toEqual([])
}, 240_000)

const rosterOf = (formerCode: string) => peopleOn(unitOf(formerCode).id).map((person) => person.number)

/** The other side: what each of them must have been shown. */
const expectTheirs: Record<keyof typeof people, (found: Marks, scope: Scope) => void> = {
  'ut.tanan': (found) => {
    const names = found('Zq')
    for (const person of rosterOf(near[0])) expect(names).toContain(person)
    expect(found('Rq').size).toBeGreaterThan(2)
    expect(found('Bq').size).toBe(1)
    for (const mark of ['Jq', 'Vq', 'Wq']) expect(found(mark)).toContain(unitOf(near[0]).number)
    expect(found('Pq')).toContain(unitOf('can-tho').number) // what is ordered above is for everybody beneath to read
  },
  'lan.tanan': (found, scope) => {
    expect(scope.persons.size).toBe(1)
    expect(found('Kq')).toEqual(scope.persons)
    expect(found('Rq').size + found('Eq').size).toBe(0)
  },
  'vanphong.thanhloc': (found) => {
    const names = found('Zq')
    for (const unit of childrenOf('vinh-thanh-thanh-loc').filter((one) => one.formerCode === near[0])) for (const person of rosterOf(unit.formerCode)) expect(names).toContain(person)
  },
  'bithu.vinhthanh': (found) => expect(found('Eq').size).toBeGreaterThan(0),
  'ha.city': (found) => {
    expect(found('Uq').size).toBeGreaterThan(30)
    expect(found('Eq').size).toBeGreaterThan(20)
    expect(found('Rq').size + found('Bq').size).toBe(0)
    expect(found('Jq')).toContain(asked()[9]!.number)
    expect(found('Vq')).toContain(asked()[9]!.number)
  },
  kiemtra: (found) => {
    const cell = asked().find((unit) => unit.parent && city.units.find((one) => one.id === unit.parent)!.parent === unitOf('thoi-lai').id)!
    const names = found('Zq')
    expect(rosterOf(cell.formerCode).filter((person) => names.has(person)).length).toBeGreaterThan(5)
  },
  quantri: (found) => {
    expect(found('Uq').size).toBeGreaterThan(30)
    for (const mark of ['Rq', 'Eq', 'Bq', 'Jq', 'Wq']) expect(found(mark).size).toBe(0)
  },
}

function figuresIn({ text }: Answer): string {
  const { figures } = JSON.parse(text.slice(text.indexOf('\n\n{') + 2)) as { figures: { key: string; numerator: number; denominator: number | null }[] }
  const of = (key: string) => figures.find((figure) => figure.key === key)!
  return `${of('studied').numerator} / ${of('studied').denominator}, exempt ${of('exempt').numerator}`
}

let studiedOnTheDay: Set<string> | undefined

/** Numerator, denominator and exempt of a unit, person by person. */
async function countByHand(unitId: string): Promise<string> {
  const inside = new Set([unitId])
  for (let grew = true; grew; ) {
    grew = false
    for (const unit of city.units) if (unit.parent && inside.has(unit.parent) && !inside.has(unit.id)) grew = Boolean(inside.add(unit.id))
  }
  const ids = [...inside]
  const { rows: listed } = await pool.query<{ person_id: string; unit_id: string; must_study: boolean }>(
    `select person_id, unit_id, must_study from roster where superseded_at is null and during @> $1::date and unit_id = any ($2)`, [day, ids])
  const { rows: declared } = await pool.query<{ unit_id: string; studied: number }>(
    `select distinct on (unit_id) unit_id, (select sum(studied)::int from declaration_part where declaration_id = declaration.id) as studied
     from declaration where superseded_at is null and declared_on <= $1 and unit_id = any ($2) order by unit_id, declared_on desc`, [day, ids])
  const { rows: declaring } = await pool.query<{ unit_id: string }>('select unit_id from declaration where superseded_at is null')
  studiedOnTheDay ??= new Set((await pool.query<{ person_id: string }>(
    `select mark.person_id from mark join sitting on sitting.id = mark.sitting_id join study_session on study_session.id = sitting.session_id and cancelled_at is null
     join sitting_topic on sitting_topic.sitting_id = sitting.id
     where mark.superseded_at is null and status in ('present', 'late') and held_on <= $1 group by mark.person_id having count(distinct topic_id) = (select count(*) from topic)`, [day])).rows.map((row) => row.person_id))
  const keepsNoRolls = new Set(declaring.map((row) => row.unit_id))
  const must = listed.filter((row) => row.must_study)
  const studied = must.filter((row) => !keepsNoRolls.has(row.unit_id) && studiedOnTheDay!.has(row.person_id)).length + declared.reduce((sum, row) => sum + row.studied, 0)
  return `${studied} / ${must.length}, exempt ${listed.length - must.length}`
}
