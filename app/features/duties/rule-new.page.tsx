import { v7 } from 'uuid'
import type { Route } from './+types/rule-new.page'
import { whyNot } from '../../permissions/who-could.server.ts'
import { showDay } from '../../platform/clock.ts'
import { Forbidden, Refused } from '../../platform/errors.ts'
import { addressOf } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { parse, write, type Answer } from '../../web/write.server.ts'
import { campaignDay, currentCampaign, listCampaigns } from '../campaigns/campaigns.server.ts'
import { placeOf } from '../units/place.server.ts'
import { dutyWords } from './duties.messages.ts'
import { dutyKinds, DutyRuleInput, type DutyKind } from './duties.schema.ts'
import { PreviewTables, usePreviewSentence } from './preview-parts.tsx'
import { ruleChoices } from './rule-choices.server.ts'
import { RuleFields, TypedAgain } from './rule-form.tsx'
import { orderDuties, previewRule, reasonAgainstOrdering, type Preview } from './rules.server.ts'

const asked = ['preview', 'campaign', 'unit']

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const { tx, viewer } = ctx
    const query = url.searchParams
    const place = await placeOf(ctx, query.get('unit') ?? query.get('unitCode'), viewer.today)
    const campaign = (await currentCampaign(tx, query.get('campaign') ?? query.get('campaignCode'))) ?? (await listCampaigns(tx))[0] ?? null
    const kind: DutyKind = dutyKinds.find((one) => one === query.get('kind')) ?? 'document'
    const reason = await whyNot(tx, await reasonAgainstOrdering(ctx, place.unit.id), language)
    const typed = typedIn(query)
    const page = { place, campaign: campaign && { code: campaign.code, name: campaign.name, studyTo: campaign.studyTo, dataDay: campaign.dataDay, hasEnded: campaignDay(campaign, viewer.today) !== viewer.today }, kind, reason, typed, id: query.get('id') ?? v7() }
    if (!campaign || reason) return { ...page, choices: null, problems: null, preview: null }
    const choices = await ruleChoices(ctx, place.unit.id, campaign, language)
    if (!query.has('preview')) return { ...page, choices, problems: null, preview: null }
    const form = new FormData()
    for (const [name, value] of query) if (!asked.includes(name)) form.append(name, value)
    const parsed = parse(form, DutyRuleInput, language)
    if ('problems' in parsed) return { ...page, choices, problems: parsed.problems, preview: null }
    try {
      return { ...page, choices, problems: null, preview: await previewRule(ctx, parsed.input) }
    } catch (error) {
      if (error instanceof Refused) return { ...page, choices, problems: { [error.field]: error.sentence(language) }, preview: null }
      if (error instanceof Forbidden) return { ...page, choices, problems: { form: error.sentence(language) }, preview: null }
      throw error
    }
  })

function typedIn(query: URLSearchParams): Record<string, string[]> {
  return Object.fromEntries([...new Set(query.keys())].filter((name) => !asked.includes(name)).map((name) => [name, query.getAll(name)]))
}

export const action = (args: Route.ActionArgs) => write(args, DutyRuleInput, orderDuties, { to: ({ ruleId }) => `/duties/rules/${ruleId}`, saved: (_, input) => dutyWords.say('saved.ordered', { title: input.title }) })

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${dutyWords.in(language)('new')} · ${webWords.in(language)('appName')}` }]
}

type Page = Route.ComponentProps

export default function NewRulePage(page: Page) {
  const { place, campaign, reason, preview } = page.loaderData
  const language = useLanguage()
  const t = dutyWords.in(language)
  const back = addressOf('/duties', { unit: place.unit.code })
  return (
    <Shell section="duties" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} unitHref={(code) => addressOf('/duties/rules/new', { unit: code })} backHref={back} mainClass="narrow-form">
      <Eyebrow>{[campaign?.name, place.unit.name].filter(Boolean).join(' · ')}</Eyebrow>
      {reason || !campaign ? (
        <>
          <h1>{t('new')}</h1>
          <Notice actions={<ButtonLink href={back}>{webWords.in(language)('back')}</ButtonLink>}>{reason ?? t('noCampaign')}</Notice>
        </>
      ) : preview ? (
        <Confirm {...page} preview={preview} />
      ) : (
        <Fill {...page} />
      )}
    </Shell>
  )
}

function Fill({ loaderData: { place, campaign, kind, choices, problems, typed, id } }: Page) {
  const t = dutyWords.in(useLanguage())
  return (
    <>
      <h1>{t('newHead', { unit: place.unit.name })}</h1>
      {campaign!.hasEnded && <Notice isAttention>{t('campaignEnded', { day: showDay(campaign!.dataDay) })}</Notice>}
      <nav className="parts" aria-label={t('field.kind')}>
        {dutyKinds.map((one) => (
          <a key={one} href={addressOf('/duties/rules/new', { unit: place.unit.code, campaign: campaign!.code, kind: one })} aria-current={one === kind ? 'page' : undefined}>
            {t(`kind.${one}`)}
          </a>
        ))}
      </nav>
      <form method="get">
        <ProblemList problems={problems} />
        <input type="hidden" name="preview" value="yes" />
        <input type="hidden" name="id" value={id} />
        <input type="hidden" name="unitCode" value={place.unit.code} />
        <input type="hidden" name="campaignCode" value={campaign!.code} />
        <input type="hidden" name="kind" value={kind} />
        <RuleFields kind={kind} choices={choices!} typed={{ ...(kind === 'study' ? { dueOn: [showDay(campaign!.studyTo)] } : {}), ...typed }} problems={problems} />
        <Buttons>
          <Button kind="primary" isWide>{t('toPreview')}</Button>
        </Buttons>
        <p className="sm q2 after-lede">{t('previewFirst')}</p>
      </form>
    </>
  )
}

function Confirm({ loaderData: { typed, place, campaign }, actionData, preview }: Page & { preview: Preview }) {
  const t = dutyWords.in(useLanguage())
  const { add } = preview
  const problems = (actionData as Answer | undefined)?.problems
  const sentence = usePreviewSentence(preview)
  const again = new URLSearchParams(Object.entries(typed).flatMap(([name, values]) => values.map((value) => [name, value])))
  again.set('unit', place.unit.code)
  again.set('campaign', campaign!.code)
  return (
    <>
      <h1>{add ? t('preview.head', { count: add.units, title: typed['title']?.[0] ?? '' }) : t('preview.nobody')}</h1>
      <ProblemList problems={problems} />
      {campaign!.hasEnded && <Notice isAttention>{t('campaignEnded', { day: showDay(campaign!.dataDay) })}</Notice>}
      {add ? add.duties > add.units && <Lede>{sentence}</Lede> : <Lede>{t('preview.nobodyBody')}</Lede>}
      <PreviewTables preview={preview} />
      <form method="post" action="/duties/rules/new">
        <TypedAgain typed={typed} />
        <Buttons>
          {add && <Button kind="primary" isWide>{t('order', { count: add.duties })}</Button>}
          <ButtonLink href={`/duties/rules/new?${again}`}>{t('backToForm')}</ButtonLink>
        </Buttons>
      </form>
    </>
  )
}
