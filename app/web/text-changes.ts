import { diffLines, diffWordsWithSpace } from 'diff'

/** A stretch of a paragraph: as it was in both, only in the new text, or only in the old. */
export type Stretch = { is: 'same' | 'new' | 'gone'; text: string }
/** A paragraph that changed, in its stretches; or how many between them did not. */
export type Change = { stretches: Stretch[] } | { unchanged: number }

const longest = 200_000

/**
 * What changed from one text to the next, paragraph by paragraph and word by word within a paragraph that was edited. Null where a text is
 * too long to compare while somebody waits.
 */
export function changesOf(before: string, after: string): Change[] | null {
  if (before.length + after.length > longest) return null
  const parts = diffLines(ended(before), ended(after), { timeout: 2000 })
  if (!parts) return null
  const changes: Change[] = []
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at]!
    const next = parts[at + 1]
    if (!part.added && !part.removed) {
      const unchanged = paragraphs(part.value).length
      if (unchanged > 0) changes.push({ unchanged })
    } else if (part.removed && next?.added) {
      changes.push({ stretches: diffWordsWithSpace(part.value.trim(), next.value.trim()).map((word) => ({ is: word.added ? 'new' : word.removed ? 'gone' : 'same', text: word.value })) })
      at++
    } else {
      changes.push(...paragraphs(part.value).map((text): Change => ({ stretches: [{ is: part.added ? 'new' : 'gone', text }] })))
    }
  }
  return changes
}

const ended = (text: string) => (text === '' || text.endsWith('\n') ? text : `${text}\n`)
const paragraphs = (text: string) => text.split('\n').filter((line) => line.trim() !== '')
