import { sql } from 'kysely'
import type { Tx } from '../../../db/open.ts'
import type { Day } from '../../../platform/clock.ts'
import { Refused } from '../../../platform/errors.ts'
import type { Language } from '../../../platform/i18n.ts'
import { numbersWords } from './numbers.messages.ts'
import type { DocumentType, IssuedBy } from '../typesetting/official-document.ts'

type Unit = { kind: string; name: string }
type Rule = { type: DocumentType; basis: string; instead: DocumentType[] }

/** By which rule's name such a unit goes: a base organisation may be a single cell. */
const ruledKind = (unit: Unit) => (unit.kind === 'base_organisation' && /^chi bộ/iu.test(unit.name.normalize('NFC')) ? 'cell' : unit.kind)

/** Types that such a unit may not issue on that day, with the rule that says so; the State's documents are not ruled here. */
export async function typesRuledOut(tx: Tx, unit: Unit, day: Day): Promise<Rule[]> {
  return tx
    .selectFrom('document_type_rule')
    .select(['type', 'basis', 'instead'])
    .where('unit_kind', '=', ruledKind(unit))
    .where(sql<boolean>`document_type_rule.during @> ${day}::date`)
    .$castTo<Rule>()
    .execute()
}

/** Throws Refused('type') with the rule and what could be issued instead. */
export async function demandType(tx: Tx, unit: Unit, { grammar, type, day }: { grammar: IssuedBy; type: DocumentType; day: Day }): Promise<void> {
  if (grammar !== 'party') return
  const rule = (await typesRuledOut(tx, unit, day)).find((one) => one.type === type)
  if (!rule) return
  throw new Refused('type', (language) =>
    numbersWords.in(language)('typeRuledOut', {
      basis: rule.basis,
      level: numbersWords.in(language)(ruledKind(unit) === 'cell' ? 'level.cell' : 'level.base'),
      type: typeName(type, language),
      instead: oneOf(rule.instead.map((other) => typeName(other, language)), language),
    }),
  )
}

export const typeName = (type: DocumentType, language: Language): string => numbersWords.in(language)(`type.${type}`)

const oneOf = (names: string[], language: Language) => new Intl.ListFormat(language, { type: 'disjunction' }).format(names)
