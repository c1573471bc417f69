import type { Ctx } from '../../../permissions/permissions.ts'
import { idsOf } from '../../../web/params.server.ts'
import { listCampaigns } from '../../campaigns/campaigns.server.ts'
import type { Place } from '../../units/place.server.ts'
import { documentRows, headOf, type DocumentHead } from '../document-rows.server.ts'
import { typeName, typesRuledOut } from '../numbers/type-rules.server.ts'
import type { Recipient } from '../recipients.server.ts'
import { searchDocuments } from '../search.server.ts'

type Named = { code: string; name: string }
/** What the form of a document offers beside its fields. */
export type FormFacts = { campaigns: Named[]; beneath: Named[]; above: Named[]; ruledOut: { type: string; basis: string }[]; others: Record<string, string> }
/** A document that another may stand on, as the form shows it. */
export type Found = { id: string; label: string; abstract: string }
export type RelationRow = Found & { kind: string }

/** `others`: names of units that a document there goes to, by their codes. */
export async function formFacts({ tx, viewer }: Ctx, place: Place, recipients: Recipient[] = []): Promise<FormFacts> {
  const named = ({ code, name }: Named) => ({ code, name })
  return {
    campaigns: (await listCampaigns(tx)).map(named),
    beneath: place.beneath.map(named),
    above: place.trail.filter((unit) => unit.id !== place.unit.id).map(named),
    ruledOut: (await typesRuledOut(tx, place.unit, viewer.today)).map(({ type, basis }) => ({ type, basis })),
    others: Object.fromEntries(recipients.flatMap((one) => (one.unitCode ? [[one.unitCode, one.name]] : []))),
  }
}

/** Documents that those words or that number find, drafts apart; at most eight. */
export async function findRelated(ctx: Ctx, words: string): Promise<Found[]> {
  if (words.trim() === '') return []
  const { documents } = await searchDocuments(ctx, { words, state: 'issued', page: 1 })
  return documents.slice(0, 8).map(foundOf)
}

/** Rows for relations that a draft has, or that the address names. */
export async function relationRows({ tx }: Ctx, told: { id: string; kind: string }[]): Promise<RelationRow[]> {
  const ids = idsOf(told.map((one) => one.id))
  if (ids.length === 0) return []
  const rows = await documentRows(tx).where('document.id', 'in', ids).execute()
  const heads = new Map(rows.map((row) => [row.id, headOf(row)]))
  return told.flatMap(({ id, kind }) => (heads.has(id) ? [{ ...foundOf(heads.get(id)!), kind }] : []))
}

const foundOf = (document: DocumentHead): Found => ({
  id: document.id,
  label: [capital(typeName(document.type, 'vi')), document.written, `– ${document.issuerName}`].filter(Boolean).join(' '),
  abstract: document.abstract,
})

const capital = (words: string) => words[0]!.toUpperCase() + words.slice(1)
