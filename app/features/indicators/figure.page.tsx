import type { Route } from './+types/figure.page'
import { showCount, showPercent } from '../../figures/figure.ts'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { showDay, showInstant } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { addressOf, figureAddress, reportAddress, unitAddress } from '../../web/addresses.ts'
import { dayAsked } from '../../web/as-of.ts'
import { ButtonLink, Buttons, DisabledButton } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { Figures, FractionExplained, Tag } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { Notice } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { campaignByCode, defaultDay } from '../campaigns/campaigns.server.ts'
import { placeOf } from '../units/place.server.ts'
import { Addends, Copies, Declarations, People, Reasons, Sittings } from './behind-parts.tsx'
import { behindFigure, type Behind } from './behind.server.ts'
import { questionsAbout } from './figures.server.ts'
import { indicatorWords } from './indicators.messages.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const campaign = await campaignByCode(ctx.tx, params.campaign)
    const { key } = params
    const { asOf, asOfProblem } = dayAsked(url, defaultDay(campaign, ctx.viewer.today), language)
    const place = await placeOf(ctx, url.searchParams.get('unit'), asOf)
    const page = { indicator: key, campaign, asOf, asOfProblem, place }
    const { openedOn } = campaign
    if (!openedOn || asOf < openedOn) return { ...page, behind: null }
    const part = url.searchParams.get('part')
    const behind = await behindFigure(ctx, { campaign: { ...campaign, openedOn }, place, key, asOf, part })
    const { timeZone } = args.context.get(appContext).config
    return {
      ...page,
      openedOn,
      behind: { ...behind, declarations: behind.declarations.map((one) => ({ ...one, recordedAt: showInstant(one.recordedAt, timeZone) })) },
      groups: groupsOf(behind),
      questions: await questionsAbout(ctx.tx, { campaignId: campaign.id, unitId: place.unit.id, key, part }),
      // who asks stands above the unit
      againstAsking: await whyNot(ctx.tx, reasonAgainst(ctx.viewer, 'ask about figures', (await chainOf(ctx.tx, place.unit.id, ctx.viewer.today)).slice(1)), language),
    }
  })

/** People as they are listed: those missing first, each state under its own heading. */
function groupsOf({ people }: Behind) {
  const states = ['missing', 'exempt', 'listed', 'done'] as const
  return states.map((state) => ({ state, people: (people ?? []).filter((person) => person.state === state) })).filter((group) => group.people.length > 0)
}

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  return [{ title: `${indicatorWords.in(language)('title')} · ${loaderData?.place.unit.name ?? ''} · ${webWords.in(language)('appName')}` }]
}

export default function FigurePage({ loaderData }: Route.ComponentProps) {
  const { indicator, campaign, place, asOf, asOfProblem, behind } = loaderData
  const t = indicatorWords.in(useLanguage())
  const part = behind?.part.dimension || null
  return (
    <Shell
      section="report"
      unitTrail={place.unitTrail}
      unitsBeneath={place.unitsBeneath}
      asOf={asOf}
      asOfProblem={asOfProblem}
      unitHref={(code) => figureAddress(campaign.code, indicator, { unit: code, asOf, part })}
    >
      <Eyebrow>{t('eyebrow', { campaign: campaign.name })}</Eyebrow>
      {loaderData.behind === null ? <NotYet {...loaderData} /> : <Whole {...loaderData} />}
    </Shell>
  )
}

type Data = Route.ComponentProps['loaderData']
export type Opened = Extract<Data, { openedOn: string }>

function NotYet({ indicator, campaign, place, asOf }: Data) {
  const t = indicatorWords.in(useLanguage())
  if (!campaign.openedOn) {
    return (
      <>
        <h1>{t('notOpenTitle')}</h1>
        <div className="after-lede">
          <ButtonLink href={`/campaigns/${campaign.code}`}>{t('toCampaign')}</ButtonLink>
        </div>
      </>
    )
  }
  return (
    <>
      <h1>{t('beforeTitle', { day: showDay(asOf) })}</h1>
      <Notice
        className="after-lede"
        actions={<ButtonLink href={figureAddress(campaign.code, indicator, { unit: place.unit.code, asOf: campaign.openedOn })}>{t('showDay', { day: showDay(campaign.openedOn) })}</ButtonLink>}
      >
        <p>{t('beforeBody', { openedOn: showDay(campaign.openedOn) })}</p>
      </Notice>
    </>
  )
}

function Whole(data: Opened) {
  const { indicator, campaign, place, asOf, behind, groups } = data
  const language = useLanguage()
  const t = indicatorWords.in(language)
  const { numerator, denominator } = behind
  const isRate = denominator !== null
  const at = { unit: place.unit.code, asOf }
  return (
    <>
      <h1>
        {isRate && !behind.part.kind ? showPercent(numerator, denominator, language) : showCount(numerator, language)} {t(`figure.${indicator}` as 'figure.studied')}{' '}
        <small>
          (
          {isRate && !behind.part.kind && (
            <>
              <Figures>
                {showCount(numerator, language)} / {showCount(denominator, language)}
              </Figures>
              ,{' '}
            </>
          )}
          {t('asOf', { unit: place.unit.name, day: showDay(asOf) })})
        </small>
      </h1>
      <Grid>
        <div className="c7 stack">
          <Definition {...data} />
          <Addends {...data} />
          {groups.length === 0 && behind.people && numerator === denominator && <p className="sm q2">{t('allDone')}</p>}
          <People {...data} />
          <Sittings {...data} />
          <Copies {...data} />
          <Declarations {...data} />
          <Reasons {...data} />
        </div>
        <Column span={5} id="who" title={t('whoSees')}>
          <Notice>
            <p>
              {t(!behind.seesPeople ? 'namesStop' : behind.hasOwnPeople ? 'namesYours' : 'namesBeneath')} {t('figuresAll')} <a href="/me">{t('whyISee')}</a>
            </p>
          </Notice>
          <div className="after-lede">
            <Buttons>
              <ButtonLink href={reportAddress(campaign.code, at)}>{t('toReport')}</ButtonLink>
              <ButtonLink href={unitAddress(place.unit.code, asOf)}>{t('toUnit')}</ButtonLink>
            </Buttons>
          </div>
          <Questions {...data} />
        </Column>
      </Grid>
    </>
  )
}

/** Asking about this figure, and what was asked before. */
function Questions({ indicator, campaign, place, asOf, behind, questions, againstAsking }: Opened) {
  const t = indicatorWords.in(useLanguage())
  const about = { campaign: campaign.code, key: indicator, unit: place.unit.code, asOf, part: behind.part.dimension || null }
  return (
    <div className="after-table noprint">
      <Buttons>{againstAsking === null ? <ButtonLink href={addressOf('/questions/new', about)}>{t('askAbout')}</ButtonLink> : <DisabledButton reason={againstAsking}>{t('askAbout')}</DisabledButton>}</Buttons>
      {questions > 0 && (
        <p className="after-lede sm">
          <a href={addressOf('/questions', about)}>{t('questionsAbout', { count: questions })}</a>
        </p>
      )}
    </div>
  )
}

function Definition({ indicator, campaign, asOf, openedOn, behind, place }: Opened) {
  const language = useLanguage()
  const t = indicatorWords.in(language)
  const { numerator, denominator, base, part } = behind
  const means = (one: string) => {
    const words = t(`means.${one}` as 'means.studied', { day: showDay(asOf), openedOn: showDay(openedOn) })
    const exempt = one !== 'expected' ? '' : campaign.exemptExpected ? t('withExempt') : behind.exempt > 0 ? t('withoutExempt', { count: showCount(behind.exempt, language) }) : ''
    return (
      <>
        <b>{t(`name.${one}` as 'name.studied')}</b> {words} {exempt}
      </>
    )
  }
  const narrowed = [part.kind && t(`part.kind.${part.kind}` as 'part.kind.class'), behind.partName].filter(Boolean).join(' · ')
  return (
    <section aria-label={t('title')}>
      {narrowed && (
        <p className="sm q2">
          {t('onlyPart', { part: narrowed })} <a href={figureAddress(campaign.code, indicator, { unit: place.unit.code, asOf })}>{t('showWhole')}</a>
        </p>
      )}
      {denominator !== null && base ? (
        <FractionExplained numerator={numerator} denominator={denominator} above={means(indicator)} below={means(base)} />
      ) : (
        <p>{means(indicator)}</p>
      )}
      <p className="sm q2">
        {howCounted(behind, t, language)} {denominator !== null && t('rounding')} {behind.isDeclared && <Tag kind="declared" />}
      </p>
    </section>
  )
}

function howCounted({ key, declared, numerator }: Pick<Behind, 'key' | 'declared' | 'numerator'>, t: ReturnType<typeof indicatorWords.in>, language: Language): string {
  if (key === 'non-member-attendances') return t('countedHeads')
  if (key === 'reached-in-time') return t('countedCopies')
  if (key === 'studied-declared' || (declared > 0 && declared === numerator)) return t('declaredAll')
  if (['exempt', 'expected', 'on-roster', 'must-write'].includes(key)) return t('countedRoster')
  return declared > 0 ? t('countedSome', { count: showCount(declared, language) }) : t('counted')
}
