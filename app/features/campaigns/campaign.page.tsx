import type { Route } from './+types/campaign.page'
import { showCount } from '../../figures/figure.ts'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { readDay, showDay } from '../../platform/clock.ts'
import { addressOf, reportAddress } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons, DisabledButton } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { DayField } from '../../web/field.tsx'
import { Figures } from '../../web/figure.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Shell } from '../../web/shell.tsx'
import { DefinitionList, Trail } from '../../web/trail.tsx'
import { trailOfSubjects } from '../../web/trail.server.ts'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { ownUnit } from '../units/place.server.ts'
import { campaignByCode, defaultDay, openCampaign, partsOf } from './campaigns.server.ts'
import { campaignWords } from './campaigns.messages.ts'
import { CampaignOpening } from './campaigns.schema.ts'
import { previewRoster, rosterCounts } from './roster-views.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const { tx, viewer } = ctx
    const campaign = await campaignByCode(tx, params.code)
    const asOf = defaultDay(campaign, viewer.today)
    const typed = url.searchParams.get('openedOn')
    const openedOn = readDay(typed ?? '') ?? asOf
    const reason = reasonAgainst(viewer, 'open a campaign', await chainOf(tx, campaign.unitId, viewer.today))
    const isPreparing = campaign.openedOn === null
    return {
      campaign,
      asOf,
      openedOn,
      typedDay: typed,
      isDayWrong: typed !== null && readDay(typed) === null,
      own: await ownUnit(ctx),
      parts: await partsOf(tx, campaign.id),
      expected: isPreparing ? null : (await rosterCounts(tx, campaign.id, [campaign.unitId], asOf)).get(campaign.unitId)!.expected,
      preview: isPreparing && !reason ? await previewRoster(tx, campaign.id, openedOn) : null,
      reasonAgainst: await whyNot(tx, reason, language),
      happened: await trailOfSubjects(ctx, [{ type: 'campaign', ids: [campaign.id] }], { language, timeZone: args.context.get(appContext).config.timeZone }),
    }
  })

export const action = (args: Route.ActionArgs) =>
  write(args, CampaignOpening, openCampaign, { to: (_, { campaignCode }) => `/campaigns/${campaignCode}`, saved: () => campaignWords.say('openSaved') })

export function meta({ loaderData, matches }: Route.MetaArgs) {
  return [{ title: `${loaderData?.campaign.name ?? ''} · ${webWords.in(languageIn(matches))('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function CampaignPage({ loaderData, actionData }: Route.ComponentProps) {
  const { campaign, expected, happened } = loaderData
  const language = useLanguage()
  const t = campaignWords.in(language)
  return (
    <Shell section="campaign">
      <Eyebrow>{campaign.unitName}</Eyebrow>
      <h1>
        {campaign.name}{' '}
        <small>({campaign.openedOn && expected !== null ? t('titleOpen', { expected: showCount(expected, language), day: showDay(campaign.openedOn) }) : t('titlePreparing')})</small>
      </h1>
      {campaign.openedOn && <Ways {...loaderData} />}
      <Grid>
        <Column span={8} id="resolutions" title={t('madeOf')}>
          <Resolutions {...loaderData} />
        </Column>
        <Column span={4} id="facts" title={t('parts')}>
          <Facts {...loaderData} />
        </Column>
        {!campaign.openedOn && (
          <Column span={8} id="open" title={t('openTitle')}>
            <Opening {...loaderData} answer={actionData} />
          </Column>
        )}
        <Column span={campaign.openedOn ? 8 : 4} id="happened" title={t('happened')}>
          {happened.length > 0 ? <Trail entries={happened} /> : <p className="sm q3">{t('nothingHappened')}</p>}
        </Column>
      </Grid>
    </Shell>
  )
}

function Ways({ campaign, own, asOf }: Data) {
  const t = campaignWords.in(useLanguage())
  const query = { campaign: campaign.code, unit: own?.code }
  return (
    <Buttons>
      <ButtonLink kind="primary" href={reportAddress(campaign.code, { unit: own?.code ?? campaign.unitCode, asOf })}>
        {t('toReport')}
      </ButtonLink>
      <ButtonLink href={addressOf('/sessions', query)}>{t('toSessions')}</ButtonLink>
      <ButtonLink href={addressOf(`/campaigns/${campaign.code}/documents`, { unit: own?.code })}>{t('toDocuments')}</ButtonLink>
      <ButtonLink href={addressOf(`/campaigns/${campaign.code}/roster`, { unit: own?.code })}>{t('toRosterOf')}</ButtonLink>
      <ButtonLink href={addressOf('/declarations', query)}>{t('toDeclarations')}</ButtonLink>
    </Buttons>
  )
}

function Resolutions({ parts }: Data) {
  return (
    <ul className="rights">
      {parts.resolutions.map((resolution) => (
        <li key={resolution.id}>
          <b>{resolution.name}</b>
          <ol className="topics sm">
            {parts.topics.filter((topic) => topic.resolutionId === resolution.id).map((topic) => (
              <li key={topic.id}>{topic.name}</li>
            ))}
          </ol>
        </li>
      ))}
    </ul>
  )
}

function Facts({ campaign, parts }: Data) {
  const t = campaignWords.in(useLanguage())
  return (
    <>
      <DefinitionList
        items={[
          { term: t('runByTerm'), value: campaign.unitName },
          { term: t('periodTerm'), value: <Figures>{`${showDay(campaign.studyFrom)} – ${showDay(campaign.studyTo)}`}</Figures> },
          { term: t('dataDayTerm'), value: <Figures>{showDay(campaign.dataDay)}</Figures> },
          { term: t('exemptTerm'), value: campaign.exemptExpected ? t('exemptStudy') : t('exemptDoNot') },
          { term: t('writesTerm'), value: t(`writes_${campaign.whoWrites}`) },
          { term: t('codeTerm'), value: campaign.code },
        ]}
      />
      <h3 className="after-lede">{t('categoriesTitle')}</h3>
      <ul className="sm">
        {parts.categories.map((category) => (
          <li key={category.key}>
            {category.name}
            {category.isDefault && parts.categories.length > 1 && <span className="q3"> ({t('defaultCategory')})</span>}
          </li>
        ))}
      </ul>
    </>
  )
}

/** In two steps: the list of a day is looked at first, and only what was looked at can be frozen. */
function Opening({ campaign, preview, openedOn, typedDay, isDayWrong, reasonAgainst: reason, answer }: Data & { answer: Route.ComponentProps['actionData'] }) {
  const language = useLanguage()
  const t = campaignWords.in(language)
  const day = showDay(openedOn)
  if (!preview) return <DisabledButton reason={reason ?? ''}>{t('openTitle')}</DisabledButton>
  const number = (value: number) => showCount(value, language)
  const problem = answer?.problems['openedOn'] ?? answer?.problems['form']
  return (
    <>
      <p className="sm q2">{t('openLead')}</p>
      <form method="get" action={`/campaigns/${campaign.code}#open`}>
        <DayField name="openedOn" label={t('openDay')} value={typedDay ?? openedOn} problem={isDayWrong ? t('dayForm') : null} />
        <Buttons>
          <Button>{t('openDayShow')}</Button>
        </Buttons>
      </form>
      {!isDayWrong && (
        <div className="after-lede">
          {problem && (
            <Notice isAttention role="alert">
              {problem}
            </Notice>
          )}
          {preview.people === 0 ? (
            <Notice isAttention>{t('previewNobody', { day })}</Notice>
          ) : (
            <>
              <Notice>{t('previewSentence', { day, people: number(preview.people), units: number(preview.units), expected: number(preview.expected), exempt: number(preview.exempt), writers: number(preview.writers) })}</Notice>
              <form method="post" action={`/campaigns/${campaign.code}?openedOn=${openedOn}#open`}>
                <input type="hidden" name="campaignCode" value={campaign.code} />
                <input type="hidden" name="openedOn" value={openedOn} />
                <Buttons>
                  <Button kind="primary">{t('openButton', { day })}</Button>
                </Buttons>
              </form>
            </>
          )}
        </div>
      )}
    </>
  )
}
