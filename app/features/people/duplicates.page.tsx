import type { Route } from './+types/duplicates.page'
import { showDay } from '../../platform/clock.ts'
import { addressOf } from '../../web/addresses.ts'
import { Button, Buttons } from '../../web/button.tsx'
import { DataTable, Pagination } from '../../web/data-table.tsx'
import { Figures } from '../../web/figure.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { EmptyState, ProblemList } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { duplicatePairs, mergePeople, tellApart, undoMerge, type Entry, type Pair } from './merges.server.ts'
import { peopleWords } from './people.messages.ts'
import { Distinction, Merge, MergeUndo } from './people.schema.ts'

const onOnePage = 10

export const loader = (args: Route.LoaderArgs) =>
  read(args, async ({ tx }, { url }) => {
    const page = Math.max(1, Math.min(1000, Number(url.searchParams.get('page')) || 1))
    const { pairs, total } = await duplicatePairs(tx, { limit: onOnePage, offset: (page - 1) * onOnePage })
    return { pairs, total, page, pages: Math.ceil(total / onOnePage) }
  })

export function action(args: Route.ActionArgs) {
  const here = '/people/duplicates'
  switch (new URL(args.request.url).searchParams.get('do')) {
    case 'apart':
      return write(args, Distinction, tellApart, { to: () => here, saved: () => peopleWords.say('toldApart') })
    case 'part':
      return write(args, MergeUndo, undoMerge, { to: ({ keptId }) => `/people/${keptId}`, saved: () => peopleWords.say('parted') })
    default:
      return write(args, Merge, mergePeople, {
        to: (_, { keptId }) => `/people/${keptId}`,
        saved: () => peopleWords.say('merged'),
        undo: ({ mergeId }) => ({ action: `${here}?do=part`, fields: { mergeId } }),
      })
  }
}

export function meta({ matches }: Route.MetaArgs) {
  return [{ title: `${peopleWords.in(languageIn(matches))('duplicates')} · ${webWords.in(languageIn(matches))('appName')}` }]
}

export default function DuplicatesPage({ loaderData, actionData }: Route.ComponentProps) {
  const { pairs, total, page, pages } = loaderData
  const t = peopleWords.in(useLanguage())
  return (
    <Shell section="people">
      <Eyebrow>
        <a href="/people">{t('members')}</a>
      </Eyebrow>
      <h1>{total === 0 ? t('duplicatesNone') : t('duplicatesCount', { count: total })}</h1>
      {total > 0 && <Lede>{t('duplicatesLead')}</Lede>}
      <ProblemList problems={actionData?.problems} />
      {total === 0 && (
        <div className="after-lede">
          <EmptyState title={t('duplicatesNoneTitle')}>{t('duplicatesNoneHint')}</EmptyState>
        </div>
      )}
      <div className="stack after-lede">
        {pairs.map((pair) => (
          <Compared key={pair.one.personId + pair.other.personId} {...pair} />
        ))}
      </div>
      <Pagination page={page} pages={pages} hrefOf={(number) => addressOf('/people/duplicates', { page: String(number) })} />
    </Shell>
  )
}

/** Two entries side by side; one keeps its name and takes everything, or they are two people. */
function Compared({ by, one, other }: Pair) {
  const t = peopleWords.in(useLanguage())
  const row = (label: string, shown: (entry: Entry) => React.ReactNode, isAlike = false) => ({
    id: label,
    cells: [label, ...[one, other].map((entry, index) => (isAlike ? <b key={index}>{shown(entry)}</b> : <span key={index}>{shown(entry)}</span>))],
  })
  return (
    <section aria-label={`${one.name}, ${other.name}`}>
      <h2>{t(`pairBy.${by}`)}</h2>
      <DataTable
        columns={[{ label: '' }, { label: <a href={`/people/${one.personId}`}>{one.name}</a> }, { label: <a href={`/people/${other.personId}`}>{other.name}</a> }]}
        rows={[
          row(t('bornOn'), (entry) => entry.bornOn && <Figures>{showDay(entry.bornOn)}</Figures>, by === 'birth'),
          row(t('card'), (entry) => entry.cardNumber && <Figures>{entry.cardNumber}</Figures>, by === 'card'),
          row(t('phone'), (entry) => entry.phone && <Figures>{entry.phone}</Figures>, by === 'phone'),
          row(t('membership'), (entry) => entry.unitName),
        ]}
      />
      <div className="after-lede">
        <Buttons>
          {[
            [one, other] as const,
            [other, one] as const,
          ].map(([kept, gone], index) => (
            <form key={kept.personId} method="post" action="/people/duplicates?do=merge">
              <input type="hidden" name="keptId" value={kept.personId} />
              <input type="hidden" name="goneId" value={gone.personId} />
              <input type="hidden" name="keptVersion" value={kept.version} />
              <input type="hidden" name="goneVersion" value={gone.version} />
              <Button label={t('mergeInto', { name: kept.name, unit: kept.unitName ?? '' })}>{index === 0 ? t('mergeFirst') : t('mergeSecond')}</Button>
            </form>
          ))}
          <form method="post" action="/people/duplicates?do=apart">
            <input type="hidden" name="oneId" value={one.personId} />
            <input type="hidden" name="otherId" value={other.personId} />
            <Button kind="quiet">{t('areTwo')}</Button>
          </form>
        </Buttons>
      </div>
    </section>
  )
}
