import { readOptions, Wrong } from './cli-parts.ts'
import { Forbidden, NotFound, Refused } from './platform/errors.ts'

const help = `Usage: thong-suot COMMAND [options]

  setup      sets up an empty database: the unit at the top and the first administrator
  migrate    brings the database to this version's schema
  report     CAMPAIGN --unit CODE --as-of DAY --format json|docx|pdf|xlsx [--resolution CODE] [-o FILE]
  narrative  CAMPAIGN --unit CODE --as-of DAY --format json|docx|pdf [-o FILE]
  seal       export CODE [-o FILE] | key
  check      FILE|- [--json] [--lang vi|en]
  verify     FILE [--key FINGERPRINT] [--json]
  backup     FILE [--recipient age1…] | --new-key KEYFILE
  restore    FILE [--identity KEYFILE]
  import     FILE --kind members|units|offices --as USERNAME [--unit CODE] [--as-of DAY] [--dry-run]
  export     members|units|offices --as USERNAME [--unit CODE] [--format xlsx|csv] [--template] [-o FILE]
  user       list | add | password | disable | enable

Options of every command:
  --data DIR   where embedded PostgreSQL keeps its data; a running server is joined
  --demo       works on the demonstration's data, and builds it when absent; not while DATABASE_URL is set
  --help       what a command does

DATABASE_URL names a PostgreSQL server to use instead of the embedded one.
Exit codes: 0 done, 1 failed or found wrong, 2 wrong usage or input, 4 not found.`

type Alone = { help: string; run: (options: ReturnType<typeof readOptions>['values'], rest: string[]) => Promise<number> }

/** Commands that need no database of this version's schema, and load only what is theirs. */
const alone: Record<string, () => Promise<Alone>> = {
  check: () => import('./cli-check.ts'),
  verify: () => import('./cli-verify.ts'),
  backup: () => import('./cli-backup.ts'),
  restore: () => import('./cli-restore.ts'),
}

process.exitCode = await main()

async function main(): Promise<number> {
  try {
    const { values: options, positionals } = readOptions(help)
    const [name, ...rest] = positionals
    if (!name) {
      console.log(help)
      return options.help ? 0 : 2
    }
    const { help: ownHelp, run } = Object.hasOwn(alone, name) ? await alone[name]!() : await onDatabase(name)
    if (options.help) {
      console.log(ownHelp ?? help)
      return 0
    }
    return await run(options, rest)
  } catch (error) {
    return explain(error)
  }
}

async function onDatabase(name: string): Promise<{ help: string | undefined; run: Alone['run'] }> {
  const { helps, runOnDatabase } = await import('./cli-database.ts')
  return {
    help: helps[name],
    run: async (options, rest) => {
      if (!(await runOnDatabase(name, options, rest))) throw new Wrong(`There is no command "${name}".\n\n${help}`)
      return 0
    },
  }
}

function explain(error: unknown): number {
  if (error instanceof Wrong) return said(error.message, error.code)
  if (error instanceof NotFound) return said('There is no such campaign, unit, sealed report or user.', 4)
  if (error instanceof Refused || error instanceof Forbidden) return said(error.sentence('en'), 2)
  return said(error instanceof Error ? error.message : String(error), 1)
}

function said(sentence: string, code: number): number {
  console.error(sentence)
  return code
}
