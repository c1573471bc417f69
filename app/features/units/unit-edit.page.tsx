import type { Route } from './+types/unit-edit.page'
import { chainOf } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { showDay } from '../../platform/clock.ts'
import { unitAddress } from '../../web/addresses.ts'
import { Button, Buttons } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { DayField, Field, SelectField } from '../../web/field.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Shell } from '../../web/shell.tsx'
import { trailOfSubjects } from '../../web/trail.server.ts'
import { Trail } from '../../web/trail.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { daysToUndo, editUnit, endingOf, endUnitByName, keptUnit, moveUnit, reasonAgainstKeeping, undoUnitEnd } from './keep-units.server.ts'
import { placeOf } from './place.server.ts'
import { UnitFields } from './unit-fields.tsx'
import { unitWords } from './units.messages.ts'
import { UnitEdit, UnitEndByName, UnitEndUndo, UnitMove } from './units.schema.ts'
import { unitsBeneath } from './units.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, language }) => {
    const { tx, viewer } = ctx
    const { timeZone } = args.context.get(appContext).config
    const unit = await keptUnit(tx, params.code, viewer.today)
    const place = await placeOf(ctx, unit.code, viewer.today)
    const [, parentId] = await chainOf(tx, unit.id, viewer.today)
    const siblings = parentId ? (await unitsBeneath(tx, parentId, viewer.today)).filter((one) => one.id !== unit.id && (one.hasMembers || !unit.hasMembers)) : []
    return {
      unit,
      place,
      today: viewer.today,
      parent: place.unitTrail.at(-2) ?? null,
      daysToUndo,
      endingId: unit.until === null ? null : ((await endingOf(tx, unit.id))?.endingId ?? null),
      siblings: siblings.map(({ code, name }) => ({ code, name })),
      reasonAgainst: await whyNot(tx, await reasonAgainstKeeping(ctx, unit.id), language),
      trail: await trailOfSubjects(ctx, [{ type: 'unit', ids: [unit.id] }], { language, timeZone }),
    }
  })

export function action(args: Route.ActionArgs) {
  const code = args.params.code
  switch (new URL(args.request.url).searchParams.get('do')) {
    case 'move':
      return write(args, UnitMove, moveUnit, { to: () => unitAddress(code), saved: (_, { fromDay }) => unitWords.say('unitMoved', { day: showDay(fromDay) }) })
    case 'end':
      return write(args, UnitEndByName, endUnitByName, { to: () => unitAddress(code), saved: ({ members, units, campaigns }) => unitWords.say('unitEndedSaved', { members, units, campaigns }), undo: ({ endingId }) => ({ action: `${unitAddress(code)}/edit?do=restore`, fields: { unitCode: code, endingId } }) })
    case 'restore':
      return write(args, UnitEndUndo, undoUnitEnd, { to: () => unitAddress(code), saved: ({ members, units, campaigns }) => unitWords.say('unitRestored', { members, units, campaigns }) })
    default:
      return write(args, UnitEdit, editUnit, { to: () => unitAddress(code), saved: () => unitWords.say('unitEdited') })
  }
}

export function meta({ loaderData, matches }: Route.MetaArgs) {
  return [{ title: `${unitWords.in(languageIn(matches))('editUnit')} · ${loaderData?.unit.name ?? ''} · ${webWords.in(languageIn(matches))('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']
type Answer = Route.ComponentProps['actionData']

export default function UnitEditPage({ loaderData, actionData }: Route.ComponentProps) {
  const { unit, place, reasonAgainst: reason, trail, parent, endingId, daysToUndo: days } = loaderData
  const t = unitWords.in(useLanguage())
  const typed = actionData?.values ?? {}
  const of = (form: 'edit' | 'move' | 'end') => (actionData && formOf(typed) === form ? actionData : undefined)
  return (
    <Shell section="units" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} unitHref={(code) => `/units/${code}/edit`} mainClass="narrow-form">
      <Eyebrow>
        <a href={unitAddress(unit.code)}>{unit.name}</a>
      </Eyebrow>
      <h1>{unit.until === null ? t('editTitle', { unit: unit.name }) : t('endedTitle', { name: unit.name, day: showDay(unit.until) })}</h1>
      {reason || unit.until !== null ? (
        <>
          <ProblemList problems={actionData?.problems} />
          <Notice className="after-lede" actions={!reason && endingId ? <RestoreForm unit={unit} endingId={endingId} /> : undefined}>
            {reason ?? t(endingId ? 'restoreNote' : 'endStays', { days })}
          </Notice>
        </>
      ) : (
        <>
          <EditForm {...loaderData} answer={of('edit')} />
          {parent && <MoveForm {...loaderData} answer={of('move')} />}
          {parent && <EndForm {...loaderData} answer={of('end')} />}
        </>
      )}
      {trail.length > 0 && (
        <section aria-labelledby="happened" className="after-table">
          <h2 id="happened">{t('happened')}</h2>
          <Trail entries={trail} />
        </section>
      )}
    </Shell>
  )
}

function RestoreForm({ unit, endingId }: { unit: Data['unit']; endingId: string }) {
  const t = unitWords.in(useLanguage())
  return (
    <form method="post" action={`/units/${unit.code}/edit?do=restore`}>
      <input type="hidden" name="unitCode" value={unit.code} />
      <input type="hidden" name="endingId" value={endingId} />
      <Button>{t('restore', { unit: unit.name })}</Button>
    </form>
  )
}

/** Each form posts a field that the others have not. */
const formOf = (values: Record<string, string>) => ('parentCode' in values ? 'move' : 'successorCode' in values ? 'end' : 'edit')

function EditForm({ unit, answer }: Data & { answer: Answer }) {
  const t = unitWords.in(useLanguage())
  return (
    <form method="post" action={`/units/${unit.code}/edit?do=edit`}>
      <ProblemList problems={answer?.problems} />
      <Hidden unit={unit} />
      <UnitFields unit={unit} values={answer?.values ?? {}} problems={answer?.problems ?? {}} />
      <Buttons>
        <Button kind="primary" isWide>
          {t('editSave')}
        </Button>
      </Buttons>
    </form>
  )
}

function MoveForm({ unit, parent, today, answer }: Data & { answer: Answer }) {
  const t = unitWords.in(useLanguage())
  const { problems = {}, values = {} } = answer ?? {}
  return (
    <details className="part" open={Boolean(answer)}>
      <summary>{t('moveTitle')}</summary>
      <form method="post" action={`/units/${unit.code}/edit?do=move`}>
        <ProblemList problems={answer?.problems} />
        <p className="sm q2">{t('moveLead', { unit: unit.name, parent: parent!.name })}</p>
        <Hidden unit={unit} />
        <Field name="parentCode" label={t('parentCode')} hint={t('parentCodeHint')} value={values['parentCode']} problem={problems['parentCode']} isRequired maxLength={64} autoComplete="off" />
        <DayField id="moveDay" name="fromDay" label={t('fromDay')} value={values['fromDay'] ?? today} problem={problems['fromDay']} isRequired />
        <Field id="moveReason" name="reason" label={t('decision')} hint={t('decisionHint')} value={values['reason']} problem={problems['reason']} isRequired maxLength={300} autoComplete="off" />
        <Buttons>
          <Button>{t('moveSave')}</Button>
        </Buttons>
      </form>
    </details>
  )
}

function EndForm({ unit, siblings, parent, today, answer }: Data & { answer: Answer }) {
  const t = unitWords.in(useLanguage())
  const { problems = {}, values = {} } = answer ?? {}
  const choices = [...siblings, ...(parent ? [{ code: parent.code, name: t('parentItself', { parent: parent.name }) }] : [])]
  return (
    <details className="part" open={Boolean(answer)}>
      <summary>{t('endTitle')}</summary>
      <form method="post" action={`/units/${unit.code}/edit?do=end`}>
        <ProblemList problems={answer?.problems} />
        <p className="sm q2">{t('endLead')}</p>
        <Hidden unit={unit} />
        <SelectField name="successorCode" label={t('successor')} hint={t('successorHint')} isEmptyAllowed options={choices.map(({ code, name }) => ({ value: code, label: name }))} value={values['successorCode']} problem={problems['successorCode']} />
        <DayField id="endDay" name="fromDay" label={t('endDay')} value={values['fromDay'] ?? today} problem={problems['fromDay']} isRequired />
        <Field id="endReason" name="reason" label={t('decision')} hint={t('decisionHint')} value={values['reason']} problem={problems['reason']} isRequired maxLength={300} autoComplete="off" />
        <Field id="endName" name="name" label={t('endName', { unit: unit.name })} value={values['name']} problem={problems['name']} isRequired maxLength={300} autoComplete="off" />
        <Buttons>
          <Button>{t('endSave', { unit: unit.name })}</Button>
        </Buttons>
      </form>
    </details>
  )
}

function Hidden({ unit }: Pick<Data, 'unit'>) {
  return (
    <>
      <input type="hidden" name="unitCode" value={unit.code} />
      <input type="hidden" name="version" value={unit.version} />
    </>
  )
}
