import type { Tx } from '../../db/open.ts'
import type { Ctx } from '../../permissions/permissions.ts'
import { showDay } from '../../platform/clock.ts'
import { NotFound } from '../../platform/errors.ts'
import { documentById } from '../documents/document-rows.server.ts'
import { superiorBodyOf } from '../documents/typesetting/document-issuer.server.ts'
import { recipientsOf } from '../documents/recipients.server.ts'
import type { Block, OfficialDocument } from '../documents/typesetting/official-document.ts'
import { trailOf } from '../units/units.server.ts'
import { numbered, type DraftTask, type NumberedBlock } from './blocks.ts'
import { draftingWords } from './drafting.messages.ts'
import { bodyOf } from './drafting.server.ts'

const said = draftingWords.in('vi')

/** A document that was written here, to be set: as a draft its number and day are "…". Throws NotFound. */
export async function draftedDocument({ tx, viewer }: Pick<Ctx, 'tx' | 'viewer'>, id: string): Promise<{ document: OfficialDocument; fileName: string }> {
  const head = await documentById(tx, id)
  const body = await bodyOf(tx, id)
  if (!body) throw new NotFound()
  const trail = await trailOf(tx, head.unitId, head.issuedOn ?? viewer.today)
  const unit = trail.at(-1)
  const superior = trail.at(-2)
  return {
    fileName: `${head.type.replaceAll('_', '-')}-${head.unitCode}${head.number === null ? '' : `-${head.number}`}`,
    document: {
      issuedBy: head.grammar,
      type: head.type,
      number: head.number,
      issuerSymbol: head.symbol,
      superiorBody: unit ? superiorBodyOf(unit, superior) : null,
      issuingBody: head.unitName,
      place: head.place ?? superior?.place ?? null,
      day: head.issuedOn,
      abstract: head.abstract,
      addressees: head.type === 'official_letter' || head.type === 'submission' ? await addressees(tx, id) : [],
      body: numbered(body.blocks).flatMap((block) => blockOf(block, body.tasks)),
      recipients: (await recipientsOf(tx, id)).filter((one) => !one.isOneOfThem).map((one) => one.name),
      signature: { authority: head.signedAs ? [head.signedAs] : [], position: head.signerPosition ?? '', name: head.signerName },
    },
  }
}

async function addressees(tx: Tx, id: string): Promise<string[]> {
  return (await recipientsOf(tx, id)).filter((one) => !one.isOneOfThem && (one.unitId !== null || one.isBeneath)).map((one) => one.name)
}

function blockOf({ kind, text, label }: NumberedBlock, tasks: DraftTask[]): Block[] {
  const words = text.split('\n').map((line) => line.trim()).filter((line) => line !== '')
  if (kind === 'tasks') return tasks.length === 0 ? [] : [...(text ? [{ is: 'paragraph', text, leadsTo: true } as const] : []), taskTable(tasks)]
  if (kind === 'heading') return [{ is: 'heading', text: [label, ...words].filter(Boolean).join(' ') }]
  return words.map((line, index) => ({ is: 'paragraph', text: index === 0 && label ? `${label} ${line}` : line }))
}

function taskTable(tasks: DraftTask[]): Block {
  return {
    is: 'table',
    countedIn: null,
    columns: [
      { head: said('columnNumber'), align: 'center', widthMm: 12 },
      { head: said('columnWho'), align: 'left', widthMm: 50 },
      { head: said('columnWhat'), align: 'left', widthMm: null },
      { head: said('columnBy'), align: 'center', widthMm: 28 },
    ],
    rows: tasks.map(({ who, what, by }, index) => [String(index + 1), who, what, by ? showDay(by) : '']),
    total: null,
  }
}
