import { serveCity } from './shared/served-city.ts'
import { line, measure } from './shared/measure.ts'

// Search by words without marks in any order, over HTTP as three people see the demonstration city (some 50,000 people, 3,256 units);
// beside it, in the same run, the same words asked of the bare tables by their owner.
process.env['COSTLY_PER_MINUTE'] = '0'

const words = {
  units: ['thanh loc', 'chi bo ap', 'vinh thanh', 'ap tan an', 'dang uy xa', 'truong tieu hoc', 'can tho', 'loc thanh', 'phuong an hoa', 'khong co dau'],
  people: ['nguyen van', 'lan', 'tran thi hoa', 'minh le', 'hoang anh', 'ut', 'pham ngoc', '92.1', 'vo thanh binh', 'khong co ai ten nay'],
}
const viewers = { administrator: 'quantri', 'city officer': 'ha.city', 'commune clerk': 'vanphong.thanhloc' }
const runs = 60

const city = await serveCity()
try {
  const counts = await city.pool.query<{ people: number; units: number }>('select (select count(*) from person) as people, (select count(*) from unit) as units')
  const { paths } = (await (await fetch(`${city.url}/api/openapi.json`)).json()) as { paths: Record<string, object> }
  const addresses = [
    ['units', '/api/v1/units'],
    ['units', '/units'],
    ['people', '/api/v1/people'],
    ['people', '/people'],
  ] as const
  for (const what of ['units', 'people'] as const) {
    line({ bench: 'search', what: `${what}: baseline, the bare table`, ...counts.rows[0], ...(await measure(runs, (run) => bare(what, wordsOf(what, run)))) })
  }
  for (const [who, username] of Object.entries(viewers)) {
    const cookie = await city.signIn(username)
    for (const [what, path] of addresses) {
      if (path.startsWith('/api') && !(path.slice('/api/v1'.length) in paths)) continue
      const get = async (run: number) => {
        const answer = await fetch(`${city.url}${path}?q=${encodeURIComponent(wordsOf(what, run))}`, { headers: { cookie } })
        await answer.text()
        return answer.status
      }
      const status = await get(0)
      if (status === 404) console.error(`${path} is not there for the ${who}.`)
      if (status !== 200) continue
      const measured = await measure(runs, async (run) => {
        if ((await get(run)) !== 200) throw new Error(`${path} was refused.`)
      })
      line({ bench: 'search', what: `${what} as ${who}`, path, ...(path.startsWith('/api') ? { budget: 60 } : { budget: 100 }), ...measured })
    }
  }
} finally {
  await city.stop()
}

function wordsOf(what: 'units' | 'people', run: number): string {
  return words[what][run % words[what].length]!
}

/** Twenty rows whose folded name holds every word, as any program would ask that minds nobody's rights. */
async function bare(what: 'units' | 'people', asked: string): Promise<void> {
  const [table, column, before] = what === 'units' ? ['unit', 'search', ''] : ['person', "(' ' || search)", ' ']
  const parts = asked.split(' ').map((word) => `%${before}${word}%`)
  const where = parts.map((_, index) => `${column} like $${index + 1}`).join(' and ')
  await city.pool.query(`select id, name from ${table} where ${where} order by name collate "vi-x-icu" limit 20`, parts)
}
