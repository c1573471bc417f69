import type { Route } from './+types/acknowledgement.page'
import { showCount, showPercent } from '../../figures/figure.ts'
import { reasonAgainst } from '../../permissions/permissions.ts'
import { showDay } from '../../platform/clock.ts'
import { addressOf } from '../../web/addresses.ts'
import { Button } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { DataTable } from '../../web/data-table.tsx'
import { CheckField, SelectField, TextField } from '../../web/field.tsx'
import { PersonName } from '../../web/figure.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { ProblemList } from '../../web/notice.tsx'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { ShareBar } from '../../web/share-bar.tsx'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { changesOf } from '../../web/text-changes.ts'
import { TextChanges } from '../../web/text-changes.tsx'
import { Trail } from '../../web/trail.tsx'
import { trailOfSubjects } from '../../web/trail.server.ts'
import { webWords } from '../../web/web.messages.ts'
import { Words } from '../../web/words.tsx'
import { write, type Answer } from '../../web/write.server.ts'
import { NotFound } from '../../platform/errors.ts'
import { figureUnits } from '../indicators/figures.server.ts'
import { placeOf } from '../units/place.server.ts'
import { askedOf, peopleAsked, progressOf, thingAsked } from './acknowledgement-views.server.ts'
import { acknowledgementWords } from './acknowledgements.messages.ts'
import { Acknowledgement, goesAsDeep, PaperAcknowledgements, RequestClosing } from './acknowledgements.schema.ts'
import { acknowledge, closeRequest, keyInAcknowledgements, requestById } from './acknowledgements.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const { tx, viewer } = ctx
    const request = await requestById(tx, idOf(params.id))
    const thing = await thingAsked(tx, request, viewer.personId)
    if (!thing) throw new NotFound()
    const mine = (await askedOf(ctx, request.id))[0] ?? null
    const leads = viewer.offices.some((office) => office.role !== 'administrator')
    const place = leads ? await placeOf(ctx, url.searchParams.get('unit'), viewer.today) : null
    const seesProgress = place !== null && (await figureUnits(tx, [place.unit.id])).has(place.unit.id)
    const { timeZone } = args.context.get(appContext).config
    return {
      request,
      thing: { ...thing, readBefore: thing.readBefore && { number: thing.readBefore.number } },
      changes: thing.readBefore && changesOf(thing.readBefore.text, thing.text),
      mine,
      today: viewer.today,
      place: seesProgress ? place : null,
      progress: seesProgress ? await progressOf(tx, request.id, place) : null,
      people: seesProgress ? await peopleAsked(tx, { requestId: request.id, unitId: place.unit.id, today: viewer.today }) : [],
      mayKeyIn: place !== null && !request.closedAt && reasonAgainst(viewer, 'key in acknowledgements', [place.unit.id]) === null,
      mayClose: !request.closedAt && reasonAgainst(viewer, 'ask for acknowledgement', [request.unitId]) === null,
      trail: leads ? await trailOfSubjects(ctx, [{ type: 'acknowledgement_request', ids: [request.id] }], { language, timeZone }) : [],
    }
  })

export async function action(args: Route.ActionArgs) {
  switch (new URL(args.request.url).searchParams.get('do')) {
    case 'paper':
      return write(args, PaperAcknowledgements, keyInAcknowledgements, { saved: () => acknowledgementWords.say('paperSaved') })
    case 'close':
      return write(args, RequestClosing, closeRequest, { saved: () => acknowledgementWords.say('closeDone') })
    default:
      return write(args, Acknowledgement, acknowledge, { saved: () => acknowledgementWords.say('given') })
  }
}

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${loaderData?.thing.title ?? ''} · ${webWords.in(language)('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']
type Page = Data & { refused: Answer | undefined }
type Say = ReturnType<typeof acknowledgementWords.in>

export default function AcknowledgementPage({ loaderData, actionData }: Route.ComponentProps) {
  const { request, thing, changes, mine, place, progress } = loaderData
  const t = acknowledgementWords.in(useLanguage())
  const page = { ...loaderData, refused: actionData as Answer | undefined }
  const title = thing.number === null || thing.number === 1 ? thing.title : t('versionOf', { title: thing.title, number: thing.number })
  return (
    <Shell section="acknowledgements" backHref="/acknowledgements" {...(place ? { unitTrail: place.unitTrail, unitsBeneath: place.unitsBeneath, unitHref: (code: string) => addressOf(`/acknowledgements/${request.id}`, { unit: code }) } : {})}>
      <Eyebrow>{t('eyebrow', { what: t(`ask.${request.depth}`), unit: request.unitName })}</Eyebrow>
      <h1>{headingOf(page, title, t)}</h1>
      {progress && progress.own.begun > 0 && <Lede>{t('progressBegun', { count: progress.own.begun })}</Lede>}
      <ProblemList problems={page.refused?.problems} />
      <Grid>
        {mine && (
          <Column span={8} id="mine" title={t('myAnswer')}>
            <Mine {...page} />
          </Column>
        )}
        {progress && progress.beneath.length > 0 && (
          <Column span={8} id="units" title={t('units')}>
            <Units {...page} />
          </Column>
        )}
        {page.people.length > 0 && (
          <Column span={8} id="people" title={t('people')}>
            <People {...page} />
          </Column>
        )}
        {thing.readBefore && (
          <Column span={8} id="changes" title={t('changesSince', { number: thing.readBefore.number })}>
            {thing.changeNote && <p>{thing.changeNote}</p>}
            {changes ? <TextChanges changes={changes} /> : <p className="sm q2">{t('changesTooLong')}</p>}
          </Column>
        )}
        <Column span={8} id="words" title={t('read')} action={<a href={thing.materialId ? `/materials/${thing.materialId}` : `/documents/${thing.documentId}`}>{t('openThing')}</a>}>
          {thing.text ? (
            <Words text={thing.text} />
          ) : (
            <p className="sm q2">{t('noText')}</p>
          )}
        </Column>
        {page.trail.length > 0 && (
          <Column span={8} id="trail" title={t('trail')}>
            <Trail entries={page.trail} />
            {page.mayClose && (
              <form method="post" action={`/acknowledgements/${request.id}?do=close`} className="after-lede noprint">
                <input type="hidden" name="requestId" value={request.id} />
                <input type="hidden" name="version" value={request.version} />
                <Button>{t('close')}</Button>
              </form>
            )}
          </Column>
        )}
      </Grid>
    </Shell>
  )
}

function headingOf({ progress, request, mine }: Page, title: string, t: Say): string {
  if (progress && (progress.beneath.length > 0 || !isOwed(mine))) return progress.own.asked === 0 ? `${title}: ${t('progressNobody')}` : `${title}: ${t('progressTitle', { done: progress.own.done, asked: progress.own.asked, whom: t(`whom.${request.whom}`) })}`
  return isOwed(mine) || !mine ? t('answerTitle', { title, day: showDay(request.dueOn) }) : t('answeredTitle', { title })
}

const isOwed = (mine: Data['mine']) => mine !== null && !goesAsDeep(mine.answered, mine.depth)

function Mine({ request, mine, refused }: Page) {
  const t = acknowledgementWords.in(useLanguage())
  if (!mine) return null
  const answered = mine.answered && <p>{t('answeredOn', { depth: t(`depth.${mine.answered}`), day: showDay(mine.answeredOn!) })}</p>
  if (!isOwed(mine) || request.closedAt) return <>{answered}</>
  return (
    <form method="post">
      {answered}
      <input type="hidden" name="requestId" value={request.id} />
      <input type="hidden" name="depth" value={request.depth} />
      {request.depth === 'can_say' && <TextField name="sentence" label={t('sentence')} hint={t('sentenceHint')} value={refused?.values['sentence']} problem={refused?.problems['sentence']} isRequired rows={3} />}
      <div className="after-lede">
        <Button kind="primary" isWide>
          {t(`give.${request.depth}`)}
        </Button>
      </div>
    </form>
  )
}

function Units({ request, progress }: Page) {
  const language = useLanguage()
  const t = acknowledgementWords.in(language)
  const number = (value: number) => showCount(value, language)
  return (
    <DataTable
      isCards
      caption={t('units')}
      isCaptionHidden
      columns={[{ label: t('column.unit') }, { label: t('column.missing'), isFigure: true }, { label: t('column.done'), isFigure: true }, { label: t('column.share'), isFigure: true }]}
      rows={progress!.beneath.map((row) => ({
        id: row.unitId,
        cells: [
          <span key="unit">
            <a href={addressOf(`/acknowledgements/${request.id}`, { unit: row.code })}>{row.name}</a>
            <ShareBar numerator={row.done} denominator={row.asked} />
          </span>,
          number(row.asked - row.done),
          `${number(row.done)} / ${number(row.asked)}`,
          showPercent(row.done, row.asked, language),
        ],
      }))}
    />
  )
}

function People({ request, people, place, mayKeyIn, refused }: Page) {
  const t = acknowledgementWords.in(useLanguage())
  const missing = people.filter((person) => person.depth === null)
  return (
    <>
      <DataTable
        isSmall
        columns={[{ label: t('column.person') }, { label: t('column.state') }]}
        rows={people.map((person) => ({
          id: person.personId,
          note: person.sentence,
          cells: [<PersonName key="name" name={person.name} />, person.depth ? t('answered', { depth: t(`depth.${person.depth}`), day: showDay(person.answeredOn!) }) : t('notYet')],
        }))}
      />
      {mayKeyIn && missing.length > 0 && (
        <details open={refused !== undefined && 'unitCode' in refused.values}>
          <summary>{t('paper')}</summary>
          <form method="post" action={addressOf(`/acknowledgements/${request.id}`, { unit: place!.unit.code, do: 'paper' })}>
            <input type="hidden" name="requestId" value={request.id} />
            <input type="hidden" name="unitCode" value={place!.unit.code} />
            <SelectField name="depth" label={t('paperDepth')} value={request.depth === 'received' ? 'received' : 'read'} options={(['received', 'read'] as const).map((depth) => ({ value: depth, label: t(`depth.${depth}`) }))} />
            <CheckField name="people" label={t('column.person')} hint={t('paperHint')} values={refused?.chosen['people'] ?? []} problem={refused?.problems['people']} options={missing.map((person) => ({ value: person.personId, label: person.name }))} />
            <div className="after-lede">
              <Button>{t('paperAction')}</Button>
            </div>
          </form>
        </details>
      )}
    </>
  )
}
