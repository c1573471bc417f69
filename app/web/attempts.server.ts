const window = 15 * 60_000
const mostKeys = 50_000

/**
 * Counts failures by key and says when too many came within fifteen minutes. In memory: one process serves a deployment,
 * and a restart forgiving everybody costs an attacker more than it gives.
 */
export function openAttempts(now: () => number = Date.now) {
  const failures = new Map<string, { count: number; since: number }>()

  /** Seconds to wait before this key may try again; 0 when it may. */
  function secondsToWait(key: string, most: number): number {
    const failed = failures.get(key)
    if (!failed || failed.count < most) return 0
    const left = failed.since + window - now()
    if (left > 0) return Math.ceil(left / 1000)
    failures.delete(key)
    return 0
  }

  function countFailure(key: string): void {
    const failed = failures.get(key)
    if (failed && failed.since + window > now()) failed.count++
    else {
      failures.delete(key) // the map is in order of the first failure, so the oldest is dropped below
      failures.set(key, { count: 1, since: now() })
    }
    if (failures.size > mostKeys) failures.delete(failures.keys().next().value!)
  }

  return { secondsToWait, countFailure, forget: (key: string) => void failures.delete(key) }
}
