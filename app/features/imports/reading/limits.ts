/** What one file may weigh, hold and take. A larger one is refused before it is read. */
export const limits = {
  fileBytes: 20 * 1024 * 1024,
  unpackedBytes: 300 * 1024 * 1024,
  rows: 120_000,
  cellLength: 500,
  /** Reading, comparing and importing one file may each take this much. */
  work: { ms: 120_000, heapMb: 1536, mostMb: 2048 },
  /** So may writing a list as a file. */
  writing: { ms: 120_000, heapMb: 1024, mostMb: 1536 },
  /** Days after which a file and what was understood of it are gone; what was imported stays. */
  keptDays: 7,
} as const
