import { sql } from 'kysely'
import type { Ctx } from '../../permissions/permissions.ts'
import { Refused } from '../../platform/errors.ts'
import type { Language } from '../../platform/i18n.ts'
import type { DocumentHead } from './document-rows.server.ts'
import { documentsWords } from './documents.messages.ts'
import { recipientsOf } from './recipients.server.ts'

/** What nobody has written of a draft: parts by their headings (`heading` null: before the first), those with a number and no words, who signs, who gets it. */
export type EmptyParts = { parts: { nth: number; heading: string | null; isNameless: boolean }[]; hasNoSigner: boolean; hasNoRecipient: boolean }

/** Of a draft that is written here part by part; of one that is attached as a file nothing is known to be empty, so null. */
export async function emptyPartsOf({ tx }: Pick<Ctx, 'tx'>, draft: DocumentHead): Promise<EmptyParts | null> {
  const isWrittenHere = await tx.selectFrom('document_body').select('document_id').where('document_id', '=', draft.id).executeTakeFirst()
  if (!isWrittenHere) return null
  const { rows } = await sql<EmptyParts['parts'][number]>`select nth, heading, is_nameless as "isNameless" from empty_parts(${draft.id})`.execute(tx)
  const found = { parts: rows, hasNoSigner: !draft.signerName, hasNoRecipient: (await recipientsOf(tx, draft.id)).length === 0 }
  return rows.length > 0 || found.hasNoSigner || found.hasNoRecipient ? found : null
}

/** Each of them as a person calls it. */
export function emptyNames({ parts, hasNoSigner, hasNoRecipient }: EmptyParts, language: Language): string[] {
  const t = documentsWords.in(language)
  return [
    ...parts.map(({ nth, heading }) => (heading ? t('emptyPart', { heading: heading.length > 80 ? `${heading.slice(0, 80)}…` : heading }) : t(heading === null ? 'emptyBeginning' : 'emptyNameless', { nth }))),
    ...(hasNoSigner ? [t('emptySigner')] : []),
    ...(hasNoRecipient ? [t('emptyRecipients')] : []),
  ]
}

const shown = 6

/** Throws Refused('form') for a number without words, and Refused('isKnownEmpty') for what is empty unless it is known to be. */
export async function demandWritten(ctx: Ctx, draft: DocumentHead, isKnownEmpty: boolean): Promise<void> {
  const found = await emptyPartsOf(ctx, draft)
  if (!found) return
  const nameless = found.parts.find((one) => one.isNameless)
  if (nameless) throw new Refused('form', documentsWords.say('namelessPart', { nth: nameless.nth }))
  if (isKnownEmpty) return
  throw new Refused('isKnownEmpty', (language) => {
    const names = emptyNames(found, language)
    const more = names.length - shown
    return documentsWords.in(language)(more > 0 ? 'emptyMore' : 'empty', { names: names.slice(0, shown).join('; '), more })
  })
}
