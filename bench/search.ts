import { serveCity, serveWideCountry, type ServedCity } from './shared/served-city.ts'
import { line, measure } from './shared/measure.ts'

// Search by words without marks in any order, over HTTP: as three people see the demonstration city (some 50,000 people, 3,256 units), and
// as five see a country of 300,000 units and 100,000 people, where words that a quarter of all have are asked too. Beside it, in the same
// run, the same words asked of the bare tables by their owner.
process.env['COSTLY_PER_MINUTE'] = '0'

type What = 'units' | 'people'
type Words = Record<What, string[]>
const runs = 60

const ofCity: Words = {
  units: ['thanh loc', 'chi bo ap', 'vinh thanh', 'ap tan an', 'dang uy xa', 'truong tieu hoc', 'can tho', 'loc thanh', 'phuong an hoa', 'khong co dau'],
  people: ['nguyen', 'nguyen van', 'lan', 'tran thi hoa', 'minh le', 'hoang anh', 'ut', 'pham ngoc', '92.1', 'vo thanh binh', 'khong co ai ten nay'],
}
const ofCountry: Words = {
  units: ['tan loc', 'chi bo ap', 'vinh thanh', 'hung truong', 'dang uy xa', 'truong tieu hoc', 'tinh uy', 'u-12345', 'xuan dong 45', 'khong co dau'],
  people: ['nguyen', 'nguyen van', 'lan', 'tran thi hoa', 'minh le', 'hoang an', 'ut', 'pham ngoc', '12.0', 'vo thanh binh', 'khong co ai ten nay'],
}

await ask(await serveCity(), 'city', ofCity, { administrator: 'quantri', 'city officer': 'ha.city', 'commune clerk': 'vanphong.thanhloc' })
await ask(await serveWideCountry(), 'country', ofCountry, { administrator: 'administrator', 'administrator of a province': 'district', officer: 'officer', clerk: 'clerk', secretary: 'secretary' })

async function ask(place: ServedCity, where: string, words: Words, viewers: Record<string, string>): Promise<void> {
  try {
    const { rows } = await place.pool.query<{ people: number; units: number }>('select (select count(*) from person) as people, (select count(*) from unit) as units')
    for (const what of ['units', 'people'] as const) {
      line({ bench: 'search', where, what: `${what}: baseline, the bare table`, ...rows[0], ...(await measure(runs, (run) => bare(place, what, wordsOf(words, what, run)))) })
    }
    for (const [who, username] of Object.entries(viewers)) await askAs(place, where, words, who, await place.signIn(username))
  } finally {
    await place.stop()
  }
}

async function askAs({ url }: ServedCity, where: string, words: Words, who: string, cookie: string): Promise<void> {
  const addresses = [['units', '/api/v1/units'], ['units', '/units'], ['people', '/api/v1/people'], ['people', '/people'], ['people', '/people/duplicates']] as const
  for (const [what, path] of addresses) {
    const get = async (run: number) => {
      const answer = await fetch(`${url}${path}?q=${encodeURIComponent(wordsOf(words, what, run))}`, { headers: { cookie } })
      await answer.text()
      return answer.status
    }
    const status = await get(0)
    if (status !== 200) {
      console.error(`${path} answers ${status} to the ${who}.`)
      continue
    }
    const measured = await measure(runs, async (run) => {
      if ((await get(run)) !== 200) throw new Error(`${path} was refused.`)
    })
    const budget = path.startsWith('/api') ? 60 : path.endsWith('duplicates') ? undefined : 100
    line({ bench: 'search', where, what: `${what} as ${who}`, path, ...(budget && { budget }), ...measured })
  }
}

function wordsOf(words: Words, what: What, run: number): string {
  return words[what][run % words[what].length]!
}

/** Twenty rows whose folded name holds every word, as any program would ask that minds nobody's rights. */
async function bare({ pool }: ServedCity, what: What, asked: string): Promise<void> {
  const [table, column, before] = what === 'units' ? ['unit', 'search', ''] : ['person', "(' ' || search)", ' ']
  const parts = asked.split(' ').map((word) => `%${before}${word}%`)
  const where = parts.map((_, index) => `${column} like $${index + 1}`).join(' and ')
  await pool.query(`select id, name from ${table} where ${where} order by name collate "vi-x-icu" limit 20`, parts)
}
