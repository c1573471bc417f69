import { data } from 'react-router'
import { v7 } from 'uuid'
import type { Route } from './+types/member-new.page'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { showDay } from '../../platform/clock.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { DayField, Field, RadioField, SelectField, Tick } from '../../web/field.tsx'
import { Figures } from '../../web/figure.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { problemsOf } from '../../web/problems.ts'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write, type Answer } from '../../web/write.server.ts'
import { placeOf } from '../units/place.server.ts'
import { lookAlikesOf, type LookAlike } from './look-alikes.server.ts'
import { addMember } from './members.server.ts'
import { peopleWords } from './people.messages.ts'
import { NewMember, Particulars } from './people.schema.ts'
import { categoriesKnown } from './people.server.ts'
import { ParticularFields } from './person-forms.tsx'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const { tx, viewer } = ctx
    const place = await placeOf(ctx, url.searchParams.get('unit'), viewer.today)
    const chain = await chainOf(tx, place.unit.id, viewer.today)
    return {
      place,
      today: viewer.today,
      personId: v7(),
      categories: await categoriesKnown(tx),
      mayExempt: reasonAgainst(viewer, 'exempt a member', chain) === null,
      reasonAgainst: await whyNot(tx, reasonAgainst(viewer, 'keep members', chain), language),
    }
  })

/** What was not saved; with the people who look alike, to be compared. */
type NewAnswer = Answer & { alike?: LookAlike[] }

export async function action(args: Route.ActionArgs) {
  const answer = await write(args, NewMember, addMember, {
    to: ({ personId }) => `/people/${personId}`,
    saved: (_, { name }) => peopleWords.say('memberAdded', { name }),
    undo: ({ personId, changeId }) => ({ action: `/people/${personId}?do=undo`, fields: { changeId } }),
  })
  const typed = answer.data
  if (!('lookAlikes' in typed.problems)) return answer
  const { input } = problemsOf(Particulars, Object.fromEntries(Object.entries(typed.values).filter(([, value]) => value !== '')), 'vi')
  const alike = input ? await read(args, ({ tx }) => lookAlikesOf(tx, input as Particulars)) : []
  return data<NewAnswer>({ ...typed, alike }, { status: 422 })
}

export function meta({ matches }: Route.MetaArgs) {
  return [{ title: `${peopleWords.in(languageIn(matches))('newMember')} · ${webWords.in(languageIn(matches))('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function MemberNewPage({ loaderData, actionData }: Route.ComponentProps) {
  const { place, reasonAgainst: reason } = loaderData
  const t = peopleWords.in(useLanguage())
  return (
    <Shell section="people" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} mainClass="narrow-form">
      <Eyebrow>
        <a href={`/units/${place.unit.code}/people`}>{place.unit.name}</a>
      </Eyebrow>
      <h1>{t('newMemberTitle')}</h1>
      {reason ? <Notice className="after-lede">{reason}</Notice> : <NewForm {...loaderData} answer={actionData as NewAnswer | undefined} />}
    </Shell>
  )
}

function NewForm({ place, today, personId, categories, mayExempt, answer }: Data & { answer: NewAnswer | undefined }) {
  const t = peopleWords.in(useLanguage())
  const { problems = {}, values = {}, alike = [] } = answer ?? {}
  const statuses = (['in_post', 'probationary', ...(mayExempt ? (['exempt'] as const) : [])] as const).map((status) => ({ value: status, label: t(`shortStatus.${status}`) }))
  return (
    <form method="post" action={`/people/new?unit=${place.unit.code}`}>
      <ProblemList problems={answer?.problems} />
      <input type="hidden" name="id" value={values['id'] ?? personId} />
      <input type="hidden" name="unitCode" value={place.unit.code} />
      {alike.length > 0 && <Alike alike={alike} />}
      <ParticularFields person={{ name: '', cardNumber: null, bornOn: null, gender: null, phone: null }} values={values} problems={problems} />
      <DayField name="fromDay" label={t('memberFrom')} hint={t('memberFromHint', { unit: place.unit.name })} value={values['fromDay'] ?? today} problem={problems['fromDay']} isRequired />
      <RadioField name="status" label={t('status')} options={statuses} value={values['status'] ?? 'in_post'} problem={problems['status']} />
      {mayExempt && <Field name="exemptReason" label={t('exemptReasonField')} hint={t('exemptReasonFieldHint')} value={values['exemptReason']} problem={problems['exemptReason']} maxLength={300} autoComplete="off" />}
      {categories.length > 0 && <SelectField name="categoryKey" label={t('category')} hint={t('categoryHint')} isEmptyAllowed options={categories.map(({ key, name }) => ({ value: key, label: name }))} value={values['categoryKey']} problem={problems['categoryKey']} />}
      <Buttons>
        <Button kind="primary" isWide>
          {t('memberSave')}
        </Button>
        <ButtonLink kind="quiet" href={`/units/${place.unit.code}/people`}>
          {t('close')}
        </ButtonLink>
      </Buttons>
    </form>
  )
}

/** Who on record may be the same person; nothing is added before somebody has looked. */
function Alike({ alike }: { alike: LookAlike[] }) {
  const t = peopleWords.in(useLanguage())
  return (
    <Notice isAttention id="lookAlikes" title={t('alikeTitle', { count: alike.length })} className="after-lede">
      <ul>
        {alike.map((one) => (
          <li key={one.personId}>
            <a href={`/people/${one.personId}`}>{one.name}</a>
            {one.bornOn && (
              <>
                , <Figures>{showDay(one.bornOn)}</Figures>
              </>
            )}
            {one.cardNumber && (
              <>
                , {t('cardShort')} <Figures>{one.cardNumber}</Figures>
              </>
            )}
            {one.unitName && `, ${one.unitName}`} ({t(`alikeBy.${one.by}`)})
          </li>
        ))}
      </ul>
      <Tick name="isAnother" label={t('isAnother')} />
    </Notice>
  )
}
