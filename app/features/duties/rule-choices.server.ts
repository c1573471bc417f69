import { sql } from 'kysely'
import type { Ctx } from '../../permissions/permissions.ts'
import { showDay, type Day } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import type { Campaign } from '../campaigns/campaigns.server.ts'

export type Choice = { value: string; label: string }
/** What a rule may name: documents that order it, types of documents, rounds and forms of the unit, kinds of units. */
export type RuleChoices = { documents: Choice[]; types: Choice[]; rounds: Choice[]; forms: Choice[]; kinds: { key: string; hasMembers: boolean }[] }

/** The choices of the form for a rule of that unit in a campaign. */
export async function ruleChoices({ tx, viewer }: Ctx, unitId: string, campaign: Pick<Campaign, 'id'>, language: Language): Promise<RuleChoices> {
  // what the unit itself issued or took in, or a superior of it: nobody orders on the ground of a document from beneath
  const documents = await sql<{ id: string; written: string | null; issuedOn: Day; abstract: string }>`
    select document.id, ${writtenIn('document')} as written, document.issued_on as "issuedOn", document.abstract
    from document
    where document.state = 'issued' and document.author_id is null and (document.unit_id = ${unitId} or (document.campaign_id = ${campaign.id}
      and exists (select from unit_ancestor as above where above.unit_id = ${unitId}::uuid and above.ancestor_id = document.unit_id and above.standing @> ${viewer.today}::date)))
    order by document.issued_on desc, document.id
    limit 60`.execute(tx)
  const types = await tx.selectFrom('document_type').select(['key as value', language === 'vi' ? 'name as label' : 'english as label']).orderBy('position').execute()
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
    documents: documents.rows.map(({ id, written, issuedOn, abstract }) => ({ value: id, label: `${written === null ? '' : `${written}, `}${showDay(issuedOn)}: ${abstract.length > 70 ? `${abstract.slice(0, 69)}…` : abstract}` })),
    types,
    rounds: rounds.map(({ value, name, asOf }) => ({ value, label: `${name} (${showDay(asOf)})` })),
    forms,
    kinds,
  }
}

/** "02-CTr/TU" or "156/QĐ-UBND" of a document by the name it has in a query; null without a number. */
export const writtenIn = (name: string) => sql<string | null>`to_char(${sql.ref(`${name}.number`)}, 'FM99999900') || case ${sql.ref(`${name}.grammar`)} when 'state' then '/' else '-' end || ${sql.ref(`${name}.series`)}`
