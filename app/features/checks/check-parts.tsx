import { Fragment } from 'react'
import { Button, Buttons, type ButtonKind } from '../../web/button.tsx'
import { DataTable } from '../../web/data-table.tsx'
import { TextField } from '../../web/field.tsx'
import { useLanguage } from '../../web/language.ts'
import type { Problems } from '../../web/problems.ts'
import type { Card, CheckView, Piece, Place, Right } from './check-view.ts'
import { checksWords } from './checks.messages.ts'
import { largestFile } from '../../platform/reading/limits.ts'

/** A text to paste or a file to choose; a file is dropped on its field, which browsers do without script. */
export function CheckForm({ text, problems }: { text: string; problems: Problems | null | undefined }) {
  const t = checksWords.in(useLanguage())
  return (
    <form method="post" action="/check" encType="multipart/form-data" className="to-check">
      <TextField name="text" label={t('paste')} hint={t('pasteHint')} value={text} rows={12} problem={problems?.['text']} />
      <div className="field">
        <label className="lab" htmlFor="file">
          {t('orFile')}
        </label>
        <span className="hint" id="file-hint">
          {t('orFileHint', { megabytes: largestFile / 1024 / 1024 })}
        </span>
        {problems?.['file'] && (
          <span className="hint attn" id="file-problem">
            {problems['file']}
          </span>
        )}
        <input type="file" className="drop" name="file" id="file" accept=".txt,.docx,.xlsx,.pdf" aria-describedby={problems?.['file'] ? 'file-problem file-hint' : 'file-hint'} />
      </div>
      <Buttons>
        <Button kind="primary" isWide>{t('check')}</Button>
      </Buttons>
    </form>
  )
}

/** The text as it came, its places marked and numbered; each number leads to the reason and back. */
export function MarkedText({ paragraphs, isLong }: { paragraphs: Piece[][]; isLong: boolean }) {
  const t = checksWords.in(useLanguage())
  return (
    <div className={isLong ? 'text long' : 'text'}>
      {paragraphs.map((pieces, at) => (
        <p key={at}>
          {pieces.map(({ text, place, isFirst, isLast }, index) =>
            place ? (
              <mark key={index} className={markOf[place.kind]} id={isFirst ? `${place.kind === 'right' ? 'right' : 'place'}-${place.number}` : undefined}>
                {place.kind === 'right' && place.reason !== null ? <a href={`#sum-${place.reason}`}>{text}</a> : text}
                {isLast && place.kind !== 'right' && (
                  <sup>
                    <a href={`#why-${place.number}`} aria-label={t('toReason', { number: place.number })}>
                      {place.number}
                    </a>
                  </sup>
                )}
              </mark>
            ) : (
              <Fragment key={index}>{text}</Fragment>
            ),
          )}
        </p>
      ))}
    </div>
  )
}

const markOf: Record<Place['kind'], string | undefined> = { fault: 'bad', note: 'unk', right: undefined }

/** What the kinds of marks mean, each by the first of the text; nothing where there is none. */
export function Legend({ fault, note, right }: CheckView['samples']) {
  const t = checksWords.in(useLanguage())
  if (fault === null && note === null && right === null) return null
  return (
    <ul className="legend xs q2">
      {fault !== null && (
        <li>
          <mark className="bad">{fault}</mark> {t('legendBad')}
        </li>
      )}
      {right !== null && (
        <li>
          <mark>{right}</mark> {t('legendRight')}
        </li>
      )}
      {note !== null && (
        <li>
          <mark className="unk">{note}</mark> {t('legendUnk')}
        </li>
      )}
    </ul>
  )
}

/** Why each place is marked, in the order of the text. */
export function Reasons({ cards, right, more, mayMend }: { cards: Card[]; right: Right; more: number; mayMend: boolean }) {
  const t = checksWords.in(useLanguage())
  const withMost = mayMend ? cards.findIndex((card) => card.mends.length > 0) : -1 // one primary action a page
  return (
    <>
      {cards.length === 0 && (
        <div className="finding first">
          <h3>{t('nothing')}</h3>
          <p className="q2">{t('nothingBody')}</p>
        </div>
      )}
      {cards.map((card, at) => (
        <Reason key={card.numbers[0]} card={card} isFirst={at === 0} mayMend={mayMend} isPrimary={at === withMost} />
      ))}
      {more > 0 && <p className="finding q2">{t('more', { count: more })}</p>}
      {right.sums.length > 0 && <RightFigures right={right} />}
    </>
  )
}

/** The sums that came out right, each with the way back to its first figure. */
function RightFigures({ right: { figures, sums, more } }: { right: Right }) {
  const t = checksWords.in(useLanguage())
  return (
    <div className="finding">
      <h3>{t('right', { count: figures })}</h3>
      <ul className="sums">
        {sums.map(({ reason, figure, sentence }) => (
          <li key={reason} id={`sum-${reason}`} className="n">
            <a className="fig" href={`#right-${figure}`}>
              {sentence}
            </a>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="q2">{t('moreRight', { count: more })}</p>}
    </div>
  )
}

function Reason({ card: { numbers, title, sentences, rows, mends }, isFirst, mayMend, isPrimary }: { card: Card; isFirst: boolean; mayMend: boolean; isPrimary: boolean }) {
  const t = checksWords.in(useLanguage())
  const hasMends = mayMend && rows.some(({ mend }) => mend !== null) && mends.length > 1
  const inRows = new Set(rows.map(({ number }) => number))
  return (
    <div className={isFirst ? 'finding first' : 'finding'}>
      <h3>
        {numbers.filter((number) => !inRows.has(number)).map((number) => (
          <span key={number} id={`why-${number}`} />
        ))}
        {numbers.length === 1 ? <BackLink number={numbers[0]!}>.</BackLink> : `${numbers[0]}–${numbers.at(-1)}.`} {title}
      </h3>
      {rows.length > 0 && (
        <DataTable
          isSmall
          columns={[{ label: t('columnPlace') }, { label: t('columnPrinted'), isFigure: true }, { label: t('columnRight'), isFigure: true }, ...(hasMends ? [{ label: <span className="vh">{t('mendOne')}</span>, isFigure: true }] : [])]}
          rows={rows.map(({ number, printed, expected, sentence, mend }) => ({
            id: String(number),
            cells: [<span key="place" id={`why-${number}`}><BackLink number={number} /></span>, <span key="printed" className="attn">{printed}</span>, <b key="right">{expected}</b>, ...(hasMends ? [mend !== null && <MendButton key="mend" mends={[mend]} kind="quiet" label={t('mendTo', { printed, expected })}>{t('mendOne')}</MendButton>] : [])],
            note: sentence,
          }))}
        />
      )}
      {sentences.map((sentence) => (
        <p key={sentence} className="q2">
          {sentence}
        </p>
      ))}
      {mayMend && mends.length > 0 && (
        <Buttons>
          <MendButton mends={mends} kind={isPrimary ? 'primary' : 'plain'}>{t('mendAll', { count: mends.length })}</MendButton>
        </Buttons>
      )}
    </div>
  )
}

function MendButton({ mends, kind, label, children }: { mends: number[]; kind: ButtonKind; label?: string; children: string }) {
  return (
    <Button kind={kind} form="mend" name="mend" value={mends.join(',')} {...(label ? { label } : {})}>
      {children}
    </Button>
  )
}

/** What the buttons beside the reasons send: the text, which is nowhere kept. */
export function MendForm({ text }: { text: string }) {
  return (
    <form method="post" action="/check" encType="multipart/form-data" id="mend">
      <input type="hidden" name="text" value={text} />
    </form>
  )
}

/** The text with numbered remarks, to be sent to whoever wrote it. */
export function Remarks({ text }: { text: string }) {
  const t = checksWords.in(useLanguage())
  return (
    <details className="part">
      <summary>{t('remarks')}</summary>
      <p className="sm q2" id="remarks-hint">
        {t('remarksHint')}
      </p>
      <textarea id="remarks" rows={10} readOnly defaultValue={text} aria-label={t('remarks')} aria-describedby="remarks-hint" />
      <p data-needs-script hidden>
        <button type="button" className="btn" data-copy="remarks" data-copied={t('copied')}>
          {t('copy')}
        </button>
      </p>
    </details>
  )
}

function BackLink({ number, children }: { number: number; children?: string }) {
  const t = checksWords.in(useLanguage())
  return (
    <a className="fig" href={`#place-${number}`} aria-label={t('toText', { number })}>
      {number}
      {children}
    </a>
  )
}
