import type { Route } from './+types/import.page'
import { showInstant } from '../../platform/clock.ts'
import { addressOf } from '../../web/addresses.ts'
import { appContext } from '../../web/context.ts'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice } from '../../web/notice.tsx'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write, type Answer } from '../../web/write.server.ts'
import { Elsewhere, Choices, Progress, RowTable, Summary, Understood } from './import-parts.tsx'
import { importWords } from './imports.messages.ts'
import { ImportChosen, ImportDecisions, verdicts } from './imports.schema.ts'
import { askForImport, cancelImport, decideRows, importById, readAgain, rowsOf } from './imports.server.ts'
import { afterwards } from './page-work.server.ts'
import { viewOf } from './row-wording.ts'

const onOnePage = 50
const shown = 5

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const { timeZone } = args.context.get(appContext).config
    const head = await importById(ctx, idOf(params.id))
    const hasSheets = (head.found?.tables.length ?? 0) > 1
    const only = verdicts.find((verdict) => verdict === url.searchParams.get('rows')) ?? null
    const page = Math.min(10_000, Math.max(1, Math.floor(Number(url.searchParams.get('page'))) || 1))
    const views = async (verdict: (typeof verdicts)[number], most: number, offset = 0) => (await rowsOf(ctx, head.id, { verdict, most, offset })).map((row) => viewOf(row, head.kind, hasSheets, language))
    const isShown = head.state === 'checked' || head.state === 'imported'
    const lists = !isShown || !head.counts ? [] : only ? [{ verdict: only, rows: await views(only, onOnePage, (page - 1) * onOnePage) }] : await Promise.all(verdicts.filter((verdict) => verdict !== 'unchanged' && head.counts![verdict] > 0).map(async (verdict) => ({ verdict, rows: await views(verdict, verdict === 'bad' ? 20 : shown) })))
    const { refusal, createdAt, ...rest } = head
    return { ...rest, refusal: refusal?.[language] ?? null, at: showInstant(createdAt, timeZone), lists, only, page, pages: only && head.counts ? Math.ceil(head.counts[only] / onOnePage) : 1 }
  })

export async function action(args: Route.ActionArgs) {
  const id = args.params.id
  const here = () => `/imports/${id}`
  const work = (operation: typeof askForImport, key: 'saved.importing' | 'saved.again') => afterwards(args, () => id, () => write(args, ImportChosen, operation, { to: here, saved: () => importWords.say(key) }))
  switch (new URL(args.request.url).searchParams.get('do')) {
    case 'cancel':
      return write(args, ImportChosen, cancelImport, { to: () => '/imports', saved: () => importWords.say('saved.cancelled') })
    case 'decide':
      return afterwards(args, () => id, () => write(args, ImportDecisions, decideRows, { to: here, saved: (_, { decisions }) => importWords.say('saved.decided', { count: decisions.length }) }))
    case 'again':
      return work(readAgain, 'saved.again')
    default:
      return work(askForImport, 'saved.importing')
  }
}

export function meta({ matches, loaderData }: Route.MetaArgs) {
  const isWaiting = loaderData?.state === 'waiting' || loaderData?.state === 'working'
  return [
    { title: `${loaderData?.fileName ?? importWords.in(languageIn(matches))('title')} · ${webWords.in(languageIn(matches))('appName')}` },
    ...(isWaiting ? [{ httpEquiv: 'refresh', content: '1' }] : []), // without script the page looks again by itself
  ]
}

export default function ImportPage({ loaderData, actionData }: Route.ComponentProps) {
  const page = loaderData
  const t = importWords.in(useLanguage())
  const problem = Object.values((actionData as Answer | undefined)?.problems ?? {})[0]
  return (
    <Shell section="imports">
      <Eyebrow>
        {t('eyebrow', { kind: t(`kind.${page.kind}`), file: page.fileName })}, <span className="n">{page.at}</span>
      </Eyebrow>
      <h1>{headingOf(page, t)}</h1>
      {problem && <Notice isAttention role="alert">{problem}</Notice>}
      {page.refusal && <Notice isAttention role="alert">{page.refusal}</Notice>}
      {page.state === 'waiting' || page.state === 'working' ? <Progress page={page} /> : <Answered page={page} />}
    </Shell>
  )
}

export type ImportData = Route.ComponentProps['loaderData']

function Answered({ page }: { page: ImportData }) {
  const t = importWords.in(useLanguage())
  const { counts, state } = page
  if (!counts || state === 'refused' || state === 'cancelled') return <Elsewhere page={page} />
  const lede = state === 'imported' ? t('ledeImported', { receipt: String(page.receipt ?? ''), unchanged: counts.unchanged }) : counts.bad > 0 ? t('ledeBad') : counts.new + counts.changed === 0 ? t('ledeSame') : t('ledeGood')
  if (page.only) {
    return (
      <>
        <p className="lede"><a href={addressOf(`/imports/${page.id}`, {})}>{t('back')}</a></p>
        <Grid>
          {page.lists.map((list) => <RowTable key={list.verdict} page={page} {...list} />)}
        </Grid>
      </>
    )
  }
  return (
    <>
      <Lede>{lede}</Lede>
      <Choices page={page} />
      <Grid>
        <Summary page={page} />
        {page.lists.map((list) => <RowTable key={list.verdict} page={page} {...list} />)}
        <Understood page={page} />
      </Grid>
    </>
  )
}

function headingOf({ state, task, counts, total }: ImportData, t: ReturnType<typeof importWords.in>): string {
  switch (state) {
    case 'waiting':
      return t('waitingTitle')
    case 'working':
      return task === 'import' ? t('importingTitle', { total }) : t('readingTitle')
    case 'refused':
      return t('answerRefused')
    case 'cancelled':
      return t('answerCancelled')
    case 'imported':
      return t('answerImported', { new: counts!.new, changed: counts!.changed })
    case 'checked': {
      const good = counts!.new + counts!.changed + counts!.unchanged
      if (counts!.bad > 0) return t('answerBad', { bad: counts!.bad, total: good + counts!.bad })
      return counts!.new + counts!.changed === 0 ? t('answerSame', { total: good }) : t('answerGood', { good })
    }
  }
}
