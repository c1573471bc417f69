/** What one file may weigh, hold and take. A larger one is refused before it is read. */
export const limits = {
  fileBytes: 20 * 1024 * 1024,
  unpackedBytes: 300 * 1024 * 1024,
  rows: 120_000,
  cellLength: 500,
  /** Reading, comparing and importing one file may each take this long, in ms. */
  workMs: 120_000,
  memoryMb: 1536,
  /** Days after which a file and what was understood of it are gone; what was imported stays. */
  keptDays: 7,
} as const
