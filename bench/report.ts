import { asViewer } from '../app/db/open.ts'
import { reportFile, reportFormats } from '../app/features/reports/report-file.server.ts'
import { buildReport } from '../app/features/reports/reports.server.ts'
import { personOf, withCity } from './shared/city.ts'
import { line, measure } from './shared/measure.ts'

// The report of the city; for the files also one with 100 units beneath, made by repeating rows.
await withCity(async (db) => {
  const viewer = { personId: await personOf(db, 'ha.city'), today: '2026-01-01' }
  const build = () => asViewer(db, viewer, (tx) => buildReport(tx, { campaignCode: 'nq-dai-hoi-xiii', unitCode: 'can-tho', asOf: '2021-06-30' }))
  line({ bench: 'report', what: 'figures of the city’s report', ...(await measure(50, build)) })
  const report = await build()
  const large = { ...report, units: Array.from({ length: 100 }, (_, index) => report.units[index % report.units.length]!) }
  for (const format of reportFormats) {
    line({ bench: 'report', what: `${format}, 100 units`, budget: 1000, ...(await measure(10, () => reportFile(large, format, 'vi'))) })
  }
})
