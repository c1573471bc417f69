import type { Route } from './+types/acknowledgements.page'
import { showDay } from '../../platform/clock.ts'
import { ButtonLink } from '../../web/button.tsx'
import { DataTable } from '../../web/data-table.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Shell } from '../../web/shell.tsx'
import { Duties } from '../../web/trail.tsx'
import { webWords } from '../../web/web.messages.ts'
import { askedOf, requestsOf } from './acknowledgement-views.server.ts'
import { acknowledgementWords } from './acknowledgements.messages.ts'
import { goesAsDeep } from './acknowledgements.schema.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx) => {
    const asked = await askedOf(ctx)
    return { owed: asked.filter((one) => !goesAsDeep(one.answered, one.depth)), answered: asked.filter((one) => goesAsDeep(one.answered, one.depth)), asking: await requestsOf(ctx) }
  })

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${acknowledgementWords.in(language)('section')} · ${webWords.in(language)('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function AcknowledgementsPage({ loaderData: { owed, answered, asking } }: Route.ComponentProps) {
  const t = acknowledgementWords.in(useLanguage())
  return (
    <Shell section="acknowledgements">
      <Eyebrow>{t('section')}</Eyebrow>
      <h1>{owed.length > 0 ? t('titleOwed', { count: owed.length }) : t('titleNone')}</h1>
      <Grid>
        <Column span={8} id="owed" title={t('owed')}>
          {owed.length === 0 ? <p className="q2">{t('noneBody')}</p> : <Duties duties={owed.map((one) => dutyOf(one, t))} />}
        </Column>
        {answered.length > 0 && (
          <Column span={8} id="answered" title={t('answeredList')}>
            <Duties duties={answered.map((one) => ({ ...dutyOf(one, t), when: t(`depth.${one.answered!}`), isOverdue: false, action: undefined }))} />
          </Column>
        )}
        {asking.length > 0 && (
          <Column span={8} id="asking" title={t('asked')}>
            <DataTable
              isCards
              caption={t('asked')}
              isCaptionHidden
              columns={[{ label: t('read') }, { label: t('fieldDepth') }, { label: t('fieldWhom') }, { label: t('fieldDue'), isFigure: true }]}
              rows={asking.map((one) => ({
                id: one.requestId,
                note: t('askedBy', { unit: one.unitName }),
                cells: [<a key="title" href={`/acknowledgements/${one.requestId}`}>{nameOf(one, t)}</a>, t(`depth.${one.depth}`), t(`whom.${one.whom}`), one.isClosed ? t('closed') : showDay(one.dueOn)],
              }))}
            />
          </Column>
        )}
      </Grid>
    </Shell>
  )
}

type Say = ReturnType<typeof acknowledgementWords.in>

const nameOf = ({ title, number }: { title: string; number: number | null }, t: Say) => (number === null || number === 1 ? title : t('versionOf', { title, number }))

function dutyOf(one: Data['owed'][number], t: Say) {
  const isOverdue = one.dueOn < one.toldOn
  const href = `/acknowledgements/${one.requestId}`
  return { when: t(isOverdue ? 'overdue' : 'due', { day: showDay(one.dueOn) }), isOverdue, what: nameOf(one, t), href, detail: `${t(`ask.${one.depth}`)} · ${t('askedBy', { unit: one.unitName })}`, action: <ButtonLink href={href}>{t('open')}</ButtonLink> }
}
