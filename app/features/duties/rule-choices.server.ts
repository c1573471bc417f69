import { sql } from 'kysely'
import type { Ctx } from '../../permissions/permissions.ts'
import { showDay, type Day } from '../../platform/clock.ts'
import type { Campaign } from '../campaigns/campaigns.server.ts'

export type Choice = { value: string; label: string }
/** What a rule may name: documents that order it, types of documents, rounds and forms of the unit, kinds of units. */
export type RuleChoices = { documents: Choice[]; types: Choice[]; rounds: Choice[]; forms: Choice[]; kinds: { key: string; hasMembers: boolean }[] }

/** The choices of the form for a rule of that unit in a campaign. */
export async function ruleChoices({ tx }: Ctx, unitId: string, campaign: Pick<Campaign, 'id'>): Promise<RuleChoices> {
  const documents = await sql<{ id: string; number: number | null; series: string; issuedOn: Day; abstract: string }>`
    select document.id, document.number, document.series, document.issued_on as "issuedOn", document.abstract
    from document
    where document.state = 'issued' and (document.campaign_id = ${campaign.id} or document.unit_id = ${unitId})
    order by document.issued_on desc, document.id
    limit 60`.execute(tx)
  const types = await tx.selectFrom('document_type').select(['key as value', 'name as label']).orderBy('position').execute()
  const rounds = await tx
    .selectFrom('report_round')
    .select(['id as value', 'name', 'as_of as asOf'])
    .where('campaign_id', '=', campaign.id)
    .where(sql<boolean>`unit_id in (select unit_ancestor.ancestor_id from unit_ancestor where unit_ancestor.unit_id = ${unitId}::uuid)`)
    .orderBy('as_of', 'desc')
    .limit(40)
    .execute()
  const forms = await tx.selectFrom('report_form').select(['id as value', 'name as label']).where('campaign_id', '=', campaign.id).where('retired_at', 'is', null).orderBy('name').limit(40).execute()
  const kinds = await tx.selectFrom('unit_kind').select(['key', 'has_members as hasMembers']).orderBy('position').execute()
  return {
    documents: documents.rows.map(({ id, number, series, issuedOn, abstract }) => ({ value: id, label: `${number === null ? '' : `${number}-`}${series}, ${showDay(issuedOn)}: ${abstract.length > 70 ? `${abstract.slice(0, 69)}…` : abstract}` })),
    types,
    rounds: rounds.map(({ value, name, asOf }) => ({ value, label: `${name} (${showDay(asOf)})` })),
    forms,
    kinds,
  }
}
