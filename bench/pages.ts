import { gzipSync } from 'node:zlib'
import { line, measure } from './shared/measure.ts'
import { serveCity } from './shared/served-city.ts'

const city = 'campaign=nq-dai-hoi-xiii&unit=can-tho&asOf=2021-06-30'
const offices: [string, string][] = [
  ['home of a city officer', '/'],
  ['report of the city', `/campaigns/nq-dai-hoi-xiii/report?${city}`],
  ['behind a figure', `/campaigns/nq-dai-hoi-xiii/figures/studied?${city}`],
  ['a unit', '/units/vinh-thanh?asOf=2021-06-30'],
  ['search of units', '/units?q=thanh+loc'],
  ['sessions of the city', `/sessions?${city}`],
]
const phones: [string, string][] = [
  ['home of a member', '/'],
  ['what is held about me', '/me'],
]

// Server time of pages and what a first visit loads, fonts apart.
const served = await serveCity()
try {
  await visit('ha.city', offices, 260)
  await visit('lan.tanan', phones, 80)
  await visit('ut.tanan', [['home of a cell secretary', '/'], ['the roll of 40', await rollOf('ut.tanan')]], 80)
} finally {
  await served.stop()
}

async function visit(username: string, pages: [string, string][], kilobytes: number): Promise<void> {
  const cookie = await served.signIn(username)
  const get = async (path: string) => {
    const answer = await fetch(served.url + path, { headers: { cookie } })
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}.`)
    return answer.text()
  }
  for (const [what, path] of pages) {
    line({ bench: 'pages', what: `${what}: answered, ms`, path, budget: 100, ...(await measure(30, () => get(path))) })
    const html = await get(path)
    const files = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+\.(?:css|js))"/g)].map((match) => match[1]!)
    const sizes = await Promise.all([...new Set(files)].map(async (file) => gzipSync(await get(file)).length))
    const total = gzipSync(html).length + sizes.reduce((sum, size) => sum + size, 0)
    line({ bench: 'pages', what: `${what}: first visit, KB compressed, fonts apart`, budget: kilobytes, value: Math.round(total / 102.4) / 10 })
  }
}

/** The latest roll on the home page of a cell secretary's sessions. */
async function rollOf(username: string): Promise<string> {
  const cookie = await served.signIn(username)
  const sessions = await (await fetch(`${served.url}/sessions?asOf=2021-06-30`, { headers: { cookie } })).text()
  const session = /href="(\/sessions\/[0-9a-f-]{36})/.exec(sessions)![1]!
  const page = await (await fetch(served.url + session, { headers: { cookie } })).text()
  return /href="(\/sittings\/[0-9a-f-]{36}\/roll)/.exec(page)![1]!
}
