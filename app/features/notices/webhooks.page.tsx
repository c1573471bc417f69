import { v7 } from 'uuid'
import type { Route } from './+types/webhooks.page'
import { showInstant } from '../../platform/clock.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { DataTable } from '../../web/data-table.tsx'
import { CheckField, Field, SelectField } from '../../web/field.tsx'
import { Figures } from '../../web/figure.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write, writeAndShow } from '../../web/write.server.ts'
import { isKind, noticeKinds } from './kinds.ts'
import { noticeWords } from './notices.messages.ts'
import { NewWebhook, Resending, WebhookRemoval, WebhookRotation, WebhookSwitch } from './notices.schema.ts'
import { makeWebhook, removeWebhook, resend, rotateSecret, stuck, switchWebhook, webhooks, webhookUnits } from './webhooks.server.ts'
import { webhookWords } from './webhooks.messages.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx) => {
    const { timeZone } = args.context.get(appContext).config
    return {
      newId: v7(),
      webhooks: await webhooks(ctx),
      stuck: (await stuck(ctx)).map((one) => ({ ...one, since: showInstant(one.since, timeZone) })),
      units: await webhookUnits(ctx),
    }
  })

export const action = (args: Route.ActionArgs) => {
  const { auth, config } = args.context.get(appContext)
  switch (new URL(args.request.url).searchParams.get('do')) {
    case 'switch':
      return write(args, WebhookSwitch, switchWebhook, { saved: ({ name }, { isOn }) => webhookWords.say(isOn ? 'turned_on' : 'turned_off', { name }), to: () => '/notices/webhooks' })
    case 'remove':
      return write(args, WebhookRemoval, removeWebhook, { saved: ({ name }) => webhookWords.say('removed', { name }), to: () => '/notices/webhooks' })
    case 'resend':
      return write(args, Resending, resend, { saved: ({ count }) => webhookWords.say('resent', { count }), to: () => '/notices/webhooks' })
    case 'rotate':
      return writeAndShow(args, WebhookRotation, (ctx, input) => rotateSecret(ctx, input, { keys: auth.keys }))
    default:
      return writeAndShow(args, NewWebhook, (ctx, input) => makeWebhook(ctx, input, { keys: auth.keys, allowed: config.webhookPrivate ?? [] }))
  }
}

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${webhookWords.in(language)('title')} · ${webWords.in(language)('appName')}` }]
}

export default function WebhooksPage({ loaderData, actionData }: Route.ComponentProps) {
  const t = webhookWords.in(useLanguage())
  const shown = actionData && 'shown' in actionData ? actionData.shown : null
  const { webhooks: all } = loaderData
  return (
    <Shell section="notices">
      <Eyebrow>{t('title')}</Eyebrow>
      <h1>{all.length > 0 ? t('answer', { count: all.length }) : t('none')}</h1>
      <Lede>{t('lede')}</Lede>
      {shown && (
        <Notice className="after-lede" isAttention role="status" title={t('made_title', { name: shown.name })} actions={<ButtonLink href="/notices/webhooks">{t('done')}</ButtonLink>}>
          <p className="secret" data-secret>
            {shown.secret}
          </p>
          <p className="sm">{t('made_hint')}</p>
        </Notice>
      )}
      <ProblemList problems={actionData && 'problems' in actionData ? actionData.problems : null} />
      <Grid>
        {all.length > 0 && (
          <Column span={12} id="webhooks" title={t('list')}>
            <Webhooks webhooks={all} />
          </Column>
        )}
        <Column span={7} id="stuck" title={t('stuck')}>
          <StuckOnes stuck={loaderData.stuck} />
        </Column>
        {!shown && (
          <Column span={5} id="new" title={t('new')}>
            <NewWebhookForm loaderData={loaderData} actionData={actionData} />
          </Column>
        )}
      </Grid>
    </Shell>
  )
}

function Webhooks({ webhooks: all }: Pick<Route.ComponentProps['loaderData'], 'webhooks'>) {
  const language = useLanguage()
  const t = webhookWords.in(language)
  const words = noticeWords.in(language)
  return (
    <DataTable
      caption={t('list')}
      isCaptionHidden
      isCards
      columns={[{ label: t('name') }, { label: t('kinds') }, { label: t('col.state'), isFigure: true }, { label: t('col.waiting'), isFigure: true }, { label: t('col.dead'), isFigure: true }, { label: <span className="vh">{t('turn_off')}</span> }]}
      rows={all.map(({ id, name, url, unitName, kinds, isOn, sent, waiting, dead, lastProblem }) => ({
        id,
        note: [url, unitName, !isOn && t('is_off'), lastProblem].filter(Boolean).join(' · '),
        cells: [
          name,
          kinds.length === 0 ? t('all_kinds') : kinds.map((kind) => (isKind(kind) ? words(`kind.${kind}`) : kind)).join('; '),
          <Figures key="sent">{sent}</Figures>,
          <Figures key="waiting">{waiting}</Figures>,
          <Figures key="dead">{dead}</Figures>,
          <Buttons key="buttons">
            <form method="post" action="?do=switch">
              <input type="hidden" name="webhookId" value={id} />
              <input type="hidden" name="isOn" value={String(!isOn)} />
              <Button label={t('switch_of', { name })}>{t(isOn ? 'turn_off' : 'turn_on')}</Button>
            </form>
            <details>
              <summary className="sm">{t('rotate')}</summary>
              <form method="post" action="?do=rotate">
                <input type="hidden" name="webhookId" value={id} />
                <p className="sm q2">{t('rotate_hint')}</p>
                <Button label={t('rotate_of', { name })}>{t('rotate')}</Button>
              </form>
            </details>
            <details>
              <summary className="sm">{t('remove')}</summary>
              <form method="post" action="?do=remove">
                <input type="hidden" name="webhookId" value={id} />
                <Field id={`remove-${id}`} name="name" label={t('remove_name')} hint={t('remove_hint')} autoComplete="off" isRequired />
                <Button label={t('remove_of', { name })}>{t('remove')}</Button>
              </form>
            </details>
          </Buttons>,
        ],
      }))}
    />
  )
}

function StuckOnes({ stuck: all }: Pick<Route.ComponentProps['loaderData'], 'stuck'>) {
  const t = webhookWords.in(useLanguage())
  if (all.length === 0) return <p className="q2">{t('stuck_none')}</p>
  return (
    <>
      <p className="sm q2">{t('stuck_hint', { tries: 8 })}</p>
      <ul className="notices">
        {all.map(({ id, webhook, purpose, state, since, problem }) => (
          <li key={id}>
            <span className="q3 n sm">{since}</span>
            <div>
              {t(`purpose.${purpose as 'webhook'}`, { name: webhook ?? '' })}
              <span className="sub sm q2">{state === 'held' ? t('held') : problem}</span>
            </div>
            <form method="post" action="?do=resend">
              <input type="hidden" name="deliveryIds" value={id} />
              <Button kind="quiet">{t('resend')}</Button>
            </form>
          </li>
        ))}
      </ul>
      {all.length > 1 && (
        <form method="post" action="?do=resend" className="after-lede">
          {all.map(({ id }) => (
            <input key={id} type="hidden" name="deliveryIds" value={id} />
          ))}
          <Button>{t('resend_all')}</Button>
        </form>
      )}
    </>
  )
}

function NewWebhookForm({ loaderData, actionData }: Pick<Route.ComponentProps, 'loaderData' | 'actionData'>) {
  const language = useLanguage()
  const t = webhookWords.in(language)
  const words = noticeWords.in(language)
  const refused = actionData && 'problems' in actionData ? actionData : null
  const typed = (name: string) => refused?.values[name]
  const problem = (name: string) => refused?.problems[name]
  return (
    <form method="post">
      <input type="hidden" name="id" value={loaderData.newId} />
      <Field name="name" label={t('name')} hint={t('name_hint')} value={typed('name')} problem={problem('name')} maxLength={100} isRequired />
      <Field name="url" label={t('url')} hint={t('url_hint')} value={typed('url')} problem={problem('url')} maxLength={500} autoComplete="off" isRequired />
      <SelectField name="unitCode" label={t('unit')} value={typed('unitCode') ?? loaderData.units[0]?.value} problem={problem('unitCode')} options={loaderData.units} />
      <CheckField name="kinds" label={t('kinds')} hint={t('kinds_hint')} values={refused?.chosen['kinds'] ?? []} problem={problem('kinds')} options={noticeKinds.map((kind) => ({ value: kind, label: words(`kind.${kind}`) }))} />
      <div className="after-lede">
        <Button kind="primary" isWide>
          {t('make')}
        </Button>
      </div>
    </form>
  )
}
