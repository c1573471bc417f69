/** Milliseconds of `runs` calls one after another, after a few that warm up: what a line of a benchmark shows. */
export async function measure(runs: number, work: (run: number) => Promise<unknown>): Promise<{ runs: number; p50: number; p95: number; max: number }> {
  for (let run = 0; run < Math.min(5, runs); run++) await work(run)
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const began = performance.now()
    await work(run)
    times.push(performance.now() - began)
  }
  times.sort((one, other) => one - other)
  const at = (share: number) => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))]! * 100) / 100
  return { runs, p50: at(0.5), p95: at(0.95), max: at(1) }
}

/** One JSON line. `budget` is in the unit of `p95` or `value` beside it; a line over its budget says so. */
export function line(result: { bench: string; budget?: number; p95?: number; value?: number } & Record<string, unknown>): void {
  const reached = result.p95 ?? result.value
  console.log(JSON.stringify({ ...result, ...(result.budget !== undefined && reached !== undefined ? { within: reached <= result.budget } : {}) }))
}
