import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { z } from 'zod'
import { chainOf, demand, type Ctx } from '../../permissions/permissions.ts'
import { Forbidden, NotFound, Refused } from '../../platform/errors.ts'
import { note, type Receipt } from '../../web/audit.server.ts'
import type { Keys } from '../../web/keys.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { objectionTo } from './guarded-call.server.ts'
import type { NewWebhook, Resending, WebhookRemoval, WebhookRotation, WebhookSwitch } from './notices.schema.ts'
import { webhookSeal } from './webhook-call.server.ts'
import { webhookWords as words } from './webhooks.messages.ts'

export type Webhook = { id: string; name: string; url: string; kinds: string[]; isOn: boolean; unitCode: string; unitName: string; waiting: number; sent: number; dead: number; lastProblem: string | null }

/** A delivery that waits for somebody to look at it. */
export type Stuck = { id: string; webhook: string | null; purpose: string; state: string; attempts: number; since: Date; problem: string | null }

/** The webhooks that an administrator keeps, with how their deliveries fare. Throws Forbidden for everybody else. */
export async function webhooks(ctx: Ctx): Promise<Webhook[]> {
  demandAdministrator(ctx)
  const { rows } = await sql<Webhook>`
    select webhook.id, webhook.name, webhook.url, webhook.kinds, webhook.is_on as "isOn", unit.code as "unitCode", unit.name as "unitName",
           count(*) filter (where notice_delivery.state in ('waiting', 'queued', 'sending')) as waiting,
           count(*) filter (where notice_delivery.state = 'sent') as sent,
           count(*) filter (where notice_delivery.state in ('dead', 'held')) as dead,
           (select latest.problem from notice_delivery as latest where latest.webhook_id = webhook.id and latest.problem is not null order by latest.since desc limit 1) as "lastProblem"
    from webhook
    join unit on unit.id = webhook.unit_id
    left join notice_delivery on notice_delivery.webhook_id = webhook.id
    group by webhook.id, webhook.name, webhook.url, webhook.kinds, webhook.is_on, unit.code, unit.name
    order by webhook.name collate "vi-x-icu"`.execute(ctx.tx)
  return rows
}

/** What did not arrive and is not tried any more: calls of webhooks, and letters without saying to whom. Throws Forbidden. */
export async function stuck(ctx: Ctx): Promise<Stuck[]> {
  demandAdministrator(ctx)
  const { rows } = await sql<Stuck>`
    select notice_delivery.id, webhook.name as webhook, notice_delivery.purpose, notice_delivery.state, notice_delivery.attempts, notice_delivery.since, notice_delivery.problem
    from notice_delivery
    join webhook on webhook.id = notice_delivery.webhook_id
    where notice_delivery.state in ('dead', 'held')
    union all
    select letter.id, null, letter.purpose, letter.state, letter.attempts, letter.since, letter.problem from administered_letters() as letter
    order by since desc
    limit 200`.execute(ctx.tx)
  return rows
}

/** Makes a webhook; its secret is given back this once. Throws NotFound, Forbidden, Refused('url' | 'form'). */
export async function makeWebhook(ctx: Ctx, input: z.output<typeof NewWebhook>, { keys, allowed }: { keys: Keys; allowed: string[] }): Promise<{ secret: string; name: string; receipt: Receipt }> {
  const { tx, viewer } = ctx
  const unit = await unitByCode(tx, input.unitCode)
  demand(viewer, 'keep webhooks', await chainOf(tx, unit.id, viewer.today))
  const objection = objectionTo(input.url, allowed)
  if (objection) throw new Refused('url', words.say(`objection.${objection}`))
  const secret = newSecret()
  const { numAffectedRows } = await sql`
    insert into webhook (id, unit_id, name, url, kinds, secret_sealed, recorded_by)
    values (${input.id}, ${unit.id}, ${input.name}, ${input.url}, ${input.kinds}::text[], ${keys.seal(webhookSeal, secret)}, ${viewer.personId})
    on conflict (id) do nothing`.execute(tx)
  if (numAffectedRows === 0n) throw new Refused('form', words.say('made_before'))
  const receipt = await note(ctx, { action: 'webhook.made', unitId: unit.id, subjectType: 'webhook', subjectId: input.id, detail: { name: input.name, kinds: input.kinds } })
  return { secret, name: input.name, receipt }
}

const newSecret = () => `tsw_${randomBytes(32).toString('base64url')}`

/** Gives a webhook another secret, given back this once; calls from now on are signed with it, also those tried again. Throws NotFound, Forbidden. */
export async function rotateSecret(ctx: Ctx, { webhookId }: z.output<typeof WebhookRotation>, { keys }: { keys: Keys }): Promise<{ secret: string; name: string; receipt: Receipt }> {
  const { unitId, name } = await webhookById(ctx, webhookId)
  const secret = newSecret()
  await sql`update webhook set secret_sealed = ${keys.seal(webhookSeal, secret)}, version = version + 1 where id = ${webhookId}`.execute(ctx.tx)
  const receipt = await note(ctx, { action: 'webhook.rotated', unitId, subjectType: 'webhook', subjectId: webhookId })
  return { secret, name, receipt }
}

/** Switches a webhook on or off; what waits for one that is off is dropped. Throws NotFound, Forbidden. */
export async function switchWebhook(ctx: Ctx, { webhookId, isOn }: z.output<typeof WebhookSwitch>): Promise<{ name: string; receipt: Receipt }> {
  const { unitId, name } = await webhookById(ctx, webhookId)
  await sql`update webhook set is_on = ${isOn}, version = version + 1 where id = ${webhookId}`.execute(ctx.tx)
  const receipt = await note(ctx, { action: isOn ? 'webhook.on' : 'webhook.off', unitId, subjectType: 'webhook', subjectId: webhookId })
  return { name, receipt }
}

/** Removes a webhook with what waits for it; its name says that it is meant. Throws NotFound, Forbidden, Refused('name'). */
export async function removeWebhook(ctx: Ctx, { webhookId, name: typed }: z.output<typeof WebhookRemoval>): Promise<{ name: string; receipt: Receipt }> {
  const { unitId, name } = await webhookById(ctx, webhookId)
  if (typed !== name) throw new Refused('name', words.say('other_name', { name }))
  await sql`delete from webhook where id = ${webhookId}`.execute(ctx.tx)
  const receipt = await note(ctx, { action: 'webhook.removed', unitId, subjectType: 'webhook', subjectId: webhookId, detail: { name } })
  return { name, receipt }
}

/** Sends again what is tried no more. Those that are not the viewer's to keep are not there. Throws Forbidden, Refused. */
export async function resend(ctx: Ctx, { deliveryIds }: z.output<typeof Resending>): Promise<{ count: number; receipt: Receipt }> {
  demandAdministrator(ctx)
  const { rows } = await sql<{ again: number }>`select resend_deliveries(${deliveryIds}::uuid[]) as again`.execute(ctx.tx)
  const { again } = rows[0]!
  if (again === 0) throw new Refused('form', words.say('nothing_to_resend'))
  const receipt = await note(ctx, { action: 'delivery.again', unitId: null, subjectType: 'deployment', subjectId: 'deliveries', detail: { count: again } })
  return { count: again, receipt }
}

async function webhookById({ tx, viewer }: Ctx, id: string): Promise<{ unitId: string; name: string }> {
  const { rows } = await sql<{ unitId: string; name: string }>`select unit_id as "unitId", name from webhook where id = ${id}`.execute(tx)
  if (!rows[0]) throw new NotFound()
  demand(viewer, 'keep webhooks', await chainOf(tx, rows[0].unitId, viewer.today))
  return rows[0]
}

function demandAdministrator({ viewer }: Ctx): void {
  if (!viewer.offices.some((office) => office.role === 'administrator')) throw new Forbidden(words.say('administrators_only'))
}

/** Units that a new webhook can be of: those one administers and the ones directly beneath, as options of a list. */
export async function webhookUnits({ tx, viewer }: Ctx): Promise<{ value: string; label: string }[]> {
  const { rows } = await sql<{ value: string; label: string }>`
    select unit.code as value, unit.name as label
    from unit_ancestor
    join unit on unit.id = unit_ancestor.unit_id
    where unit_ancestor.ancestor_id in (select viewer_administered_tops()) and unit_ancestor.depth <= 1 and unit_ancestor.standing @> ${viewer.today}::date
    order by unit_ancestor.depth, unit.name collate "vi-x-icu"
    limit 300`.execute(tx)
  return rows
}
