// SQLSTATE of a server that stops, starts or cannot take more; and what the socket says when it is gone.
const away = new Set(['57P01', '57P02', '57P03', '53300', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT'])

/** Whether the database cannot be reached right now: nothing was saved, and trying again will do. */
export function databaseIsAway(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, syscall } = cause as Error & { code?: string; syscall?: string }
    if (code === 'ENOENT') return syscall === 'connect'
    if (code && (away.has(code) || code.startsWith('08'))) return true
    if (/^Connection terminated|^timeout exceeded when trying to connect|is not queryable/.test(cause.message)) return true
  }
  return false
}

/** Whether two transactions stood in each other's way and running it again may succeed. */
export function mayTryAgain(error: unknown): boolean {
  const { code } = error as { code?: string }
  return code === '40001' || code === '40P01'
}

/**
 * Whether a function of ours refused rows that the viewer may not ask for: to this person they do not exist. A missing grant has
 * the same code and is a bug, which another routine of PostgreSQL's reports.
 */
export function isHidden(error: unknown): boolean {
  const { code, routine } = error as { code?: string; routine?: string }
  return code === '42501' && routine === 'exec_stmt_raise'
}

/** Whether a text could not be kept because it holds the character NUL. */
export function cannotBeStored(error: unknown): boolean {
  const { code } = error as { code?: string }
  return code === '22021' || code === '22P05'
}
