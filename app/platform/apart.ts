import { fork, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** What became of work done apart: its answer, or what ended it. `places` are lines of the code where it failed. */
export type Apart<Answer> = { answer: Answer } | { ended: 'tooSlow' | 'tooBig' | 'died'; places: string }

/** Limits of one piece of work: milliseconds, megabytes of the heap, and megabytes of everything where the system tells (Linux). */
export type Limits = { ms: number; heapMb: number; mostMb: number }

/**
 * Has work done by a process of its own: it may be ended at any moment, and what breaks it breaks nothing else. A thread would not do,
 * since one that runs out of memory can take the server along. The program is named in package.json, because pages run from the folder
 * of their build, and begins with `workApart`. It sees none of this process's environment. Never throws.
 */
export function apart<Answer>(program: `#${string}`, given: unknown, { ms, heapMb, mostMb }: Limits): Promise<Apart<Answer>> {
  const file = createRequire(import.meta.url).resolve(program)
  const child = fork(file, { execArgv: [`--max-old-space-size=${heapMb}`], env: {}, serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  const timers: NodeJS.Timeout[] = []
  return new Promise<Apart<Answer>>((resolve) => {
    let said = ''
    const end = (ended: 'tooSlow' | 'tooBig' | 'died') => resolve({ ended, places: placesIn(said) })
    timers.push(setTimeout(() => end('tooSlow'), ms), setInterval(() => residentMb(child) > mostMb && end('tooBig'), 50))
    child.stderr!.setEncoding('utf8').on('data', (text: string) => void (said = (said + text).slice(-20_000)))
    child.once('message', ({ answer }: { answer: Answer }) => resolve({ answer }))
    child.once('error', () => end('died'))
    child.once('close', (_, signal) => end(signal === 'SIGABRT' ? 'tooBig' : 'died')) // so ends a heap that is full
    child.send({ given }, (error) => error && end('died'))
  }).finally(() => {
    for (const timer of timers) clearTimeout(timer)
    child.kill('SIGKILL')
  })
}

/** In the process of its own: does the work it is given and answers. It lives no longer than whoever asked. */
export function workApart<Given>(work: (given: Given) => Promise<unknown>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {}) // whoever asked finishes what has begun
  process.once('disconnect', () => process.exit())
  process.once('message', ({ given }: { given: Given }) => void work(given).then((answer) => process.send!({ answer })))
}

/** Where an error happened, and no word of its message, which might quote what was read. */
export function placesIn(stack: string): string {
  return stack.split('\n').filter((line) => /^\s+at /.test(line)).join('\n')
}

function residentMb({ pid }: ChildProcess): number {
  try {
    return (Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * 4096) / 2 ** 20
  } catch {
    return 0 // it has ended, or this system does not tell
  }
}
