import type { ReactNode } from 'react'
import { addressOf } from '../../web/addresses.ts'
import { Button, Buttons, ButtonLink } from '../../web/button.tsx'
import { DataTable, Pagination } from '../../web/data-table.tsx'
import { SelectField } from '../../web/field.tsx'
import { Figures } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { ShareBar } from '../../web/share-bar.tsx'
import { Column } from '../../web/shell.tsx'
import type { ImportData } from './import.page.tsx'
import { importWords } from './imports.messages.ts'
import type { Verdict } from './imports.schema.ts'
import { limits } from './reading/limits.ts'
import type { RowView } from './row-wording.ts'

type Page = { page: ImportData }
type Say = ReturnType<typeof importWords.in>

/** How far it is; the page looks again by itself and may be left. */
export function Progress({ page }: Page) {
  const t = importWords.in(useLanguage())
  const { task, state, done, total } = page
  return (
    <>
      {state === 'working' && total > 0 && task === 'read' && <p className="lede" role="status">{t('readingRows', { done, total })}</p>}
      {state === 'working' && total > 0 && <ShareBar numerator={done} denominator={total} />}
      <p className="lede">{t('leave')}</p>
      <Buttons>
        <Post page={page} action="cancel">{t('cancel')}</Post>
      </Buttons>
    </>
  )
}

/** What can be done with a file that was refused or given up. */
export function Elsewhere({ page }: Page) {
  const t = importWords.in(useLanguage())
  return (
    <Buttons>
      <ButtonLink kind="primary" isWide href={addressOf('/imports', { kind: page.kind })}>{t('another')}</ButtonLink>
      <ButtonLink href={`/imports/templates/${page.kind}.xlsx`} download>{t('template')}</ButtonLink>
    </Buttons>
  )
}

/** The one thing to do next, and what else is possible. */
export function Choices({ page }: Page) {
  const t = importWords.in(useLanguage())
  const { state, counts, kind, id, isSwept } = page
  if (state === 'imported') return <Elsewhere page={page} />
  const { bad, new: added, changed, unchanged } = counts!
  const remarks = (all: boolean) => `/imports/${id}/remarks.xlsx${all ? '?all=1' : ''}`
  return (
    <>
      <Buttons>
        {bad > 0 && <ButtonLink kind="primary" isWide href={remarks(false)} download>{t('remarks')}</ButtonLink>}
        {bad > 0 && <ButtonLink href={remarks(true)} download>{t('remarksAll')}</ButtonLink>}
        {bad === 0 && added + changed > 0 && <Post page={page} kind="primary" isWide>{t('import', { count: added + changed })}</Post>}
        <ButtonLink kind={bad === 0 && added + changed === 0 ? 'primary' : 'plain'} href={addressOf('/imports', { kind })}>{t(bad > 0 ? 'corrected' : 'another')}</ButtonLink>
        {!isSwept && <Post page={page} action="again" kind="quiet">{t('again')}</Post>}
        <Post page={page} action="cancel" kind="quiet">{t('cancel')}</Post>
      </Buttons>
      {bad === 0 && added + changed > 0 && <p className="sm q2 after-lede">{t('importNote', { new: added, changed, unchanged })}</p>}
    </>
  )
}

function Post({ page, action, kind, isWide, children }: Page & { action?: 'cancel' | 'again'; kind?: 'primary' | 'quiet'; isWide?: boolean; children: string }) {
  return (
    <form method="post" action={addressOf(`/imports/${page.id}`, { do: action })}>
      <input type="hidden" name="id" value={page.id} />
      <Button kind={kind ?? 'plain'} isWide={isWide ?? false}>{children}</Button>
    </form>
  )
}

/** How many rows of each verdict, each opening to its rows. */
export function Summary({ page }: Page) {
  const t = importWords.in(useLanguage())
  const counts = page.counts!
  const total = counts.bad + counts.new + counts.changed + counts.unchanged
  const mended = mendedOf(page, t)
  return (
    <>
      <Column span={5} id="summary" title={t('summary')}>
        <DataTable
          caption={t('summary')}
          isCaptionHidden
          columns={[{ label: t('verdictOf') }, { label: t('rows'), isFigure: true }]}
          rows={(['bad', 'new', 'changed', 'unchanged'] as const).map((verdict) => ({
            id: verdict,
            cells: [
              <span key="verdict" className={verdict === 'bad' && counts.bad > 0 ? 'attn' : undefined}>{t(`verdict.${verdict}`)}</span>,
              counts[verdict] > 0 && !page.isSwept ? <a key="rows" className="fig" href={addressOf(`/imports/${page.id}`, { rows: verdict })}><Figures>{t('count', { count: counts[verdict] })}</Figures></a> : <Figures key="rows">{t('count', { count: counts[verdict] })}</Figures>,
            ],
          }))}
          total={{ id: 'total', cells: [t('all'), <Figures key="rows">{t('count', { count: total })}</Figures>] }}
        />
      </Column>
      <Column span={7} id="mended" title={t('mended')}>
        {mended.length === 0 ? <p className="q2">{t('mendedNone')}</p> : <ul className="rights">{mended.map((line) => <li key={line}>{line}</li>)}</ul>}
      </Column>
    </>
  )
}

function mendedOf({ found, counts }: ImportData, t: Say): string[] {
  return [
    ...(['tcvn3', 'vni'] as const).filter((encoding) => (found?.converted[encoding] ?? 0) > 0).map((encoding) => t(encoding, { count: found!.converted[encoding] })),
    ...Object.entries(counts!.notes).filter(([note]) => note !== 'converted').map(([note, count]) => t(`note.${note}` as 'note.yearOnly', { count })),
  ]
}

/** Rows of one verdict: where, who, and what is wrong or will be done. */
export function RowTable({ page, verdict, rows }: Page & { verdict: Verdict; rows: RowView[] }) {
  const t = importWords.in(useLanguage())
  const total = page.counts![verdict]
  const hrefOf = (number: number) => addressOf(`/imports/${page.id}`, { rows: verdict, page: String(number) })
  const isPart = !page.only && rows.length < total
  const asks = rows.some(({ choices }) => choices.length > 0) && !page.isSwept && page.state === 'checked'
  const table = (
    <DataTable
      caption={isPart ? t('firstOf', { shown: rows.length, total }) : t(`${verdict}Rows`)}
      isCaptionHidden={!isPart}
      isCards
      columns={[{ label: t('who') }, { label: t('row'), isFigure: true }, { label: t(verdict === 'bad' ? 'problem' : 'plan') }]}
      rows={rows.map(({ position, place, who, about, lines, choices }, at) => ({
        id: String(position),
        note: about,
        cells: [who, place, <Lines key="lines" lines={lines}>{asks && choices.length > 0 && <Decision at={at} position={position} who={who} choices={choices} />}</Lines>],
      }))}
    />
  )
  return (
    <Column span={12} id={verdict} title={t(`${verdict}Rows`)} action={isPart && <ButtonLink kind="quiet" href={addressOf(`/imports/${page.id}`, { rows: verdict })}>{t('allOf', { total })}</ButtonLink>}>
      {page.isSwept ? (
        <p className="q2">{t('gone')}</p>
      ) : asks ? (
        <form method="post" action={addressOf(`/imports/${page.id}`, { do: 'decide' })} aria-label={t('decide')}>
          <input type="hidden" name="id" value={page.id} />
          {table}
          <p className="sm q2 after-lede">{t('decideNote')}</p>
          <Buttons>
            <Button>{t('decide')}</Button>
          </Buttons>
        </form>
      ) : (
        table
      )}
      {page.only && <Pagination page={page.page} pages={page.pages} hrefOf={hrefOf} />}
    </Column>
  )
}

const Lines = ({ lines, children }: { lines: string[]; children?: ReactNode }) => (
  <div className="row-lines">
    {lines.map((line) => (
      <p key={line}>{line}</p>
    ))}
    {children}
  </div>
)

/** The one person, or another: asked beside the row. */
function Decision({ at, position, who, choices }: Pick<RowView, 'position' | 'who' | 'choices'> & { at: number }) {
  const t = importWords.in(useLanguage())
  return (
    <>
      <input type="hidden" name={`decisions.${at}.position`} value={position} />
      <SelectField name={`decisions.${at}.who`} id={`who-${position}`} label={t('whoIs', { name: who })} isEmptyAllowed options={choices} />
    </>
  )
}

/** Which row the headings were found in, what each column was taken for, and which rows were left out. */
export function Understood({ page }: Page) {
  const t = importWords.in(useLanguage())
  const { found } = page
  if (!found) return null
  const sheets = (key: 'withoutTable' | 'hiddenSheets', names: string[]) => names.filter(Boolean).length > 0 && <p className="sm q2 after-lede">{t(key, { sheets: names.join(', ') })}</p>
  return (
    <Column span={12} id="understood" title={t('understood')}>
      {found.tables.map(({ sheet, headRow, rows, columns }, index) => (
        <details key={index} open={found.tables.length === 1}>
          <summary>{sheet ? t('tableAt', { sheet, row: String(headRow), rows }) : t('tableCsv', { row: String(headRow), rows })}</summary>
          <DataTable
            caption={sheet}
            isCaptionHidden
            columns={[{ label: t('headingIn') }, { label: t('columns') }, { label: t('takenAs') }]}
            rows={columns.map(({ letter, heading, field }) => ({ id: letter, cells: [heading, letter, field && field !== 'other' ? t(`field.${field}`) : <span key="not" className="q3">{t('notTaken')}</span>] }))}
          />
        </details>
      ))}
      {sheets('withoutTable', found.without)}
      {sheets('hiddenSheets', found.hidden)}
      {found.skipped.length > 0 && (
        <details>
          <summary>{t('skipped', { count: found.skipped.length + found.left })}</summary>
          <ul className="rights">
            {found.skipped.map(({ sheet, number, text }) => (
              <li key={`${sheet}${number}`}>
                {found.tables.length > 1 ? t('rowOf', { sheet, row: String(number) }) : `${t('row')} ${number}`}: {text}
              </li>
            ))}
          </ul>
          {found.left > 0 && <p className="sm q2">{t('skippedMore', { count: found.left })}</p>}
        </details>
      )}
      <p className="sm q2 after-lede">{t('kept', { days: limits.keptDays })}</p>
    </Column>
  )
}
