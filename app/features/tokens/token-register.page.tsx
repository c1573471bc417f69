import type { Route } from './+types/token-register.page'
import { DataTable } from '../../web/data-table.tsx'
import { DayText } from '../../web/figure.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { tokenWords } from './tokens.messages.ts'
import { TokenChoice } from './tokens.schema.ts'
import { administeredTokens, revokeToken } from './tokens.server.ts'
import { Revoke } from './tokens.page.tsx'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx) => ({ tokens: (await administeredTokens(ctx)).map(({ madeAt: _, ...token }) => token) }))

export const action = (args: Route.ActionArgs) => write(args, TokenChoice, revokeToken, { saved: ({ name }) => tokenWords.say('revoked', { name }) })

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${tokenWords.in(language)('administered')} · ${webWords.in(language)('appName')}` }]
}

export default function TokenRegisterPage({ loaderData: { tokens } }: Route.ComponentProps) {
  const t = tokenWords.in(useLanguage())
  return (
    <Shell section="accounts">
      <Eyebrow>{t('administered')}</Eyebrow>
      <h1>{tokens.length > 0 ? t('administered_answer', { count: tokens.length }) : t('administered_none')}</h1>
      <Lede>{t('administered_hint')}</Lede>
      {tokens.length > 0 && (
        <DataTable
          caption={t('administered')}
          isCaptionHidden
          isCards
          columns={[{ label: t('person') }, { label: t('col.scope') }, { label: t('col.used'), isFigure: true }, { label: t('col.ends'), isFigure: true }, { label: <span className="vh">{t('revoke')}</span> }]}
          rows={tokens.map((token) => ({
            id: token.id,
            note: `${token.name} · ${token.prefix}…`,
            cells: [token.personName, t(`scope.${token.scope}`), token.lastUsedOn ? <DayText key="used" day={token.lastUsedOn} /> : t('never'), <DayText key="ends" day={token.endsOn} />, <Revoke key="revoke" {...token} />],
          }))}
        />
      )}
    </Shell>
  )
}
