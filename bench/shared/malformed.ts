import fc from 'fast-check'

// Requests that no honest client sends, for the test that throws them at the server and the bench that throws ten thousand.
// Each is wrong in a way that no rule of the product may accept, so that every one has to be refused.

/** One request; `mayRead` marks an address that may well exist, so that reading it may succeed. */
export type Malformed = { method: string; path: string; headers: Record<string, string>; body?: string | Uint8Array; mayRead?: boolean }

type Schema = { $ref?: string; type?: string | string[]; format?: string; enum?: unknown[]; const?: unknown; properties?: Record<string, Schema>; required?: string[]; items?: Schema; anyOf?: Schema[]; oneOf?: Schema[]; allOf?: Schema[]; minimum?: number; minLength?: number; minItems?: number; maxLength?: number }
type Operation = { parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[]; requestBody?: { content: Record<string, { schema: Schema }> } }

/** An OpenAPI description, as far as it is needed here. */
export type Description = { paths: Record<string, Record<string, Operation>>; components: { schemas?: Record<string, Schema> } }

/** What exists, to be named beside what does not: codes and ids by the name of the parameter. */
export type Known = Record<string, string[]>

const strange = fc.oneof(
  fc.constantFrom('%00', '..', '%2e%2e%2f', "'; drop table person; --", '<script>alert(1)</script>', '💥', 'ﷺ', 'a\u0301\u0323'.repeat(50), '0', '-1', '1e309', 'null', 'NaN', '9'.repeat(40), 'x'.repeat(3000), '{}', '[]', '$where', '%E0%A4%A', '\u202e', 'a\nb', '99999999-9999-9999-9999-999999999999', '00000000-0000-0000-0000-000000000000', '2021-02-30', '0001-01-01', '10000-01-01'),
  fc.string({ minLength: 1, maxLength: 40 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc.uuid(),
)

/** An address of that pattern, with what exists in its place when `isKnown`, else with what does not. */
function addressOf(pattern: string, values: string[], known: Known, isKnown: boolean): string {
  return pattern.replace(/:([a-zA-Z]+)/g, (_, name: string) => {
    const value = values.pop()!
    const there = isKnown ? known[name] : undefined
    return there ? there[value.length % there.length]! : encode(value)
  })
}

/** Percent-encodes, also halves of surrogate pairs, which `encodeURIComponent` refuses. */
const encode = (text: string) => (/%(00|2e|E0)/.test(text) ? text : encodeURIComponent(text.toWellFormed()).replace(/^\.+$/, '%2E'))

/** Calls of the API: text that is no JSON, other kinds of content, bodies that break their schema, paths and queries nobody offers. */
export function malformedCalls({ paths, components }: Description): fc.Arbitrary<Malformed> {
  const resolve = (schema: Schema = {}): Schema => {
    if (schema.$ref) return resolve(components.schemas?.[schema.$ref.split('/').at(-1)!])
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map(resolve)) as Schema
    const choice = schema.anyOf ?? schema.oneOf
    return choice ? resolve(choice[0]) : schema
  }
  const all = Object.entries(paths).flatMap(([path, operations]) => Object.entries(operations).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })))
  const writes = all.filter(({ operation }) => operation.requestBody?.content['application/json'])
  const bodiless = all.filter(({ method, operation, path }) => method !== 'GET' && !operation.requestBody && path.includes('{'))
  const reads = all.filter(({ method }) => method === 'GET')
  const uploads = all.filter(({ operation }) => operation.requestBody && !operation.requestBody.content['application/json'])
  const json = { 'Content-Type': 'application/json' }
  const fill = (path: string) => fc.array(strange, { minLength: 6, maxLength: 6 }).map((values) => path.replace(/\{[^}]+\}/g, () => encode(values.pop()!)))

  const broken = fc.oneof(
    fc.constantFrom('', '{', '[', '{"a":', '{"a":1,}', "{'a':1}", 'undefined', '\u0000', '{"__proto__":{"isAdmin":true}}', '[[[[[[]]]]]]', 'null', '1', '"text"', 'true', `${'['.repeat(5000)}`, '{"a":"\\ud800"}', '{"a":"\\u0000"}', '{"constructor":{"prototype":{}}}'),
    fc.uint8Array({ minLength: 1, maxLength: 60 }),
  )
  const otherContent = fc.constantFrom('text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data', 'multipart/form-data; boundary=', 'application/json; charset=utf-7', '', 'x', 'application/')
  const one = <Item>(items: Item[]) => fc.constantFrom(...items)
  const calls: fc.Arbitrary<Malformed>[] = [
    fc.record({ to: one(writes), body: broken }).chain(({ to, body }) => fill(to.path).map((path) => ({ method: to.method, path, headers: json, body }))),
    fc.record({ to: one(writes), type: otherContent, body: fc.constantFrom('a=1', '<a/>', '--x\r\n\r\n', '{}') }).chain(({ to, type, body }) => fill(to.path).map((path) => ({ method: to.method, path, headers: { 'Content-Type': type }, body }))),
    fc
      .record({ to: one(writes), seed: fc.nat(1_000_000), text: strange })
      .chain(({ to, seed, text }) => fill(to.path).map((path) => ({ method: to.method, path, headers: json, body: JSON.stringify(broken1(resolve, to.operation.requestBody!.content['application/json']!.schema, seed, text)) }))),
    fc.record({ to: one(reads), query: fc.array(fc.tuple(fc.constantFrom('unit', 'asOf', 'campaign', 'q', 'page', 'limit', 'after', 'part', 'knownAt', 'resolution', 'language', 'sort', 'x'), strange), { maxLength: 4 }) }).chain(({ to, query }) =>
      fill(to.path).map((path) => ({ method: 'GET', path: `${path}?${query.map(([name, value]) => `${name}=${encode(value)}`).join('&')}`, headers: {}, mayRead: true })),
    ),
    fc.record({ to: one(all), method: fc.constantFrom('PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'POST') }).chain(({ to, method }) => fill(`${to.path}/x`).map((path) => ({ method, path, headers: {} }))),
    fc.array(strange, { minLength: 1, maxLength: 4 }).map((steps) => ({ method: 'POST', path: `/${steps.map(encode).join('/')}`, headers: json, body: '{}' })),
  ]
  if (bodiless.length > 0) calls.push(one(bodiless).chain(({ path, method }) => fill(path).map((filled) => ({ method, path: filled, headers: {} }))))
  if (uploads.length > 0) calls.push(fc.record({ to: one(uploads), body: broken, type: otherContent }).chain(({ to, body, type }) => fill(to.path).map((path) => ({ method: to.method, path, headers: { 'Content-Type': type }, body }))))
  return fc.oneof(...calls).map((call) => ({ ...call, path: `/api/v1${call.path}` }))
}

/** A body of that form with one thing in it that the form forbids. */
function broken1(resolve: (schema?: Schema) => Schema, given: Schema, seed: number, text: string): unknown {
  const schema = resolve(given)
  const names = Object.keys(schema.properties ?? {}).filter((name) => resolve(schema.properties![name]).type !== undefined)
  const whole = sample(resolve, schema, text) as Record<string, unknown>
  const name = names[seed % Math.max(1, names.length)]
  if (name === undefined) return [whole]
  const isRequired = schema.required?.includes(name)
  if (isRequired && seed % 3 === 0) return { ...whole, [name]: undefined }
  const { type } = resolve(schema.properties![name])
  return { ...whole, [name]: type === 'object' || type === 'array' ? 'x' : { a: [text] } }
}

function sample(resolve: (schema?: Schema) => Schema, given: Schema, text: string): unknown {
  const schema = resolve(given)
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  switch (type) {
    case 'object':
      return Object.fromEntries((schema.required ?? []).map((name) => [name, sample(resolve, schema.properties?.[name] ?? {}, text)]))
    case 'array':
      return Array.from({ length: Math.max(1, schema.minItems ?? 1) }, () => sample(resolve, schema.items ?? {}, text))
    case 'number':
    case 'integer':
      return schema.minimum ?? 1
    case 'boolean':
      return true
    default:
      if (schema.format === 'uuid') return '019b0000-0000-7000-8000-000000000000'
      return schema.format === 'date' ? '2021-04-05' : text
  }
}

/** Forms to pages: bodies that are no form, names that contradict each other or reach for what is not theirs. */
export function malformedForms(patterns: string[], known: Known, deeds: string[]): fc.Arbitrary<Malformed> {
  const form = { 'Content-Type': 'application/x-www-form-urlencoded', Origin: 'http://localhost', 'Sec-Fetch-Site': 'same-origin' }
  const wrongForms = fc.oneof(
    fc.record({ name: fc.constantFrom('a', 'unit', 'marks', 'name', 'person'), value: strange }).map(({ name, value }) => `${name}=${encode(value)}&${name}.b=1`),
    fc.constantFrom('__proto__.isAdmin=1', 'constructor.prototype.x=1', 'a.__proto__=1', 'a.b.c.d.e.f.g.h.i.j=1', '.=1', 'a..b=1', 'a.=1', '=1'),
  )
  const noForms = fc.record({
    type: fc.constantFrom('application/json', 'text/plain', 'multipart/form-data', 'multipart/form-data; boundary=x', 'application/xml', 'x'),
    body: fc.oneof(fc.constantFrom('{}', '', '--x', '--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n', '<a/>'), fc.uint8Array({ minLength: 1, maxLength: 80 })),
  })
  const address = fc.record({ pattern: fc.constantFrom(...patterns), deed: fc.option(fc.constantFrom(...deeds), { nil: null }), values: fc.array(strange, { minLength: 4, maxLength: 4 }), isKnown: fc.boolean() }).map(({ pattern, deed, values, isKnown }) => {
    const path = addressOf(pattern, values, known, isKnown)
    return deed ? `${path}?do=${deed}` : path
  })
  return fc.oneof(
    fc.record({ path: address, body: wrongForms }).map(({ path, body }) => ({ method: 'POST', path, headers: form, body })),
    fc.record({ path: address, wrong: noForms }).map(({ path, wrong }) => ({ method: 'POST', path, headers: { ...form, 'Content-Type': wrong.type }, body: wrong.body })),
  )
}

/** Forms whose fields are the pages' own, with values that none of them can take. Some deeds need no field at all: `mayDo`. */
export function strangeForms(patterns: string[], known: Known, deeds: string[], names: string[]): fc.Arbitrary<Malformed> {
  const fields = fc.array(fc.tuple(fc.constantFrom(...names), strange), { minLength: 1, maxLength: 8 })
  return fc
    .record({ pattern: fc.constantFrom(...patterns), deed: fc.option(fc.constantFrom(...deeds), { nil: null }), values: fc.array(strange, { minLength: 4, maxLength: 4 }), isKnown: fc.boolean(), fields })
    .map(({ pattern, deed, values, isKnown, fields: given }) => {
      const path = addressOf(pattern, values, known, isKnown)
      const body = given.map(([name, value]) => `${name}=${encode(value)}`).join('&')
      return { method: 'POST', path: deed ? `${path}?do=${deed}` : path, headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: 'http://localhost', 'Sec-Fetch-Site': 'same-origin' }, body }
    })
}

/** Addresses of pages with steps and queries that nobody links to. */
export function malformedAddresses(patterns: string[], known: Known): fc.Arbitrary<Malformed> {
  const query = fc.array(fc.tuple(fc.constantFrom('unit', 'asOf', 'campaign', 'q', 'page', 'sort', 'part', 'as', 'resolution', 'person', 'to', 'do', 'status', 'day'), strange), { maxLength: 4 })
  return fc.record({ pattern: fc.constantFrom(...patterns), values: fc.array(strange, { minLength: 4, maxLength: 4 }), isKnown: fc.boolean(), query }).map(({ pattern, values, isKnown, query: asked }) => {
    const path = addressOf(pattern, values, known, isKnown)
    return { method: 'GET', path: `${path}?${asked.map(([name, value]) => `${name}=${encode(value)}`).join('&')}`, headers: {}, mayRead: true }
  })
}

/** Bytes on a connection that are no HTTP, or HTTP that contradicts itself. */
export const malformedBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => new Uint8Array([0x01, ...bytes])),
  fc
    .constantFrom(
      'GET / HTTP/1.1\r\n\r\n', 'GET / HTTP/3.0\r\nHost: a\r\n\r\n', 'GET /\r\n\r\n', 'get / http/1.1\r\nHost: a\r\n\r\n', 'GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b@c/d\r\n\r\n',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n', 'GET / HTTP/1.1\r\nHost: a\r\nX\u0000: y\r\n\r\n', 'GET / HTTP/1.1\r\nHost: a\r\nX: \u0001\r\n\r\n', 'GET / HTTP/1.1\nHost: a\n folded\n\n', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', `GET /${'y'.repeat(17_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 'GET \\..\\x HTTP/1.1\r\nHost: a\r\n\r\n', 'GET nothing HTTP/1.1\r\nHost: a\r\n\r\n',
    )
    .map((text) => new TextEncoder().encode(text)),
)
