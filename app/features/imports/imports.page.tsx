import type { Route } from './+types/imports.page'
import { showInstant } from '../../platform/clock.ts'
import { addressOf } from '../../web/addresses.ts'
import { Button, Buttons } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { DataTable } from '../../web/data-table.tsx'
import { DayField, RadioField, SelectField } from '../../web/field.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write, type Answer } from '../../web/write.server.ts'
import { importWords } from './imports.messages.ts'
import { importKinds, ImportUpload } from './imports.schema.ts'
import { bringFile, importRequestBytes, importsOf, kindsFor, unitsToChoose } from './imports.server.ts'
import { afterwards } from './page-work.server.ts'
import { limits } from './reading/limits.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url }) => {
    const { timeZone } = args.context.get(appContext).config
    const kinds = await kindsFor(ctx)
    const asked = importKinds.find((kind) => kind === url.searchParams.get('kind'))
    const units = kinds.length > 0 ? await unitsToChoose(ctx) : []
    const recent = await importsOf(ctx, 10)
    return {
      kinds,
      kind: asked && kinds.includes(asked) ? asked : (kinds[0] ?? null),
      units: units.map(({ code, name, above }) => ({ value: code, label: above ? `${name}, ${above}` : name })),
      unitCode: url.searchParams.get('unit') ?? (units.length === 1 ? units[0]!.code : ''),
      recent: recent.map(({ id, kind, fileName, state, createdAt }) => ({ id, kind, fileName, state, at: showInstant(createdAt, timeZone) })),
    }
  })

export async function action(args: Route.ActionArgs) {
  let id = ''
  return afterwards(args, () => id, () =>
    write(args, ImportUpload, async (ctx, { file, ...asked }) => (id = await bringFile(ctx, asked, { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })), {
      to: (made) => `/imports/${made}`,
      saved: () => importWords.say('saved.read'),
      limit: importRequestBytes,
    }),
  )
}

export function meta({ matches }: Route.MetaArgs) {
  return [{ title: `${importWords.in(languageIn(matches))('title')} · ${webWords.in(languageIn(matches))('appName')}` }]
}

export default function ImportsPage({ loaderData, actionData }: Route.ComponentProps) {
  const { kinds, recent } = loaderData
  const t = importWords.in(useLanguage())
  return (
    <Shell section="imports">
      <Eyebrow>{t('title')}</Eyebrow>
      <h1>{t('heading')}</h1>
      {kinds.length === 0 ? <Notice>{t('notAllowed')}</Notice> : <Lede>{t('lede')}</Lede>}
      {kinds.length > 0 && (
        <Grid>
          <section className="c7">
            <UploadForm page={loaderData} answer={actionData as Answer | undefined} />
          </section>
          <Column span={5} id="files" title={t('templates')}>
            <p className="sm q2 before-table">{t('templatesLede')}</p>
            <Files kinds={kinds} />
          </Column>
          <Column span={12} id="recent" title={t('recent')}>
            {recent.length === 0 ? <p className="q2">{t('recentNone')}</p> : <Recent recent={recent} />}
            <p className="sm q2 after-lede">{t('kept', { days: limits.keptDays })}</p>
          </Column>
        </Grid>
      )}
    </Shell>
  )
}

type Page = Route.ComponentProps['loaderData']

function UploadForm({ page, answer }: { page: Page; answer: Answer | undefined }) {
  const t = importWords.in(useLanguage())
  const { problems, values } = answer ?? { problems: {} as Answer['problems'], values: {} as Answer['values'] }
  const isOpen = Boolean(problems['unitCode'] ?? problems['effectiveOn'] ?? values['unitCode'] ?? (page.unitCode && page.units.length === 1))
  return (
    <form method="post" action="/imports" encType="multipart/form-data">
      <ProblemList problems={problems} />
      <RadioField name="kind" label={t('what')} options={page.kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`), hint: t(`kindHint.${kind}`) }))} value={values['kind'] ?? page.kind ?? undefined} problem={problems['kind']} />
      <div className="field">
        <label className="lab" htmlFor="file">{t('file')}</label>
        <span className="hint" id="file-hint">{t('fileHint')}</span>
        {problems['file'] && <span className="hint attn" id="file-problem">{problems['file']}</span>}
        <input type="file" className="drop" name="file" id="file" required accept=".xlsx,.xlsm,.csv,.txt,.tsv" aria-describedby={problems['file'] ? 'file-problem file-hint' : 'file-hint'} />
      </div>
      <details className="field" open={isOpen}>
        <summary className="sm">{t('more')}</summary>
        <SelectField name="unitCode" label={t('ofUnit')} hint={t('ofUnitHint')} options={page.units} isEmptyAllowed value={values['unitCode'] ?? page.unitCode} problem={problems['unitCode']} />
        <DayField name="effectiveOn" label={t('effectiveOn')} hint={t('effectiveHint')} value={values['effectiveOn']} problem={problems['effectiveOn']} />
      </details>
      <Buttons>
        <Button kind="primary" isWide>{t('check')}</Button>
      </Buttons>
    </form>
  )
}

function Files({ kinds }: Pick<Page, 'kinds'>) {
  const t = importWords.in(useLanguage())
  return (
    <DataTable
      caption={t('templates')}
      isCaptionHidden
      columns={[{ label: t('list') }, { label: t('template') }, { label: t('export') }]}
      rows={kinds.map((kind) => ({
        id: kind,
        cells: [
          t(`kind.${kind}`),
          <a key="template" href={`/imports/templates/${kind}.xlsx`} download aria-label={t('templateOf', { kind: t(`kind.${kind}`) })}>{t('template')}</a>,
          <span key="export" className="nb">
            <a href={`/imports/lists/${kind}.xlsx`} download aria-label={t('exportOf', { kind: t(`kind.${kind}`), format: 'Excel' })}>Excel</a>
            {' · '}
            <a href={`/imports/lists/${kind}.csv`} download aria-label={t('exportOf', { kind: t(`kind.${kind}`), format: 'CSV' })}>CSV</a>
          </span>,
        ],
      }))}
    />
  )
}

function Recent({ recent }: Pick<Page, 'recent'>) {
  const t = importWords.in(useLanguage())
  return (
    <DataTable
      caption={t('recent')}
      isCaptionHidden
      isCards
      columns={[{ label: t('fileName') }, { label: t('list') }, { label: t('state') }, { label: t('when'), isFigure: true }]}
      rows={recent.map(({ id, kind, fileName, state, at }) => ({ id, cells: [<a key="file" href={addressOf(`/imports/${id}`, {})}>{fileName}</a>, t(`kind.${kind}`), t(`state.${state}`), at] }))}
    />
  )
}
