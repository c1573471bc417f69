import { data } from 'react-router'
import type { Route } from './+types/narrative-wording.page'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { Refused } from '../../platform/errors.ts'
import type { Language } from '../../platform/i18n.ts'
import { addressOf } from '../../web/addresses.ts'
import { dayAsked } from '../../web/as-of.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { TextField } from '../../web/field.tsx'
import { Tag } from '../../web/figure.tsx'
import { readTyped } from '../../web/form.ts'
import { languageOf, useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Lede, Shell } from '../../web/shell.tsx'
import { DefinitionList } from '../../web/trail.tsx'
import { webWords } from '../../web/web.messages.ts'
import { parse, readForm, write, type Answer } from '../../web/write.server.ts'
import { defaultDay, openCampaignByCode } from '../campaigns/campaigns.server.ts'
import { placeOf } from '../units/place.server.ts'
import { headed } from './narrative-file.server.ts'
import type { Told, Values } from './narrative.ts'
import { buildNarrative, piecesOf } from './narratives.server.ts'
import { narrativeWords } from './narratives.messages.ts'
import { WordingInput, WordingReset } from './narratives.schema.ts'
import { isSentence, parts, placeholdersOf, sentenceKeys, sentences, type Placeholder, type SentenceKey } from './sentences.ts'
import { refuseBadTemplate, resetWording, saveWording, wordingOf } from './wording.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const campaign = await openCampaignByCode(ctx.tx, params.campaign)
    const { asOf } = dayAsked(url, defaultDay(campaign, ctx.viewer.today), language)
    const place = await placeOf(ctx, url.searchParams.get('unit'), asOf)
    const narrative = await buildNarrative(ctx.tx, { campaignCode: campaign.code, unitCode: place.unit.code, asOf })
    const told = new Map<SentenceKey, Told>()
    for (const sentence of narrative.parts.flatMap((part) => part.paragraphs).flatMap((paragraph) => paragraph.told)) if (!told.has(sentence.key)) told.set(sentence.key, sentence)
    const wording = await wordingOf(ctx.tx, place.unit.id)
    const key = url.searchParams.get('key') ?? ''
    const reason = reasonAgainst(ctx.viewer, 'word the narrative', await chainOf(ctx.tx, place.unit.id, ctx.viewer.today))
    const always = [...told.values()][0]?.values ?? {}
    return {
      campaign: { code: campaign.code, name: campaign.name },
      place,
      asOf,
      reasonAgainst: await whyNot(ctx.tx, reason, language),
      parts: headed(parts.map((part) => ({ ...part, paragraphs: [] }))).map((part) => ({
        key: part.key,
        heading: part.heading,
        sentences: sentenceKeys.filter((one) => sentences[one].part === part.key).map((one) => ({ key: one, ...wording[one], isTold: told.has(one) })),
      })),
      editing: isSentence(key)
        ? { key, ...wording[key], product: sentences[key].text, preview: previewOf(wording[key].text, told.get(key)?.values ?? always), uses: usesOf(key, told.get(key)?.values ?? always, language) }
        : null,
    }
  })

const previewOf = (template: string, values: Values) => piecesOf(template, values).map((piece) => piece.text).join('')

function usesOf(key: SentenceKey, values: Values, language: Language) {
  const t = narrativeWords.in(language)
  return placeholdersOf(key).map((name) => ({ name, meaning: t(`value.${name as Placeholder}`), now: values[name]?.text ?? null }))
}

export async function action(args: Route.ActionArgs) {
  const url = new URL(args.request.url)
  const back = addressOf(url.pathname, { unit: url.searchParams.get('unit'), asOf: url.searchParams.get('asOf') })
  switch (url.searchParams.get('do')) {
    case 'preview':
      return preview(args)
    case 'reset':
      return write(args, WordingReset, resetWording, { to: () => back, saved: () => narrativeWords.say('wordingReset') })
    default:
      return write(args, WordingInput, saveWording, { to: (_, { key }) => `${back}#${key}`, saved: () => narrativeWords.say('wordingSaved') })
  }
}

/** Saves nothing: gives back the sentence with today's figures in it. */
async function preview(args: Route.ActionArgs) {
  const language = languageOf(args.request)
  const form = await readForm(args.request)
  const typed = readTyped(form)
  const parsed = parse(form, WordingInput, language)
  if ('problems' in parsed) return data<WordingAnswer>({ problems: parsed.problems, ...typed }, 422)
  const { key, text, unitCode } = parsed.input
  return read(args, async (ctx, { params, url }) => {
    try {
      if (isSentence(key)) refuseBadTemplate(key, text)
    } catch (error) {
      if (error instanceof Refused) return data<WordingAnswer>({ problems: { [error.field]: error.sentence(language) }, ...typed }, 422)
      throw error
    }
    const campaign = await openCampaignByCode(ctx.tx, params.campaign)
    const { asOf } = dayAsked(url, defaultDay(campaign, ctx.viewer.today), language)
    const narrative = await buildNarrative(ctx.tx, { campaignCode: campaign.code, unitCode, asOf })
    const told = narrative.parts.flatMap((part) => part.paragraphs).flatMap((paragraph) => paragraph.told)
    return data<WordingAnswer>({ problems: {}, ...typed, preview: previewOf(text, (told.find((one) => one.key === key) ?? told[0])?.values ?? {}) })
  })
}

/** What was not saved; after a look, how it would read. */
type WordingAnswer = Answer & { preview?: string }

export function meta({ matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  return [{ title: `${narrativeWords.in(language)('wordingTitle')} · ${webWords.in(language)('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function NarrativeWordingPage({ loaderData, actionData }: Route.ComponentProps) {
  const { campaign, place, asOf, editing } = loaderData
  const t = narrativeWords.in(useLanguage())
  const narrative = addressOf(`/campaigns/${campaign.code}/narrative`, { unit: place.unit.code, asOf })
  const here = (query: Record<string, string>) => addressOf(`/campaigns/${campaign.code}/narrative/wording`, { unit: place.unit.code, asOf, ...query })
  return (
    <Shell section="report" unitTrail={place.unitTrail} unitsBeneath={[]} asOf={asOf} backHref={editing ? here({}) : narrative} mainClass="narrow-form">
      <Eyebrow>{t('wordingEyebrow', { unit: place.unit.name })}</Eyebrow>
      {editing ? <Edit {...loaderData} editing={editing} answer={actionData as WordingAnswer | undefined} here={here} /> : <List {...loaderData} here={here} narrative={narrative} />}
    </Shell>
  )
}

type Here = { here: (query: Record<string, string>) => string }

function List({ parts: all, reasonAgainst: reason, here, narrative }: Data & Here & { narrative: string }) {
  const t = narrativeWords.in(useLanguage())
  return (
    <>
      <h1>{t('wordingAnswer')}</h1>
      <Lede>{t('wordingLede')}</Lede>
      {reason && <Notice className="after-lede">{reason}</Notice>}
      <div className="after-lede">
        <ButtonLink href={narrative}>{t('toNarrative')}</ButtonLink>
      </div>
      {all
        .filter((part) => part.sentences.length > 0)
        .map((part) => (
          <section key={part.key} className="after-table">
            <h2 lang={part.heading ? 'vi' : undefined}>{part.heading ?? t(part.key === 'preface' ? 'preface' : 'closing')}</h2>
            <ul className="wordings">
              {part.sentences.map((sentence) => (
                <li key={sentence.key} id={sentence.key}>
                  <p>
                    <span lang="vi"><Template text={sentence.text} /></span> {sentence.version > 0 && <Tag>{t('ownWording')}</Tag>} {!sentence.isTold && <span className="xs q3">{t('notTold')}</span>}
                  </p>
                  {!reason && <a className="sm" href={here({ key: sentence.key })} aria-label={`${t('edit')}: ${sentence.text}`}>{t('edit')}</a>}
                </li>
              ))}
            </ul>
          </section>
        ))}
    </>
  )
}

/** A template with its placeholders set apart. */
function Template({ text }: { text: string }) {
  return text.split(/(\{[A-Za-z]+\})/).map((piece, index) => (index % 2 === 1 ? <code key={index}>{piece}</code> : piece))
}

function Edit({ editing, place, reasonAgainst: reason, answer, here }: Data & Here & { editing: NonNullable<Data['editing']>; answer: WordingAnswer | undefined }) {
  const t = narrativeWords.in(useLanguage())
  const { key, version, product, uses } = editing
  const isStale = answer && 'version' in answer.problems
  return (
    <>
      <h1>{t('editTitle')}</h1>
      {reason && <Notice className="after-lede">{reason}</Notice>}
      {isStale && (
        <Notice isAttention role="alert" title={answer.problems['version']} className="after-lede">
          {t('staleBody')} <b>{editing.text}</b>
        </Notice>
      )}
      <form method="post" action={here({ key })}>
        {!isStale && <ProblemList problems={answer?.problems} />}
        <input type="hidden" name="unitCode" value={place.unit.code} />
        <input type="hidden" name="key" value={key} />
        <input type="hidden" name="version" value={version} />
        <TextField name="text" label={t('editText')} hint={t('editHint')} value={answer?.values['text'] ?? editing.text} problem={answer?.problems['text']} isRequired isDisabled={reason !== null} rows={4} />
        <Notice className="after-lede" title={t('preview')} role={answer?.preview ? 'status' : undefined}>
          {answer?.preview ?? editing.preview}
        </Notice>
        {reason === null && (
          <Buttons>
            <Button kind="primary">{t('save')}</Button>
            <Button formAction={here({ key, do: 'preview' })}>{t('look')}</Button>
          </Buttons>
        )}
      </form>
      {version > 0 && reason === null && (
        <form method="post" action={here({ key, do: 'reset' })} className="after-table">
          <input type="hidden" name="unitCode" value={place.unit.code} />
          <input type="hidden" name="key" value={key} />
          <input type="hidden" name="version" value={version} />
          <p className="sm q2">
            {t('productWording')} <Template text={product} />
          </p>
          <div className="after-lede">
            <Button>{t('reset')}</Button>
          </div>
        </form>
      )}
      <section className="after-table" aria-labelledby="uses">
        <h2 id="uses" className="before-table">{t('uses')}</h2>
        <DefinitionList
          items={uses.map((use) => ({
            term: <code>{`{${use.name}}`}</code>,
            value: (
              <>
                {use.meaning}
                {use.now && <span className="sub xs q3">{t('usesNow', { value: use.now })}</span>}
              </>
            ),
          }))}
        />
      </section>
    </>
  )
}
