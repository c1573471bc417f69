import { sql } from 'kysely'
import { asViewer } from '../app/db/open.ts'
import { figuresOf } from '../app/features/indicators/figures.server.ts'
import { addDays } from '../app/platform/clock.ts'
import { personOf, withCity } from './shared/city.ts'
import { line, measure } from './shared/measure.ts'

// Any figure of any unit, as of any day: kept counts against the same question asked of the records.
await withCity(async (db) => {
  const viewer = { personId: await personOf(db, 'ha.city'), today: '2026-01-01' }
  const { id: campaignId } = await db.selectFrom('campaign').select('id').executeTakeFirstOrThrow()
  const units = await db.selectFrom('unit').select('id').orderBy('code').execute()
  const city = await db.selectFrom('unit').select('id').where('code', '=', 'can-tho').executeTakeFirstOrThrow()
  const size = await sql<object>`
    select (select count(*) from unit) as units, (select count(*) from roster) as roster, (select count(*) from mark) as marks,
           (select count(*) from count_kept) as kept`.execute(db)
  line({ bench: 'figures', what: 'size', ...size.rows[0] })

  const unitAt = (run: number) => units[(run * 7919) % units.length]!.id
  const dayAt = (run: number) => addDays('2021-03-22', (run * 31) % 105)
  const ask = (unitId: string, asOf: string, knownAt?: Date) => asViewer(db, viewer, (tx) => figuresOf(tx, { campaignId, asOf, knownAt }, unitId))
  line({ bench: 'figures', what: 'every figure of a unit, any unit, any day', budget: 20, ...(await measure(500, (run) => ask(unitAt(run), dayAt(run)))) })
  line({ bench: 'figures', what: 'every figure of the city, any day', budget: 20, ...(await measure(200, (run) => ask(city.id, dayAt(run)))) })
  line({ bench: 'figures', what: 'baseline: the city counted from its records', ...(await measure(3, (run) => ask(city.id, dayAt(run), new Date()))) })

  const [row] = await db.selectFrom('count_kept').select(['indicator', 'unit_id', 'on_day']).where('indicator', '=', 'studied').limit(1).execute()
  await sql`
    insert into count_increment (campaign_id, indicator, dimension, unit_id, on_day, delta)
    select ${campaignId}, 'studied', '', ${row!.unit_id}, ${row!.on_day}, case when number % 2 = 0 then 1 else -1 end
    from generate_series(1, 100000) as number`.execute(db)
  line({ bench: 'figures', what: 'every figure of the city beside 100,000 increments not folded yet', ...(await measure(20, (run) => ask(city.id, dayAt(run)))) })
  line({ bench: 'figures', what: 'folding 100,000 increments', ...(await measure(1, () => sql`select fold_counts()`.execute(db))) })
})
