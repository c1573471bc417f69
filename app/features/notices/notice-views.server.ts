import { sql } from 'kysely'
import type { Tx } from '../../db/open.ts'
import { isDay, showDay } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { isKind, subjects } from './kinds.ts'
import { noticeWords } from './notices.messages.ts'

/** A notice as it is kept: facts, no sentence yet. */
export type NoticeRow = {
  id: string
  kind: string
  aboutType: string
  aboutId: string | null
  facts: Record<string, unknown>
  path: string
  isRequired: boolean
  occasion: number
  madeAt: Date
  readAt: Date | null
}

/** A notice as its reader is told, with what somebody wrote beside it (`note`): when what it is about is closed to the reader, neither facts nor page. */
export type Told = { id: string; kind: string; sentence: string; note: string | null; path: string | null; isRequired: boolean; occasion: number; madeAt: Date; readAt: Date | null }

const columns = sql.raw(`notice.id, notice.kind, notice.about_type as "aboutType", notice.about_id as "aboutId", notice.facts, notice.path, notice.is_required as "isRequired",
  notice.occasion, notice.made_at as "madeAt", notice.read_at as "readAt"`)

/** Own notices, the unread first, then the newest; and how many there are. */
export async function ownNotices(tx: Tx, language: Language, { limit = 50, offset = 0 } = {}): Promise<{ notices: Told[]; total: number; unread: number }> {
  const { rows } = await sql<NoticeRow>`
    select ${columns}
    from notice
    order by (notice.read_at is not null), notice.made_at desc, notice.id
    limit ${limit} offset ${offset}`.execute(tx)
  const { rows: counted } = await sql<{ total: number; unread: number }>`select count(*) as total, count(*) filter (where notice.read_at is null) as unread from notice`.execute(tx)
  return { notices: await tell(tx, rows, language), ...counted[0]! }
}

/** One notice of one's own; null when there is none. */
export async function ownNotice(tx: Tx, id: string): Promise<NoticeRow | null> {
  const { rows } = await sql<NoticeRow>`select ${columns} from notice where notice.id = ${id}`.execute(tx)
  return rows[0] ?? null
}

/** Those of a daily letter that its reader, whose transaction this is, has not read meanwhile; the oldest first. */
export async function noticesOfDigest(tx: Tx, digestId: string, language: Language): Promise<Told[]> {
  const { rows } = await sql<NoticeRow>`
    select ${columns} from notice where notice.digest_id = ${digestId} and notice.read_at is null order by notice.made_at, notice.id limit 100`.execute(tx)
  return (await tell(tx, rows, language)).filter((told) => told.path !== null)
}

/** Their sentences in the reader's language, as far as the person whose transaction this is still sees what they are about. */
export async function tell(tx: Tx, rows: NoticeRow[], language: Language): Promise<Told[]> {
  const seen = await seenSubjects(tx, rows)
  const t = noticeWords.in(language)
  return rows.map(({ aboutType, aboutId, facts, path, ...row }) => {
    const isOpen = aboutId === null || seen.has(`${aboutType} ${aboutId}`)
    const note = isOpen && typeof facts['note'] === 'string' && facts['note'] !== '' ? facts['note'] : null
    return { ...row, sentence: isOpen ? sentenceOf(row.kind, facts, language) : t('gone'), note, path: isOpen ? path : null }
  })
}

/** Which of their subjects the viewer sees, by row-level security of the tables themselves. */
async function seenSubjects(tx: Tx, rows: NoticeRow[]): Promise<Set<string>> {
  const seen = new Set<string>()
  for (const [type, table] of Object.entries(subjects)) {
    const ids = rows.flatMap(({ aboutType, aboutId }) => (aboutType === type && aboutId ? [aboutId] : []))
    if (ids.length === 0) continue
    const { rows: found } = await sql<{ id: string }>`select id from ${sql.table(table)} where id = any (${ids}::uuid[])`.execute(tx)
    for (const { id } of found) seen.add(`${type} ${id}`)
  }
  return seen
}

/** The sentence of a kind with its facts; without them where one is missing, and one that says little for a kind of another version. */
export function sentenceOf(kind: string, facts: Record<string, unknown>, language: Language): string {
  const t = noticeWords.in(language)
  if (!isKind(kind)) return t('bare.other')
  const values: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(facts)) {
    if (typeof value === 'number') values[name] = value
    else if (typeof value === 'string') values[name] = isDay(value) ? showDay(value) : value
  }
  // some kinds have several sentences: `form` says which
  const form = `said.${kind}.${String(facts['form'])}`
  const said = (form in noticeWords.catalogues.vi ? form : `said.${kind}`) as 'said.urge'
  const asked = [...noticeWords.catalogues[language][said].matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  return asked.every((name) => name in values) ? t(said, values) : t(`bare.${kind}` as 'bare.urge')
}
