import { setTimeout as sleep } from 'node:timers/promises'
import { line, measure } from './shared/measure.ts'
import { serveCity, type ServedCity } from './shared/served-city.ts'

// Duties of a city with 110 units directly beneath it, over HTTP and under row-level security: laying 30,000 and then 100,000 of them in
// the background while its officer goes on reading, and what home and lists cost with 30,000 there.
process.env['COSTLY_PER_MINUTE'] = '0'

const campaign = 'nq-dai-hoi-xiii'
const runs = 40
const types = ['plan', 'action_programme', 'report', 'guidance', 'notice', 'resolution', 'conclusion', 'decision', 'programme', 'project']

const served = await serveCity()
try {
  const officer = await served.signIn('ha.city')
  await widen(served)
  const get = (path: string, cookie: string) => async () => {
    const answer = await fetch(served.url + path, { headers: { cookie }, redirect: 'manual' })
    await answer.text()
    if (answer.status !== 200) throw new Error(`${path} was answered with ${answer.status}.`)
  }
  const first = await lay(served, officer, 30_000, get('/?unit=can-tho', officer))
  line({ bench: 'duties', what: 'laying in the background', duties: first.duties, unit: 's', value: first.seconds })
  line({ bench: 'duties', what: 'home of the city officer meanwhile', ...first.meanwhile })
  await issueSome(served)

  const clerk = await served.signIn('solieu.vinhthanh')
  const secretary = await served.signIn('ut.tanan')
  const { rows } = await served.pool.query<{ id: string }>('select id from duty_rule limit 1')
  const pages: [string, string, string][] = [
    ['home of the city officer', '/?unit=can-tho', officer],
    ['home of a district clerk', '/', clerk],
    ['home of a cell secretary', '/', secretary],
    ['duties of the city', '/duties?unit=can-tho', officer],
    ['duties of a district', '/duties', clerk],
    ['duties of a cell', '/duties', secretary],
    ['one rule with its units', `/duties/rules/${rows[0]!.id}`, officer],
    ['what units beneath owe (API)', '/api/v1/duties/beneath?unit=can-tho&campaign=nq-dai-hoi-xiii', officer],
  ]
  for (const [what, path, cookie] of pages) line({ bench: 'duties', what, path, duties: first.duties, budget: 100, ...(await measure(runs, get(path, cookie))) })

  const preview = { ...ruleOf('minutes', 0) }
  line({ bench: 'duties', what: 'preview of a rule for every unit', ...(await measure(10, () => post(served, officer, '/duty-rule-previews', preview))) })

  const whole = await lay(served, officer, 100_000 + first.duties, get('/?unit=can-tho', officer))
  line({ bench: 'duties', what: 'laying 100,000 in the background', duties: whole.duties - first.duties, unit: 's', budget: 60, value: whole.seconds })
  line({ bench: 'duties', what: 'home of the city officer meanwhile', ...whole.meanwhile })
} finally {
  await served.stop()
}

/** Orders rules until so many duties are there; returns when all are laid, and how quick a page was meanwhile. */
async function lay({ pool }: ServedCity, cookie: string, wanted: number, look: () => Promise<void>) {
  const count = async (what: string) => (await pool.query<{ count: string }>(`select count(*) from ${what}`)).rows[0]!.count as unknown as number
  const units = await count(`unit_ancestor join unit on unit.id = unit_ancestor.unit_id join unit_kind on unit_kind.key = unit.kind and unit_kind.has_members
    where ancestor_id = (select id from unit where code = 'can-tho') and depth > 0 and unit_ancestor.during @> date '2021-06-30'`)
  const there = await count('duty')
  const began = performance.now()
  for (let rule = 0; there + rule * units < wanted; rule++) await post(served, cookie, '/duty-rules', ruleOf(types[rule % types.length]!, rule))
  const times: number[] = []
  while ((await count('duty_laying where ended_at is null')) > 0) {
    const asked = performance.now()
    await look()
    times.push(performance.now() - asked)
    await sleep(50)
  }
  const seconds = Math.round((performance.now() - began) / 100) / 10
  times.sort((one, other) => one - other)
  const at = (share: number) => Math.round(times[Math.floor((times.length - 1) * share)] ?? 0)
  return { seconds, duties: await count('duty'), meanwhile: { runs: times.length, p50: at(0.5), p95: at(0.95), max: at(1) } }
}

function ruleOf(documentType: string, nth: number) {
  return { unitCode: 'can-tho', campaignCode: campaign, kind: 'document', title: `Ban hành văn bản ${nth + 1}`, who: 'all', documentType, dueMode: 'day', dueOn: '2021-06-30' }
}

async function post({ url }: ServedCity, cookie: string, path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${url}/api/v1${path}`, { method: 'POST', headers: { cookie, origin: url, 'content-type': 'application/json' }, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${await answer.text()}`)
}

/** As many units directly beneath the city as make 110, without members yet. */
async function widen({ pool }: ServedCity): Promise<void> {
  await pool.query(`
    with city as (select id from unit where code = 'can-tho'),
    missing as (select 110 - count(*) as units from unit_ancestor, city where ancestor_id = city.id and depth = 1 and unit_ancestor.during @> date '2021-06-30'),
    made as (
      insert into unit (id, code, kind, name)
      select gen_random_uuid(), 'dang-uy-' || nth, 'attached_committee', 'Đảng ủy trực thuộc ' || nth from generate_series(1, (select units from missing)::int) as nth
      returning id)
    insert into unit_parent (unit_id, parent_id) select made.id, city.id from made, city`)
  await pool.query('select lay_ancestors(array(select id from unit where code like $1))', ['dang-uy-%'])
}

/** Every third unit has issued what is asked, so that lists are neither empty nor all late. */
async function issueSome({ pool }: ServedCity): Promise<void> {
  await pool.query(`
    insert into document (id, unit_id, issuer_id, campaign_id, type, grammar, number, symbol, abstract, issued_on, issued_at, state, source)
    select gen_random_uuid(), duty.unit_id, duty.unit_id, duty.campaign_id, duty.detail ->> 'type', 'party', row_number() over (), 'ĐU', 'Triển khai học tập', '2021-06-20', now(), 'issued', 'import'
    from duty
    where abs(hashtextextended(duty.unit_id::text || (duty.detail ->> 'type'), 0)) % 3 = 0
    group by duty.unit_id, duty.campaign_id, duty.detail ->> 'type'`)
  await pool.query(`select settle_duties_by_id(array(select id from duty), '2021-06-30')`)
  // as the database's own housekeeping leaves it within minutes
  await pool.query('vacuum analyze')
  await calm(pool)
}

/** Until the work that so much issuing sets off is done. */
async function calm(pool: ServedCity['pool']): Promise<void> {
  for (let quiet = 0; quiet < 6; ) {
    await sleep(500)
    const { rowCount } = await pool.query(`select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`)
    quiet = rowCount === 0 ? quiet + 1 : 0
  }
}
