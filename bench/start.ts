import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { line } from './shared/measure.ts'

const root = join(import.meta.dirname, '..')
const report = '/api/v1/campaigns/nq-dai-hoi-xiii/report.json?unit=can-tho&asOf=2021-06-30'

// From the command to the finished report: the first time with everything to build, then again.
const data = await mkdtemp(join(tmpdir(), 'thong-suot-start-'))
try {
  await rm(join(root, 'build'), { recursive: true, force: true })
  line({ bench: 'start', what: 'npm run demo, the first time: report served', unit: 's', budget: 30, value: await secondsToReport() })
  line({ bench: 'start', what: 'npm run demo, again: report served', unit: 's', budget: 3, value: await secondsToReport() })
} finally {
  await rm(data, { recursive: true, force: true })
}

async function secondsToReport(): Promise<number> {
  const began = performance.now()
  const server = spawn('npm', ['run', 'demo', '--silent', '--', '--data', data, '--port', '0'], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'], detached: true })
  try {
    const origin = await addressOf(server)
    const signedIn = await fetch(`${origin}/api/v1/sign-in`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username: 'ha.city', password: 'thong-suot' }),
    })
    const cookie = signedIn.headers.getSetCookie().map((set) => set.split(';')[0]).join('; ')
    const answer = await fetch(origin + report, { headers: { cookie } })
    if (!answer.ok) throw new Error(`The report was answered with ${answer.status}.`)
    await answer.text()
    return Math.round(performance.now() - began) / 1000
  } finally {
    process.kill(-server.pid!, 'SIGTERM')
    await new Promise((resolve) => server.once('exit', resolve))
    await sleep(1000)
  }
}

function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    server.stdout!.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const found = /http:\/\/[^\s/]+/.exec(said)
      if (found) resolve(found[0])
    })
    server.once('exit', (code) => reject(new Error(`The server ended with ${code}.`)))
  })
}
