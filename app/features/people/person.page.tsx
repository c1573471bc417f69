import { redirect } from 'react-router'
import type { Route } from './+types/person.page'
import { chainOf, reasonAgainst, type Ctx } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { showDay, showInstant } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { addressOf } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { Figures } from '../../web/figure.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Shell } from '../../web/shell.tsx'
import { trailOfSubjects } from '../../web/trail.server.ts'
import { DefinitionList, Trail } from '../../web/trail.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { placeAt, type Place } from '../units/place.server.ts'
import { unitByCode, unitsBeneath } from '../units/units.server.ts'
import { changeSentence } from './change-wording.ts'
import { changeStatus, editPerson, endExemption, endMembership, exemptMember, keptPerson, transferMember, undoChange, type Changed, type KeptPerson } from './members.server.ts'
import { mergesInto, undoMerge } from './merges.server.ts'
import { recordOf } from './own-record.server.ts'
import { peopleWords } from './people.messages.ts'
import { ChangeUndo, Exemption, ExemptionEnd, MembershipEnd, MergeUndo, PersonEdit, StatusChange, TransferByForm } from './people.schema.ts'
import { categoriesKnown, changesOf, particularsOf } from './people.server.ts'
import { changeKinds, PersonChange, type ChangeKind } from './person-forms.tsx'
import { belongingItems, duringOf, Marks, Rosters } from './record-parts.tsx'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const { tx, viewer } = ctx
    const { timeZone } = args.context.get(appContext).config
    const person = await particularsOf(tx, idOf(params.id))
    if (person.personId === viewer.personId && viewer.offices.length === 0) throw redirect('/me')
    const kept = await keptPerson(tx, person.personId).catch(() => null)
    const record = await recordOf(ctx, person.personId)
    const changes = await changesOf(tx, { personIds: [person.personId] })
    const merges = await mergesInto(tx, person.personId)
    const rights = kept ? await rightsOver(ctx, kept, language) : null
    const asked = url.searchParams.get('change') as ChangeKind | null
    return {
      person,
      kept,
      today: viewer.today,
      place: kept?.unitCode ? await placeOfMember(ctx, kept.unitCode) : null,
      record: { memberships: record.memberships, offices: record.offices, rosters: record.rosters, marks: record.marks.map(({ session, status, reason, heldOn, place, unitName }) => ({ session, status, reason, heldOn, place, unitName })) },
      rights,
      asked: asked && changeKinds.includes(asked) ? asked : null,
      categories: await categoriesKnown(tx),
      receivers: kept && rights && !rights.keep ? await siblingsOf(ctx, kept) : [],
      merges: merges.map((merge) => ({ ...merge, at: showInstant(merge.at, timeZone) })),
      changes: changes.map((one) => ({ changeId: one.changeId, isLast: one.isLast, at: showInstant(one.at, timeZone), instant: one.at.toISOString(), sentence: changeSentence(one, language, true) })),
      trail: await trailOfSubjects(ctx, [{ type: 'person', ids: [person.personId] }], { language, timeZone }),
    }
  })

/** Why the viewer may not, for each kind of change; null where the viewer may. */
async function rightsOver({ tx, viewer }: Ctx, kept: KeptPerson, language: Language) {
  if (!kept.isKept && kept.until !== null) {
    const elsewhere = peopleWords.in(language)('keptElsewhere')
    return { keep: elsewhere, exempt: elsewhere, merge: elsewhere }
  }
  const chain = await chainOf(tx, kept.unitId, viewer.today)
  const against = (action: Parameters<typeof reasonAgainst>[1]) => whyNot(tx, reasonAgainst(viewer, action, chain), language)
  return { keep: await against('keep members'), exempt: await against('exempt a member'), merge: await against('merge people') }
}

async function placeOfMember({ tx, viewer }: Ctx, unitCode: string): Promise<Place> {
  return placeAt(tx, await unitByCode(tx, unitCode), viewer.today)
}

/** Units under the same one, to choose from; any other is named by its code. */
async function siblingsOf({ tx, viewer }: Ctx, kept: KeptPerson): Promise<{ code: string; name: string }[]> {
  const [, parentId] = await chainOf(tx, kept.unitId, viewer.today)
  if (!parentId) return []
  const units = await unitsBeneath(tx, parentId, viewer.today)
  return units.filter((unit) => unit.hasMembers && unit.id !== kept.unitId).map(({ code, name }) => ({ code, name }))
}

export function action(args: Route.ActionArgs) {
  const here = `/people/${args.params.id}`
  const changed = { to: () => here, saved: () => peopleWords.say('changeSaved'), undo: ({ changeId }: Changed) => ({ action: `${here}?do=undo`, fields: { changeId } }) }
  switch (new URL(args.request.url).searchParams.get('do')) {
    case 'edit':
      return write(args, PersonEdit, editPerson, { to: () => here, saved: () => peopleWords.say('changeSaved') })
    case 'transfer':
      return write(args, TransferByForm, transferMember, { ...changed, to: () => here, saved: () => peopleWords.say('transferSaved') })
    case 'exempt':
      return write(args, Exemption, exemptMember, { ...changed, saved: () => peopleWords.say('exemptSaved') })
    case 'resume':
      return write(args, ExemptionEnd, endExemption, { ...changed, saved: () => peopleWords.say('resumeSaved') })
    case 'status':
      return write(args, StatusChange, changeStatus, changed)
    case 'end':
      return write(args, MembershipEnd, endMembership, { ...changed, saved: () => peopleWords.say('endSaved') })
    case 'part':
      return write(args, MergeUndo, undoMerge, { to: () => here, saved: () => peopleWords.say('parted') })
    default:
      return write(args, ChangeUndo, undoChange, { to: ({ isStillThere }) => (isStillThere ? here : '/people'), saved: () => peopleWords.say('undone') })
  }
}

export function meta({ loaderData, matches }: Route.MetaArgs) {
  return [{ title: `${loaderData?.person.name ?? ''} · ${webWords.in(languageIn(matches))('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function PersonPage({ loaderData, actionData }: Route.ComponentProps) {
  const { person, kept, place, record, asked, rights, today, trail } = loaderData
  const t = peopleWords.in(useLanguage())
  const stands = kept && kept.status !== null && (kept.until === null || kept.until > today)
  return (
    <Shell section="people" unitTrail={place?.unitTrail} unitsBeneath={place?.unitsBeneath} unitHref={(code) => `/units/${code}/people`}>
      <Eyebrow>{kept?.unitName ? <a href={`/units/${kept.unitCode}/people`}>{kept.unitName}</a> : t('members')}</Eyebrow>
      <h1>
        {person.name}
        {kept && <small>, {standingOf(kept, Boolean(stands), t)}</small>}
      </h1>
      {actionData && !asked && (
        <div className="after-lede">
          <ProblemList problems={actionData.problems} />
        </div>
      )}
      {asked && kept && rights ? (
        <PersonChange {...loaderData} kind={asked} kept={kept} reasonAgainst={asked === 'exempt' || asked === 'resume' ? rights.exempt : rights.keep} answer={actionData} />
      ) : (
        <Actions {...loaderData} isStanding={Boolean(stands)} />
      )}
      <Grid>
        <Column span={6} id="held" title={t('heldOf')}>
          <DefinitionList items={heldItems(loaderData, t)} />
          <Merged {...loaderData} />
        </Column>
        <Column span={6} id="rosters" title={t('roster')}>
          <Rosters rosters={record.rosters} none={t('noRostersOf')} />
        </Column>
        <Column span={12} id="marks" title={t('marksOf')}>
          <Marks marks={record.marks} none={t('noMarksOf')} />
        </Column>
        <Column span={6} id="changes" title={t('changes')}>
          <Changes {...loaderData} />
        </Column>
        {trail.length > 0 && (
          <Column span={6} id="happened" title={t('happened')}>
            <Trail entries={trail} />
          </Column>
        )}
      </Grid>
    </Shell>
  )
}

function standingOf(kept: KeptPerson, stands: boolean, t: ReturnType<typeof peopleWords.in>): string {
  if (kept.status === null) return t('holdsOfficeAlone')
  return stands ? t('standsAs', { status: t(`status.${kept.status}`), during: duringOf(kept, t) }) : t('stoodUntil', { during: duringOf(kept, t) })
}

/** What can be done, each a page of its own address; who may do it where this viewer may not. */
function Actions({ person, kept, rights, isStanding }: Data & { isStanding: boolean }) {
  const t = peopleWords.in(useLanguage())
  if (!kept || !rights) return null
  const href = (kind: ChangeKind) => addressOf(`/people/${person.personId}`, { change: kind }) + '#change'
  const isExempt = kept.status === 'exempt'
  return (
    <div className="after-lede noprint">
      <Buttons>
        {!rights.keep && <ButtonLink href={href('edit')}>{t('change.edit')}</ButtonLink>}
        {!rights.keep && isStanding && <ButtonLink href={href('transfer')}>{t('change.transfer')}</ButtonLink>}
        {!rights.exempt && isStanding && <ButtonLink href={href(isExempt ? 'resume' : 'exempt')}>{t(isExempt ? 'change.resume' : 'change.exempt')}</ButtonLink>}
        {!rights.keep && isStanding && <ButtonLink href={href('status')}>{t('change.status')}</ButtonLink>}
        {!rights.keep && isStanding && <ButtonLink href={href('end')}>{t('change.end')}</ButtonLink>}
      </Buttons>
      {rights.keep && <p className="sm q2">{rights.keep}</p>}
      {!rights.keep && isStanding && rights.exempt && <p className="sm q2 after-lede">{rights.exempt}</p>}
    </div>
  )
}

function heldItems({ person, record }: Data, t: ReturnType<typeof peopleWords.in>) {
  return [
    ...(person.bornOn ? [{ term: t('bornOn'), value: <Figures>{showDay(person.bornOn)}</Figures> }] : []),
    ...(person.gender ? [{ term: t('gender'), value: t(`gender.${person.gender}` as 'gender.female') }] : []),
    { term: t('card'), value: person.cardNumber ? <Figures>{person.cardNumber}</Figures> : <span className="q3">{t('notRecorded')}</span> },
    {
      term: t('phone'),
      value: person.phone ? (
        <a href={`tel:${person.phone}`}>
          <Figures>{person.phone}</Figures>
        </a>
      ) : (
        <span className="q3">{t('notRecorded')}</span>
      ),
    },
    ...belongingItems(record, t),
  ]
}

function Merged({ person, merges, rights }: Data) {
  const t = peopleWords.in(useLanguage())
  return merges.map((merge) => (
    <Notice
      key={merge.mergeId}
      className="after-lede"
      actions={
        rights && !rights.merge ? (
          <form method="post" action={`/people/${person.personId}?do=part`}>
            <input type="hidden" name="mergeId" value={merge.mergeId} />
            <Button>{t('part')}</Button>
          </form>
        ) : undefined
      }
    >
      {t('mergedFrom', { name: merge.goneName, at: merge.at })}
    </Notice>
  ))
}

function Changes({ person, changes, rights }: Data) {
  const t = peopleWords.in(useLanguage())
  if (changes.length === 0) return <p className="sm q3">{t('noChangesOf')}</p>
  const last = changes.find((one) => one.isLast)
  return (
    <>
      <Trail entries={changes} />
      {last && rights && (!rights.keep || !rights.exempt) && (
        <form method="post" action={`/people/${person.personId}?do=undo`} className="after-lede">
          <input type="hidden" name="changeId" value={last.changeId} />
          <Button>{t('undoLast')}</Button>
        </form>
      )}
    </>
  )
}
