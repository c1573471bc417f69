import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { Tx } from '../../db/open.ts'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import { Refused } from '../../platform/errors.ts'
import { addAnswers, clausesOf, layClauses } from '../cascade/clauses.server.ts'
import { depthOf } from '../cascade/clause-key.schema.ts'
import { documentById, writtenNumber, type DocumentHead } from '../documents/document-rows.server.ts'
import type { DocumentDraft } from '../documents/documents.schema.ts'
import { draftDocument, type Saved } from '../documents/documents.server.ts'
import { typeName } from '../documents/numbers/type-rules.server.ts'
import { recipientsOf } from '../documents/recipients.server.ts'
import { relationsOf } from '../documents/relations.server.ts'
import { committeeKept, signatureOf } from '../documents/typesetting/document-issuer.server.ts'
import { dayInText } from '../documents/typesetting/document-number.server.ts'
import type { DocumentType } from '../documents/typesetting/official-document.ts'
import { officeHolders, trailOf, unitByCode, unitsBeneath, type Unit } from '../units/units.server.ts'
import { afterCommand, numbered, plainText, type DraftBlock, type DraftTask } from './blocks.ts'
import { draftingWords } from './drafting.messages.ts'
import type { DraftBeginning, DraftText } from './drafting.schema.ts'
import { proposed, type Basis } from './proposal.ts'

/** What documents say, in Vietnamese whoever reads the page. */
const said = draftingWords.in('vi')

/**
 * Begins a unit's own document from the superior's: recipients, basis lines, the clauses to answer, tasks with their days. Nothing is
 * composed; every word is the superior's, a duty's or of the tree. Throws NotFound, Forbidden, Refused.
 */
export async function beginDraft(ctx: Ctx, input: DraftBeginning): Promise<Saved> {
  const { tx, viewer } = ctx
  const unit = await unitByCode(tx, input.unitCode)
  demand(viewer, 'keep documents', await chainOf(tx, unit.id, viewer.today))
  const begun = await beginningOf(tx, unit, input)
  const { superior } = begun
  const beneath = await unitsBeneath(tx, unit.id, viewer.today)
  const [above] = (await trailOf(tx, unit.id, viewer.today)).toReversed().slice(1)
  const secretary = (await officeHolders(tx, unit.id, viewer.today)).find((holder) => holder.role === 'secretary')?.name
  const signature = signatureOf(unit)
  const kept = committeeKept(unit)
  const subject = superior ? plainAbstract(superior.abstract) : begun.title
  const abstract = begun.isPersonal ? said('personalAbstract', { name: viewer.name }) : subject
  const content = superior
    ? proposed(
        {
          unitName: unit.name,
          ownTypeName: typeName(begun.type, 'vi'),
          rests: (await relationsOf(tx, superior.id)).to.filter(({ kind }) => kind === 'carries_out' || kind === 'answers' || kind === 'based_on').flatMap(({ document }) => basisOf(document) ?? []),
          superior: basisOf(superior)!,
          clauses: await clausesOf(tx, superior.id),
          duties: await dutiesIn(tx, unit.id, begun.campaign?.id ?? null),
          hasBeneath: beneath.length > 0,
          today: viewer.today,
        },
        {
          on: (basis) => said('basisOn', wordsOf(basis)),
          carryingOut: (basis, name, ownType) => said('basisCarryingOut', { ...wordsOf(basis), unit: name, ownType, subject: inSentence(subject) }),
          skeleton: [said('skeleton.aims'), said('skeleton.content'), said('skeleton.carryingOut')],
          tasks: said('tasksCaption'),
          beneath: said('unitsBeneath'),
        },
      )
    : { blocks: [{ kind: 'heading', text: said('skeleton.aims') }, { kind: 'paragraph', text: '' }, { kind: 'heading', text: said('skeleton.content') }, { kind: 'paragraph', text: '' }, { kind: 'heading', text: said('skeleton.carryingOut') }, { kind: 'paragraph', text: '' }] satisfies DraftBlock[], tasks: [] }
  const saved = await draftDocument(ctx, {
    newId: input.newId ?? v7(),
    unitCode: unit.code,
    type: begun.type,
    isPersonalPlan: begun.isPersonal,
    abstract,
    urgency: 'normal',
    campaignCode: begun.campaign?.code,
    // a head signs the own plan as oneself; units that could not open it are not sent it
    signedAs: begun.isPersonal ? undefined : signature.authority[0],
    signerPosition: signature.position,
    signerName: begun.isPersonal ? viewer.name : (secretary ?? undefined),
    text: plainText(content.blocks, content.tasks),
    relations: superior ? [{ kind: superior.type === 'official_letter' ? 'answers' : 'carries_out', toId: superior.id }] : [],
    recipientUnits: above && !begun.isPersonal ? [above.code] : [],
    toAllBeneath: beneath.length > 0 && !begun.isPersonal,
    recipientLines: [...(begun.isPersonal && above ? [above.name] : []), kept ? said('keptAt', { committee: kept }) : said('keptIn', { unit: unit.name })],
  })
  await keepBody(ctx, { id: saved.documentId, unitId: unit.id }, content)
  return saved
}

/** What the beginning rests on: a duty names its rule's basis and type, an address names the document itself. */
async function beginningOf(tx: Tx, unit: Unit, input: DraftBeginning) {
  const duty = input.dutyId ? await dutyById(tx, input.dutyId) : null
  if (duty && duty.unitId !== unit.id) throw new Refused('dutyId', draftingWords.say('dutyOfAnother'))
  const superiorId = input.superiorId ?? duty?.basisId ?? null
  const superior = superiorId ? await documentById(tx, superiorId) : null
  if (superior && superior.state !== 'issued') throw new Refused('superiorId', draftingWords.say('superiorNotIssued'))
  const campaignId = duty?.campaignId ?? superior?.campaignId ?? null
  return { superior, type: input.type ?? duty?.type ?? ('plan' satisfies DocumentType), isPersonal: duty?.isPersonal ?? false, title: duty?.title ?? said('untitled'), campaign: campaignId ? ((await tx.selectFrom('campaign').select(['id', 'code']).where('id', '=', campaignId).executeTakeFirst()) ?? null) : null }
}

export type DutyToDraft = { id: string; unitId: string; unitCode: string; campaignId: string; title: string; basisId: string | null; type: DocumentType | null; dueOn: Day | null; isPersonal: boolean }

/** The duty that asks for a document, or for a head's own plan. Throws Refused('dutyId') where there is none. */
export async function dutyById(tx: Tx, id: string): Promise<DutyToDraft> {
  const { rows } = await sql<DutyToDraft>`
    select duty.id, duty.unit_id as "unitId", unit.code as "unitCode", duty.campaign_id as "campaignId", duty_rule.title, duty_rule.basis_id as "basisId", duty.detail ->> 'type' as type, duty.due_on as "dueOn", duty.kind = 'personal_plan' as "isPersonal"
    from duty
    join duty_rule on duty_rule.id = duty.rule_id
    join unit on unit.id = duty.unit_id
    where duty.id = ${id} and duty.kind in ('document', 'personal_plan') and duty.dropped_on is null`.execute(tx)
  if (!rows[0]) throw new Refused('dutyId', draftingWords.say('dutyNotThere'))
  return rows[0]
}

/** A draft of that type in that campaign which the unit has under way, written here; null when there is none. */
export async function draftUnderWay(tx: Tx, unitId: string, campaignId: string | null, type: DocumentType): Promise<string | null> {
  if (!campaignId) return null
  const row = await tx
    .selectFrom('document')
    .innerJoin('document_body', 'document_body.document_id', 'document.id')
    .select('document.id')
    .where('document.unit_id', '=', unitId)
    .where('document.campaign_id', '=', campaignId)
    .where('document.type', '=', type)
    .where('document.state', '=', 'draft')
    .orderBy('document.id', 'desc')
    .executeTakeFirst()
  return row?.id ?? null
}

/** What the unit itself still owes in the campaign, by day, for the table of tasks. */
async function dutiesIn(tx: Tx, unitId: string, campaignId: string | null): Promise<{ title: string; dueOn: Day | null }[]> {
  if (!campaignId) return []
  const { rows } = await sql<{ title: string; dueOn: Day | null }>`
    select duty_rule.title, duty.due_on as "dueOn"
    from duty
    join duty_rule on duty_rule.id = duty.rule_id
    where duty.unit_id = ${unitId} and duty.campaign_id = ${campaignId} and duty.role is null and duty.done_on is null and duty.waived_at is null and duty.dropped_on is null
    order by duty.due_on nulls last, duty_rule.title
    limit 30`.execute(tx)
  return rows
}

/** Takes what the editor holds. Throws NotFound, Forbidden, Refused('version' | …). */
export async function saveDraftText(ctx: Ctx, input: DraftText): Promise<Saved> {
  const { tx } = ctx
  const head = await documentById(tx, input.documentId)
  const { to } = await relationsOf(tx, head.id)
  const content = { blocks: afterCommand(input.blocks, input.command ?? null), tasks: input.tasks }
  const saved = await draftDocument(ctx, {
    documentId: head.id,
    version: input.version,
    unitCode: head.unitCode,
    grammar: head.grammar,
    symbol: head.symbol ?? undefined,
    type: head.type,
    isPersonalPlan: head.authorId !== null,
    campaignCode: head.campaignCode ?? undefined,
    urgency: head.urgency,
    abstract: input.abstract,
    place: input.place,
    signerName: input.signerName,
    signerPosition: input.signerPosition,
    signedAs: input.signedAs,
    text: plainText(content.blocks, content.tasks) || undefined,
    relations: to.map(({ kind, document }) => ({ kind, toId: document.id })),
    recipientUnits: input.recipientUnits,
    toAllBeneath: input.toAllBeneath,
    recipientLines: input.recipientLines,
  } satisfies DocumentDraft)
  await keepBody(ctx, head, content)
  return saved
}

/** Keeps the parts, names them as the document's clauses, and what they answer as its answers. */
async function keepBody(ctx: Ctx, document: Pick<DocumentHead, 'id' | 'unitId'>, { blocks, tasks }: { blocks: DraftBlock[]; tasks: DraftTask[] }): Promise<void> {
  const { tx, viewer, source } = ctx
  await sql`
    insert into document_body (document_id, unit_id, blocks, tasks, recorded_by, source)
    values (${document.id}, ${document.unitId}, ${JSON.stringify(blocks)}::jsonb, ${JSON.stringify(tasks)}::jsonb, ${viewer.personId}, ${source})
    on conflict (document_id) do update set blocks = excluded.blocks, tasks = excluded.tasks, recorded_at = clock_timestamp(), recorded_by = excluded.recorded_by, source = excluded.source`.execute(tx)
  const named = numbered(blocks).filter((block) => block.place !== null && block.text.trim() !== '')
  const ids = await layClauses(ctx, document, named.map(({ key, text, place }) => ({ key: key!, text: text.slice(0, 2000), depth: depthOf(place!) })))
  await sql`delete from clause_answer where by_document_id = ${document.id}`.execute(tx)
  await addAnswers(ctx, document, blocks.length === 0 ? [] : named.flatMap(({ answers, key }) => (answers ? [{ clauseId: answers, byClauseId: ids.get(key!) ?? null }] : [])))
}

export type Body = { blocks: DraftBlock[]; tasks: DraftTask[] }

/** The parts of a document; null where it was not written here. */
export async function bodyOf(tx: Tx, documentId: string): Promise<Body | null> {
  const row = await tx.selectFrom('document_body').select(['blocks', 'tasks']).where('document_id', '=', documentId).executeTakeFirst()
  return row ? { blocks: row.blocks as unknown as DraftBlock[], tasks: row.tasks as unknown as DraftTask[] } : null
}

/** Which clause of which document each part answers, by the clause's id. */
export async function answeredInDraft(tx: Tx, body: Body | null): Promise<Map<string, { key: string; number: string }>> {
  const ids = body?.blocks.flatMap((block) => block.answers ?? []) ?? []
  if (ids.length === 0) return new Map()
  const rows = await tx
    .selectFrom('document_clause')
    .innerJoin('document', 'document.id', 'document_clause.document_id')
    .select(['document_clause.id', 'document_clause.key', 'document.type', 'document.grammar', 'document.number', 'document.symbol', 'document.abstract'])
    .where('document_clause.id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, { key: row.key, number: writtenNumber(row as Parameters<typeof writtenNumber>[0]) ?? row.abstract }]))
}

/** The recipients as the editor holds them. */
export async function recipientsToEdit(tx: Tx, documentId: string): Promise<{ units: { code: string; name: string }[]; toAllBeneath: boolean; lines: string[] }> {
  const all = (await recipientsOf(tx, documentId)).filter((one) => !one.isOneOfThem)
  return {
    units: all.flatMap((one) => (one.unitCode ? [{ code: one.unitCode, name: one.name }] : [])),
    toAllBeneath: all.some((one) => one.isBeneath),
    lines: all.filter((one) => one.unitId === null && !one.isBeneath).map((one) => one.name),
  }
}

function basisOf(document: DocumentHead): Basis | null {
  if (!document.issuedOn) return null
  return { typeName: typeName(document.type, 'vi'), written: document.written, day: document.issuedOn, issuer: document.issuerName, abstract: plainAbstract(document.abstract) }
}

function wordsOf({ typeName: type, written, day, issuer, abstract }: Basis) {
  const name = type.charAt(0).toLocaleUpperCase('vi') + type.slice(1)
  return { type: name, number: written ? said('numbered', { number: written }) : '', day: dayInText(day), issuer, about: inSentence(abstract) }
}

/** As it goes on a sentence: after "về". */
const inSentence = (abstract: string) => {
  const plain = abstract.replace(/^về\s+(?:việc\s+)?/iu, '')
  return plain.charAt(0).toLocaleLowerCase('vi') + plain.slice(1)
}

/** Of a letter what it is about, without "V/v". */
const plainAbstract = (abstract: string) => abstract.replace(/^v\/v\s+/iu, '').replace(/[.;]+$/, '')
