import { writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { sql } from 'kysely'
import { exportHelp, exportList, importFile, importHelp } from './cli-import.ts'
import { tell, Wrong, type Options } from './cli-parts.ts'
import { hasData } from './db/embedded-place.ts'
import { openEmbedded } from './db/embedded.ts'
import { migrate } from './db/migrate.ts'
import { asSystem, closeDatabase, openDatabase, type Db } from './db/open.ts'
import { narrativeFile, narrativeFormats } from './features/narratives/narrative-file.server.ts'
import { buildNarrative } from './features/narratives/narratives.server.ts'
import { reportFile, reportFormats } from './features/reports/report-file.server.ts'
import { buildReport } from './features/reports/reports.server.ts'
import { deploymentKey } from './features/seals/deployment-key.server.ts'
import { sealArchive } from './features/seals/seal-files.server.ts'
import { sealByCode } from './features/seals/seal-views.server.ts'
import { readDay } from './platform/clock.ts'
import { readConfig, type Config } from './platform/config.ts'
import { Refused } from './platform/errors.ts'
import { openLog, type Log } from './platform/log.ts'
import { createAccount, disableAccount, firstAdministrator, removeSecondFactor, setPassword } from './web/accounts.server.ts'
import { NewPassword } from './web/password-length.ts'
import { demandGoodPassword } from './web/password-strength.server.ts'
import { problemsOf } from './web/problems.ts'
import { Setup, topKinds } from './web/setup.schema.ts'

/** What each command that works on a database does, and how it is called. */
export const helps: Record<string, string> = {
  setup: `Usage: thong-suot setup --unit NAME --kind KIND --name PERSON --username NAME [--code CODE] [--organisation NAME] [--symbol TU] [--place PLACE]

Sets up an empty database: the unit at the top of the tree, and a person who administers accounts.
The password is read from standard input, one line. KIND is one of ${topKinds.join(', ')}.`,
  migrate: `Usage: thong-suot migrate

Runs the migrations that this database has not had yet, and prints their names.`,
  report: `Usage: thong-suot report CAMPAIGN --unit CODE --as-of DAY --format json|docx|pdf|xlsx [--resolution CODE] [-o FILE]

Prints the report of a unit as of a day (2021-06-30 or 30/6/2021), or writes it to FILE.`,
  seal: `Usage: thong-suot seal export CODE [-o FILE]
       thong-suot seal key

export writes the archive of a sealed report to FILE, or to CODE.zip: the frozen content, its documents, their hashes and a
signature. key prints the fingerprint of the key that this deployment signs with, to be given to whoever verifies.`,
  narrative: `Usage: thong-suot narrative CAMPAIGN --unit CODE --as-of DAY --format json|docx|pdf [-o FILE]

Prints the report of a unit in sentences as of a day (2021-06-30 or 30/6/2021), or writes it to FILE.`,
  import: importHelp,
  export: exportHelp,
  user: `Usage: thong-suot user list
       thong-suot user add --name PERSON --username NAME --unit CODE --role ROLE
       thong-suot user password|disable|enable|no-second-factor USERNAME

add makes a person with an office and an account; ROLE is one of city_officer, secretary, deputy, clerk, inspector,
administrator. Passwords are read from standard input, one line. no-second-factor is for an administrator who has lost the phone and the
recovery codes: for everybody else an administrator does it on the page.`,
}

type At = { db: Db; log: Log }
type Work = (at: At) => Promise<void>

/** Each reads its arguments first, and says what is wrong with them before any database is opened or made. */
const commands: Record<string, (options: Options, rest: string[]) => Work | Promise<Work>> = {
  setup,
  report,
  narrative,
  seal,
  user,
  import: (options, rest) => importFile(options, rest, configOf(options).timeZone),
  export: (options, rest) => exportList(options, rest, configOf(options).timeZone),
  migrate: () => async () => {},
}

/** Runs one command on the database; false when there is no command of that name. */
export async function runOnDatabase(name: string, options: Options, rest: string[]): Promise<boolean> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) return false
  const config = configOf(options)
  const work = await command(options, rest)
  if (!config.isDemo && !config.databaseUrl && !['setup', 'migrate'].includes(name) && !hasData(config.dataDir)) {
    throw new Wrong(`There is no data in ${config.dataDir}. Name another folder with --data DIR, set this one up with "thong-suot setup" or "npm start", or try --demo.`, 4)
  }
  await onDatabase(config, name, work)
  return true
}

function configOf({ data, demo }: Options): Config {
  try {
    return readConfig({ data, isDemo: demo ?? false })
  } catch (error) {
    throw new Wrong((error as Error).message)
  }
}

/** Joins the running server's database, or starts it for the length of the command; migrates, and builds the demonstration. */
async function onDatabase(config: Config, name: string, work: Work): Promise<void> {
  const log = openLog(process.env['LOG_LEVEL'] ?? 'warn')
  const embedded = config.databaseUrl ? null : await openEmbedded({ dataDir: config.dataDir, as: 'command', log: tell })
  try {
    const { db, pool } = openDatabase(embedded?.connection ?? { connectionString: config.databaseUrl! }, log, 4)
    try {
      const ran = await migrate(pool)
      if (name === 'migrate') console.log(ran.length > 0 ? ran.join('\n') : 'The schema is up to date.')
      if (config.isDemo) await buildDemo(pool, log)
      await work({ db, log })
    } finally {
      await closeDatabase({ db, pool })
    }
  } finally {
    await embedded?.stop()
  }
}

type Pool = Parameters<typeof migrate>[0]
type Demo = { isLoaded: (pool: Pool) => Promise<boolean>; loadDemo: (on: { pool: Pool; log: Log }) => Promise<unknown> }

async function buildDemo(pool: Pool, log: Log): Promise<void> {
  // the address is not a literal: the demonstration stands below this room and is loaded only when asked for
  const { isLoaded, loadDemo } = (await import(new URL('../demo/load.ts', import.meta.url).href)) as Demo
  if (await isLoaded(pool)) return
  tell('Building the demonstration city…')
  await loadDemo({ pool, log })
}

async function setup(options: Options): Promise<Work> {
  const { problems, input } = problemsOf(
    Setup,
    {
      unit: {
        name: options.unit,
        kind: options.kind,
        ...(options.code ? { code: options.code } : {}),
        organisationName: options.organisation ?? '',
        symbol: options.symbol ?? '',
        place: options.place ?? '',
      },
      person: { name: options.name },
      username: options.username,
      password: await readPassword(),
    },
    'en',
  )
  if (problems) throw new Wrong(Object.entries(problems).map(([field, sentence]) => `${field}: ${sentence}`).join('\n'))
  return async ({ db, log }) => {
    await firstAdministrator(db, log, input as Setup).catch((error: unknown) => {
      throw error instanceof Refused && error.field === 'password' ? new Wrong(error.sentence('en')) : error
    })
    console.log(`${options.unit} is set up; ${options.username} can sign in.`)
  }
}

function report(options: Options, [campaignCode]: string[]): Work {
  const format = reportFormats.find((one) => one === (options.format ?? 'json'))
  const asOf = readDay(options['as-of'] ?? '')
  if (!campaignCode || !options.unit) throw new Wrong(helps['report']!)
  if (!asOf) throw new Wrong('--as-of must be a day, like 2021-06-30 or 30/6/2021.')
  if (!format) throw new Wrong(`--format must be one of ${reportFormats.join(', ')}.`)
  const asked = { campaignCode, unitCode: options.unit, asOf, resolutionCode: options.resolution }
  return async ({ db, log }) => {
    const built = await asSystem(db, log, 'a report asked for on the command line', (tx) => buildReport(tx, asked))
    await handOut(await reportFile(built, format, 'vi'), format, options)
  }
}

function narrative(options: Options, [campaignCode]: string[]): Work {
  const format = narrativeFormats.find((one) => one === (options.format ?? 'json'))
  const asOf = readDay(options['as-of'] ?? '')
  if (!campaignCode || !options.unit) throw new Wrong(helps['narrative']!)
  if (!asOf) throw new Wrong('--as-of must be a day, like 2021-06-30 or 30/6/2021.')
  if (!format) throw new Wrong(`--format must be one of ${narrativeFormats.join(', ')}.`)
  const asked = { campaignCode, unitCode: options.unit, asOf }
  return async ({ db, log }) => {
    const built = await asSystem(db, log, 'a report in sentences asked for on the command line', (tx) => buildNarrative(tx, asked))
    await handOut(await narrativeFile(built, format), format, options)
  }
}

/** Into the file that is named, else to standard output. */
async function handOut(file: { bytes: Uint8Array; fileName: string }, format: string, options: Options): Promise<void> {
  if (options.output) {
    await writeFile(options.output, file.bytes)
    tell(`Written: ${options.output}`)
    return
  }
  if (format !== 'json' && process.stdout.isTTY) throw new Wrong(`A ${format} file is not text; name a file with -o ${file.fileName}.`)
  await new Promise<void>((resolve, reject) => process.stdout.write(file.bytes, (error) => (error ? reject(error) : resolve())))
}

function seal(options: Options, [verb, code]: string[]): Work {
  if (verb === 'key') return async ({ db, log }) => console.log((await deploymentKey(db, log)).fingerprint)
  if (verb !== 'export' || !code) throw new Wrong(helps['seal']!)
  const { timeZone } = configOf(options)
  return async ({ db, log }) => {
    const sealed = await asSystem(db, log, 'an archive asked for on the command line', (tx) => sealByCode(tx, code))
    const file = options.output ?? `${sealed.code}.zip`
    await writeFile(file, await sealArchive(sealed, await deploymentKey(db, log), { language: 'vi', timeZone }))
    tell(`Written: ${file}`)
  }
}

async function user(options: Options, [verb, username]: string[]): Promise<Work> {
  if (verb === 'list') return listUsers
  if (verb === 'add') return addUser(options)
  if (!username || !verb || !['password', 'disable', 'enable', 'no-second-factor'].includes(verb)) throw new Wrong(helps['user']!)
  const password = verb === 'password' ? await newPassword([username]) : null
  return async ({ db, log }) => {
    if (password !== null) await asSystem(db, log, 'a password set on the command line', (tx) => setPassword(tx, { username, password }))
    else if (verb === 'no-second-factor') await asSystem(db, log, 'a second factor removed on the command line', (tx) => removeSecondFactor(tx, { username }))
    else await asSystem(db, log, `an account to ${verb} on the command line`, (tx) => disableAccount(tx, { username, isDisabled: verb === 'disable' }))
    console.log(`${username}: done.`)
  }
}

async function listUsers({ db }: At): Promise<void> {
  const { rows } = await sql<{ username: string; name: string; disabled: boolean; offices: string | null }>`
    select account.username, person.name, account.is_disabled as disabled,
           string_agg(office.role || ' of ' || unit.code, ', ' order by office.role) as offices
    from account
    join person on person.id = account.person_id
    left join office on office.person_id = person.id and office.during @> current_date
    left join unit on unit.id = office.unit_id
    group by account.username, person.name, account.is_disabled
    order by account.username`.execute(db)
  for (const row of rows) console.log([row.username, row.name, row.offices ?? 'member', row.disabled ? 'disabled' : ''].join('\t').trimEnd())
}

async function addUser({ name, username, unit, role }: Options): Promise<Work> {
  if (!name || !username || !unit || !role) throw new Wrong(helps['user']!)
  const password = await newPassword([username, name, unit])
  return async ({ db, log }) => {
    await asSystem(db, log, 'a user added on the command line', async (tx) => {
      const at = await tx.selectFrom('unit').select('id').where('code', '=', unit).executeTakeFirst()
      if (!at) throw new Wrong(`There is no unit with the code "${unit}".`, 4)
      const { rows } = await sql<{ id: string }>`
        with someone as (insert into person (id, name) values (gen_random_uuid(), ${name.normalize('NFC').replace(/\s+/g, ' ').trim()}) returning id)
        insert into office (id, person_id, unit_id, role, during)
        select gen_random_uuid(), someone.id, ${at.id}, ${role}, daterange(current_date - 1, null) from someone
        returning person_id as id`.execute(tx)
      await createAccount(tx, { personId: rows[0]!.id, username, password })
    })
    console.log(`${username} can sign in as ${role} of ${unit}.`)
  }
}

/** A password as on the page: long enough, and not one that everybody guesses. */
async function newPassword(own: string[]): Promise<string> {
  const { problems, input } = problemsOf(NewPassword, await readPassword(), 'en')
  if (problems) throw new Wrong(`The password: ${Object.values(problems).join(' ')}`)
  try {
    await demandGoodPassword('password', input as string, own)
  } catch (error) {
    if (error instanceof Refused) throw new Wrong(error.sentence('en'))
    throw error
  }
  return input as string
}

/** One line of standard input, so that no password stands in a shell's history. */
async function readPassword(): Promise<string> {
  if (process.stdin.isTTY) tell('Password:')
  for await (const line of createInterface({ input: process.stdin })) return line
  throw new Wrong('The password is read from standard input, one line, and there was none.')
}
