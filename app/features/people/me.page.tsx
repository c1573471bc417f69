import type { Route } from './+types/me.page'
import { showInstant } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { Buttons, ButtonLink } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { Figures } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Shell } from '../../web/shell.tsx'
import { DefinitionList } from '../../web/trail.tsx'
import { webWords } from '../../web/web.messages.ts'
import { ownRecord, type OwnRecord } from './own-record.server.ts'
import { peopleWords } from './people.messages.ts'
import { belongingItems, Marks, Rosters } from './record-parts.tsx'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx) => {
    const record = await ownRecord(ctx)
    const { timeZone } = args.context.get(appContext).config
    return { record: { ...record, marks: record.marks.map((mark) => ({ ...mark, recordedAt: showInstant(mark.recordedAt, timeZone) })) } }
  })

export function meta({ matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  return [{ title: `${peopleWords.in(language)('title')} · ${webWords.in(language)('appName')}` }]
}

export default function MePage({ loaderData: { record } }: Route.ComponentProps) {
  const t = peopleWords.in(useLanguage())
  return (
    <Shell section="me">
      <Eyebrow>{t('title')}</Eyebrow>
      <h1>{t('mine', { name: record.person.name })}</h1>
      <div className="after-lede">
        <Buttons>
          <ButtonLink href="/rights">{t('toRights')}</ButtonLink>
          <ButtonLink href="/me/held">{t('toHeld')}</ButtonLink>
        </Buttons>
      </div>
      <Grid>
        <Column span={6} id="held" title={t('held')}>
          <DefinitionList items={heldOf(record, t)} />
          <p className="sm q2 after-lede">{t('wrong')}</p>
        </Column>
        <Column span={6} id="rosters" title={t('roster')}>
          <Rosters rosters={record.rosters} />
        </Column>
        <Column span={12} id="marks" title={t('marks')}>
          <Marks marks={record.marks} />
        </Column>
      </Grid>
    </Shell>
  )
}

type Say = ReturnType<typeof peopleWords.in>

function heldOf({ person, ...record }: Pick<OwnRecord, 'person' | 'memberships' | 'offices'>, t: Say) {
  return [
    { term: t('name'), value: <>{person.name}{person.bornOn && <>, <Figures>{person.bornOn.slice(0, 4)}</Figures></>}</> },
    ...(person.cardNumber ? [{ term: t('card'), value: <Figures>{person.cardNumber}</Figures> }] : []),
    ...(person.phone ? [{ term: t('phone'), value: <Figures>{person.phone}</Figures> }] : []),
    ...belongingItems(record, t),
  ]
}
