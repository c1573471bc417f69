import { expect, test } from 'vitest'
import { asSystem } from '../app/db/open.ts'
import { contentOf, draftOf } from '../app/features/filings/drafts.server.ts'
import { filingHead } from '../app/features/filings/filing-head.server.ts'
import { roundShown } from '../app/features/filings/round-views.server.ts'
import { openLog } from '../app/platform/log.ts'
import { demoDatabase } from '../tests/demo.ts'

const { db, pool } = await demoDatabase()
const rows = async <Row extends object>(text: string): Promise<Row[]> => (await pool.query<Row>(text)).rows
const officer = { personId: '00000000-0000-7000-8000-000000000000', name: '', today: '2021-07-10', offices: [] }
const asOfficer = <Result>(work: (ctx: Parameters<typeof draftOf>[0]) => Promise<Result>) => asSystem(db, openLog('silent'), 'a test reads everything', (tx) => work({ tx, viewer: officer, source: 'page' }))

const tally = async (asOf: string) => {
  const [round] = await rows<{ id: string }>(`select id from report_round where as_of = '${asOf}'`)
  const { expected, received, onTime, late, waiting, returned, accepted, missing, overdue } = await asOfficer(({ tx }) => roundShown(tx, round!.id))
  return { expected, received, onTime, late, waiting, returned, accepted, missing, overdue }
}

test('the round of May is finished: 15 / 15 reports accepted, one of them late', async () => {
  expect(await tally('2021-05-31')).toEqual({ expected: 15, received: 15, onTime: 14, late: 1, waiting: 0, returned: 0, accepted: 15, missing: 0, overdue: 0 })
})

test('of the final round 14 / 15 were handed up: one late, one returned, one to read, one missing and overdue', async () => {
  expect(await tally('2021-06-30')).toEqual({ expected: 15, received: 14, onTime: 13, late: 1, waiting: 1, returned: 1, accepted: 12, missing: 1, overdue: 1 })
})

test('what was handed up is to the letter what the operations would have frozen', async () => {
  const filings = await rows<{ id: string; content: object }>(`
    select distinct on (submission.filing_id) submission.filing_id as id, submission.content
    from submission
    order by submission.filing_id, submission.number desc`)
  expect(filings).toHaveLength(15 + 14 + 1)
  for (const { id, content } of filings) {
    const frozen = await asOfficer(async (ctx) => {
      const head = await filingHead(ctx.tx, id)
      const draft = await draftOf(ctx, head)
      expect([head.unitName, ...draft.problems, ...draft.warnings]).toEqual([head.unitName])
      return contentOf(head, draft, {})
    })
    expect(content).toEqual(JSON.parse(JSON.stringify(frozen)))
  }
})

test('the declared figures of May are 71 % of those of the campaign, which make 117 classes and 129,931 attendances', async () => {
  const sums = await rows<{ key: string; sum: number }>(`
    select filing_value.indicator as key, sum(filing_value.value)::integer as sum
    from filing_value join filing on filing.id = filing_value.filing_id join report_round on report_round.id = filing.round_id
    where report_round.as_of = '2021-05-31' and filing_value.superseded_at is null
    group by filing_value.indicator order by filing_value.indicator`)
  expect(sums).toEqual([
    { key: 'cuoc-tuyen-truyen', sum: Math.round(3_357 * 0.71) },
    { key: 'lop-tuyen-truyen', sum: Math.round(117 * 0.71) },
    { key: 'luot-nguoi-nghe', sum: Math.round(129_931 * 0.71) },
  ])
})

test('everything that happened to a report is on record, in the order of time', async () => {
  const counts = await rows<{ action: string; entries: number }>(`
    select action, count(*)::integer as entries from audit_entry where action ~ '^(indicator|form|round|filing)[.]' group by action order by action`)
  expect(Object.fromEntries(counts.map(({ action, entries }) => [action, entries]))).toMatchObject({
    'indicator.added': 3, 'form.made': 2, 'round.opened': 2, 'round.consolidated': 1, 'filing.submitted': 15 + 15, 'filing.accepted': 15 + 12, 'filing.returned': 2,
  })
  expect(await rows(`select id from (select id, at, lag(at) over (order by id) as before from audit_entry) as entry where at < before`)).toEqual([])
  expect(await rows(`select id from filing where version <> 1 + (select count(*) from filing_event where filing_event.filing_id = filing.id)
    + (select count(*) from filing_text where filing_text.filing_id = filing.id) + (select count(distinct recorded_at) from filing_value where filing_value.filing_id = filing.id)`)).toEqual([])
})

test('a proof is the file it says it is', async () => {
  expect(await rows(`select name from evidence where sha256 <> sha256(content) or handed_up_at is null`)).toEqual([])
  expect(await rows(`select name, content_type, encode(substr(content, 1, 5), 'escape') as starts from evidence`)).toEqual([{ name: 'danh-sach-luot-nguoi-nghe.pdf', content_type: 'application/pdf', starts: '%PDF-' }])
})
