import type { Route } from './+types/unit-people.page'
import { whyNot } from '../../permissions/who-could.server.ts'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { addDays, showDay, showInstant } from '../../platform/clock.ts'
import { addressOf, unitAddress } from '../../web/addresses.ts'
import { dayAsked } from '../../web/as-of.ts'
import { ButtonLink, Buttons } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { DataTable, Pagination } from '../../web/data-table.tsx'
import { DayText, Figures, PersonName } from '../../web/figure.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { EmptyState, Notice } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { Trail } from '../../web/trail.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { placeOf } from '../units/place.server.ts'
import { AppointForm, EndOfficeForm } from './office-forms.tsx'
import { appoint, endOffice, rolesToGive, undoOfficeEnd } from './offices.server.ts'
import { peopleWords } from './people.messages.ts'
import { Appointment, OfficeEnd, OfficeUndo } from './people.schema.ts'
import { changesOf, membersOf, officesOfUnit } from './people.server.ts'
import { changeSentence } from './change-wording.ts'

const onOnePage = 50

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const { tx, viewer } = ctx
    const { timeZone } = args.context.get(appContext).config
    const { asOf, asOfProblem } = dayAsked(url, viewer.today, language)
    const place = await placeOf(ctx, params.code, asOf)
    const page = Math.max(1, Math.min(1000, Number(url.searchParams.get('page')) || 1))
    const list = await membersOf(tx, { unitId: place.unit.id, asOf, limit: onOnePage, offset: (page - 1) * onOnePage })
    const offices = await officesOfUnit(ctx, place.unit.id, asOf)
    const changes = await changesOf(tx, { unitId: place.unit.id })
    return {
      place,
      asOf,
      asOfProblem,
      today: viewer.today,
      ...list,
      page,
      pages: Math.ceil(list.total / onOnePage),
      offices,
      ending: offices.find((office) => office.officeId === url.searchParams.get('end')) ?? null,
      isAppointing: url.searchParams.has('appoint'),
      roles: await rolesToGive(ctx, place.unit.id),
      beneath: place.beneath.filter((unit) => unit.hasMembers).map(({ code, name }) => ({ code, name })),
      reasonAgainst: await whyNot(tx, reasonAgainst(viewer, 'keep members', await chainOf(tx, place.unit.id, viewer.today)), language),
      changes: changes.map((one) => ({ at: showInstant(one.at, timeZone), instant: one.at.toISOString(), sentence: changeSentence(one, language) })),
    }
  })

export function action(args: Route.ActionArgs) {
  const here = `/units/${args.params.code}/people`
  switch (new URL(args.request.url).searchParams.get('do')) {
    case 'appoint':
      return write(args, Appointment, appoint, { to: () => `${here}#offices`, saved: () => peopleWords.say('officeGiven') })
    case 'undo':
      return write(args, OfficeUndo, undoOfficeEnd, { to: () => `${here}#offices`, saved: () => peopleWords.say('officeRestored') })
    default:
      return write(args, OfficeEnd, endOffice, {
        to: () => `${here}#offices`,
        saved: (_, { fromDay }) => peopleWords.say('officeEndedSaved', { day: showDay(addDays(fromDay, -1)) }),
        undo: ({ version, until }, { officeId }) => ({ action: `${here}?do=undo`, fields: { officeId, version: String(version), untilDay: until ? addDays(until, -1) : '' } }),
      })
  }
}

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const t = peopleWords.in(languageIn(matches))
  return [{ title: `${t('members')} · ${loaderData?.place.unit.name ?? ''} · ${webWords.in(languageIn(matches))('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function UnitPeoplePage({ loaderData, actionData }: Route.ComponentProps) {
  const { place, asOf, asOfProblem, total, exempt, probationary, reasonAgainst: reason, changes } = loaderData
  const t = peopleWords.in(useLanguage())
  const { unit } = place
  return (
    <Shell section="people" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} asOf={asOf} asOfProblem={asOfProblem} unitHref={(code) => `/units/${code}/people`}>
      <Eyebrow>
        {t('membersOf')} <a href={unitAddress(unit.code)}>{unit.name}</a>
      </Eyebrow>
      <h1>{total > 0 ? t('membersCount', { count: total, day: showDay(asOf) }) : t('membersNone', { unit: unit.name })}</h1>
      {total > 0 && (exempt > 0 || probationary > 0) && <Lede>{[exempt > 0 && t('membersExempt', { count: exempt }), probationary > 0 && t('membersProbationary', { count: probationary })].filter(Boolean).join(', ')}.</Lede>}
      <div className="after-lede noprint">
        <Buttons>
          {!reason && (
            <ButtonLink kind="primary" isWide href={addressOf('/people/new', { unit: unit.code })}>
              {t('addMember')}
            </ButtonLink>
          )}
          <ButtonLink href="/people">{t('findPeople')}</ButtonLink>
          {!reason && <ButtonLink href="/people/duplicates">{t('toDuplicates')}</ButtonLink>}
        </Buttons>
      </div>
      <Grid>
        <Column span={8} id="members" title={t('members')}>
          <Members {...loaderData} />
        </Column>
        <Offices {...loaderData} answer={actionData} />
        {changes.length > 0 && (
          <Column span={12} id="changes" title={t('changes')}>
            <Trail entries={changes} />
          </Column>
        )}
      </Grid>
    </Shell>
  )
}

function Members({ place, members, total, page, pages, asOf, today, beneath, reasonAgainst: reason }: Data) {
  const t = peopleWords.in(useLanguage())
  if (total === 0) {
    return (
      <>
        {beneath.length > 0 ? (
          <>
            <p className="q2 before-table">{t('membersBeneath')}</p>
            <ul className="names">
              {beneath.map((unit) => (
                <li key={unit.code}>
                  <a href={`/units/${unit.code}/people`}>{unit.name}</a>
                </li>
              ))}
            </ul>
          </>
        ) : (
          <EmptyState title={t('membersNoneTitle')}>{reason ?? t('membersNoneHint')}</EmptyState>
        )}
      </>
    )
  }
  return (
    <>
      <DataTable
        caption={t('members')}
        isCaptionHidden
        columns={[{ label: t('columnName') }, { label: t('status') }, { label: t('card'), isFigure: true, isDeskOnly: true }]}
        rows={members.map((member) => ({
          id: member.personId,
          note: [member.bornOn && t('bornIn', { year: member.bornOn.slice(0, 4) }), ...member.roles.map((role) => t(`role.${role}` as 'role.clerk'))].filter(Boolean).join(' · '),
          cells: [
            <a key="name" href={`/people/${member.personId}`}>
              <PersonName name={member.name} />
            </a>,
            <span key="status" className={member.status === 'in_post' ? 'q3' : undefined}>
              {t(`shortStatus.${member.status}` as 'shortStatus.in_post')}
            </span>,
            member.cardNumber ?? '',
          ],
        }))}
      />
      <Pagination page={page} pages={pages} hrefOf={(number) => addressOf(`/units/${place.unit.code}/people`, { asOf: asOf === today ? null : asOf, page: String(number) })} />
    </>
  )
}

function Offices({ place, offices, roles, ending, isAppointing, members, today, answer }: Data & { answer: Route.ComponentProps['actionData'] }) {
  const t = peopleWords.in(useLanguage())
  const here = `/units/${place.unit.code}/people`
  return (
    <Column span={4} id="offices" title={t('offices')}>
      {offices.length === 0 && <p className="sm q3">{t('officesNone')}</p>}
      <ul className="people">
        {offices.map((office) => (
          <li key={office.officeId}>
            <span>
              {office.personId ? <a href={`/people/${office.personId}`}>{office.name}</a> : (office.name ?? t('someone'))}
              <span className="sub sm q2">
                {[t(`role.${office.role}` as 'role.clerk'), office.title].filter(Boolean).join(', ')}
                {office.since && (
                  <>
                    , {t('fromDay')} <DayText day={office.since} />
                  </>
                )}
                {office.until && (
                  <>
                    {' '}
                    {t('untilDay')} <Figures>{showDay(addDays(office.until, -1))}</Figures>
                  </>
                )}
              </span>
            </span>
            {roles.includes(office.role as 'clerk') && (
              <a className="sm" href={addressOf(here, { end: office.officeId }) + '#offices'}>
                {t('officeEnd')}
                <span className="vh"> {office.name}</span>
              </a>
            )}
          </li>
        ))}
      </ul>
      {ending && roles.length > 0 && <EndOfficeForm office={ending} today={today} action={addressOf(here, { end: ending.officeId, do: 'end' })} closeHref={`${here}#offices`} answer={answer} />}
      {roles.length > 0 && !ending && (isAppointing || answer) && (
        <AppointForm unitCode={place.unit.code} roles={roles} members={members} today={today} action={addressOf(here, { appoint: '1', do: 'appoint' })} closeHref={`${here}#offices`} answer={answer} />
      )}
      {roles.length > 0 && !ending && !isAppointing && !answer && (
        <p className="after-lede">
          <ButtonLink href={addressOf(here, { appoint: '1' }) + '#offices'}>{t('appoint')}</ButtonLink>
        </p>
      )}
      {roles.length > 0 && <Notice className="after-lede">{t('officesRights')}</Notice>}
    </Column>
  )
}
