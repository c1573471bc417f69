/** How somebody came to a sitting; present and late have studied. */
export const statuses = ['present', 'late', 'excused', 'absent'] as const
export type MarkStatus = (typeof statuses)[number]

/** How many people have each mark; `absent` holds those excused too, as the roll is read aloud. */
export type MarkCounts = { present: number; late: number; absent: number; unmarked: number }

type CountWords = (key: 'countPresent' | 'countLate' | 'countAbsent' | 'countUnmarked' | 'nobody', values?: { count: number }) => string

/** Counts the marks of a roll; null is a person not marked yet. */
export function countMarks(marks: (MarkStatus | null)[]): MarkCounts {
  const counts: MarkCounts = { present: 0, late: 0, absent: 0, unmarked: 0 }
  for (const mark of marks) counts[mark === null ? 'unmarked' : mark === 'excused' ? 'absent' : mark] += 1
  return counts
}

/** The roll in one line: "35 có mặt, 1 đi muộn, 4 vắng"; present always, the rest only where there is somebody. */
export function summarise(counts: MarkCounts, t: CountWords): string {
  if (counts.present + counts.late + counts.absent + counts.unmarked === 0) return t('nobody')
  return [
    t('countPresent', { count: counts.present }),
    counts.late > 0 && t('countLate', { count: counts.late }),
    counts.absent > 0 && t('countAbsent', { count: counts.absent }),
    counts.unmarked > 0 && t('countUnmarked', { count: counts.unmarked }),
  ]
    .filter(Boolean)
    .join(', ')
}
