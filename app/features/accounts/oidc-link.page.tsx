import { sql } from 'kysely'
import { z } from 'zod'
import type { Route } from './+types/oidc-link.page'
import type { Ctx } from '../../permissions/permissions.ts'
import { showDay, today as dayOf } from '../../platform/clock.ts'
import { Forbidden, Refused } from '../../platform/errors.ts'
import { note } from '../../web/audit.server.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { appContext, visitContext, type App, type Session } from '../../web/context.ts'
import { PasswordField } from '../../web/field.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { oidcWords } from '../../web/oidc.messages.ts'
import { callbackOf, oidcRefusals } from '../../web/oidc.server.ts'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write, writeAndShow } from '../../web/write.server.ts'
import { proveOneself } from '../../web/own-proof.server.ts'
import { tokenWords } from '../tokens/tokens.messages.ts'
import { demandOneself } from '../tokens/tokens.server.ts'

const Proof = z.object({ password: z.string().min(1).max(1000) })

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url }) => {
    demandOneself(ctx)
    const { auth, config } = args.context.get(appContext)
    if (!auth.oidc) return null
    const said = url.searchParams.get('oidc')
    const since = await linkedSince(ctx, auth.oidc.provider)
    return { name: auth.oidc.name, since: since && dayOf(config.timeZone, since), refusal: oidcRefusals.find((refusal) => refusal === said) ?? null }
  })

export const action = (args: Route.ActionArgs) => {
  const app = args.context.get(appContext)
  const provider = app.auth.oidc?.name ?? ''
  const prove = ({ password }: z.output<typeof Proof>, session: Session) => proveOneself(app, session, password)
  if (new URL(args.request.url).searchParams.get('do') === 'unlink') {
    return write(args, Proof, (ctx) => unlink(ctx, app), { before: prove, to: () => '/me/linked', saved: () => oidcWords.say('link.unlinked', { provider }) })
  }
  let href = ''
  return writeAndShow(
    args,
    Proof,
    async (ctx) => {
      demandOneself(ctx)
      await note(ctx, { action: 'account.link_begun', unitId: null, subjectType: 'account', subjectId: ctx.viewer.personId })
      return { href }
    },
    {
      before: async (input, session) => {
        if (session.actingId) throw new Forbidden(tokenWords.say('not_for_another'))
        await prove(input, session)
        if (!app.auth.oidc) throw new Refused('form', oidcWords.say('link.off'))
        const begun = await app.auth.oidc.begin({ redirectUri: callbackOf(new URL(args.request.url).origin), backTo: '/me/linked', accountId: session.accountId })
        if ('refusal' in begun) throw new Refused('form', oidcWords.say(`refused.${begun.refusal}`, { provider }))
        args.context.get(visitContext).cookies.push(begun.cookie)
        href = begun.url
      },
    },
  )
}

async function linkedSince({ tx }: Ctx, provider: string): Promise<Date | null> {
  const { rows } = await sql<{ since: Date | null }>`select own_identity(${provider}) as since`.execute(tx)
  return rows[0]?.since ?? null
}

async function unlink(ctx: Ctx, { auth }: App): Promise<void> {
  demandOneself(ctx)
  const { rows } = await sql<{ done: boolean }>`select unlink_own_identity(${auth.oidc?.provider ?? ''}) as done`.execute(ctx.tx)
  if (!rows[0]?.done) throw new Refused('form', oidcWords.say('link.not_linked', { provider: auth.oidc?.name ?? '' }))
  await note(ctx, { action: 'account.unlinked', unitId: null, subjectType: 'account', subjectId: ctx.viewer.personId })
}

export function meta({ matches, loaderData }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${loaderData ? oidcWords.in(language)('link.title', { provider: loaderData.name }) : oidcWords.in(language)('link.off')} · ${webWords.in(language)('appName')}` }]
}

export default function OidcLinkPage({ loaderData, actionData }: Route.ComponentProps) {
  const t = oidcWords.in(useLanguage())
  if (!loaderData) {
    return (
      <Shell section="me">
        <h1>{t('link.off')}</h1>
        <Lede>{t('link.off_body')}</Lede>
      </Shell>
    )
  }
  const { name: provider, since, refusal } = loaderData
  const refused = actionData && 'problems' in actionData ? actionData : null
  const shown = actionData && 'shown' in actionData ? actionData.shown : null
  return (
    <Shell section="me" mainClass="narrow-form">
      <Eyebrow>{t('link.title', { provider })}</Eyebrow>
      <h1>{since ? t('link.since', { provider, day: showDay(since) }) : t('link.none', { provider })}</h1>
      <Lede>{t('link.lede', { provider })}</Lede>
      {refusal && !actionData && (
        <Notice isAttention role="alert">
          {t(`refused.${refusal}`, { provider })}
        </Notice>
      )}
      {shown ? (
        <Notice
          role="status"
          actions={
            <ButtonLink href={shown.href} kind="primary">
              {t('link.go', { provider })}
            </ButtonLink>
          }
        >
          {t('link.ready', { provider })}
        </Notice>
      ) : (
        <form method="post" action={since ? '?do=unlink' : '/me/linked'}>
          <ProblemList problems={refused?.problems} />
          <PasswordField name="password" label={t('link.password')} hint={since ? undefined : t('link.password_hint', { provider })} problem={refused?.problems['password']} isRequired />
          <p className="sm q2">{t('link.rule')}</p>
          <Buttons>
            <Button kind={since ? 'plain' : 'primary'}>{since ? t('link.unlink') : t('link.prove')}</Button>
          </Buttons>
        </form>
      )}
    </Shell>
  )
}
