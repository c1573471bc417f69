import { v7 } from 'uuid'
import type { Route } from './+types/tokens.page'
import { addDays, showDay, today as dayOf } from '../../platform/clock.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { DataTable } from '../../web/data-table.tsx'
import { DayField, Field, PasswordField, RadioField } from '../../web/field.tsx'
import { DayText } from '../../web/figure.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write, writeAndShow } from '../../web/write.server.ts'
import { proveOneself } from '../../web/own-proof.server.ts'
import { tokenWords } from './tokens.messages.ts'
import { NewToken, TokenChoice } from './tokens.schema.ts'
import { isOpen, makeToken, ownTokens, revokeToken } from './tokens.server.ts'

const usualDays = 90

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url }) => {
    const { publicUrl, timeZone } = args.context.get(appContext).config
    const { today, offices } = ctx.viewer
    const tokens = (await ownTokens(ctx)).map(({ revokedAt, madeAt: _, ...token }) => ({
      ...token,
      isOpen: isOpen({ ...token, revokedAt }, today),
      revokedOn: revokedAt && dayOf(timeZone, revokedAt),
    }))
    return {
      id: v7(),
      tokens,
      endsOn: addDays(today, usualDays),
      isAdministrator: offices.some((office) => office.role === 'administrator'),
      meAddress: new URL('/api/v1/me', publicUrl ?? url).href,
    }
  })

export const action = (args: Route.ActionArgs) => {
  if (new URL(args.request.url).searchParams.get('do') === 'revoke') {
    return write(args, TokenChoice, revokeToken, { saved: ({ name }) => tokenWords.say('revoked', { name }) })
  }
  return writeAndShow(args, NewToken, makeToken, { before: ({ password }, session) => proveOneself(args.context.get(appContext), session, password) })
}

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${tokenWords.in(language)('title')} · ${webWords.in(language)('appName')}` }]
}

export default function TokensPage({ loaderData, actionData }: Route.ComponentProps) {
  const t = tokenWords.in(useLanguage())
  const { tokens, isAdministrator } = loaderData
  const open = tokens.filter((token) => token.isOpen).length
  const shown = actionData && 'shown' in actionData ? actionData.shown : null
  return (
    <Shell section="me">
      <Eyebrow>{t('title')}</Eyebrow>
      <h1>{open > 0 ? t('answer', { count: open }) : t('none')}</h1>
      {!shown && <Lede>{t('lede')}</Lede>}
      {shown && <Secret secret={shown.secret} meAddress={loaderData.meAddress} />}
      <Grid>
        {tokens.length > 0 && (
          <Column span={7} id="tokens" title={t('list')}>
            <Tokens tokens={tokens} />
            <p className="sm q2 after-lede">{t('rule')}</p>
          </Column>
        )}
        {!shown && (
          <Column span={5} id="new" title={t('new')}>
            <NewTokenForm loaderData={loaderData} actionData={actionData} />
          </Column>
        )}
      </Grid>
      {isAdministrator && (
        <p className="after-lede">
          <a href="/accounts/tokens">{t('of_accounts')}</a>
        </p>
      )}
    </Shell>
  )
}

function Secret({ secret, meAddress }: { secret: string; meAddress: string }) {
  const t = tokenWords.in(useLanguage())
  return (
    <Notice className="after-lede" isAttention role="status" title={t('made_title')} actions={<ButtonLink href="/me/tokens">{t('done')}</ButtonLink>}>
      <p className="secret" data-secret>
        {secret}
      </p>
      <p className="sm">{t('made_hint')}</p>
      <p className="sm">{t('example')}</p>
      <pre className="secret sm">{`curl -H "Authorization: Bearer ${secret}" ${meAddress}`}</pre>
    </Notice>
  )
}

function Tokens({ tokens }: Pick<Route.ComponentProps['loaderData'], 'tokens'>) {
  const t = tokenWords.in(useLanguage())
  return (
    <DataTable
      caption={t('list')}
      isCaptionHidden
      isCards
      columns={[{ label: t('name') }, { label: t('col.scope') }, { label: t('col.used'), isFigure: true }, { label: t('col.ends'), isFigure: true }, { label: <span className="vh">{t('revoke')}</span> }]}
      rows={tokens.map((token) => ({
        id: token.id,
        note: `${token.prefix}…`,
        cells: [
          token.name,
          t(`scope.${token.scope}`),
          token.lastUsedOn ? <DayText key="used" day={token.lastUsedOn} /> : t('never'),
          <DayText key="ends" day={token.endsOn} />,
          token.isOpen ? <Revoke key="revoke" {...token} /> : <span key="state" className="sm q2">{token.revokedOn ? t('state.revoked', { day: showDay(token.revokedOn) }) : t('state.ended')}</span>,
        ],
      }))}
    />
  )
}

/** The button that ends one token. */
export function Revoke({ id, name }: { id: string; name: string }) {
  const t = tokenWords.in(useLanguage())
  return (
    <form method="post" action="?do=revoke">
      <input type="hidden" name="tokenId" value={id} />
      <Button label={t('revoke_of', { name })}>{t('revoke')}</Button>
    </form>
  )
}

function NewTokenForm({ loaderData, actionData }: Pick<Route.ComponentProps, 'loaderData' | 'actionData'>) {
  const t = tokenWords.in(useLanguage())
  const refused = actionData && 'problems' in actionData ? actionData : null
  const typed = (name: string, first = '') => refused?.values[name] ?? first
  const problem = (name: string) => refused?.problems[name]
  return (
    <form method="post">
      <ProblemList problems={refused?.problems} />
      <input type="hidden" name="id" value={loaderData.id} />
      <Field name="name" label={t('name')} hint={t('name_hint')} value={typed('name')} problem={problem('name')} maxLength={60} autoComplete="off" isRequired />
      <RadioField
        name="scope"
        label={t('scope')}
        value={typed('scope', 'read')}
        problem={problem('scope')}
        options={(['read', 'write'] as const).map((scope) => ({ value: scope, label: t(`scope.${scope}`), hint: t(`scope.${scope}_hint`) }))}
      />
      <DayField name="endsOn" label={t('ends_on')} hint={t('ends_hint')} value={typed('endsOn', loaderData.endsOn)} problem={problem('endsOn')} isRequired />
      <PasswordField name="password" label={t('password')} hint={t('password_hint')} problem={problem('password')} isRequired />
      <div className="after-lede">
        <Buttons>
          <Button kind="primary" isWide>
            {t('make')}
          </Button>
        </Buttons>
      </div>
    </form>
  )
}
