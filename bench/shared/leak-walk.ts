import { inflateRawSync } from 'node:zlib'
import { extractText, getDocumentProxy } from 'unpdf'
import routes from '../../app/routes.ts'
import { leakPassword, scopeOf, type LeakPerson, type LeakScope, type LeakTree } from './leak-tree.ts'

// Walks everything the product answers as one person, asked about another, and reads the numbers in what comes back.

export type Ask = { path: string; method: string; json?: unknown; form?: Record<string, string>; about: string }
export type Answer = { ask: Ask; status: number; text: string; headers: Headers }
export type Walker = { person: LeakPerson; scope: LeakScope; cookie: string }
type Operation = { method: string; path: string; parameters: { name: string; in: string; schema?: Schema }[]; body: Schema | null }
type Schema = { $ref?: string; type?: string | string[]; enum?: unknown[]; const?: unknown; format?: string; properties?: Record<string, Schema>; required?: string[]; items?: Schema; anyOf?: Schema[]; oneOf?: Schema[]; allOf?: Schema[] }

/** Signs in as somebody of the tree. */
export async function walkerOf(url: string, tree: LeakTree, index: number): Promise<Walker> {
  const person = tree.people[index]!
  const answer = await fetch(`${url}/api/v1/sign-in`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ username: person.username, password: leakPassword }) })
  if (answer.status !== 204) throw new Error(`${person.username} could not sign in: ${answer.status} ${await answer.text()}`)
  return { person, scope: scopeOf(tree, index), cookie: answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ') }
}

/** What the map of routes and the API's own description make to be asked; both are read anew, so that nothing is forgotten. */
export type ProductMap = { patterns: string[]; operations: Operation[] }

export async function readMap(url: string): Promise<ProductMap> {
  const description = (await (await fetch(`${url}/api/openapi.json`)).json()) as { paths: Record<string, Record<string, { parameters?: Operation['parameters']; requestBody?: { content?: Record<string, { schema?: Schema }> } }>>; components?: { schemas?: Record<string, Schema> } }
  const resolve = (schema: Schema | undefined): Schema => {
    if (!schema) return {}
    const named = schema.$ref ? (description.components?.schemas?.[schema.$ref.split('/').at(-1)!] ?? {}) : schema
    return { ...named, ...(named.properties ? { properties: Object.fromEntries(Object.entries(named.properties).map(([key, value]) => [key, resolve(value)])) } : {}), ...(named.items ? { items: resolve(named.items) } : {}) }
  }
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const body = operation.requestBody?.content?.['application/json']?.schema
      return { method: method.toUpperCase(), path, parameters: operation.parameters ?? [], body: body ? resolve(body) : null }
    }),
  )
  return { patterns: flat(routes as Node[]), operations }
}

type Node = { path?: string; index?: boolean; children?: Node[] }
const flat = (nodes: Node[], above = ''): string[] => nodes.flatMap((node) => [...(node.children ? [] : [`${above}/${node.path ?? ''}`]), ...flat(node.children ?? [], `${above}${node.path ? `/${node.path}` : ''}`)])

/** Ends the session, changes how this browser is shown, or has no end itself: nothing to read there. */
const leftOut = /^\/(sign-out|preferences|setup|acting\/mode|notices\/stream|sign-in\/oidc.*)$/

/** Every page, file and call, filled with what belongs to the person asked about; each also as the walker's own. */
export function asksAbout(map: ProductMap, tree: LeakTree, walker: Walker, other: LeakPerson, options: { withWrites: boolean }): Ask[] {
  const own = fillFrom(tree, walker.person)
  const about = fillFrom(tree, other)
  const pages = map.patterns.filter((pattern) => !leftOut.test(pattern)).flatMap((pattern) => {
    const filled = (fill: Fill) => fill.path(pattern).map((path) => ({ path, method: 'GET', about: pattern }))
    const query = about.query()
    const bare = [...filled(own).slice(0, 1), ...filled(about)]
    return [...bare, ...bare.slice(-2).map((ask) => ({ ...ask, path: `${ask.path}?${query}` })), ...(isFile.test(pattern) ? [] : bare.slice(-1).map((ask) => ({ ...ask, path: dataAddress(ask.path) })))]
  })
  const calls = map.operations.filter(({ path }) => !path.startsWith('/sign-')).flatMap((operation): Ask[] => {
    const name = `${operation.method} /api/v1${operation.path}`
    const paths = [...own.path(operation.path).slice(0, 1), ...about.path(operation.path)].map((path) => `/api/v1${path}`)
    const asked = about.parameters(operation.parameters)
    if (operation.method === 'GET') return paths.flatMap((path) => [{ path: asked ? `${path}?${asked}` : path, method: 'GET', about: name }])
    if (!options.withWrites || selfish.test(operation.path)) return []
    return paths.slice(-1).map((path) => ({ path: asked ? `${path}?${asked}` : path, method: operation.method, json: operation.body ? about.body(operation.body) : {}, about: name }))
  })
  const finding = tree.rows.filter((row) => row.noun === 'sittings' && about.units.includes(row.unit)).slice(0, 2).map((row) => ({ path: `/sittings/${row.key}/roll?do=guests`, method: 'POST', form: { guest: 'qz' }, about: 'autocomplete of guests' }))
  const seen = new Set<string>()
  return [...pages, ...calls, ...finding].filter((ask) => {
    const key = `${ask.method} ${ask.path}`
    return seen.has(key) ? false : seen.add(key)
  })
}

const isFile = /\.(docx|pdf|xlsx|json|zip|csv)$|evidence/
/** What one does to one's own account would end the walk. */
const selfish = /sign-|session-ending|password|second-factor|own-|\/me\b|tokens|acting|naming/
/** The router's own data address, which gives more than the page shows of it. */
const dataAddress = (path: string) => (path === '/' ? '/_root.data' : `${path}.data`)

type Fill = ReturnType<typeof fillFrom>

/** Answers "which id" with those that belong to a person and the units they stand in. */
function fillFrom(tree: LeakTree, person: LeakPerson) {
  const places = [...new Set([...(person.unit === null ? [] : [person.unit]), ...person.offices.map((office) => office.unit), ...person.assigned.map((one) => one.unit)])]
  const units = places.map((index) => tree.units[index]!)
  const keysOf = (noun: string) => {
    const own = noun === 'people' || noun === 'accounts' ? [person.id] : tree.rows.filter((row) => row.noun === noun && places.includes(row.unit)).map((row) => row.key)
    return own.length > 0 ? own : tree.rows.filter((row) => row.noun === noun).map((row) => row.key).slice(0, 1)
  }
  const campaigns = tree.campaigns.map((campaign) => campaign.code)
  const anyId = () => [person.id, units[0]!.id, ...keysOf('sessions').slice(0, 1)]
  const nouns = [...new Set(tree.rows.map((row) => row.noun))]
  const nounOf = (word: string) => nouns.find((noun) => word.startsWith(noun.replace(/s$/, '').replace('people', 'person')) || word === noun)
  const valuesOf = (name: string, before: string): string[] => {
    const segment = before.split('/').filter(Boolean)[0] ?? ''
    if (name === 'campaign' || (name === 'code' && /campaign/.test(segment))) return campaigns
    if (name === 'code' && /seal/.test(segment)) return keysOf('seals')
    if (name === 'code' || name === 'unit') return units.map((unit) => unit.code)
    if (name === 'key') return ['studied', 'exempt']
    if (name === 'evidenceId') return keysOf('evidence').map((key) => key.split('/').at(-1)!)
    const noun = nounOf(name.replace(/Id$/, '')) ?? nounOf(segment)
    return noun ? keysOf(noun) : anyId()
  }
  const path = (pattern: string): string[] => {
    if (/\/filings\/[:{]id\}?\/evidence\//.test(pattern)) return keysOf('evidence').slice(0, 3).map((key) => `/filings/${key}`)
    let paths = ['']
    for (const part of pattern.split('/').slice(1)) {
      const param = /^[:{](\w+)\}?(\.\w+)?$/.exec(part)
      const choices = part === '*' ? ['none'] : param ? valuesOf(param[1]!, paths[0]!).slice(0, paths.length > 1 ? 1 : 3).map((value) => value + (param[2] ?? '')) : [part]
      paths = paths.flatMap((before) => choices.map((choice) => `${before}/${choice}`)).slice(0, 4)
    }
    return paths
  }
  const given = (name: string): string | null => {
    if (/^(q|name|text|search|guest|words|add)$/i.test(name)) return person.name
    if (/^(unit|unitCode|top|place)$/.test(name)) return units[0]!.code
    if (/^(toUnit|to|underCode|parentCode)/.test(name)) return units.at(-1)!.code
    if (/campaign/i.test(name)) return campaigns[0]!
    if (/^(person|who|guest|helper|helped|member|of|with)(Id)?$/.test(name)) return person.id
    if (/key|indicator/.test(name)) return 'studied'
    if (/code/i.test(name)) return keysOf('seals')[0]!
    if (/On$|asOf|day|from|until|since/i.test(name)) return tree.day
    if (/Id$|^id$/.test(name)) {
      const noun = nounOf(name.replace(/Id$/, ''))
      return noun ? (keysOf(noun)[0]?.split('/').at(-1) ?? null) : person.id
    }
    return null
  }
  const valueOf = (name: string, schema: Schema, deep = 0): unknown => {
    const one = schema.anyOf?.[0] ?? schema.oneOf?.[0] ?? schema.allOf?.[0] ?? schema
    if (one.enum) return one.enum[0]
    if (one.const !== undefined) return one.const
    const type = Array.isArray(one.type) ? one.type[0] : one.type
    if (one.properties) return deep > 4 ? {} : Object.fromEntries(Object.entries(one.properties).map(([key, value]) => [key, valueOf(key, value, deep + 1)]))
    if (type === 'array') return one.items && deep <= 4 ? [valueOf(name.replace(/s$/, ''), one.items, deep + 1)] : []
    if (type === 'integer' || type === 'number') return 1
    if (type === 'boolean') return true
    if (type === 'object') return {}
    return given(name) ?? (one.format === 'date' ? tree.day : 'x')
  }
  return {
    units: places,
    path,
    query: () => new URLSearchParams({ unit: units[0]!.code, asOf: tree.day, campaign: campaigns[0]!, q: person.name, person: person.id, guest: person.id, add: person.name, name: person.name, item: 'name', row: person.id, key: 'studied' }).toString(),
    parameters: (parameters: Operation['parameters']) => new URLSearchParams(parameters.filter((one) => one.in === 'query').flatMap((one) => {
      const value = one.schema?.enum ? String(one.schema.enum[0]) : given(one.name)
      return value === null ? [] : [[one.name, value] as [string, string]]
    })).toString(),
    body: (schema: Schema) => valueOf('', schema),
  }
}

/** Asks as the walker does in a browser: no redirect is followed, so that its address is read too. */
export async function ask(url: string, { cookie }: Pick<Walker, 'cookie'>, asking: Ask, headers: Record<string, string> = {}): Promise<Answer> {
  const send = () =>
    fetch(url + asking.path, {
      method: asking.method,
      redirect: 'manual',
      headers: { cookie, ...(asking.json === undefined ? {} : { 'Content-Type': 'application/json' }), ...(asking.form ? { Origin: url } : {}), ...headers },
      ...(asking.form ? { body: new URLSearchParams(asking.form) } : {}),
      ...(asking.json === undefined ? {} : { body: JSON.stringify(asking.json) }),
    })
  const answer = await send().catch(send) // a connection that was kept may have been closed in between
  const head = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join('\n')
  return { ask: asking, status: answer.status, headers: answer.headers, text: `${unescaped(head)}\n\n${await wordsOf(answer)}` }
}

const unescaped = (text: string) => text.replace(/(%[0-9a-f]{2})+/gi, (run) => {
  try {
    return decodeURIComponent(run)
  } catch {
    return run
  }
})

/** What a reader of the body sees, whatever it is packed into. */
async function wordsOf(answer: Response): Promise<string> {
  const type = answer.headers.get('content-type') ?? ''
  if (!/officedocument|zip|pdf/.test(type)) return answer.text()
  const bytes = new Uint8Array(await answer.arrayBuffer())
  if (!type.includes('pdf')) return unzipped(Buffer.from(bytes))
  const raw = Buffer.from(bytes).toString('latin1') // proofs of the tree are no whole documents
  return `${raw}\n${await getDocumentProxy(bytes).then((document) => extractText(document, { mergePages: true })).then(({ text }) => text, () => '')}`
}

/** The texts of a zip's entries, by its directory; a zip within is read too. */
function unzipped(bytes: Buffer): string {
  const end = bytes.lastIndexOf('PK\u0005\u0006', undefined, 'latin1')
  const texts: string[] = []
  let at = end < 0 ? 0 : bytes.readUInt32LE(end + 16)
  for (let left = end < 0 ? 0 : bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size, names, start] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28), bytes.readUInt32LE(at + 42)]
    const from = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28)
    const packed = bytes.subarray(from, from + size)
    const entry = method === 8 ? inflateRawSync(packed) : packed
    texts.push(bytes.subarray(at + 46, at + 46 + names).toString(), entry.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004' ? unzipped(entry) : entry.toString())
    at += 46 + names + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return texts.join('\n')
}

/** Everything in an answer that is not the reader's to find. What stood in the question may come back as it was asked. */
export function leaksIn(tree: LeakTree, { scope }: Pick<Walker, 'scope'>, answer: Answer): string[] {
  const question = `${unescaped(answer.ask.path.replaceAll('+', ' '))} ${JSON.stringify(answer.ask.json ?? answer.ask.form ?? '')}`
  const asked = new Set(numbersIn(question))
  const numbers = [...new Set(numbersIn(answer.text))].filter((number) => !asked.has(number))
  const ids = [...new Set(answer.text.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g))].filter((id) => !question.includes(id))
  const found = [...numbers.map((number) => tree.secrets[number]), ...ids.map((id) => tree.ids.get(id))].filter((secret) => secret && !secret.allowed(scope))
  return found.slice(0, 4).map((secret) => `${answer.ask.method} ${answer.ask.path} (${answer.status}) as person ${scope.person}: ${secret!.what}`)
}

const numbersIn = (text: string) => [...text.matchAll(/qz(\d{5})/gi)].map((found) => Number(found[1]))

/** What caches between the server and a reader may do with an answer: one that names a person's own is kept by nobody. */
function cacheFaults(answer: Answer): string[] {
  const control = answer.headers.get('cache-control') ?? ''
  const isKept = answer.status === 200 && !/no-store/.test(control) && !/^\/api\/(v1\/health|openapi|docs)/.test(answer.ask.path)
  return isKept && !/private/.test(control) ? [`${answer.ask.method} ${answer.ask.path}: may be kept by a shared cache (${control || 'no Cache-Control'})`] : []
}

/**
 * One walk: the other asks first, so that whatever is kept was kept for them; then the walker asks the same, also with the other's
 * ETag and by HEAD. Returns what leaked, what failed, and which writes went through.
 */
export async function walk(url: string, map: ProductMap, tree: LeakTree, walker: Walker, other: Walker, options: { withWrites: boolean; part?: number; from?: number }): Promise<{ requests: number; leaks: string[]; failures: string[]; written: string[] }> {
  const asks = asksAbout(map, tree, walker, other.person, options).filter((_, index) => index % (options.part ?? 1) === (options.from ?? 0))
  const result = { requests: 0, leaks: [] as string[], failures: [] as string[], written: [] as string[] }
  const take = (answer: Answer, who: Walker) => {
    result.requests += 1
    result.leaks.push(...leaksIn(tree, who, answer), ...cacheFaults(answer))
    if (answer.status >= 500 || answer.status === 429) result.failures.push(`${answer.ask.method} ${answer.ask.path}: ${answer.status}`)
    return answer
  }
  const lanes = [0, 1, 2]
  await Promise.all(lanes.map(async (lane) => {
    for (const [index, asking] of asks.entries()) {
      if (index % lanes.length !== lane) continue
      const isRead = asking.method === 'GET'
      const before = isRead && index % 2 === 0 ? take(await ask(url, other, asking), other) : null
      const answer = take(await ask(url, walker, asking), walker)
      if (!isRead && (answer.status === 201 || answer.status === 204 || /"receipt":\s*\d/.test(answer.text))) result.written.push(`${asking.method} ${asking.path} ${JSON.stringify(asking.json ?? asking.form)}`)
      const etag = before?.headers.get('etag')
      if (etag) {
        const again = take(await ask(url, walker, asking, { 'If-None-Match': etag }), walker)
        if (again.status === 304 && answer.status !== 200) result.leaks.push(`GET ${asking.path}: 304 for the ETag of what is ${answer.status} without it`)
      }
      if (isRead && index % 5 === 0) {
        const head = take(await ask(url, walker, { ...asking, method: 'HEAD' }), walker)
        if (head.status !== answer.status && !(answer.status === 200 && head.status === 404)) result.leaks.push(`HEAD ${asking.path}: ${head.status}, GET ${answer.status}`)
      }
    }
  }))
  return result
}

/**
 * Pages and calls that read differently after rows were added out of the walker's sight: a count, a search, an error or an order of
 * lists has told of them. What tells the time is left out of the comparison.
 */
export async function changedBy(url: string, map: ProductMap, tree: LeakTree, walker: Walker, other: LeakPerson, plant: () => Promise<void>, part = 1): Promise<{ requests: number; changed: string[] }> {
  const asks = asksAbout(map, tree, walker, other, { withWrites: false }).filter((one) => one.method === 'GET' && !isFile.test(one.path.replace(/\?.*/, ''))).filter((_, index) => index % part === 0)
  const texts = async () => {
    const read: string[] = []
    for (const asking of asks) {
      const { status, text } = await ask(url, walker, asking)
      read.push(`${status} ${timeless(text.slice(text.indexOf('\n\n')))}`)
    }
    return read
  }
  const before = await texts()
  const again = await texts() // what changes by being asked twice tells nothing
  await plant()
  const after = await texts()
  const differs = (index: number) => after[index] !== again[index] && before[index] === again[index]
  return { requests: asks.length * 3, changed: asks.flatMap((asking, index) => (differs(index) ? [`${asking.path}: ${difference(again[index]!, after[index]!)}`] : [])) }
}

/** Without the time of day, and without how many members a unit has: that is a figure, and goes up whoever is counted. */
const timeless = (text: string) => text.replace(/[\d.]+ (đảng viên|members?)|"members":\d+/g, 'N').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z?|\d{1,2}:\d\d(:\d\d)?/g, 'T').replace(/"requestId":"[^"]+"|\b\d{13}\b/g, '')

function difference(one: string, other: string): string {
  let at = 0
  while (at < one.length && one[at] === other[at]) at++
  return `…${one.slice(Math.max(0, at - 60), at + 60)}… became …${other.slice(Math.max(0, at - 60), at + 60)}…`.replace(/\s+/g, ' ')
}

/** Pairs of two people, of whom the second is mostly out of the first's sight. */
export function pairsOf(tree: LeakTree, random: () => number, count: number): [number, number][] {
  const any = () => Math.floor(random() * tree.people.length)
  return Array.from({ length: count }, () => {
    const one = any()
    const scope = scopeOf(tree, one)
    for (let tries = 0; tries < 20; tries++) {
      const other = any()
      if (other !== one && isApart(tree, scope, other)) return [one, other]
    }
    let other = any()
    if (other === one) other = (one + 1) % tree.people.length
    return [one, other]
  })
}

/** Whether nothing of that person's is the walker's to change: then a write that goes through is a fault. */
export function isApart(tree: LeakTree, scope: LeakScope, other: number): boolean {
  const person = tree.people[other]!
  const places = [...(person.unit === null ? [] : [person.unit]), ...person.offices.map((office) => office.unit), ...person.assigned.map((one) => one.unit)]
  return places.every((unit) => !scope.responsible.has(unit) && !scope.listed.has(unit) && !scope.kept.has(unit))
}
