import { v7 } from 'uuid'
import type { Route } from './+types/session-new.page'
import { chainOf, reasonAgainst, type Ctx } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { showDay } from '../../platform/clock.ts'
import { addressOf } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { CheckField, DayField, Field, RadioField, SelectField } from '../../web/field.tsx'
import { rowProblem } from '../../web/form-rows.ts'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { idsOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { currentCampaign, partsOf } from '../campaigns/campaigns.server.ts'
import { placeOf } from '../units/place.server.ts'
import { sittingsOf } from './rolls.server.ts'
import { conferencesAbove, sessionById, topicsOf } from './session-views.server.ts'
import { holdSession } from './sessions.server.ts'
import { studyWords } from './study.messages.ts'
import { Session, SessionKind } from './study.schema.ts'

const rows = 4

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const { tx, viewer } = ctx
    const campaign = await currentCampaign(tx, url.searchParams.get('campaign'))
    const place = await placeOf(ctx, url.searchParams.get('unit'), viewer.today)
    const chain = await chainOf(tx, place.unit.id, viewer.today)
    const reason = reasonAgainst(viewer, 'hold a session', chain)
    const kind = SessionKind.safeParse(url.searchParams.get('kind'))
    const [wholeId] = idsOf(url.searchParams.getAll('partOf'))
    return {
      id: v7(),
      campaign,
      place,
      kind: kind.success ? kind.data : 'class',
      isRoot: campaign?.unitId === place.unit.id,
      parts: campaign ? await partsOf(tx, campaign.id) : { topics: [], categories: [], resolutions: [] },
      conferences: campaign ? await conferencesAbove(tx, campaign.id, chain) : [],
      whole: wholeId ? await wholeOf(ctx, wholeId) : null,
      reasonAgainst: await whyNot(tx, reason, language),
    }
  })

/** What a venue takes over from its conference, so that nobody types it again. */
async function wholeOf({ tx }: Ctx, id: string) {
  const session = await sessionById(tx, id)
  const sittings = await sittingsOf(tx, id)
  const topics = await topicsOf(tx, sittings.map((sitting) => sitting.id))
  return { id, name: session.name, sittings: sittings.map((sitting) => ({ heldOn: sitting.heldOn, startsAt: sitting.startsAt, endsAt: sitting.endsAt, topicIds: (topics.get(sitting.id) ?? []).map((topic) => topic.id) })) }
}

export const action = (args: Route.ActionArgs) =>
  write(args, Session, plan, { to: ({ sessionId }) => `/sessions/${sessionId}`, saved: () => studyWords.say('newSaved') })

/** A venue is of the kind of its conference, whatever was chosen beside it. */
async function plan(ctx: Ctx, input: Session) {
  const whole = input.partOf ? await ctx.tx.selectFrom('study_session').select('kind').where('id', '=', input.partOf).executeTakeFirst() : null
  return holdSession(ctx, whole ? { ...input, kind: whole.kind as Session['kind'] } : input)
}

export function meta({ matches }: Route.MetaArgs) {
  return [{ title: `${studyWords.in(languageIn(matches))('newTitle')} · ${webWords.in(languageIn(matches))('appName')}` }]
}

type Page = Route.ComponentProps

export default function NewSessionPage(page: Page) {
  const { campaign, place, reasonAgainst: reason } = page.loaderData
  const t = studyWords.in(useLanguage())
  const back = addressOf('/sessions', { campaign: campaign?.code, unit: place.unit.code })
  return (
    <Shell section="sessions" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} unitHref={(code) => addressOf('/sessions/new', { unit: code })} backHref={back} mainClass="narrow-form">
      {campaign && <Eyebrow>{t('newOf', { unit: place.unit.name, campaign: campaign.name })}</Eyebrow>}
      <h1>{t('newTitle')}</h1>
      {!campaign ? <Notice>{t('noCampaign')}</Notice> : reason ? <Notice actions={<ButtonLink href={back}>{webWords.in(useLanguage())('back')}</ButtonLink>}>{reason}</Notice> : <SessionForm {...page} />}
    </Shell>
  )
}

function SessionForm({ loaderData, actionData }: Page) {
  const { campaign, place, parts, conferences, whole, kind, isRoot } = loaderData
  const t = studyWords.in(useLanguage())
  const typed = (name: string, first: string | null = '') => actionData?.values[name] ?? (actionData ? '' : (first ?? ''))
  const problem = (name: string) => actionData?.problems[name]
  const kinds = [
    { value: 'class', label: t('kind_class'), hint: t('newKindClassHint') },
    { value: 'make_up_class', label: t('kind_make_up_class'), hint: t('newKindMakeUpHint') },
    { value: 'conference', label: t('kind_conference'), hint: t('newKindConferenceHint') },
    ...(isRoot ? [{ value: 'national_conference', label: t('kind_national_conference'), hint: t('newKindNationalHint') }] : []),
  ]
  return (
    <form method="post">
      <ProblemList problems={actionData?.problems} />
      <input type="hidden" name="id" value={typed('id', loaderData.id)} />
      <input type="hidden" name="campaignCode" value={campaign!.code} />
      <input type="hidden" name="unitCode" value={place.unit.code} />
      <RadioField name="kind" label={t('newKind')} options={kinds} value={typed('kind', whole ? 'conference' : kind)} problem={problem('kind')} />
      {conferences.length > 0 && (
        <SelectField
          name="partOf"
          label={t('newPartOf')}
          hint={t('newPartOfHint')}
          value={typed('partOf', whole?.id)}
          problem={problem('partOf')}
          options={[{ value: '', label: t('newPartOfNone') }, ...conferences.map((one) => ({ value: one.id, label: `${one.name}, ${showDay(one.firstDay)} (${one.unitName})` }))]}
        />
      )}
      <Field name="name" label={t('newName')} hint={t('newNameHint')} value={typed('name', whole?.name)} problem={problem('name')} isRequired maxLength={300} autoComplete="off" />
      <Field name="place" label={t('newPlace')} hint={t('newPlaceHint')} value={typed('place')} problem={problem('place')} maxLength={300} autoComplete="off" />
      <CheckField name="categories" label={t('newFor')} hint={t('newForHint')} options={parts.categories.map(({ key, name }) => ({ value: key, label: name }))} values={actionData?.chosen['categories'] ?? []} problem={problem('categories')} />
      {Array.from({ length: rows }, (_, row) => (
        <SittingFields key={row} row={row} loaderData={loaderData} actionData={actionData} />
      ))}
      <Buttons>
        <Button kind="primary" isWide>{t('newSave')}</Button>
      </Buttons>
    </form>
  )
}

const filledBy = ['heldOn']

/** One sitting; those after the first are folded until something stands in them. */
function SittingFields({ row, loaderData, actionData }: { row: number; loaderData: Page['loaderData']; actionData: Page['actionData'] }) {
  const { parts, whole } = loaderData
  const t = studyWords.in(useLanguage())
  const name = (field: string) => `sittings.${row}.${field}`
  const first = whole?.sittings[row]
  const typed = (field: string, taken: string | null | undefined) => actionData?.values[name(field)] ?? (actionData ? '' : (taken ?? ''))
  const problem = (field: string) => rowProblem(actionData, 'sittings', row, field, filledBy, rows)
  const fields = (
    <>
      <DayField name={name('heldOn')} label={t('newDay')} value={typed('heldOn', first?.heldOn)} problem={problem('heldOn') ?? (row === 0 ? actionData?.problems['sittings'] : undefined)} isRequired={row === 0} />
      <div className="two">
        <Field name={name('startsAt')} label={t('newFrom')} hint={t('newTimeHint')} value={typed('startsAt', first?.startsAt)} problem={problem('startsAt')} inputMode="text" maxLength={5} autoComplete="off" />
        <Field name={name('endsAt')} label={t('newTo')} hint={t('newTimeHint')} value={typed('endsAt', first?.endsAt)} problem={problem('endsAt')} inputMode="text" maxLength={5} autoComplete="off" />
      </div>
      <CheckField
        name={name('topicIds')}
        label={t('newTopics')}
        hint={row === 0 ? t('newTopicsHint') : undefined}
        options={parts.topics.map((topic) => ({ value: topic.id, label: topic.name }))}
        values={actionData ? (actionData.chosen[name('topicIds')] ?? []) : (first?.topicIds ?? (row === 0 && !whole ? parts.topics.map((topic) => topic.id) : []))}
        problem={problem('topicIds')}
      />
    </>
  )
  if (row === 0) {
    return (
      <fieldset className="part" id="sittings">
        <legend>{t('newSitting', { number: 1 })}</legend>
        {fields}
      </fieldset>
    )
  }
  return (
    <details className="part" open={typed('heldOn', first?.heldOn) !== '' || problem('heldOn') !== undefined}>
      <summary>{t('newSittingMore', { number: row + 1 })}</summary>
      {fields}
    </details>
  )
}
