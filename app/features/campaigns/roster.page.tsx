import type { Route } from './+types/roster.page'
import { showCount } from '../../figures/figure.ts'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { showDay, showInstant } from '../../platform/clock.ts'
import { NotFound } from '../../platform/errors.ts'
import { addressOf } from '../../web/addresses.ts'
import { dayAsked } from '../../web/as-of.ts'
import { ButtonLink } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { DataTable, Pagination } from '../../web/data-table.tsx'
import { Count, PersonName } from '../../web/figure.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice } from '../../web/notice.tsx'
import { idsOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { Trail } from '../../web/trail.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { placeOf } from '../units/place.server.ts'
import { unitsBeneath } from '../units/units.server.ts'
import { campaignByCode, defaultDay, partsOf } from './campaigns.server.ts'
import { campaignWords } from './campaigns.messages.ts'
import { RosterChange, RosterTaking } from './campaigns.schema.ts'
import { ChangeForm, DriftForm } from './roster-forms.tsx'
import { driftOf, takeIntoRoster } from './roster-drift.server.ts'
import { receiversOf, rosterChanges, rosterCounts, rosterPage } from './roster-views.server.ts'
import { changeRoster } from './roster.server.ts'

const onOnePage = 50

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const { tx, viewer } = ctx
    const { timeZone } = args.context.get(appContext).config
    const campaign = await campaignByCode(tx, params.code)
    const { asOf, asOfProblem } = dayAsked(url, defaultDay(campaign, viewer.today), language)
    const place = await placeOf(ctx, url.searchParams.get('unit'), asOf)
    const [chosenId] = idsOf(url.searchParams.getAll('person'))
    const page = Math.max(1, Math.min(1000, Number(url.searchParams.get('page')) || 1))
    const roster = await rosterPage(tx, { campaignId: campaign.id, unitId: place.unit.id, asOf, limit: onOnePage, offset: (page - 1) * onOnePage })
    const drift = campaign.openedOn ? await driftOf(ctx, { ...campaign, openedOn: campaign.openedOn }, place.unit.id, asOf) : []
    const reason = reasonAgainst(viewer, 'change the roster', await chainOf(tx, place.unit.id, viewer.today))
    const beneath = await unitsBeneath(tx, place.unit.id, asOf)
    const counts = await rosterCounts(tx, campaign.id, [place.unit.id, ...beneath.map((unit) => unit.id)], asOf)
    const whole = counts.get(place.unit.id)
    if (!whole) throw new NotFound()
    const names = new Map((await partsOf(tx, campaign.id)).categories.map((category) => [category.key, category.name]))
    return {
      campaign,
      asOf,
      asOfProblem,
      place,
      ...roster,
      people: roster.people.map((person) => ({ ...person, category: names.get(person.categoryKey) ?? person.categoryKey })),
      page,
      pages: Math.ceil(roster.total / onOnePage),
      drift,
      whole,
      beneath: beneath.filter((unit) => unit.hasMembers && counts.has(unit.id)).map(({ id, code, name }) => ({ code, name, ...counts.get(id)! })),
      chosen: roster.people.find((person) => person.personId === chosenId) ?? null,
      receivers: reason ? [] : await receiversOf(ctx, place.unit, asOf),
      changes: (await rosterChanges(ctx, campaign, place.unit.id)).map((change) => ({ ...change, at: showInstant(change.at, timeZone), instant: change.at.toISOString() })),
      reasonAgainst: await whyNot(tx, reason, language),
    }
  })

export function action(args: Route.ActionArgs) {
  const search = new URL(args.request.url).searchParams
  const here = addressOf(`/campaigns/${args.params.code}/roster`, { unit: search.get('unit'), asOf: search.get('asOf'), page: search.get('page') })
  if (search.get('do') === 'take') return write(args, RosterTaking, takeIntoRoster, { to: () => here, saved: ({ taken }) => campaignWords.say('driftTaken', { count: taken }) })
  return write(args, RosterChange, changeRoster, { to: () => here, saved: () => campaignWords.say('changeSaved') })
}

export function meta({ loaderData, matches }: Route.MetaArgs) {
  return [{ title: `${campaignWords.in(languageIn(matches))('toRosterOf')} · ${loaderData?.place.unit.name ?? ''} · ${webWords.in(languageIn(matches))('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']
type Page = Data & { answer: Route.ComponentProps['actionData'] }

/** This page of the same unit, day and page number, with something changed. */
function rosterAddress({ campaign, place, asOf, page }: Data, change: Record<string, string | null> = {}): string {
  return addressOf(`/campaigns/${campaign.code}/roster`, { unit: place.unit.code, asOf, page: page > 1 ? String(page) : null, ...change })
}

const formOf = (page: Page, at: string) => ({
  campaignCode: page.campaign.code,
  unitCode: page.place.unit.code,
  day: page.asOf,
  action: `${rosterAddress(page, { person: page.chosen?.personId ?? null })}${at}`,
  closeHref: `${rosterAddress(page)}${at}`,
  answer: page.answer,
})

export default function RosterPage({ loaderData, actionData }: Route.ComponentProps) {
  const { campaign, place, asOf, asOfProblem, total } = loaderData
  const t = campaignWords.in(useLanguage())
  const page = { ...loaderData, answer: actionData }
  return (
    <Shell section="campaign" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} asOf={asOf} asOfProblem={asOfProblem}>
      <Eyebrow>{t('rosterEyebrow', { campaign: campaign.name })}</Eyebrow>
      {!campaign.openedOn ? (
        <>
          <h1>{t('rosterNotOpen')}</h1>
          <Notice actions={<ButtonLink href={`/campaigns/${campaign.code}`}>{campaign.name}</ButtonLink>}>{t('rosterNotOpenBody')}</Notice>
        </>
      ) : (
        <>
          <Heading {...loaderData} />
          {loaderData.reasonAgainst && total > 0 && <Notice>{loaderData.reasonAgainst}</Notice>}
          <Grid>
            {loaderData.drift.length > 0 && <Drifted {...page} />}
            {total > 0 && <People {...page} />}
            {loaderData.beneath.length > 0 && <Beneath {...page} />}
            <Changes {...page} />
          </Grid>
        </>
      )}
    </Shell>
  )
}

/** The counts of the list that is shown; where no names may be, those of the unit and everything beneath it. */
function Heading({ place, expected, exempt, studied, total, whole }: Data) {
  const language = useLanguage()
  const t = campaignWords.in(language)
  const counts = { expected: showCount(total > 0 ? expected : whole.expected, language), exempt: showCount(total > 0 ? exempt : whole.exempt, language) }
  if (total > 0) {
    return (
      <>
        <h1>{t('rosterTitle', counts)}</h1>
        <Lede>{studied === expected ? t('rosterAllStudied') : t('rosterStudied', { studied, missing: expected - studied })}</Lede>
      </>
    )
  }
  if (whole.expected + whole.exempt === 0) return <h1>{t('rosterNone', { unit: place.unit.name })}</h1>
  return (
    <>
      <h1>{t(whole.own > 0 ? 'rosterTitle' : 'rosterWhole', counts)}</h1>
      <Lede>
        {whole.own === 0 && `${t('rosterNamesAt', { unit: place.unit.name })} `}
        {t('rosterNoNamesBody')}
      </Lede>
    </>
  )
}

function People(page: Page) {
  const { people, chosen, reasonAgainst: reason } = page
  const t = campaignWords.in(useLanguage())
  return (
    <Column span={12} id="people" title={t('toRosterOf')}>
      {chosen && !reason && <ChangeForm {...formOf(page, '#people')} person={{ ...chosen, isExempt: chosen.exemptReason !== null }} receivers={page.receivers} />}
      <DataTable
        columns={[{ label: t('columnPerson') }, { label: t('columnStudied') }, ...(reason ? [] : [{ label: t('changeWhat'), isFigure: true }])]}
        rows={people.map((person) => ({
          id: person.personId,
          cells: [
            <span key="name">
              <PersonName name={person.name} /> {person.bornOn && <span className="xs q3 nb">{t('bornIn', { year: person.bornOn.slice(0, 4) })}</span>}
            </span>,
            <State key="state" {...person} />,
            <a key="change" href={`${rosterAddress(page, { person: person.personId })}#people`}>
              {t('change')}
              <span className="vh"> {person.name}</span>
            </a>,
          ],
          note: person.category,
        }))}
      />
      <Pagination page={page.page} pages={page.pages} hrefOf={(number) => rosterAddress(page, { page: String(number) })} />
    </Column>
  )
}

/** Who has studied is in order and grey; who has not is what the page is for. */
function State({ studiedOn, mustStudy, exemptReason }: Data['people'][number]) {
  const t = campaignWords.in(useLanguage())
  return (
    <>
      {exemptReason && <span className="sub">{t('dutyExempt', { reason: exemptReason })}</span>}
      {studiedOn ? <span className="q3">{t('studiedOn', { day: showDay(studiedOn) })}</span> : mustStudy && <span className="attn">{t('notStudied')}</span>}
    </>
  )
}

/** What the organisation says otherwise than the roster: nothing follows by itself, one button takes it in. */
function Drifted(page: Page) {
  const { drift, campaign, place, asOf, reasonAgainst: reason, answer } = page
  const t = campaignWords.in(useLanguage())
  return (
    <Column span={12} id="drift" title={t('drift')}>
      <p className="sm q2">{t('driftLead')}</p>
      <div className="narrow-form">
        <DriftForm drift={drift} campaignCode={campaign.code} unitCode={place.unit.code} asOf={asOf} action={`${rosterAddress(page, { do: 'take' })}#drift`} reasonAgainst={reason} answer={answer} />
      </div>
    </Column>
  )
}

/** Names end at one's own unit and those directly beneath it; the units are one page each. */
function Beneath(page: Page) {
  const { beneath, total } = page
  const t = campaignWords.in(useLanguage())
  return (
    <Column span={6} id="beneath" title={t('rosterBeneath')}>
      {total > 0 && <p className="sm q2">{t('rosterNoNamesBody')}</p>}
      <DataTable
        columns={[{ label: t('columnUnit') }, { label: t('columnExpected'), isFigure: true }, { label: t('columnExempt'), isFigure: true }]}
        rows={beneath.map((unit) => ({
          id: unit.code,
          cells: [
            <a key="unit" href={rosterAddress(page, { unit: unit.code, page: null })}>
              {unit.name}
            </a>,
            <Count key="expected" value={unit.expected} />,
            <Count key="exempt" value={unit.exempt} />,
          ],
        }))}
      />
    </Column>
  )
}

function Changes({ changes }: Page) {
  const t = campaignWords.in(useLanguage())
  return (
    <Column span={6} id="changes" title={t('rosterChanges')}>
      {changes.length === 0 ? (
        <p className="sm q3">{t('noChanges')}</p>
      ) : (
        <Trail
          entries={changes.map((one) => {
            const what = t(`changed_${one.change}`, { who: one.isOwn ? t('you') : (one.actor ?? t('somebody')), name: one.name ?? t('someMember'), day: showDay(one.fromDay) })
            return { at: one.at, instant: one.instant, sentence: one.reason ? `${what} ${t('changedReason', { reason: one.reason })}` : what }
          })}
        />
      )}
    </Column>
  )
}
