import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { asSystem } from '../../db/open.ts'
import { NotSent } from '../../platform/mail.ts'
import type { App } from '../../web/context.ts'
import type { Delivery } from './delivery.server.ts'
import { postGuarded } from './guarded-call.server.ts'
import { isKind } from './kinds.ts'
import { noticeWords } from './notices.messages.ts'

/** For which purpose secrets of webhooks are sealed. */
export const webhookSeal = 'webhook'

type Row = { url: string; secret: string; isOn: boolean; kind: string; occasion: number; personId: string; unitCode: string; unitName: string; madeAt: Date }

/**
 * Tells a webhook of one notice: whose it is, of what kind, in which unit, and where it opens; no facts of it. The body is signed over
 * `timestamp.body`. False when the webhook is off or gone. Throws NotSent.
 */
export async function callWebhook({ db, log, config, auth }: Pick<App, 'db' | 'log' | 'config' | 'auth'>, { id, noticeId, webhookId }: Delivery): Promise<boolean> {
  const row = await asSystem(db, log, 'what a webhook is told', async (tx) => {
    const { rows } = await sql<Row>`
      select webhook.url, webhook.secret_sealed as secret, webhook.is_on as "isOn", notice.kind, notice.occasion, notice.person_id as "personId",
             unit.code as "unitCode", unit.name as "unitName", notice.made_at as "madeAt"
      from webhook
      join notice on notice.id = ${noticeId}
      join unit on unit.id = notice.unit_id
      where webhook.id = ${webhookId}`.execute(tx)
    return rows[0] ?? null
  })
  if (!row?.isOn) return false
  const body = JSON.stringify({
    id,
    kind: row.kind,
    at: row.madeAt.toISOString(),
    unit: { code: row.unitCode, name: row.unitName },
    person: { id: row.personId },
    title: noticeWords.in('vi')(isKind(row.kind) ? (`bare.${row.kind}` as 'bare.urge') : 'bare.other'),
    url: `${config.publicUrl ?? ''}/notices/${noticeId}/open`,
  })
  const timestamp = String(Math.floor(Date.now() / 1000))
  const status = await postGuarded(row.url, {
    body,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Thong-Suot',
      'x-thong-suot-id': id,
      'x-thong-suot-timestamp': timestamp,
      'x-thong-suot-signature': `v1=${signatureOf(auth.keys.open(webhookSeal, row.secret), timestamp, body)}`,
    },
    allowed: config.webhookPrivate ?? [],
  })
  if (status >= 200 && status < 300) return true
  throw new NotSent(status >= 300 && status < 400 ? `answered ${status}: redirects are not followed` : `answered ${status}`, status === 410)
}

/** HMAC-SHA256 over the instant and the body, in hex: what the other side computes again. */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
}
