import { data } from 'react-router'
import type { Route } from './+types/roll.page'
import { showDay, showWeekday } from '../../platform/clock.ts'
import type { Ctx } from '../../permissions/permissions.ts'
import { addressOf } from '../../web/addresses.ts'
import { Button, ButtonLink } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { readTyped } from '../../web/form.ts'
import { languageIn, languageOf, useLanguage } from '../../web/language.ts'
import { EmptyState, Notice } from '../../web/notice.tsx'
import { idOf, idsOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { summarise } from '../../web/roll-count.ts'
import { rollWords } from '../../web/roll.messages.ts'
import { RollForm, RollHeading, RollSummary, RollTools, SaveBar, Sheet, type SheetRow } from '../../web/sheet.tsx'
import { Eyebrow, Shell } from '../../web/shell.tsx'
import { sessionOf } from '../../web/visit.server.ts'
import { webWords } from '../../web/web.messages.ts'
import { readForm, write, type Answer } from '../../web/write.server.ts'
import { writeWords } from '../../web/write.messages.ts'
import { placeOf } from '../units/place.server.ts'
import { guestsOf } from './roll-guests.server.ts'
import { RollPrint } from './roll-print.tsx'
import { rollRows, type RollLine } from './roll-rows.ts'
import { lineOf, printedRoll, rollSheet } from './roll-sheet.server.ts'
import { takenBetween, takeRoll, sittingById } from './rolls.server.ts'
import { undoRoll } from './roll-undo.server.ts'
import { studyWords } from './study.messages.ts'
import { Roll, RollUndo } from './study.schema.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const { timeZone } = args.context.get(appContext).config
    const sitting = await sittingById(ctx.tx, idOf(params.id))
    const asked = { unit: url.searchParams.get('unit') || null, guests: idsOf(url.searchParams.getAll('guest')), name: url.searchParams.get('add') ?? '' }
    const sheet = await rollSheet(ctx, sitting, asked, { language, timeZone })
    const print = url.searchParams.get('print') ? await printedRoll(ctx, sitting, sheet.lines) : null
    const place = await placeOf(ctx, sitting.unitCode, sitting.heldOn)
    return { sitting, ...sheet, asked, place, print, viewerId: ctx.viewer.personId, isAllPresent: url.searchParams.get('all') === 'present' }
  })

export async function action(args: Route.ActionArgs) {
  const url = new URL(args.request.url)
  const here = addressOf(`/sittings/${args.params.id}/roll`, { unit: url.searchParams.get('unit') })
  switch (url.searchParams.get('do')) {
    case 'undo':
      return write(args, RollUndo, undoRoll, { to: () => here, saved: () => studyWords.say('rollUndone') })
    case 'guests':
      return findGuests(args)
    default:
      return write(args, Roll, save, {
        to: () => here,
        saved: (_, roll) => studyWords.say('rollSaved', { count: roll.marks.length }),
        undo: ({ receipt, isChanged }, roll) => (isChanged ? { action: addressOf(`/sittings/${roll.sittingId}/roll`, { unit: url.searchParams.get('unit'), do: 'undo' }), fields: { sittingId: roll.sittingId, receipt: String(receipt) } } : null),
      })
  }
}

async function save(ctx: Ctx, roll: Roll) {
  const receipt = await takeRoll(ctx, roll)
  return { receipt, isChanged: (await takenBetween(ctx, roll.sittingId, receipt)) !== null }
}

/** Saves nothing: gives back what is marked, with the people found, so that a guest can be marked on the same sheet. */
async function findGuests(args: Route.ActionArgs) {
  if (!(await sessionOf(args))) throw data({ sentence: writeWords.in(languageOf(args.request))('session_over') }, 401)
  const typed = readTyped(await readForm(args.request))
  const name = typed.values['guest'] ?? ''
  const onSheet = idsOf(Object.keys(typed.values).flatMap((field) => /^marks\.([^.]+)\.was$/.exec(field)?.[1] ?? []))
  const found = await read(args, async (ctx, { params }) => (await guestsOf(ctx, await sittingById(ctx.tx, idOf(params.id)), { name }, onSheet)).map((line) => lineOf(line, true, null)))
  return data<RollAnswer>({ problems: {}, ...typed, found, name })
}

/** What was not saved; and, after a search for guests, who was found by which name. */
type RollAnswer = Answer & { found?: RollLine[]; name?: string }

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const t = studyWords.in(languageIn(matches))
  return [{ title: `${t('rollTitle')} ${loaderData ? `${loaderData.sitting.name}, ${showDay(loaderData.sitting.heldOn)}` : ''} · ${webWords.in(languageIn(matches))('appName')}` }]
}

export default function RollPage({ loaderData, actionData }: Route.ComponentProps) {
  const language = useLanguage()
  const t = studyWords.in(language)
  if (loaderData.print) return <RollPrint {...loaderData.print} />
  const { sitting, place, reasonAgainst, isTooLong } = loaderData
  const answer = actionData as RollAnswer | undefined
  const found = answer?.found ?? []
  const rows = rollRows([...loaderData.lines, ...found], {
    answer,
    isAllPresent: loaderData.isAllPresent,
    words: { exempt: t('exempt'), overlap: (line) => overlapOf(line, t) },
  })
  const isOpen = reasonAgainst === null && rows.length > 0 && !isTooLong
  return (
    <Shell
      section="sessions"
      unitTrail={place.unitTrail}
      unitsBeneath={[]}
      asOf={sitting.heldOn}
      backHref={`/sessions/${sitting.sessionId}`}
      mainClass="roll"
      after={isOpen && <SaveBar form="roll" isLive summary={<RollSummary rows={rows} />} />}
    >
      <Eyebrow>
        {loaderData.sittings > 1 ? t('rollOfSitting', { position: sitting.position, weekday: showWeekday(sitting.heldOn, language) }) : t('rollOfOnly', { weekday: showWeekday(sitting.heldOn, language) })}{' '}
        <span className="n">{showDay(sitting.heldOn)}</span>
        <span className="only-phone">{sitting.unitName}</span>
      </Eyebrow>
      {isTooLong ? <Units {...loaderData} /> : rows.length === 0 ? <Nobody {...loaderData} /> : <Marked {...loaderData} rows={rows} found={found} answer={answer} />}
    </Shell>
  )
}

function overlapOf({ marked, status }: RollLine, t: ReturnType<typeof studyWords.in>): string {
  if (!status) return t('overlapUnmarked')
  return marked ? t('overlap', { who: marked.by, at: marked.at, status: t(`status_${status}`) }) : t('overlapBySomebody', { status: t(`status_${status}`) })
}

type Data = Route.ComponentProps['loaderData']
type Marking = Data & { rows: SheetRow[]; found: RollLine[]; answer: RollAnswer | undefined }

function Marked(page: Marking) {
  const { sitting, rows, found, answer, reasonAgainst, asked, lines, version, viewerId } = page
  const t = studyWords.in(useLanguage())
  const guests = [...lines.filter((line) => line.isGuest), ...found].map((line) => line.personId)
  const listed = rows.filter((row) => !guests.includes(row.personId))
  const here = (query: Record<string, string | null>) => addressOf(`/sittings/${sitting.id}/roll`, { unit: asked.unit, ...query })
  const withGuests = (address: string) => [address, ...guests.map((id) => `guest=${id}`)].reduce((all, part) => `${all}${all.includes('?') ? '&' : '?'}${part}`)
  const problem = answer && (answer.problems['marks'] ?? answer.problems['form'] ?? answer.problems['receipt'])
  return (
    <>
      <RollHeading rows={rows} />
      {problem && <Notice isAttention role="alert">{problem}</Notice>}
      {reasonAgainst && <Notice title={t('rollReadOnly')}>{reasonAgainst}</Notice>}
      {reasonAgainst === null && <RollTools allPresentHref={here({ all: 'present' })} />}
      <UnitChoice {...page} />
      <RollForm id="roll" action={withGuests(here({}))} draftKey={asked.unit ? `${sitting.id}:${asked.unit}` : sitting.id} viewerId={viewerId} version={version}>
        <input type="hidden" name="sittingId" value={sitting.id} />
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
        <Sheets {...page} rows={listed} />
        {reasonAgainst !== null && <p className="end sm q2">{t('rollEnd', { count: listed.length })}</p>}
        {guests.length > 0 && (
          <section aria-labelledby="guests" className="unit-sheet">
            <div className="h2row">
              <h2 id="guests">{t('rollGuests')}</h2>
            </div>
            <Sheet rows={rows.filter((row) => guests.includes(row.personId))} reasonAgainst={reasonAgainst} />
          </section>
        )}
        {reasonAgainst === null && <GuestSearch {...page} rows={listed} formAction={withGuests(here({ do: 'guests' }))} />}
      </RollForm>
      <p className="sm noprint">
        <a href={here({ print: '1' })}>{t('rollPrint')}</a>
      </p>
    </>
  )
}

/** One list, or one under the name of each unit where there are several. */
function Sheets({ rows, lines, reasonAgainst, lockedUnits }: Marking) {
  const unitOf = new Map(lines.map((line) => [line.personId, line]))
  const groups = [...Map.groupBy(rows, (row) => unitOf.get(row.personId)!.unitId)]
  const hasStudied = (row: SheetRow) => unitOf.get(row.personId)!.hasStudied
  if (groups.length < 2) return <MakeUpFirst rows={rows} heading="h2" hasStudied={hasStudied} reasonAgainst={reasonAgainst ?? lockedUnits[groups[0]?.[0] ?? ''] ?? null} />
  return groups.map(([unitId, own]) => (
    <section key={unitId} aria-labelledby={`unit-${unitId}`} className="unit-sheet">
      <div className="h2row">
        <h2 id={`unit-${unitId}`}>{unitOf.get(own[0]!.personId)!.unitName}</h2>
      </div>
      {lockedUnits[unitId] && <p className="sm q2">{lockedUnits[unitId]}</p>}
      <MakeUpFirst rows={own} heading="h3" hasStudied={hasStudied} reasonAgainst={reasonAgainst ?? lockedUnits[unitId] ?? null} />
    </section>
  ))
}

/** In a make-up class first those it is for, then under a heading of their own whoever has studied already; elsewhere one list. */
function MakeUpFirst({ rows, heading: Heading, hasStudied, reasonAgainst }: { rows: SheetRow[]; heading: 'h2' | 'h3'; hasStudied: (row: SheetRow) => boolean; reasonAgainst: string | null }) {
  const t = studyWords.in(useLanguage())
  const done = rows.filter(hasStudied)
  if (done.length === 0) return <Sheet rows={rows} reasonAgainst={reasonAgainst} />
  const left = rows.filter((row) => !hasStudied(row))
  return (
    <>
      <div className="unit-sheet">
        <Heading>{t('rollNotStudied', { count: left.length })}</Heading>
        {left.length > 0 && <Sheet rows={left} reasonAgainst={reasonAgainst} />}
      </div>
      <div className="unit-sheet">
        <Heading>{t('rollStudied', { count: done.length })}</Heading>
        <Sheet rows={done} reasonAgainst={reasonAgainst} />
      </div>
    </>
  )
}

function GuestSearch({ rows, found, answer, asked, formAction }: Marking & { formAction: string }) {
  const t = studyWords.in(useLanguage())
  const name = answer?.name ?? asked.name
  return (
    <details open={name !== ''} className="guests" data-answer={answer?.found ? '' : undefined}>
      <summary className="sm q2">
        {t('rollEnd', { count: rows.length })} {t('rollGuestsAsk')} <span className="as-link">{t('rollGuestsAdd')}</span>
      </summary>
      <div className="field">
        <label className="lab" htmlFor="guest">{t('rollGuestName')}</label>
        <span className="hint">{t('rollGuestHint')}</span>
        <input id="guest" type="search" name="guest" defaultValue={name} autoComplete="off" maxLength={80} data-enter-presses="find-guest" />
      </div>
      <button id="find-guest" className="btn" type="submit" formAction={formAction}>{t('rollGuestFind')}</button>
      {name !== '' && <p className="sm" role="status">{found.length > 0 ? t('rollGuestFound', { count: found.length }) : t('rollGuestNone', { name })}</p>}
    </details>
  )
}

/** Narrows the sheet to one unit; only where there are several. */
function UnitChoice({ units, asked, sitting }: Data) {
  const t = studyWords.in(useLanguage())
  if (units.length < 2) return null
  return (
    <form method="get" action={`/sittings/${sitting.id}/roll`} className="narrow noprint">
      <label className="vh" htmlFor="unit">{t('rollUnit')}</label>
      <select id="unit" name="unit" defaultValue={asked.unit ?? ''}>
        <option value="">{t('rollAllUnits')}</option>
        {units.map((unit) => (
          <option key={unit.code} value={unit.code}>{`${unit.name} (${t('rollUnitState', { marked: unit.marked, people: unit.people })})`}</option>
        ))}
      </select>
      <Button>{t('rollUnitShow')}</Button>
    </form>
  )
}

/** A sheet that is too long for one page: the units on it, each with its own. */
function Units({ units, sitting }: Data) {
  const t = studyWords.in(useLanguage())
  return (
    <>
      <h1>{t('rollByUnit', { people: units.reduce((sum, unit) => sum + unit.people, 0) })}</h1>
      <ul className="people after-lede">
        {units.map((unit) => (
          <li key={unit.code}>
            <a href={addressOf(`/sittings/${sitting.id}/roll`, { unit: unit.code })}>{unit.name}</a>
            <span className="sm q3">{t('rollUnitState', { marked: unit.marked, people: unit.people })}</span>
          </li>
        ))}
      </ul>
    </>
  )
}

function Nobody({ sitting, tally, reasonAgainst, hasHiddenPeople }: Data) {
  const language = useLanguage()
  const t = studyWords.in(language)
  const words = summarise(tally, rollWords.in(language))
  if (hasHiddenPeople) {
    return (
      <>
        <h1>{words}</h1>
        <Notice title={t('rollNoNames')}>{t('rollNoNamesBody', { tally: words })}</Notice>
      </>
    )
  }
  return (
    <>
      <h1>{t('rollNobody')}</h1>
      <EmptyState title={t('rollNobody')} actions={<ButtonLink href={addressOf(`/campaigns/${sitting.campaignCode}/roster`, { unit: sitting.unitCode })}>{t('toRoster')}</ButtonLink>}>
        {reasonAgainst ?? t('rollNobodyBody')}
      </EmptyState>
    </>
  )
}
