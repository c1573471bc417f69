import { keyOf, pointLetters, toRoman, type ClausePlace } from '../cascade/clause-key.schema.ts'

export const blockKinds = ['basis', 'heading', 'clause', 'point', 'paragraph', 'tasks'] as const
export type BlockKind = (typeof blockKinds)[number]

/** One part of a document: `answers` is the superior's clause that it answers; `tasks` marks where the table of tasks stands. */
export type DraftBlock = { kind: BlockKind; text: string; answers?: string | undefined }
export type DraftTask = { who: string; what: string; by: string | null }

/** A part with its number as printed, `II.` `1.` `a)`, and the clause it is; null for what is not numbered. */
export type NumberedBlock = DraftBlock & { label: string | null; place: ClausePlace | null; key: string | null }

const mostParts = 49

/** Numbers the parts as they stand: headings in Roman, clauses anew beneath each heading, points anew beneath each clause. */
export function numbered(blocks: DraftBlock[]): NumberedBlock[] {
  const at = { part: 0, clause: 0, point: 0 }
  return blocks.map((block): NumberedBlock => {
    const place = nextPlace(block.kind, at)
    return { ...block, place, key: place && keyOf(place), label: place && labelOf(block.kind, at) }
  })
}

function nextPlace(kind: BlockKind, at: { part: number; clause: number; point: number }): ClausePlace | null {
  if (kind === 'heading' && at.part < mostParts) {
    Object.assign(at, { part: at.part + 1, clause: 0, point: 0 })
    return { part: at.part, numbers: [], letter: null }
  }
  if (kind === 'clause') {
    Object.assign(at, { clause: at.clause + 1, point: 0 })
    return { part: at.part || null, numbers: [at.clause], letter: null }
  }
  if (kind === 'point' && at.point < pointLetters.length && (at.part > 0 || at.clause > 0)) {
    at.point++
    return { part: at.part || null, numbers: at.clause > 0 ? [at.clause] : [], letter: at.point }
  }
  return null
}

function labelOf(kind: BlockKind, at: { part: number; clause: number; point: number }): string {
  return kind === 'heading' ? `${toRoman(at.part)}.` : kind === 'clause' ? `${at.clause}.` : `${pointLetters[at.point - 1]})`
}

/** The text of a document for searching and for reading clauses out of it. */
export function plainText(blocks: DraftBlock[], tasks: DraftTask[]): string {
  const lines = numbered(blocks).flatMap(({ kind, label, text }) => (kind === 'tasks' ? [text, ...tasks.map(({ who, what }) => `- ${who}: ${what}`)] : [label ? `${label} ${text}` : text]))
  return lines.filter((line) => line.trim() !== '').join('\n')
}

export type BlockCommand = { do: 'add' | 'up' | 'down' | 'remove'; at: number }

/** The blocks after a button was pressed beside one of them; an added one is an empty paragraph. */
export function afterCommand(blocks: DraftBlock[], command: BlockCommand | null): DraftBlock[] {
  if (!command || command.at < (command.do === 'add' ? -1 : 0) || command.at >= blocks.length) return blocks
  const { at } = command
  const moved = [...blocks]
  switch (command.do) {
    case 'add':
      return moved.toSpliced(at + 1, 0, { kind: 'paragraph', text: '' })
    case 'remove':
      return moved.toSpliced(at, 1)
    default: {
      const to = command.do === 'up' ? at - 1 : at + 1
      if (to < 0 || to >= moved.length) return moved
      const [one] = moved.splice(at, 1)
      return moved.toSpliced(to, 0, one!)
    }
  }
}
