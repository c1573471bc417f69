import { sql } from 'kysely'
import { asSystem } from '../../db/open.ts'
import { today } from '../../platform/clock.ts'
import type { App } from '../../web/context.ts'

type Reach = Pick<App, 'db' | 'log' | 'config'>

/**
 * Lays down today's letter of everybody whose hour has come and who has something unread that no letter had: one a person and day. What
 * it has belongs to it from now on, so that no later letter says it again. Returns how many.
 */
export function makeDigests({ db, log, config }: Reach, now: Date = new Date()): Promise<number> {
  const day = today(config.timeZone, now)
  return asSystem(db, log, 'the daily letters of all people are laid down', async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('make_digests'))`.execute(tx)
    const { rows } = await sql<{ id: string }>`
      with reader as (
        select notice_address.person_id, coalesce(notice_choice.scope, 'all') as scope, coalesce(notice_choice.kinds, '{}') as kinds
        from notice_address
        left join notice_choice on notice_choice.person_id = notice_address.person_id
        where notice_address.confirmed_at is not null
          and coalesce(notice_choice.digest_hour, 7) <= extract(hour from ${now}::timestamptz at time zone ${config.timeZone})
          and not exists (
            select from notice_delivery
            where notice_delivery.person_id = notice_address.person_id and notice_delivery.purpose = 'digest' and notice_delivery.digest_on = ${day}::date)
      ), unsaid as (
        select notice.id, notice.person_id
        from reader
        join notice on notice.person_id = reader.person_id and notice.read_at is null and notice.digest_id is null
        where notice_mail_mode(reader.scope, reader.kinds, notice.kind, notice.is_required, notice.is_urgent) <> 'none'
          and not exists (
            select from notice_delivery
            where notice_delivery.notice_id = notice.id and notice_delivery.occasion = notice.occasion and notice_delivery.purpose = 'notice' and notice_delivery.state <> 'dropped')
      ), made as (
        insert into notice_delivery (purpose, person_id, digest_on)
        select 'digest', each_one.person_id, ${day}::date from (select distinct unsaid.person_id from unsaid) as each_one
        on conflict do nothing
        returning notice_delivery.id, notice_delivery.person_id
      ), said as (
        update notice set digest_id = made.id
        from unsaid
        join made on made.person_id = unsaid.person_id
        where notice.id = unsaid.id
      )
      select made.id from made`.execute(tx)
    if (rows.length > 0) await sql`select pg_notify('notice_delivery', '')`.execute(tx)
    return rows.length
  })
}

/** Removes notices that were read longer ago than the setting says, unread ones after twice that; and what was sent of them. Returns how many. */
export function sweepNotices({ db, log }: Reach): Promise<number> {
  return asSystem(db, log, 'old notices are removed', async (tx) => {
    const { numAffectedRows } = await sql`
      with kept as (
        select (setting.value)::integer * interval '1 day' as span from setting where setting.key = 'notice_days'
      )
      delete from notice
      using kept
      where notice.made_at < now() - kept.span and (notice.read_at < now() - kept.span or notice.made_at < now() - 2 * kept.span)`.execute(tx)
    await sql`
      delete from notice_delivery
      where notice_delivery.notice_id is null and notice_delivery.state in ('sent', 'dropped', 'dead') and notice_delivery.since < now() - interval '30 days'
        and not exists (select from notice where notice.digest_id = notice_delivery.id)`.execute(tx)
    return Number(numAffectedRows ?? 0n)
  })
}
