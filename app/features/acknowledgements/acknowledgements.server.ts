import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { Tx } from '../../db/open.ts'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import type { Day } from '../../platform/clock.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import { materialById } from '../materials/materials.server.ts'
import { notify } from '../notices/notices.server.ts'
import { idsBeneath, unitByCode } from '../units/units.server.ts'
import { acknowledgementWords } from './acknowledgements.messages.ts'
import { goesAsDeep, type Acknowledgement, type AcknowledgementRequest, type Depth, type PaperAcknowledgements, type RequestClosing } from './acknowledgements.schema.ts'

/** What is asked, of one version of a material or one document. */
export type Request = {
  id: string
  unitId: string
  unitCode: string
  unitName: string
  versionId: string | null
  documentId: string | null
  depth: Depth
  whom: 'members' | 'heads'
  categories: string[]
  keepsBefore: boolean
  beforeId: string | null
  dueOn: Day
  askedOn: Day
  closedAt: Date | null
  version: number
}

/**
 * Asks people of a unit and beneath to acknowledge. Of a later version, those who answered the one before keep their answer unless it
 * concerns their category. Throws NotFound, Forbidden, Refused('dueOn' | 'form' | 'keepsBefore').
 */
export async function askToAcknowledge(ctx: Ctx, input: AcknowledgementRequest): Promise<{ requestId: string; receipt: Receipt | null }> {
  const { tx, viewer, source } = ctx
  const unit = await unitByCode(tx, input.unitCode)
  demand(viewer, 'ask for acknowledgement', [unit.id])
  if (input.dueOn < viewer.today) throw new Refused('dueOn', acknowledgementWords.say('dueOver'))
  const subject = input.materialId ? await versionAsked(tx, input.materialId) : await documentAsked(ctx, input.documentId!, unit.id)
  const before = subject.versionId ? await requestBefore(tx, unit.id, subject.versionId) : null
  if (input.keepsBefore === 'yes' && !before) throw new Refused('keepsBefore', acknowledgementWords.say('nothingBefore'))
  const requestId = input.id ?? v7()
  const asked = await tx
    .insertInto('acknowledgement_request')
    .values({
      id: requestId,
      unit_id: unit.id,
      version_id: subject.versionId,
      document_id: subject.documentId,
      depth: input.depth,
      whom: input.whom,
      categories: input.categories,
      before_id: before,
      keeps_before: input.keepsBefore === 'yes',
      due_on: input.dueOn,
      asked_on: viewer.today,
      recorded_by: viewer.personId,
      source,
    })
    .onConflict((conflict) => conflict.doNothing()) // the same form again, or the same thing asked by a colleague
    .executeTakeFirst()
  if (asked.numInsertedOrUpdatedRows === 0n) {
    const same = await tx.selectFrom('acknowledgement_request').select('id').where('id', '=', requestId).executeTakeFirst()
    if (!same) throw new Refused('form', acknowledgementWords.say('askedAlready'))
    return { requestId, receipt: null }
  }
  if (before) await tx.updateTable('acknowledgement_request').set({ closed_at: sql`clock_timestamp()`, version: sql`version + 1` }).where('id', '=', before).where('closed_at', 'is', null).execute()
  await notify(tx, {
    kind: 'acknowledgement-asked',
    to: await whoIsTold(tx, { unitId: unit.id, whom: input.whom, today: viewer.today }),
    about: { type: 'acknowledgement_request', id: requestId },
    unitId: unit.id,
    values: { title: subject.title, dueOn: input.dueOn },
    path: `/acknowledgements/${requestId}`,
  })
  const receipt = await note(ctx, { action: 'acknowledgement.asked', unitId: unit.id, subjectType: 'acknowledgement_request', subjectId: requestId, detail: { depth: input.depth, dueOn: input.dueOn } })
  return { requestId, receipt }
}

/** Members are asked by their home page; those who lead them, and heads who are asked themselves, are told as well. */
async function whoIsTold(tx: Tx, { unitId, whom, today }: { unitId: string; whom: 'members' | 'heads'; today: Day }) {
  const beneath = await idsBeneath(tx, unitId, today)
  return whom === 'heads' ? { unitIds: beneath, roles: ['secretary'] as const } : { unitIds: [unitId, ...beneath], roles: ['secretary', 'deputy', 'clerk'] as const }
}

/**
 * Answers for oneself; an answer that goes deeper takes the place of the one before. Whoever acts for a person answers in that person's
 * name, and both stand on it. Throws NotFound, Forbidden, Refused('form').
 */
export async function acknowledge(ctx: Ctx, input: Acknowledgement): Promise<Receipt> {
  const { tx, viewer } = ctx
  const request = await requestById(tx, input.requestId)
  await demandAsking(tx, request)
  const { rows } = await sql<{ unitId: string }>`select asked.unit_id as "unitId" from viewer_asked_requests() as asked where asked.request_id = ${request.id}`.execute(tx)
  const place = rows[0]
  if (!place) throw new Forbidden(acknowledgementWords.say('notAsked'))
  const before = await standingAnswers(tx, request.id, [viewer.personId])
  if (before.some((answer) => !goesAsDeep(input.depth, answer.depth))) throw new Refused('form', acknowledgementWords.say('answeredDeeper'))
  const [id] = await putAnswers(ctx, request, [{ personId: viewer.personId, unitId: place.unitId }], input.depth)
  if (input.depth === 'can_say') {
    const cell = await tx.selectFrom('membership').select('unit_id').where('person_id', '=', viewer.personId).where(sql<boolean>`membership.during @> ${viewer.today}::date`).executeTakeFirst()
    await tx.insertInto('acknowledgement_sentence').values({ acknowledgement_id: id!, person_id: viewer.personId, unit_id: cell?.unit_id ?? null, sentence: input.sentence }).execute()
  }
  return note(ctx, { action: 'acknowledgement.given', unitId: place.unitId, subjectType: 'acknowledgement_request', subjectId: request.id, detail: { depth: input.depth } })
}

/**
 * Keys in who signed the cell's list on paper; who has answered as deep already is left as it is. Throws NotFound, Forbidden,
 * Refused('people' | 'form').
 */
export async function keyInAcknowledgements(ctx: Ctx, input: PaperAcknowledgements): Promise<Receipt> {
  const { tx, viewer } = ctx
  const request = await requestById(tx, input.requestId)
  const unit = await unitByCode(tx, input.unitCode)
  demand(viewer, 'key in acknowledgements', [unit.id])
  await demandAsking(tx, request)
  if (input.people.length === 0) throw new Refused('people', acknowledgementWords.say('nobodyTicked'))
  const members = await tx
    .selectFrom('membership')
    .select('person_id')
    .where('unit_id', '=', unit.id)
    .where('person_id', 'in', input.people)
    .where(sql<boolean>`membership.during @> ${viewer.today}::date`)
    .execute()
  if (new Set(members.map((row) => row.person_id)).size !== new Set(input.people).size) throw new NotFound()
  const deepEnough = new Set((await standingAnswers(tx, request.id, input.people)).filter((answer) => goesAsDeep(answer.depth, input.depth)).map((answer) => answer.personId))
  const people = [...new Set(input.people)].filter((id) => !deepEnough.has(id)).map((personId) => ({ personId, unitId: unit.id }))
  if (people.length > 0) await putAnswers(ctx, request, people, input.depth)
  return note(ctx, { action: 'acknowledgement.keyed in', unitId: unit.id, subjectType: 'acknowledgement_request', subjectId: request.id, detail: { depth: input.depth, people: people.length } })
}

/** Asks no longer; what was answered stays. Throws NotFound, Forbidden, Refused('version' | 'form'). */
export async function closeRequest(ctx: Ctx, input: RequestClosing): Promise<Receipt> {
  const { tx, viewer } = ctx
  const request = await requestById(tx, input.requestId)
  demand(viewer, 'ask for acknowledgement', [request.unitId])
  if (request.closedAt) throw new Refused('form', acknowledgementWords.say('closedAlready'))
  const closed = await tx
    .updateTable('acknowledgement_request')
    .set({ closed_at: sql`clock_timestamp()`, version: sql`version + 1` })
    .where('id', '=', request.id)
    .where('version', '=', input.version)
    .executeTakeFirst()
  if (closed.numUpdatedRows === 0n) throw new Refused('version', acknowledgementWords.say('changedMeanwhile'))
  return note(ctx, { action: 'acknowledgement.closed', unitId: request.unitId, subjectType: 'acknowledgement_request', subjectId: request.id })
}

/** What is asked; NotFound when there is no such request or the viewer does not see it. */
export async function requestById(tx: Tx, id: string): Promise<Request> {
  const row = await tx
    .selectFrom('acknowledgement_request as request')
    .innerJoin('unit', 'unit.id', 'request.unit_id')
    .select(['request.id', 'request.unit_id as unitId', 'unit.code as unitCode', 'unit.name as unitName', 'request.version_id as versionId', 'request.document_id as documentId', 'request.depth', 'request.whom'])
    .select(['request.categories', 'request.keeps_before as keepsBefore', 'request.before_id as beforeId', 'request.due_on as dueOn', 'request.asked_on as askedOn', 'request.closed_at as closedAt', 'request.version'])
    .where('request.id', '=', id)
    .$castTo<Request>()
    .executeTakeFirst()
  if (!row) throw new NotFound()
  return row
}

/** Until this transaction has ended nobody closes the request, or asks of a later version. Throws Refused('form') when somebody has. */
async function demandAsking(tx: Tx, { id }: Request): Promise<void> {
  const { rows } = await sql<{ isOpen: boolean }>`select hold_request(${id}::uuid) as "isOpen"`.execute(tx)
  if (!rows[0]?.isOpen) throw new Refused('form', acknowledgementWords.say('closedAlready'))
}

async function putAnswers({ tx, viewer, source }: Ctx, request: Request, people: { personId: string; unitId: string }[], depth: Depth): Promise<string[]> {
  await tx.updateTable('acknowledgement').set({ superseded_at: sql`clock_timestamp()` }).where('request_id', '=', request.id).where('person_id', 'in', people.map((one) => one.personId)).where('superseded_at', 'is', null).execute()
  const rows = people.map(({ personId, unitId }) => ({ id: v7(), request_id: request.id, person_id: personId, unit_id: unitId, depth, answered_on: viewer.today, recorded_by: viewer.personId, source }))
  await tx.insertInto('acknowledgement').values(rows).execute()
  return rows.map((row) => row.id)
}

async function standingAnswers(tx: Tx, requestId: string, people: string[]): Promise<{ personId: string; depth: Depth }[]> {
  return tx.selectFrom('acknowledgement').select(['person_id as personId', 'depth']).where('request_id', '=', requestId).where('person_id', 'in', people).where('superseded_at', 'is', null).forUpdate().$castTo<{ personId: string; depth: Depth }>().execute()
}

type Subject = { versionId: string | null; documentId: string | null; title: string }

async function versionAsked(tx: Tx, materialId: string): Promise<Subject> {
  const material = await materialById(tx, materialId)
  if (material.withdrawnAt) throw new Refused('form', acknowledgementWords.say('isWithdrawn'))
  const version = await tx.selectFrom('material_version').select('id').where('material_id', '=', material.id).where('published_at', 'is not', null).orderBy('number', 'desc').limit(1).executeTakeFirst()
  if (!version) throw new Refused('form', acknowledgementWords.say('notOutYet'))
  return { versionId: version.id, documentId: null, title: material.title }
}

/** Only what those who are asked may open: a document of the unit itself or of one above it, and nobody's own plan. */
async function documentAsked({ tx, viewer }: Ctx, documentId: string, unitId: string): Promise<Subject> {
  const document = await tx.selectFrom('document').select(['id', 'abstract', 'state', 'unit_id as unitId', 'author_id as authorId']).where('id', '=', documentId).executeTakeFirst()
  if (!document) throw new NotFound()
  if (document.state !== 'issued') throw new Refused('form', acknowledgementWords.say('notIssued'))
  if (document.authorId !== null || !(await chainOf(tx, unitId, viewer.today)).includes(document.unitId)) throw new Refused('form', acknowledgementWords.say('notTheirs'))
  return { versionId: null, documentId: document.id, title: document.abstract }
}

/** The unit's latest request for an earlier version of the same material. */
async function requestBefore(tx: Tx, unitId: string, versionId: string): Promise<string | null> {
  const row = await tx
    .selectFrom('acknowledgement_request as request')
    .innerJoin('material_version as earlier', 'earlier.id', 'request.version_id')
    .innerJoin('material_version as asked', 'asked.material_id', 'earlier.material_id')
    .select('request.id')
    .where('asked.id', '=', versionId)
    .where('request.unit_id', '=', unitId)
    .whereRef('earlier.number', '<', 'asked.number')
    .orderBy('earlier.number', 'desc')
    .orderBy('request.asked_on', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}
