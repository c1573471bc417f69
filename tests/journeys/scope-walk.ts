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
 * Half the pages for those whose rights another of the seven holds too, one half or the other; leak.test.ts walks every route for random
 * pairs. Files are packed for those of whom one sees the most, one the least, and one no figures.
 */
const halves: Partial<Record<keyof typeof people, 0 | 1>> = { 'lan.tanan': 0, 'vanphong.thanhloc': 1, 'bithu.vinhthanh': 0, kiemtra: 1 }
const readsFiles = ['lan.tanan', 'ha.city', 'quantri']

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

const numbersIn = (text: string, prefix: string) => new Set([...text.matchAll(new RegExp(`${prefix}(\\d{5})`, 'g'))].map((found) => Number(found[1])))

/** Everything in the answer that is not this person's to find. What stands in the question may come back as it was asked. */
function leaksIn(answer: Answer, scope: Scope, { numberOfId, unitOfId, unitOfSession }: Index): string[] {
  const question = `${answer.path} ${JSON.stringify(answer.form ?? answer.json ?? '')}`
  const askedCodes = numbersIn(question, 'uq-')
  const born = [...answer.text.matchAll(/\b(1[56]\d\d)-(\d\d)-(\d\d)\b/g)].map(([, year, month, date]) => birthNumber(Number(year), Number(month), Number(date)))
  const bornShown = [...answer.text.matchAll(/\b(\d{1,2})\/(\d{1,2})\/(1[56]\d\d)\b/g)].map(([, date, month, year]) => birthNumber(Number(year), Number(month), Number(date)))
  const ids = [...new Set(answer.text.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g))].filter((id) => !question.includes(id))
  const found: [string, Iterable<number>, Set<number>][] = [
    ['name', numbersIn(answer.text, 'Zq'), scope.names],
    ['name, folded', numbersIn(answer.text, 'zq'), scope.names],
    ['card', numbersIn(answer.text, 'Kq'), scope.kept],
    ['phone', numbersIn(answer.text, 'Tq'), scope.kept],
    ['birth', [...born, ...bornShown], scope.kept],
    ['person', ids.flatMap((id) => numberOfId.get(id) ?? []), scope.names],
    ['unit of a session', ids.flatMap((id) => unitOfId.get(id) ?? []), scope.figures],
    ['unit', numbersIn(answer.text, 'Uq'), scope.units],
    ['code', [...numbersIn(answer.text, 'uq-')].filter((number) => !askedCodes.has(number)), scope.units],
    ['holder of a session', [...numbersIn(answer.text, 'Sq')].map((number) => unitOfSession.get(number)!), scope.figures],
    ['reason', numbersIn(answer.text, 'Rq'), scope.reasons],
    ['exemption', numbersIn(answer.text, 'Eq'), scope.exemptions],
    ['draft', numbersIn(answer.text, 'Wq'), scope.drafts],
    ['document', numbersIn(answer.text, 'Vq'), scope.figures],
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

/** Every GET page of the route file, asked about the units. A route that has no questions of its own here is asked in general. */
function pageAsks(): Ask[] {
  const units = asked()
  const at = (unit: { code: string }, asOf = day) => `unit=${unit.code}&asOf=${asOf}`
  const sittings = [...new Set(units.map(sittingOf))]
  const conference = city.sessions.find((session) => session.kind === 'national_conference' && session.unitId === unitOf('can-tho').id)!
  const hall = city.sittings.find((sitting) => sitting.sessionId === conference.id)!
  const stranger = someoneOf(units[9]!.id)!
  const exempt = city.exemptions[0]!
  const files = units.filter((_, index) => [0, 4, 5].includes(index))
  const report = (kind: string) => `/campaigns/${campaign}/report${kind}`
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
    '/documents/:id/edit': documents.filter(({ isDraft }) => isDraft).map(({ id }) => `/documents/${id}/edit`),
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
  const all = Object.entries(asks).flatMap(([pattern, paths]) => paths.filter((path) => pattern !== '/sign-out' || path !== '/sign-out').map((path) => ({ path })))
  // What the router's own data address gives is not what the page shows of it.
  const data = all.filter(({ path }) => !/report\.|imports\/(lists|templates)|sign-|preferences|setup/.test(path)).filter((_, index) => index % 5 === 0)
  return [...all, ...data.map(({ path }) => ({ path: path.startsWith('/?') || path === '/' ? path.replace('/', '/_root.data') : path.replace(/^[^?]+/, '$&.data'), isData: true }))]
}

/**
 * Every operation of the API's own description, asked about the units; writes name rows that are somebody else's. An operation
 * that has no questions of its own here is asked in general.
 */
function apiAsks(): Ask[] {
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
  return Object.values(asks).flat()
}
let operations: string[] = [] // as `get /units/{code}`

/** Forms of pages that search. */
function formAsks(): Ask[] {
  const units = asked()
  const sittings = [...new Set(units.map(sittingOf))]
  return sittings.slice(0, 6).flatMap((sitting) => ['nguyen', '0'].map((guest) => ({ path: `/sittings/${sitting.id}/roll?do=guests`, method: 'POST', form: { guest } })))
}

/** Follows the links from home, at most so many pages and so many of a kind. */
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
      if (seen.has(path) || /^\/(assets|api)/.test(path) || (kinds.get(kind) ?? 0) >= 4) continue
      seen.add(path)
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      waiting.push(path)
    }
  }
  return answers
}

/** Walks everything as each of these people: what is theirs is found, and nothing else. */
export function walkAs(usernames: (keyof typeof people)[]): void {
  for (const username of usernames) {
    const { who, own } = people[username]
    test(`${who} finds what is theirs, and no row outside their scope on any page, call or export`, async () => {
    const ask = client(await sessionOf(served, username))
    const scope = scopeOf(city, records, personOf(username))
    const index = indexOf()
    const answers = await follow(ask, 36)
    expect(answers.filter((answer) => answer.status >= 400).map((answer) => `${answer.path} ${answer.status}`), 'links that lead nowhere').toEqual([])
    const half = halves[username]
    const pages = pageAsks().filter(({ path }, nth) => (half === undefined || nth % 2 === half) && (readsFiles.includes(username) || !/\.(docx|pdf)\b/.test(path)))
    const asks = [...pages, ...apiAsks().filter(({ path }) => readsFiles.includes(username) || !/\.(docx|pdf)\b/.test(path)), ...formAsks()]
    await Promise.all([0, 1, 2].map(async (lane) => {
      for (const one of asks.filter((_, nth) => nth % 3 === lane)) answers.push({ ...one, ...(await ask(one)) })
    }))

    expect(answers.flatMap((answer) => leaksIn(answer, scope, index))).toEqual([])
    expect(answers.filter((answer) => answer.status >= 500).map((answer) => `${answer.path} ${answer.status}`)).toEqual([])
    // what stands under /me is one's own to change
    const written = answers.filter((answer) => answer.method !== 'GET' && answer.status < 300 && !/do=guests|^\/api\/v1\/me\//.test(answer.path))
    // an administrator gives codes to whoever stands beneath
    expect(written.map((answer) => answer.path).filter((path) => username !== 'quantri' || path !== '/api/v1/activation-codes')).toEqual([])

    // Figures: of the units that the matrix gives, and no other.
    for (const unit of asked()) {
      const answer = answers.find(({ path }) => path === `/api/v1/campaigns/${campaign}/figures?unit=${unit.code}&asOf=${day}`)!
      expect([unit.formerCode, answer.status === 200]).toEqual([unit.formerCode, scope.figures.has(unit.number)])
      const named = answers.find(({ path }) => path === `/api/v1/units/${unit.code}`)!
      expect([unit.formerCode, named.status === 200]).toEqual([unit.formerCode, scope.units.has(unit.number)])
    }

    const found = (prefix: string) => new Set(answers.flatMap((answer) => [...numbersIn(answer.text, prefix)]))
    expect(found('Uq')).toContain(unitOf(own).number)
    expect(found('Zq')).toContain(city.people.find((person) => person.id === personOf(username))!.number)
    expectTheirs[username](found, scope)
    }, 240_000)
  }
}

type Found = (prefix: string) => Set<number>
const rosterOf = (formerCode: string) => peopleOn(unitOf(formerCode).id).map((person) => person.number)

/** The other side: what each of them must have been shown. */
const expectTheirs: Record<keyof typeof people, (found: Found, scope: Scope) => void> = {
  'ut.tanan': (found) => {
    const names = found('Zq')
    for (const person of rosterOf(near[0])) expect(names).toContain(person)
    expect(found('Rq').size).toBeGreaterThan(2)
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
    expect(found('Rq').size).toBe(0)
  },
  kiemtra: (found) => {
    const cell = asked().find((unit) => unit.parent && city.units.find((one) => one.id === unit.parent)!.parent === unitOf('thoi-lai').id)!
    const names = found('Zq')
    expect(rosterOf(cell.formerCode).filter((person) => names.has(person)).length).toBeGreaterThan(5)
  },
  quantri: (found) => {
    expect(found('Uq').size).toBeGreaterThan(30)
    expect(found('Rq').size + found('Eq').size).toBe(0)
  },
}

/** What holds whoever looks: nobody finds nothing, and a figure is one number. */
export function walkAsNobody(): void {
test('without a session nothing is found at all', async () => {
  const ask = client('')
  const nothing: Scope = { units: new Set([unitOf('can-tho').number]), figures: new Set(), persons: new Set(), kept: new Set(), names: new Set(), reasons: new Set(), exemptions: new Set(), drafts: new Set() }
  const answers: Answer[] = []
  for (const one of [...pageAsks(), ...apiAsks()].filter((_, index) => index % 3 === 0)) answers.push({ ...one, ...(await ask(one)) })
  expect(answers.flatMap((answer) => leaksIn(answer, nothing, indexOf()))).toEqual([])
})

test('a figure is the same for everybody who may see it, and is what the records say', async () => {
  const units = asked()
  const expectedOf = new Map<string, string>()
  for (const unit of units) expectedOf.set(unit.code, await countByHand(unit.id))
  for (const username of Object.keys(people)) {
    const ask = client(await sessionOf(served, username))
    for (const unit of units) {
      const { status, text } = await ask({ path: `/api/v1/campaigns/${campaign}/figures?unit=${unit.code}&asOf=${day}` })
      if (status !== 200) continue
      const { figures } = JSON.parse(text.slice(text.indexOf('\n\n{') + 2)) as { figures: { key: string; numerator: number; denominator: number | null }[] }
      const of = (key: string) => figures.find((figure) => figure.key === key)!
      expect(`${unit.formerCode}: ${of('studied').numerator} / ${of('studied').denominator}, exempt ${of('exempt').numerator}`).toBe(`${unit.formerCode}: ${expectedOf.get(unit.code)}`)
    }
  }
}, 60_000)
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
