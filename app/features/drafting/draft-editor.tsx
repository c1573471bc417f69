import { showDay } from '../../platform/clock.ts'
import { addressOf } from '../../web/addresses.ts'
import { Button } from '../../web/button.tsx'
import { CheckField, DayField, Field, TextField, Tick } from '../../web/field.tsx'
import { Figures } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { blockKinds, numbered, type BlockKind, type DraftBlock, type DraftTask } from './blocks.ts'
import type { DraftAnswer, DraftData } from './draft.page.tsx'
import { draftingWords } from './drafting.messages.ts'
import type { Body } from './drafting.server.ts'

type Typed = { answer: DraftAnswer; isConflict: boolean }
type Edited = { page: DraftData; body: Body; answer: DraftAnswer }

/** The whole document as one form: every button saves what is typed. After a refusal it shows what was typed, with what is saved beside it. */
export function Editor({ page, body, answer }: Edited) {
  const { head, recipients } = page
  const t = draftingWords.in(useLanguage())
  const isConflict = answer?.problems['version'] !== undefined
  const typed = { answer, isConflict }
  const value = (name: string, saved: string | null) => answer?.values[name] ?? saved
  const { version: _, ...problems } = answer?.problems ?? {}
  const problem = (name: string) => answer?.problems[name]
  return (
    <form method="post" action={`/drafts/${head.id}`} className="drafted" data-autosave data-draft={`document:${head.id}`} data-viewer={page.viewerId} data-version={head.version} data-unsaved={answer ? '' : undefined}>
      {isConflict && (
        <Notice isAttention role="alert" title={t('conflictTitle')}>
          {t('conflictBody')}
        </Notice>
      )}
      <ProblemList problems={problems} />
      <input type="hidden" name="documentId" value={head.id} />
      <input type="hidden" name="version" value={head.version} />
      <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      <TextField name="abstract" rows={2} label={t('abstract')} value={value('abstract', head.abstract)} problem={problem('abstract')} />
      {isConflict && <Theirs typed={answer?.values['abstract']} saved={head.abstract} />}
      <Parts page={page} blocks={body.blocks} {...typed} />
      <Tasks page={page} tasks={body.tasks} {...typed} />
      <fieldset className="part">
        <legend>{t('recipientsTitle')}</legend>
        <Tick name="toAllBeneath" label={t('toAllBeneath')} isTicked={answer ? answer.values['toAllBeneath'] === 'on' : recipients.toAllBeneath} />
        {recipients.units.length > 0 && <CheckField name="recipientUnits" label={t('recipientUnits')} options={recipients.units.map(({ code, name }) => ({ value: code, label: name }))} values={answer ? (answer.chosen['recipientUnits'] ?? []) : recipients.units.map(({ code }) => code)} />}
        <TextField name="recipientLines" rows={3} label={t('recipientLines')} value={value('recipientLines', recipients.lines.join('\n'))} problem={problem('recipientLines')} />
      </fieldset>
      <fieldset className="part">
        <legend>{t('signatureTitle')}</legend>
        <div className="two">
          <Field name="signedAs" label={t('signedAs')} value={value('signedAs', head.signedAs)} problem={problem('signedAs')} />
          <Field name="signerPosition" label={t('signerPosition')} value={value('signerPosition', head.signerPosition)} problem={problem('signerPosition')} />
        </div>
        <div className="two">
          <Field name="signerName" label={t('signerName')} value={value('signerName', head.signerName)} problem={problem('signerName')} />
          <Field name="place" label={t('place')} value={value('place', head.place)} problem={problem('place')} />
        </div>
      </fieldset>
      <div className="btns">
        <Button kind="primary" isWide>
          {t('save')}
        </Button>
      </div>
    </form>
  )
}

/** What somebody else saved, where it is not what was typed. */
function Theirs({ typed, saved }: { typed: string | undefined; saved: string | null }) {
  const t = draftingWords.in(useLanguage())
  if (typed === undefined || typed.trim() === (saved ?? '').trim()) return null
  return <Notice isAttention>{saved ? t('conflictTheirs', { text: saved }) : t('conflictTheirsEmpty')}</Notice>
}

/** The rows of a list as they were typed, in their order. */
function typedRows<Row>(answer: DraftAnswer, list: string, of: (field: (name: string) => string) => Row): Row[] | null {
  if (!answer) return null
  const numbers = [...new Set(Object.keys(answer.values).flatMap((name) => new RegExp(`^${list}\\.(\\d+)\\.`).exec(name)?.[1] ?? []))].map(Number).toSorted((a, b) => a - b)
  return numbers.map((number) => of((name) => answer.values[`${list}.${number}.${name}`] ?? ''))
}

function Parts({ page, blocks, answer, isConflict }: Typed & { page: DraftData; blocks: DraftBlock[] }) {
  const t = draftingWords.in(useLanguage())
  const typed = typedRows(answer, 'blocks', (field): DraftBlock => ({ kind: (field('kind') || 'paragraph') as BlockKind, text: field('text'), ...(field('answers') && { answers: field('answers') }) }))
  const shown = numbered(typed ?? blocks)
  return (
    <section aria-labelledby="parts-title" className="after-table">
      <div className="h2row">
        <h2 id="parts-title">{t('partsTitle')}</h2>
        <button className="btn quiet" type="submit" name="command" value="add:-1">
          {t('addFirst')}
        </button>
      </div>
      {shown.map((block, index) => {
        const about = block.answers ? page.answered.get(block.answers) : null
        return (
          <div className="block" id={`part-${index}`} key={index}>
            <div className="block-head">
              <Figures>{block.label ?? '·'}</Figures>
              <label className="vh" htmlFor={`blocks.${index}.kind`}>
                {t('kind', { number: index + 1 })}
              </label>
              <select id={`blocks.${index}.kind`} name={`blocks.${index}.kind`} defaultValue={block.kind}>
                {blockKinds.map((kind) => (
                  <option key={kind} value={kind}>
                    {t(`kind.${kind}`)}
                  </option>
                ))}
              </select>
              {block.answers && (
                <>
                  <input type="hidden" name={`blocks.${index}.answers`} value={block.answers} />
                  <span className="xs q2">{about ? t('answering', { key: about.key, number: about.number }) : t('answeringGone')}</span>
                </>
              )}
            </div>
            <TextField name={`blocks.${index}.text`} rows={block.kind === 'paragraph' ? Math.min(14, Math.max(3, Math.ceil(block.text.length / 70))) : Math.min(6, Math.max(1, Math.ceil(block.text.length / 70)))} label={<span className="vh">{t('text', { number: index + 1 })}</span>} value={block.text} problem={answer?.problems[`blocks.${index}.text`]} />
            {isConflict && <Theirs typed={block.text} saved={blocks[index]?.text ?? null} />}
            <div className="block-head">
              {(['add', 'up', 'down', 'remove'] as const).map((what) => (
                <button key={what} className="btn quiet" type="submit" name="command" value={`${what}:${index}`} aria-label={t('ofPart', { what: t(what), number: index + 1 })}>
                  {t(what)}
                </button>
              ))}
            </div>
          </div>
        )
      })}
      {isConflict && blocks.slice(shown.length).map((block, index) => <Notice key={index}>{t('conflictMore', { text: block.text })}</Notice>)}
    </section>
  )
}

const emptyTasks = 3

function Tasks({ page, tasks, answer, isConflict }: Typed & { page: DraftData; tasks: DraftTask[] }) {
  const t = draftingWords.in(useLanguage())
  const typed = typedRows(answer, 'tasks', (field): DraftTask => ({ who: field('who'), what: field('what'), by: field('by') || null }))
  const rows = [...(typed ?? tasks), ...Array.from({ length: typed ? 1 : emptyTasks }, (): DraftTask => ({ who: '', what: '', by: null }))]
  const told = ({ who, what, by }: DraftTask) => [who, what, by && showDay(by)].filter(Boolean).join(' · ')
  const theirs = isConflict && tasks.map(told).join('\n') !== (typed ?? []).filter((task) => task.who || task.what).map((task) => [task.who, task.what, task.by].filter(Boolean).join(' · ')).join('\n')
  return (
    <fieldset className="part">
      <legend>{t('tasksTitle')}</legend>
      <p className="sm q2">{t('tasksHint')}</p>
      {theirs && <Notice isAttention>{t('conflictTheirs', { text: tasks.map(told).join('; ') })}</Notice>}
      {rows.map(({ who, what, by }, index) => (
        <div className="task" key={index}>
          <Field name={`tasks.${index}.who`} label={t('taskWho')} value={who} problem={answer?.problems[`tasks.${index}.who`]} />
          <Field name={`tasks.${index}.what`} label={t('taskWhat')} value={what} problem={answer?.problems[`tasks.${index}.what`]} />
          <DayField name={`tasks.${index}.by`} label={t('taskBy')} hint="" value={by} problem={answer?.problems[`tasks.${index}.by`]} />
          {what && !typed && page.place.unitsBeneath.length > 0 && page.head.campaignCode && (
            <a className="xs" href={ruleHref(page, { who, what, by })} aria-label={t('taskRuleOf', { what })}>
              {t('taskRule')}
            </a>
          )}
        </div>
      ))}
    </fieldset>
  )
}

/** The form for a rule, filled in from a row of the table. */
function ruleHref({ head }: DraftData, { what, by }: DraftTask): string {
  return addressOf('/duties/rules/new', { campaign: head.campaignCode, unit: head.unitCode, kind: 'study', title: what, who: 'direct', dueMode: 'day', dueOn: by && showDay(by) })
}
