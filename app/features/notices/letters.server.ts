import { sql } from 'kysely'
import { asSystem, asViewer } from '../../db/open.ts'
import { showDay, today } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import type { Letter } from '../../platform/mail.ts'
import type { App } from '../../web/context.ts'
import type { Delivery } from './delivery.server.ts'
import { linkOf } from './links.server.ts'
import { letterWords } from './letters.messages.ts'
import { noticesOfDigest, ownNotice, tell, type Told } from './notice-views.server.ts'

type Reach = Pick<App, 'db' | 'log' | 'config' | 'auth'>

type Reader = { addressId: string; address: string; language: Language; isConfirmed: boolean; scope: string; kinds: Record<string, string> }

/**
 * What a delivery says, made the moment it is sent: in its reader's language, with what the reader still sees and has not read. Null
 * when that is nothing, or the reader has no confirmed address any more.
 */
export async function letterOf(app: Reach, delivery: Delivery): Promise<Letter | null> {
  const reader = await readerOf(app, delivery.personId)
  if (!reader) return null
  if (delivery.purpose === 'confirm') return !reader.isConfirmed && reader.addressId === delivery.addressId ? confirmation(app, delivery, reader) : null
  if (!reader.isConfirmed) return null
  const viewer = { personId: delivery.personId, today: today(app.config.timeZone) }
  if (delivery.purpose === 'digest') {
    const told = await asViewer(app.db, viewer, (tx) => noticesOfDigest(tx, delivery.id, reader.language))
    return told.length > 0 ? digest(app, delivery, reader, told, viewer.today) : null
  }
  const told = await asViewer(app.db, viewer, async (tx) => {
    const notice = await ownNotice(tx, delivery.noticeId!)
    if (!notice || notice.readAt || notice.occasion !== delivery.occasion) return null
    const { rows } = await sql<{ mode: string }>`
      select notice_mail_mode(${reader.scope}, ${JSON.stringify(reader.kinds)}::jsonb, notice.kind, notice.is_required, notice.is_urgent) as mode from notice where notice.id = ${notice.id}`.execute(tx)
    return rows[0]?.mode === 'now' ? (await tell(tx, [notice], reader.language))[0]! : null
  })
  return told?.path ? single(app, delivery, reader, told) : null
}

function readerOf({ db, log }: Reach, personId: string): Promise<Reader | null> {
  return asSystem(db, log, 'where a letter goes', async (tx) => {
    const { rows } = await sql<Reader>`
      select notice_address.id as "addressId", notice_address.address, notice_address.language, notice_address.confirmed_at is not null as "isConfirmed",
             coalesce(notice_choice.scope, 'all') as scope, coalesce(notice_choice.kinds, '{}') as kinds
      from notice_address
      left join notice_choice on notice_choice.person_id = notice_address.person_id
      where notice_address.person_id = ${personId}`.execute(tx)
    return rows[0] ?? null
  })
}

function confirmation(app: Reach, { id }: Delivery, reader: Reader): Letter {
  const t = letterWords.in(reader.language)
  const link = linkOf(app, 'confirm', reader.addressId)
  return letter({ app, id, reader, subject: t('confirm.subject'), parts: [t('hello'), t('confirm.body'), { words: t('confirm.link'), link }, t('confirm.ignore')], foot: [] })
}

function single(app: Reach, { id }: Delivery, reader: Reader, told: Told): Letter {
  const t = letterWords.in(reader.language)
  return letter({
    app,
    id,
    reader,
    subject: told.sentence,
    parts: [t('hello'), `${told.sentence}.`, ...(told.note ? [`“${told.note}”`] : []), { words: t('open'), link: `${app.config.publicUrl}/notices/${told.id}/open` }],
    foot: [t(told.isRequired ? 'foot.required' : 'foot.chosen')],
    canUnsubscribe: true,
  })
}

function digest(app: Reach, { id }: Delivery, reader: Reader, told: Told[], day: string): Letter {
  const t = letterWords.in(reader.language)
  const items = told.flatMap((one): Part[] => [{ words: one.sentence, link: `${app.config.publicUrl}/notices/${one.id}/open` }, ...(one.note ? [`“${one.note}”`] : [])])
  return letter({
    app,
    id,
    reader,
    subject: t('digest.subject', { count: told.length, day: showDay(day) }),
    parts: [t('hello'), t('digest.body', { count: told.length }), ...items],
    foot: [t('foot.digest')],
    canUnsubscribe: true,
  })
}

type Part = string | { words: string; link: string }

function letter({ app, id, reader, subject, parts, foot, canUnsubscribe }: { app: Reach; id: string; reader: Reader; subject: string; parts: Part[]; foot: string[]; canUnsubscribe?: boolean }): Letter {
  const t = letterWords.in(reader.language)
  const unsubscribe = canUnsubscribe ? linkOf(app, 'unsubscribe', reader.addressId) : undefined
  const links: Part[] = unsubscribe ? [{ words: t('choices'), link: `${app.config.publicUrl}/notices/choices` }, { words: t('unsubscribe'), link: unsubscribe }] : []
  const end: Part[] = [...foot, ...links]
  return {
    to: reader.address,
    id: `notice-${id}`,
    subject,
    text: [...parts.map(asText), '-- ', ...end.map(asText)].join('\n\n'),
    html: `<!doctype html><html lang="${reader.language}"><head><meta charset="utf-8"><title>${escaped(subject)}</title></head><body style="font: 16px/1.6 sans-serif; color: #1f1b17; max-width: 36em">${parts.map(asHtml).join('')}<hr style="border: 0; border-top: 1px solid #d8d2ca"><div style="font-size: 14px; color: #544e46">${end.map(asHtml).join('')}</div></body></html>`,
    ...(unsubscribe ? { unsubscribe } : {}),
  }
}

const asText = (part: Part) => (typeof part === 'string' ? part : `${part.words}:\n${part.link}`)
const asHtml = (part: Part) => (typeof part === 'string' ? `<p>${escaped(part)}</p>` : `<p><a href="${escaped(part.link)}">${escaped(part.words)}</a></p>`)
const escaped = (text: string) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`)
