import { sql } from 'kysely'
import { v7 } from 'uuid'
import { beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../../tests/database.ts'
import { testFiles } from '../../../tests/files.ts'
import { openedCampaign, organisation, type Organisation } from '../../../tests/people.ts'
import { testApp } from '../../../tests/web.ts'
import { openApi } from '../../api.ts'
import { asViewer } from '../../db/open.ts'
import { keepFile } from '../../platform/files/files.ts'
import { documentKinds } from '../../platform/files/media-types.ts'
import { draftDocument, issueDocument } from './documents.server.ts'
import { DocumentDraft } from './documents.schema.ts'
import { attachFile } from './files.server.ts'

// A draft of the commune with a word of its own wherever one can stand; nobody else may ever come upon the word or the draft.

const database = await testDatabase()
const { db } = database
const mark = 'Wq00017'
let city: Organisation
let draftId: string
let issuedId: string

beforeAll(async () => {
  city = await organisation(db)
  await openedCampaign(db, city)
  const files = await testFiles()
  const { ngoc } = city.viewer
  const ids = await asViewer(db, ngoc, async (tx) => {
    const ctx = { tx, viewer: ngoc, source: 'page' } as const
    const issued = await draftDocument(ctx, DocumentDraft.parse({ unitCode: 'an-hoa', type: 'report', abstract: 'đã ban hành', toAllBeneath: true }))
    await issueDocument(ctx, { documentId: issued.documentId, issuedOn: '2021-04-01' })
    const input = { unitCode: 'an-hoa', campaignCode: 'nq-xiii', type: 'plan', abstract: `việc ${mark}`, text: `chữ ${mark}`, place: mark, signerName: mark, signedAs: mark, recipientLines: mark, recipientUnits: ['an-hoa-1', 'an-hoa-2', 'can-tho'], relations: [{ kind: 'answers', toId: issued.documentId }] }
    const draft = await draftDocument(ctx, DocumentDraft.parse(input))
    const kept = await keepFile(files, Buffer.from(`Nội dung ${mark}`), { allowed: documentKinds, most: 1000, name: `${mark}.txt` })
    await attachFile(ctx, { documentId: draft.documentId, kind: 'text', file: kept })
    return [draft.documentId, issued.documentId] as const
  })
  ;[draftId, issuedId] = ids
  const of = { unit_id: city.unit.commune, source: 'page' } as const
  const [asked, own] = [v7(), v7()]
  await db.insertInto('document_clause').values([{ id: asked, document_id: issuedId, key: 'I', text: 'hỏi', position: 1, depth: 1, ...of }, { id: own, document_id: draftId, key: 'I', text: `mục ${mark}`, position: 1, depth: 1, ...of }]).execute()
  await db.insertInto('clause_answer').values({ id: v7(), clause_id: asked, by_document_id: draftId, by_clause_id: own, ...of }).execute()
  await db.insertInto('document_body').values({ document_id: draftId, blocks: JSON.stringify([{ kind: 'paragraph', text: mark }]), ...of }).execute()
})

const others = ['mai', 'duc', 'binh', 'thu', 'lan', 'hoa', 'khoa', 'son'] as const

test('no row of any table shows a draft to another unit, and to its own every one does', async () => {
  const { rows: tables } = await sql<{ name: string }>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v') and has_table_privilege('app', oid, 'select') order by relname`.execute(db)
  const telling = async (viewer: Organisation['viewer']['mai']) =>
    asViewer(db, viewer, async (tx) => {
      await sql`set local jit = off`.execute(tx) // one statement over every table would be compiled for half a minute
      const words = sql`array[${`%${mark}%`}, ${`%${mark.toLowerCase()}%`}, ${`%${draftId}%`}]`
      const each = tables.map(({ name }) => sql`select ${name}::text as name where exists (select from ${sql.table(name)} as one where to_jsonb(one)::text like any (${words}))`)
      const { rows } = await sql<{ name: string }>`${sql.join(each, sql` union all `)}`.execute(tx)
      return rows.map((row) => row.name).sort()
    })
  for (const name of others) expect([name, await telling(city.viewer[name])]).toEqual([name, []])
  expect(await telling(city.viewer.ngoc)).toEqual(['audit_entry', 'clause_answer', 'document', 'document_body', 'document_clause', 'document_file', 'document_recipient', 'document_relation'])
}, 60_000)

test('no call of the API shows it to another unit', async () => {
  const app = await testApp(database)
  const call = async (person: keyof Organisation['person'], path: string) => {
    const session = { personId: city.person[person], accountId: city.person[person], sessionId: city.person[person], actingId: null, mustEnrol: false }
    const answer = await openApi({ ...app, auth: { ...app.auth, sessionOf: () => Promise.resolve({ session, cookies: [] }) } }).request(`/api/v1${path}`)
    return { status: answer.status, text: await answer.text() }
  }
  const paths = ['/documents', '/documents?words=wq00017', '/documents?words=viec', '/documents?state=draft', '/documents?unit=an-hoa', '/documents?unit=can-tho&beneath=1', `/documents/${issuedId}`, '/campaigns/nq-xiii/documents?unit=can-tho', '/me/held']
  for (const name of others) {
    expect((await call(name, `/documents/${draftId}`)).status).toBe(404)
    for (const path of paths) expect([name, path, new RegExp(`${mark}|${draftId}`, 'i').test((await call(name, path)).text)]).toEqual([name, path, false])
  }
  expect((await call('ngoc', `/documents/${draftId}`)).text).toContain(mark)
  expect((await call('ngoc', '/documents?words=wq00017')).text).toContain(draftId)
}, 60_000)
