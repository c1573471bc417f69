import type { Route } from './+types/session.page'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { showDay, showWeekday } from '../../platform/clock.ts'
import { addressOf } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { DataTable, Pagination } from '../../web/data-table.tsx'
import { Field } from '../../web/field.tsx'
import { Figures } from '../../web/figure.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice } from '../../web/notice.tsx'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Shell } from '../../web/shell.tsx'
import { DefinitionList, Trail } from '../../web/trail.tsx'
import { trailOfSubjects } from '../../web/trail.server.ts'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { campaignByCode } from '../campaigns/campaigns.server.ts'
import { ownUnit, placeOf } from '../units/place.server.ts'
import { headCountsOf, recordHeadCounts, sittingsOf } from './rolls.server.ts'
import { expectedAt, sessionById, talliesOf, taken, topicsOf, venuesOf } from './session-views.server.ts'
import { cancelSessionByName } from './sessions.server.ts'
import { studyWords } from './study.messages.ts'
import { HeadCounts, headCountKinds, SessionCancellationByName } from './study.schema.ts'

const venuesOnOnePage = 50

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const { tx, viewer } = ctx
    const session = await sessionById(tx, idOf(params.id))
    const heads = await sittingsOf(tx, session.id)
    const ids = heads.map((sitting) => sitting.id)
    const [tallies, expected, topics] = [await talliesOf(tx, ids), await expectedAt(tx, ids), await topicsOf(tx, ids)]
    const sittings = []
    for (const sitting of heads) {
      const tally = tallies.get(sitting.id)!
      sittings.push({ ...sitting, tally, isTaken: taken(tally) > 0, isAhead: sitting.heldOn > viewer.today, expected: expected.get(sitting.id) ?? 0, topics: topics.get(sitting.id) ?? [], heads: await headCountsOf(tx, sitting.id) })
    }
    const page = Math.max(1, Math.min(1000, Number(url.searchParams.get('page')) || 1))
    const venues = await venuesOf(tx, session.id, venuesOnOnePage, (page - 1) * venuesOnOnePage)
    const chain = await chainOf(tx, session.unitId, viewer.today)
    const place = await placeOf(ctx, session.unitCode, heads[0]?.heldOn ?? viewer.today)
    const own = await ownUnit(ctx)
    const isConference = !session.whole && !session.isCancelled && (session.kind === 'conference' || session.kind === 'national_conference')
    const ownReason = own && isConference ? reasonAgainst(viewer, 'hold a session', await chainOf(tx, own.id, viewer.today)) : null
    return {
      session,
      sittings,
      isOfOneUnit: place.unitsBeneath.length === 0,
      came: sittings.length === 1 ? { present: sittings[0]!.tally.present + sittings[0]!.tally.late, expected: sittings[0]!.expected } : null,
      campaign: await campaignByCode(tx, session.campaignCode),
      place,
      venues: { ...venues, page, pages: Math.ceil(venues.total / venuesOnOnePage) },
      reasonAgainst: await whyNot(tx, reasonAgainst(viewer, 'hold a session', chain), language),
      mayTakeRoll: reasonAgainst(viewer, 'take the roll', chain) === null,
      venueFor: own && isConference && !ownReason && own.id !== session.unitId ? { code: own.code, name: own.name } : null,
      happened: await trailOfSubjects(ctx, [{ type: 'study_session', ids: [session.id] }, { type: 'sitting', ids }], { language, timeZone: args.context.get(appContext).config.timeZone, limit: 12 }),
    }
  })

export async function action(args: Route.ActionArgs) {
  const here = `/sessions/${args.params.id}`
  if (new URL(args.request.url).searchParams.get('do') === 'cancel') {
    return write(args, SessionCancellationByName, cancelSessionByName, { to: () => here, saved: () => studyWords.say('cancelSaved') })
  }
  return write(args, HeadCounts, recordHeadCounts, { to: () => here, saved: () => studyWords.say('headsSaved') })
}

export function meta({ loaderData, matches }: Route.MetaArgs) {
  return [{ title: `${loaderData?.session.name ?? ''} · ${webWords.in(languageIn(matches))('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']
type SittingShown = Data['sittings'][number]

export default function SessionPage({ loaderData, actionData }: Route.ComponentProps) {
  const { session, place, sittings, venues, reasonAgainst: reason, happened, campaign } = loaderData
  const t = studyWords.in(useLanguage())
  const isOver = sittings.some((sitting) => !sitting.isAhead)
  return (
    <Shell section="sessions" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} unitHref={(code) => addressOf('/sessions', { unit: code, campaign: campaign.code })}>
      <Eyebrow>
        {session.whole ? `${t('venue')} · ` : ''}
        {t('sessionOf', { kind: t(`kind_${session.kind}`), unit: session.unitName })}
      </Eyebrow>
      <h1>
        {session.name} <small>({<Answer {...loaderData} />})</small>
      </h1>
      {session.isCancelled && <Notice title={t('sessionCancelled')}>{t('sessionCancelledBody')}</Notice>}
      {venueAction(loaderData, t('venueOpen', { unit: loaderData.venueFor?.name ?? '' }))}
      <Grid>
        <Column span={8} id="sittings" title={t('sittingsTitle')}>
          <Sittings {...loaderData} />
        </Column>
        <Column span={4} id="facts" title={t('columnSession')}>
          <Facts {...loaderData} />
        </Column>
        {venues.total > 0 && <Venues {...loaderData} />}
        {isOver && !session.isCancelled && <HeadCountForms {...loaderData} answer={actionData} />}
        <Column span={6} id="happened" title={t('happened')}>
          {happened.length > 0 ? <Trail entries={happened} /> : <p className="sm q3">{t('nothingHappened')}</p>}
        </Column>
        {!session.isCancelled && reason === null && <Cancel {...loaderData} answer={actionData} />}
      </Grid>
    </Shell>
  )
}

function venueAction({ session, venueFor, campaign }: Data, words: string) {
  if (!venueFor) return null
  return (
    <div className="after-lede">
      <Buttons>
        <ButtonLink href={addressOf('/sessions/new', { campaign: campaign.code, unit: venueFor.code, partOf: session.id })}>{words}</ButtonLink>
      </Buttons>
    </div>
  )
}

/** The heading's answer: who came, of how many; or that nobody has been marked yet. */
function Answer({ sittings, came, session, venues, isOfOneUnit }: Data) {
  const language = useLanguage()
  const t = studyWords.in(language)
  const first = sittings[0]
  if (!sittings.some((sitting) => sitting.isTaken)) {
    if (first?.isAhead) return t('sessionAhead', { weekday: showWeekday(first.heldOn, language), day: showDay(first.heldOn) })
    return venues.total > 0 ? t('venuesCount', { count: venues.total }) : t('sessionNotTaken')
  }
  if (came) return session.kind === 'make_up_class' || !isOfOneUnit ? t('sessionPresentOnly', { count: came.present }) : t('sessionPresent', came)
  return t('sessionSittingsTaken', { taken: sittings.filter((sitting) => sitting.isTaken).length, sittings: sittings.length })
}

function Sittings({ sittings, session, mayTakeRoll }: Data) {
  const language = useLanguage()
  const t = studyWords.in(language)
  return (
    <DataTable
      isCards
      columns={[
        { label: t('columnSitting') },
        { label: t('columnPresent'), isFigure: true },
        { label: t('columnLate'), isFigure: true },
        { label: t('columnExcused'), isFigure: true },
        { label: t('columnAbsent'), isFigure: true },
        { label: t('columnRoll'), isFigure: true },
      ]}
      rows={sittings.map((sitting) => ({
        id: sitting.id,
        cells: [
          <SittingName key="name" {...sitting} />,
          ...(['present', 'late', 'excused', 'absent'] as const).map((status) => (sitting.isTaken ? sitting.tally[status] : '–')),
          sitting.isAhead || session.isCancelled ? (
            <a key="roll" href={`/sittings/${sitting.id}/roll`}>{t('seeRoll')}</a>
          ) : sitting.isTaken || !mayTakeRoll ? (
            <a key="roll" href={`/sittings/${sitting.id}/roll`}>{mayTakeRoll ? t('takeRoll') : t('seeRoll')}</a>
          ) : (
            <ButtonLink key="roll" kind="primary" href={`/sittings/${sitting.id}/roll`}>
              {t('takeRoll')}
            </ButtonLink>
          ),
        ],
        note: sitting.topics.map((topic) => topic.name).join('; ') || null,
      }))}
    />
  )
}

function SittingName({ position, heldOn, startsAt, endsAt }: SittingShown) {
  const language = useLanguage()
  const t = studyWords.in(language)
  return (
    <>
      {t('newSitting', { number: position })} · {showWeekday(heldOn, language)} <Figures>{showDay(heldOn)}</Figures>
      {startsAt && (
        <>
          , <Figures>{[startsAt, endsAt].filter(Boolean).join('–')}</Figures>
        </>
      )}
    </>
  )
}

function Facts({ session, campaign }: Data) {
  const t = studyWords.in(useLanguage())
  return (
    <DefinitionList
      items={[
        ...(session.place ? [{ term: t('factPlace'), value: session.place }] : []),
        { term: t('factHolder'), value: <a href={addressOf('/sessions', { unit: session.unitCode, campaign: campaign.code })}>{session.unitName}</a> },
        { term: t('factFor'), value: session.categories.length > 0 ? session.categories.join(', ') : t('factForAll') },
        ...(session.whole ? [{ term: t('factWhole'), value: <a href={`/sessions/${session.whole.id}`}>{session.whole.name}</a> }] : []),
        ...(session.isCancelled
          ? []
          : [
              {
                term: t('factInvitation'),
                value: (
                  <>
                    <a href={`/sessions/${session.id}/invitation.docx`}>DOCX</a> · <a href={`/sessions/${session.id}/invitation.pdf`}>PDF</a>
                  </>
                ),
              },
            ]),
        { term: t('factCampaign'), value: <a href={`/campaigns/${campaign.code}`}>{campaign.name}</a> },
      ]}
    />
  )
}

function Venues({ venues, session }: Data) {
  const t = studyWords.in(useLanguage())
  return (
    <Column span={12} id="venues" title={t('venuesTitle')}>
      <DataTable
        columns={[{ label: t('columnVenue') }, { label: t('columnMarked'), isFigure: true }]}
        rows={venues.venues.map((venue) => ({
          id: venue.id,
          cells: [
            <a key="unit" href={`/sessions/${venue.id}`}>
              {venue.unitName}
            </a>,
            venue.isCancelled ? t('cancelledTag') : venue.marked > 0 ? t('rollStateMarked', { marked: venue.marked }) : t('rollStateNone'),
          ],
          note: venue.place,
        }))}
      />
      <Pagination page={venues.page} pages={venues.pages} hrefOf={(page) => `/sessions/${session.id}?page=${page}#venues`} />
    </Column>
  )
}

type Answered = Data & { answer: Route.ComponentProps['actionData'] }

function HeadCountForms({ session, sittings, reasonAgainst: reason, answer }: Answered) {
  const t = studyWords.in(useLanguage())
  return (
    <Column span={6} id="heads" title={t('headsTitle')}>
      <p className="sm q2">{t('headsLead')}</p>
      {reason && <p className="sm q2">{reason}</p>}
      {sittings.map((sitting) => {
        const own = answer?.values['sittingId'] === sitting.id ? answer : undefined
        return (
          <form key={sitting.id} method="post" action={`/sessions/${session.id}?do=heads#heads`} className="after-lede">
            <input type="hidden" name="sittingId" value={sitting.id} />
            {own?.problems['people'] && <Notice isAttention role="alert">{own.problems['people']}</Notice>}
            <fieldset disabled={reason !== null || sitting.isAhead}>
              <legend className={sittings.length > 1 ? 'lab-top' : 'vh'}>{t('headsOf', { position: sitting.position, day: showDay(sitting.heldOn) })}</legend>
              <div className="two">
                {headCountKinds.map((kind) => (
                  <Field
                    key={kind}
                    id={`${sitting.id}-${kind}`}
                    name={`people.${kind}`}
                    label={t(`heads.${kind}`)}
                    value={own?.values[`people.${kind}`] ?? String(sitting.heads[kind] ?? '')}
                    problem={own?.problems[`people.${kind}`]}
                    inputMode="numeric"
                    maxLength={7}
                    autoComplete="off"
                  />
                ))}
              </div>
              {reason === null && (
                <Buttons>
                  <Button>{t('headsSave')}</Button>
                </Buttons>
              )}
            </fieldset>
          </form>
        )
      })}
    </Column>
  )
}

/** Folded, since it is rare and cannot be taken back; whoever cancels types the name of what is cancelled. */
function Cancel({ session, answer }: Answered) {
  const t = studyWords.in(useLanguage())
  const own = answer?.values['sessionId'] === session.id ? answer : undefined
  return (
    <Column span={6} id="cancel" title={t('cancelTitle')}>
      <details open={Boolean(own)}>
        <summary className="sm">{t('cancelTitle')}…</summary>
        <form method="post" action={`/sessions/${session.id}?do=cancel#cancel`}>
          <input type="hidden" name="sessionId" value={session.id} />
          <p className="sm q2 after-lede">{t('cancelLead')}</p>
          <Field name="name" label={t('cancelName')} hint={t('cancelNameHint', { name: session.name })} value={own?.values['name']} problem={own?.problems['name'] ?? own?.problems['form']} isRequired autoComplete="off" maxLength={300} />
          <Buttons>
            <Button>{t('cancelButton', { name: session.name })}</Button>
          </Buttons>
        </form>
      </details>
    </Column>
  )
}
