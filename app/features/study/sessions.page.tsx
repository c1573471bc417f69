import type { Route } from './+types/sessions.page'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { showDay } from '../../platform/clock.ts'
import { addressOf } from '../../web/addresses.ts'
import { dayAsked } from '../../web/as-of.ts'
import { ButtonLink, Buttons, DisabledButton } from '../../web/button.tsx'
import { DataTable, Pagination } from '../../web/data-table.tsx'
import { DayText, Figures, Tag } from '../../web/figure.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { EmptyState } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { currentCampaign, defaultDay } from '../campaigns/campaigns.server.ts'
import { placeOf } from '../units/place.server.ts'
import { sessionStates, type SessionState } from './session-views.server.ts'
import { studyWords } from './study.messages.ts'

const onOnePage = 25

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const { tx, viewer } = ctx
    const campaign = await currentCampaign(tx, url.searchParams.get('campaign'))
    const { asOf, asOfProblem } = dayAsked(url, campaign ? defaultDay(campaign, viewer.today) : viewer.today, language)
    const place = await placeOf(ctx, url.searchParams.get('unit'), asOf)
    const isOwn = url.searchParams.get('only') === 'own'
    const page = Math.max(1, Math.min(10_000, Number(url.searchParams.get('page')) || 1))
    const isNarrowed = url.searchParams.has('asOf') && !asOfProblem
    const list = campaign
      ? await sessionStates(tx, {
          campaignId: campaign.id,
          unitId: place.unit.id,
          treeDay: asOf,
          until: isNarrowed ? asOf : null,
          beneath: !isOwn,
          limit: onOnePage,
          offset: (page - 1) * onOnePage,
        })
      : { sessions: [], total: 0 }
    const reason = reasonAgainst(viewer, 'hold a session', await chainOf(tx, place.unit.id, viewer.today))
    return { campaign, asOf, asOfProblem, place, isOwn, isNarrowed, page, pages: Math.ceil(list.total / onOnePage), ...list, today: viewer.today, reasonAgainst: await whyNot(tx, reason, language) }
  })

export function meta({ loaderData, matches }: Route.MetaArgs) {
  return [{ title: `${studyWords.in(languageIn(matches))('columnSession')} · ${loaderData?.place.unit.name ?? ''} · ${webWords.in(languageIn(matches))('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function SessionsPage({ loaderData }: Route.ComponentProps) {
  const { campaign, place, asOf, asOfProblem, total, sessions } = loaderData
  const t = studyWords.in(useLanguage())
  return (
    <Shell section="sessions" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} asOf={asOf} asOfProblem={asOfProblem}>
      {campaign && <Eyebrow>{t('newOf', { unit: place.unit.name, campaign: campaign.name })}</Eyebrow>}
      {!campaign ? (
        <>
          <h1>{t('noCampaign')}</h1>
          <EmptyState title={t('sessionsNone')} actions={<ButtonLink href="/campaigns">{t('toCampaigns')}</ButtonLink>}>
            {t('noCampaignBody')}
          </EmptyState>
        </>
      ) : (
        <>
          <h1>{total > 0 ? t('sessionsTitle', { count: total }) : t('sessionsNone')}</h1>
          <Narrowing {...loaderData} />
          <NewSession {...loaderData} />
          {sessions.length === 0 ? <EmptyState title={t('sessionsNoneFor')}>{t('sessionsNoneBody')}</EmptyState> : <Sessions {...loaderData} />}
        </>
      )}
    </Shell>
  )
}

function hereOf({ campaign, place, asOf, isNarrowed, isOwn }: Data, change: Record<string, string | null>): string {
  return addressOf('/sessions', { campaign: campaign?.code, unit: place.unit.code, asOf: isNarrowed ? asOf : null, only: isOwn ? 'own' : null, ...change })
}

function Narrowing(page: Data) {
  const { place, isOwn, isNarrowed, asOf } = page
  const t = studyWords.in(useLanguage())
  return (
    <p className="lede">
      {isNarrowed && (
        <>
          {t('sessionsUntil', { day: showDay(asOf) })} <a href={hereOf(page, { asOf: null })}>{t('sessionsAll')}</a>{' '}
        </>
      )}
      {place.unitsBeneath.length > 0 && <a href={hereOf(page, { only: isOwn ? null : 'own' })}>{isOwn ? t('sessionsBeneath') : t('sessionsOwn', { unit: place.unit.name })}</a>}
    </p>
  )
}

function NewSession({ campaign, place, reasonAgainst: reason }: Data) {
  const t = studyWords.in(useLanguage())
  return (
    <Buttons>
      {reason ? (
        <DisabledButton reason={reason}>{t('sessionNew')}</DisabledButton>
      ) : (
        <ButtonLink kind="primary" href={addressOf('/sessions/new', { campaign: campaign?.code, unit: place.unit.code })}>
          {t('sessionNew')}
        </ButtonLink>
      )}
    </Buttons>
  )
}

function Sessions(page: Data) {
  const { sessions, today, isOwn, place } = page
  const t = studyWords.in(useLanguage())
  const isOfSeveral = !isOwn && place.unitsBeneath.length > 0
  return (
    <div className="after-lede">
      <DataTable
        isCards
        columns={[{ label: t('columnSession') }, { label: t('columnDay') }, ...(isOfSeveral ? [{ label: t('columnHolder') }] : []), { label: t('columnRoll'), isFigure: true }]}
        rows={sessions.map((session) => ({
          id: session.id,
          cells: [
            <a key="name" href={`/sessions/${session.id}`}>
              {session.name}
            </a>,
            <Days key="days" {...session} />,
            ...(isOfSeveral ? [session.unitName] : []),
            <State key="state" session={session} isAhead={session.firstDay > today} />,
          ],
          note: kindOf(session, t),
        }))}
      />
      <Pagination page={page.page} pages={page.pages} hrefOf={(number) => hereOf(page, { page: String(number) })} />
    </div>
  )
}

/** What the name does not say of its kind; null where it says all. */
function kindOf(session: SessionState, t: ReturnType<typeof studyWords.in>) {
  const kind = t(`kind_${session.kind}`)
  // most names begin with the kind
  const isNamed = session.name.toLocaleLowerCase('vi').startsWith(kind.toLocaleLowerCase('vi'))
  const words = [session.isVenue && t('venue'), !isNamed && kind, session.venues > 0 && t('venuesCount', { count: session.venues })].filter(Boolean)
  if (words.length === 0 && !session.isCancelled) return null
  return (
    <>
      {words.join(' · ')}
      {session.isCancelled && <Tag>{t('cancelledTag')}</Tag>}
    </>
  )
}

function Days({ firstDay, lastDay }: SessionState) {
  return (
    <span>
      <DayText day={firstDay} />
      {lastDay !== firstDay && (
        <>
          {' – '}
          <DayText day={lastDay} />
        </>
      )}
    </span>
  )
}

/** How far its roll is; of a make-up class, or one for some of the units beneath, nobody knows beforehand who comes, so only who came is said. */
function State({ session, isAhead }: { session: SessionState; isAhead: boolean }) {
  const t = studyWords.in(useLanguage())
  const { people, sittings, sittingsTaken, kind } = session
  if (session.isCancelled) return <span className="q3">{t('cancelledTag')}</span>
  if (sittingsTaken === 0) return isAhead ? <span className="q3">{t('rollStateAhead')}</span> : session.venues > 0 ? <span className="q3">–</span> : <span className="attn">{t('rollStateNone')}</span>
  if (!people) return <Figures>{t('rollStateSittings', { taken: sittingsTaken, sittings })}</Figures>
  return <Figures>{kind === 'make_up_class' || !session.isOfOneUnit ? t('rollStateMarked', { marked: people.marked }) : t('rollState', people)}</Figures>
}
