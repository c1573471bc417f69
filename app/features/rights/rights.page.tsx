import type { Route } from './+types/rights.page'
import { addDays, showDay } from '../../platform/clock.ts'
import { ButtonLink, Button } from '../../web/button.tsx'
import { Field } from '../../web/field.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { actingOf } from './acting.server.ts'
import { doingOf } from './doing.server.ts'
import { rightsWords } from './rights.messages.ts'
import { rightsOf, whySeen } from './rights.server.ts'
import { answerOf, foundShown, groundsShown, mayNotShown, mayShown, type Right } from './rights-wording.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const person = url.searchParams.get('person')
    const rights = await rightsOf(ctx, person ? idOf(person) : ctx.viewer.personId)
    const { may, mayNot, isLowest } = await doingOf(ctx, rights)
    const asked = url.searchParams.get('q')?.trim() || null
    const found = asked ? await whySeen(ctx, rights.personId, asked) : null
    return {
      person: rights.isOwn ? null : rights.personId,
      name: rights.name,
      answer: answerOf(rights, language),
      grounds: groundsShown(rights, language),
      acting: rights.isOwn ? await actingOf(ctx) : [],
      campaigns: rights.campaigns,
      may: mayShown(may, language),
      mayNot: mayNotShown(mayNot, isLowest, language),
      asked,
      found: found && [...found.units, ...found.people].map((one) => foundShown(one, rights.grounds, language)),
    }
  })

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  const t = rightsWords.in(language)
  return [{ title: `${loaderData?.person ? t('titleOf', { name: loaderData.name }) : t('title')} · ${webWords.in(language)('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function RightsPage({ loaderData }: Route.ComponentProps) {
  const { person, name, answer, grounds, may, mayNot } = loaderData
  const t = rightsWords.in(useLanguage())
  return (
    <Shell section={person ? 'accounts' : 'me'}>
      <Eyebrow>{person ? t('titleOf', { name }) : t('title')}</Eyebrow>
      <h1>{answer}</h1>
      {person ? <Lede>{t('ofNote')}</Lede> : null}
      <Grid>
        <Column span={6} id="why" title={t('why')}>
          {grounds.length > 0 ? <Rights rights={grounds} /> : <p className="q2">{t('noGrounds')}</p>}
          <Acting {...loaderData} />
        </Column>
        <Column span={6} id="may" title={t('may')}>
          {may.length > 0 ? <Rights rights={may} /> : <p className="q2">{t('mayNothing')}</p>}
        </Column>
        <Column span={6} id="campaigns" title={t('campaigns')}>
          <Campaigns {...loaderData} />
        </Column>
        {mayNot.length > 0 && (
          <Column span={6} id="may-not" title={t('mayNot')}>
            <Rights rights={mayNot} />
          </Column>
        )}
        <Column span={6} id="ask" title={t('ask')}>
          <Ask {...loaderData} />
        </Column>
      </Grid>
      {!person && (
        <p className="after-lede">
          <ButtonLink href="/me/held">{t('toHeld')}</ButtonLink>
        </p>
      )}
    </Shell>
  )
}

function Rights({ rights }: { rights: Right[] }) {
  return (
    <ul className="rights">
      {rights.map(({ what, why }) => (
        <li key={what + why.join()}>
          <b>{what}</b>
          {why.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </li>
      ))}
    </ul>
  )
}

function Acting({ acting }: Data) {
  const t = rightsWords.in(useLanguage())
  return (
    <Rights
      rights={acting.map(({ isHelper, who, since, until }) => ({
        what: t(isHelper ? 'ground.helping' : 'ground.helped', { who: who ?? t('held.somebody') }),
        why: [t(isHelper ? 'helpingWhy' : 'helpedWhy'), [t('since', { day: showDay(since) }), t('end.day', { day: showDay(addDays(until, -1)) })].join(' ')],
      }))}
    />
  )
}

function Campaigns({ campaigns: { count, names } }: Data) {
  const t = rightsWords.in(useLanguage())
  if (count === 0) return <p className="q2">{t('noCampaigns')}</p>
  const hidden = count - names.length
  return <Rights rights={[...names, ...(hidden > 0 ? [t('campaigns.hidden', { count: hidden })] : [])].map((what) => ({ what, why: [] }))} />
}

function Ask({ person, asked, found }: Data) {
  const t = rightsWords.in(useLanguage())
  return (
    <>
      <form method="get" action="/rights#ask">
        {person && <input type="hidden" name="person" value={person} />}
        <Field name="q" type="search" label={t('askLabel')} hint={t(person ? 'askHintOf' : 'askHint')} value={asked} maxLength={100} />
        <div className="after-lede">
          <Button>{t('askButton')}</Button>
        </div>
      </form>
      {found && <div className="after-lede" role="status">{found.length > 0 ? <Rights rights={found} /> : <p>{t('askNothing')}</p>}</div>}
    </>
  )
}
