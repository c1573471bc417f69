import type { Route } from './+types/copies.page'
import { showCount } from '../../figures/figure.ts'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { showDay, type Day } from '../../platform/clock.ts'
import { addressOf, figureAddress } from '../../web/addresses.ts'
import { Button } from '../../web/button.tsx'
import { DataTable } from '../../web/data-table.tsx'
import { DayField, Field } from '../../web/field.tsx'
import { Count, FigureLink } from '../../web/figure.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { EmptyState, Notice, ProblemList } from '../../web/notice.tsx'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write, type Answer } from '../../web/write.server.ts'
import { campaignById } from '../campaigns/campaigns.server.ts'
import { placeOf } from '../units/place.server.ts'
import { copiesBeneath, copiesOf, isLate, receiveCopies, sendCopies, type CopiesRow } from './copies.server.ts'
import { materialWords } from './materials.messages.ts'
import { CopiesReceived, CopiesSent } from './materials.schema.ts'
import { materialById } from './materials.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const { tx, viewer } = ctx
    const material = await materialById(tx, idOf(params.id))
    const campaign = await campaignById(tx, material.campaignId)
    const place = await placeOf(ctx, url.searchParams.get('unit'), viewer.today)
    const own = (await copiesOf(tx, material.id, [place.unit.id])).get(place.unit.id) ?? null
    return {
      material,
      campaignCode: campaign.code,
      place,
      today: viewer.today,
      own,
      isOwnLate: isLate(own, viewer.today),
      rows: await copiesBeneath(tx, { material, place, today: viewer.today }),
      againstSending: await whyNot(tx, reasonAgainst(viewer, 'hand out copies', [place.unit.id]), language),
      againstReceiving: await whyNot(tx, reasonAgainst(viewer, 'confirm copies', await chainOf(tx, place.unit.id, viewer.today)), language),
    }
  })

export async function action(args: Route.ActionArgs) {
  return new URL(args.request.url).searchParams.get('do') === 'receive'
    ? write(args, CopiesReceived, receiveCopies, { saved: () => materialWords.say('receivedSaved') })
    : write(args, CopiesSent, sendCopies, { saved: () => materialWords.say('sent') })
}

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${materialWords.in(language)('copies')}: ${loaderData?.material.title ?? ''} · ${webWords.in(language)('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function CopiesPage({ loaderData, actionData }: Route.ComponentProps) {
  const { material, place, rows, own, againstSending } = loaderData
  const language = useLanguage()
  const t = materialWords.in(language)
  const refused = actionData as Answer | undefined
  const sent = rows.filter((row) => row.copies !== null)
  const late = rows.filter((row) => row.isLate).length
  const short = rows.reduce((sum, row) => sum + (row.copies?.short ?? 0), 0)
  const whole = sent.filter((row) => row.copies?.short === 0).length
  const ownAnswer = own ? (own.received === null ? t('receiveTitle', { from: own.fromUnitName, sent: own.sent, day: showDay(own.sentOn) }) : t('receiveDone', { received: own.received, day: showDay(own.receivedOn!) })) : t('nothingSentToYou', { unit: place.unit.name })
  return (
    <Shell section="materials" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} unitHref={(code) => addressOf(`/materials/${material.id}/copies`, { unit: code })} backHref={`/materials/${material.id}`}>
      <Eyebrow>{t('copiesEyebrow', { title: material.title, unit: place.unit.name })}</Eyebrow>
      <h1>{rows.length === 0 ? ownAnswer : sent.length === 0 ? t('copiesTitleNone') : t('copiesTitle', { reached: whole, units: sent.length })}</h1>
      {(late > 0 || short > 0) && <Lede>{[late > 0 && t('copiesLate', { count: late }), short > 0 && t('copiesShortAll', { count: short })].filter(Boolean).join('. ')}</Lede>}
      <ProblemList problems={refused?.problems} />
      <Grid>
        {(own || rows.length === 0) && <Receiving {...loaderData} refused={refused} />}
        {rows.length > 0 && (
          <Column span={12} id="beneath" title={t('copies')}>
            <CopiesTable {...loaderData} />
          </Column>
        )}
        {rows.length > 0 && (
          <Column span={12} id="send" title={t('send')}>
            {againstSending ? <Notice>{againstSending}</Notice> : <SendForm {...loaderData} refused={refused} />}
          </Column>
        )}
      </Grid>
    </Shell>
  )
}

function Receiving({ material, place, own, isOwnLate, today, againstReceiving, refused }: Data & { refused: Answer | undefined }) {
  const t = materialWords.in(useLanguage())
  if (!own) {
    return (
      <Column span={8} id="receive" title={t('receive')}>
        <EmptyState title={t('nothingSentToYou', { unit: place.unit.name })} />
      </Column>
    )
  }
  const typed = (name: string, first: string) => (refused && 'received' in refused.values ? (refused.values[name] ?? '') : first)
  return (
    <Column span={8} id="receive" title={t('receive')}>
      <p className={isOwnLate ? 'attn' : undefined}>
        {t('receiveTitle', { from: own.fromUnitName, sent: own.sent, day: showDay(own.sentOn) })}
        {own.reachBy && `. ${t('fieldReachBy')} ${showDay(own.reachBy)}.`}
      </p>
      {own.received !== null && <p>{t('receiveDone', { received: own.received, day: showDay(own.receivedOn!) })}{own.short ? `, ${t('copiesShort', { count: own.short })}` : ''}.</p>}
      {againstReceiving ? (
        <Notice>{againstReceiving}</Notice>
      ) : (
        <form method="post" action={addressOf(`/materials/${material.id}/copies`, { unit: place.unit.code, do: 'receive' })}>
          <input type="hidden" name="materialId" value={material.id} />
          <input type="hidden" name="unitCode" value={place.unit.code} />
          <Field name="received" label={t('received')} inputMode="numeric" value={typed('received', String(own.received ?? own.sent))} problem={refused?.problems['received']} isRequired maxLength={7} />
          <DayField name="receivedOn" label={t('receivedOn')} value={typed('receivedOn', own.receivedOn ?? today)} problem={refused?.problems['receivedOn']} isRequired />
          <Field name="note" label={t('receivedNote')} value={typed('note', own.note ?? '')} problem={refused?.problems['note']} maxLength={500} />
          <div className="after-lede">
            <Button kind={own.received === null ? 'primary' : 'plain'} isWide>
              {t(own.received === null ? 'receiveAction' : 'receiveAgain')}
            </Button>
          </div>
        </form>
      )}
    </Column>
  )
}

function CopiesTable({ material, campaignCode, rows, today }: Data) {
  const language = useLanguage()
  const t = materialWords.in(language)
  const number = (value: number | null | undefined) => (value === null || value === undefined ? '–' : showCount(value, language))
  const copiesHref = (row: CopiesRow) => addressOf(`/materials/${material.id}/copies`, { unit: row.code })
  return (
    <DataTable
      isCards
      caption={t('copies')}
      isCaptionHidden
      columns={[
        { label: t('column.unit') },
        { label: t('column.state') },
        { label: t('column.members'), isFigure: true, isDeskOnly: true },
        { label: t('column.sent'), isFigure: true },
        { label: t('column.received'), isFigure: true },
        { label: t('column.short'), isFigure: true, isDeskOnly: true },
        { label: t('column.reached'), isFigure: true, isDeskOnly: true },
      ]}
      rows={rows.map((row) => ({
        id: row.unitId,
        note: row.copies?.note,
        cells: [
          <a key="unit" href={copiesHref(row)}>
            {row.name}
          </a>,
          <span key="state" className={row.isLate ? 'attn' : 'q2'}>
            {stateOf(row, today, t)}
          </span>,
          <Count key="members" value={row.members} href={figureAddress(campaignCode, 'expected', { unit: row.code, asOf: today })} />,
          <FigureLink key="sent" href={row.copies && copiesHref(row)}>
            {number(row.copies?.sent)}
          </FigureLink>,
          <FigureLink key="received" href={row.copies && copiesHref(row)}>
            {number(row.copies?.received)}
          </FigureLink>,
          row.copies?.short ? <b key="short" className="attn">{number(row.copies.short)}</b> : number(row.copies?.short),
          <Count key="reached" value={row.reached} href={figureAddress(campaignCode, 'reached-in-time', { unit: row.code, asOf: today })} />,
        ],
      }))}
    />
  )
}

function stateOf({ copies, isLate: late }: CopiesRow, today: Day, t: ReturnType<typeof materialWords.in>): string {
  if (!copies) return t('state.none')
  if (copies.receivedOn) return t(late ? 'state.receivedLate' : 'state.received', { day: showDay(copies.receivedOn) })
  return late && copies.reachBy && copies.reachBy < today ? t('state.late', { day: showDay(copies.reachBy) }) : t('state.waiting')
}

function SendForm({ material, place, rows, today, refused }: Data & { refused: Answer | undefined }) {
  const t = materialWords.in(useLanguage())
  const open = rows.filter((row) => (row.copies?.received ?? null) === null)
  const typed = (name: string, first: string) => (refused && 'sentOn' in refused.values ? (refused.values[name] ?? '') : first)
  return (
    <form method="post">
      <p className="sm q2">{t('sendHint')}</p>
      <input type="hidden" name="materialId" value={material.id} />
      <input type="hidden" name="unitCode" value={place.unit.code} />
      <DayField name="sentOn" label={t('sentOn')} value={typed('sentOn', today)} problem={refused?.problems['sentOn']} isRequired />
      <div className="fields-in-columns">
      {open.map((row, index) => (
        <div key={row.unitId}>
          <input type="hidden" name={`copies.${index}.unitCode`} value={row.code} />
          <Field
            name={`copies.${index}.sent`}
            label={row.name}
            inputMode="numeric"
            value={typed(`copies.${index}.sent`, row.copies ? String(row.copies.sent) : '')}
            problem={refused?.problems[`copies.${index}.sent`]}
            maxLength={7}
          />
        </div>
      ))}
      </div>
      <div className="after-lede">
        <Button kind="primary" isWide>
          {t('sendAction')}
        </Button>
      </div>
    </form>
  )
}
