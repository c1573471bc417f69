import { open, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { sql } from 'kysely'
import { tell, Wrong, type Options } from './cli-parts.ts'
import { asSystem, asViewer, type Db } from './db/open.ts'
import { exportOf, templateOf } from './features/imports/export.server.ts'
import { fileOf } from './features/imports/files.server.ts'
import { importWords } from './features/imports/imports.messages.ts'
import { FileFormat, ImportAsked, importKinds, type ImportKind } from './features/imports/imports.schema.ts'
import { askForImport, bringFile, cancelImport, fileBytes, importById } from './features/imports/imports.server.ts'
import { badLines } from './features/imports/remarks.server.ts'
import { workOn } from './features/imports/work.server.ts'
import type { Ctx } from './permissions/permissions.ts'
import { today } from './platform/clock.ts'
import { languages } from './platform/i18n.ts'
import type { Log } from './platform/log.ts'
import { problemsOf } from './web/problems.ts'
import { loadViewer } from './web/viewer.server.ts'

type Work = (at: { db: Db; log: Log }) => Promise<void>

export const importHelp = `Usage: thong-suot import FILE --kind members|units|offices --as USERNAME [--unit CODE] [--as-of DAY] [--dry-run] [--lang vi|en]

Reads an XLSX or CSV file and says what importing it would do, row by row where something is wrong; without --dry-run it then imports
everything, or nothing while one row is wrong. It is done with the rights of the account --as. --unit is the unit of rows that name none,
--as-of the day the list holds from (today). Exit codes: 0 done, 1 rows are wrong, 2 the file cannot be read.`

export const exportHelp = `Usage: thong-suot export members|units|offices --as USERNAME [--unit CODE] [--format xlsx|csv] [--template] [-o FILE]

Writes what the account --as keeps today, or of one unit and beneath it, to FILE; it can be imported again. --template writes an empty list.`

/** Reads, and imports unless it is only asked what would happen. */
export async function importFile(options: Options, [path, ...more]: string[], timeZone: string): Promise<Work> {
  const language = languages.find((one) => one === (options.lang ?? 'vi'))
  if (!path || more.length > 0 || !options.as || !language) throw new Wrong(importHelp)
  const { problems, input } = problemsOf(ImportAsked, { kind: options.kind, unitCode: options.unit, effectiveOn: options['as-of'] }, 'en')
  if (problems) throw new Wrong(`${Object.entries(problems).map(([field, sentence]) => `${field}: ${sentence}`).join('\n')}\n\n${importHelp}`)
  const asked = input as ImportAsked
  const bytes = await readUpTo(path)
  const t = importWords.in(language)
  return async ({ db, log }) => {
    const day = today(timeZone)
    const personId = await personOf(db, log, options.as!)
    const as = <Result>(work: (ctx: Ctx) => Promise<Result>) => asViewer(db, { personId, today: day }, async (tx) => work({ tx, viewer: await loadViewer(tx, personId, day), source: 'cli' }))
    const run = async (importId: string) => {
      const attempt = await as(async ({ tx }) => (await sql<{ attempt: number | null }>`select take_import(${importId}, 1000) as attempt`.execute(tx)).rows[0]!.attempt)
      if (attempt === null) throw new Error('This import is being worked on by somebody else.')
      await workOn(db, { importId, attempt, personId, today: day })
      return as((ctx) => importById(ctx, importId))
    }
    const id = await as((ctx) => bringFile(ctx, asked, { name: basename(path), bytes }))
    const read = await run(id)
    if (read.state === 'refused') throw new Wrong(read.refusal![language])
    const counts = read.counts!
    for (const line of await as((ctx) => badLines(ctx, id, language))) console.log(line)
    console.log(t('cliSummary', { bad: counts.bad, new: counts.new, changed: counts.changed, unchanged: counts.unchanged }))
    const isDone = options['dry-run'] || counts.bad > 0 || counts.new + counts.changed === 0
    if (isDone) await as((ctx) => cancelImport(ctx, { id }))
    if (counts.bad > 0) throw new Wrong(t('stillBad', { count: counts.bad }), 1)
    if (isDone) return
    await as((ctx) => askForImport(ctx, { id }))
    const done = await run(id)
    if (done.state !== 'imported') throw new Wrong(done.refusal?.[language] ?? t('failed'), 1)
    console.log(t('cliImported', { receipt: String(done.receipt) }))
  }
}

/** Writes what is kept, or an empty list. */
export function exportList(options: Options, [kind, ...more]: string[], timeZone: string): Work {
  const asked = importKinds.find((one) => one === kind)
  const format = FileFormat.safeParse(options.format ?? 'xlsx').data
  const language = languages.find((one) => one === (options.lang ?? 'vi'))
  if (!asked || more.length > 0 || !format || !language || !options.as) throw new Wrong(exportHelp)
  const wanted: ImportKind = asked
  return async ({ db, log }) => {
    const day = today(timeZone)
    const personId = await personOf(db, log, options.as!)
    const grids = options.template
      ? templateOf(wanted, language)
      : await asViewer(db, { personId, today: day }, async (tx) => exportOf({ tx, viewer: await loadViewer(tx, personId, day), source: 'cli' }, wanted, options.unit ?? null, language))
    const file = await fileOf(grids, format, wanted)
    const path = options.output ?? file.fileName
    await writeFile(path, file.bytes)
    tell(`Written: ${path}`)
  }
}

async function personOf(db: Db, log: Log, username: string): Promise<string> {
  const account = await asSystem(db, log, 'whose rights a command has', (tx) => tx.selectFrom('account').select('person_id').where('username', '=', username.toLowerCase()).where('is_disabled', '=', false).executeTakeFirst())
  if (!account) throw new Wrong(`There is no account "${username}", or it is disabled.`, 4)
  return account.person_id
}

async function readUpTo(path: string): Promise<Uint8Array> {
  const file = await open(path).catch(() => null)
  try {
    const about = await file?.stat()
    if (!file || !about || about.isDirectory()) throw new Wrong(`There is no file ${path}.`)
    if (about.size > fileBytes) throw new Wrong(importWords.in('en')('fileTooLarge', { megabytes: fileBytes / 1024 / 1024 }))
    return new Uint8Array(await file.readFile())
  } finally {
    await file?.close()
  }
}
