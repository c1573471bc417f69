import type { Route } from './+types/narrative.page'
import { checkText } from '../../figures/check.ts'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { showDay } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { addressOf, figureAddress, reportAddress } from '../../web/addresses.ts'
import { dayAsked } from '../../web/as-of.ts'
import { ButtonLink, Buttons } from '../../web/button.tsx'
import { FigureLink } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { Notice } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { campaignByCode, defaultDay } from '../campaigns/campaigns.server.ts'
import { placeOf } from '../units/place.server.ts'
import { abstractOf, headed, narrativeText } from './narrative-file.server.ts'
import { narrativeAt } from './narratives.server.ts'
import type { Paragraph, Value } from './narrative.ts'
import { narrativeWords } from './narratives.messages.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const campaign = await campaignByCode(ctx.tx, params.campaign)
    const { asOf, asOfProblem } = dayAsked(url, defaultDay(campaign, ctx.viewer.today), language)
    const place = await placeOf(ctx, url.searchParams.get('unit'), asOf)
    const page = { campaign, asOf, asOfProblem, place }
    const { openedOn } = campaign
    if (!openedOn || asOf < openedOn) return { ...page, narrative: null }
    const narrative = await narrativeAt(ctx.tx, { campaign: { ...campaign, openedOn }, place, asOf })
    const checked = checkText(narrativeText(narrative))
    const faults = checked.findings.filter((finding) => finding.severity === 'fault')
    return {
      ...page,
      narrative: { title: abstractOf(narrative), parts: headed(narrative.parts) },
      figures: narrative.parts.flatMap((part) => part.paragraphs).flatMap((paragraph) => paragraph.told).flatMap((told) => told.pieces).filter((piece) => piece.figure).length,
      faults: faults.map((finding) => ({ text: finding.text, message: finding.message(language) })),
      mayWord: reasonAgainst(ctx.viewer, 'word the narrative', await chainOf(ctx.tx, place.unit.id, ctx.viewer.today)) === null,
    }
  })

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  return [{ title: `${narrativeWords.in(language)('title')} · ${loaderData?.place.unit.name ?? ''} · ${webWords.in(language)('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']
type Whole = Extract<Data, { figures: number }>

export default function NarrativePage({ loaderData }: Route.ComponentProps) {
  const { campaign, place, asOf, asOfProblem } = loaderData
  const t = narrativeWords.in(useLanguage())
  return (
    <Shell section="report" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} asOf={asOf} asOfProblem={asOfProblem}>
      <Eyebrow>{t('eyebrow', { campaign: campaign.name })}</Eyebrow>
      {loaderData.narrative === null ? <NotYet {...loaderData} /> : <Written {...loaderData} />}
    </Shell>
  )
}

function NotYet({ campaign, place, asOf }: Data) {
  const t = narrativeWords.in(useLanguage())
  return (
    <>
      <h1>{t('notYet', { day: showDay(asOf) })}</h1>
      <div className="after-lede">
        <ButtonLink href={reportAddress(campaign.code, { unit: place.unit.code, asOf })}>{t('toReport')}</ButtonLink>
      </div>
    </>
  )
}

function Written({ campaign, place, asOf, narrative, figures, faults, mayWord }: Whole) {
  const t = narrativeWords.in(useLanguage())
  const at = { unit: place.unit.code, asOf }
  const file = (format: string) => addressOf(`/campaigns/${campaign.code}/narrative.${format}`, at)
  return (
    <>
      <h1>{faults.length === 0 ? t('answer', { count: figures }) : t('answerFaults', { count: faults.length })}</h1>
      <Lede>{t('lede', { unit: place.unit.name, day: showDay(asOf) })}</Lede>
      <div className="noprint after-lede">
        <Buttons>
          <ButtonLink href={file('docx')} kind="primary" download>{t('word')}</ButtonLink>
          <ButtonLink href={file('pdf')} download>{t('pdf')}</ButtonLink>
          {mayWord && <ButtonLink href={addressOf(`/campaigns/${campaign.code}/narrative/wording`, at)}>{t('toWording')}</ButtonLink>}
          <ButtonLink href={reportAddress(campaign.code, at)} kind="quiet">{t('toReport')}</ButtonLink>
        </Buttons>
      </div>
      {faults.length > 0 && (
        <Notice isAttention title={t('faultsTitle')} className="after-lede">
          <ul>
            {faults.map((fault, index) => (
              <li key={index}>
                “{fault.text}”: {fault.message}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <article className="told" lang="vi" aria-label={narrative.title}>
        <p className="told-title">{narrative.title}</p>
        {narrative.parts.map((part) => (
          <section key={part.key}>
            {part.title && (part.level === 1 ? <h2>{part.title}</h2> : <h3>{part.title}</h3>)}
            {part.paragraphs.map((paragraph, index) => (
              <Told key={index} {...paragraph} campaign={campaign.code} unit={place.unit.code} asOf={asOf} />
            ))}
          </section>
        ))}
      </article>
    </>
  )
}

type Where = { campaign: string; unit: string; asOf: string }

function Told({ told, isLine, isLast, said, ...where }: Paragraph & Where) {
  if (said) {
    return said.text
      .split(/\n+/)
      .filter(Boolean)
      .map((line, index) => (
        <p key={index} className={isLine ? 'line' : undefined}>
          {index === 0 && said.unitName && `- ${said.unitName}: `}
          {line}
        </p>
      ))
  }
  return (
    <p className={isLine ? 'line' : undefined}>
      {isLine && '- '}
      {told.map((sentence, index) => (
        <span key={index}>
          {index > 0 && ' '}
          {sentence.pieces.map((piece, at) => (
            <FigureLink key={at} href={hrefOf(piece, where)}>{piece.text}</FigureLink>
          ))}
        </span>
      ))}
      {isLine && (isLast ? '.' : ';')}
    </p>
  )
}

function hrefOf({ figure, rowsOf }: Value, { campaign, unit, asOf }: Where): string | null {
  if (rowsOf) return `${reportAddress(campaign, { unit, asOf })}#${rowsOf}`
  if (!figure) return null
  const address = figureAddress(campaign, figure.key, { unit: figure.unit, asOf, part: figure.part })
  return figure.isMissing ? `${address}#missing` : address
}
