import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generate, Logger, PostgresDialect } from 'kysely-codegen'
import { openDatabase, type Db } from '../app/db/open.ts'
import { openLog } from '../app/platform/log.ts'
import { describeSchema } from './describe-schema.ts'
import { administer, createMigrated, openScratchServer } from './scratch-server.ts'

// Writes app/db/types.ts and app/db/schema.sql from the migrations; with --check says which of them is stale instead.

const root = join(import.meta.dirname, '..')
const isCheck = process.argv.includes('--check')

const { server, stop } = await openScratchServer()
const database = `generate_${process.pid}`
const made: [file: string, text: string][] = []
try {
  await createMigrated(server, database)
  const { db, pool } = openDatabase({ ...server, database }, openLog('silent'), 2)
  made.push(['app/db/types.ts', await describeTypes(db)], ['app/db/schema.sql', await describeSchema(pool)])
  await db.destroy()
} finally {
  await administer(server, `drop database if exists ${database} with (force)`)
  await stop()
}

for (const [file, text] of made) {
  const isStale = (await readFile(join(root, file), 'utf8').catch(() => '')) !== text
  if (isStale && isCheck) {
    console.error(`${file} is stale: run npm run generate`)
    process.exitCode = 1
  } else if (isStale) {
    await writeFile(join(root, file), text)
    console.log(`wrote ${file}`)
  }
}

async function describeTypes(db: Db): Promise<string> {
  const text = await generate({
    db,
    dialect: new PostgresDialect({ dateParser: 'string', numericParser: 'number' }),
    excludePattern: 'migration',
    singularize: false,
    typeOnlyImports: true,
    logger: new Logger('silent'),
  })
  // openDatabase reads counts as numbers
  return text.replace(/export type Int8 = .*;/, 'export type Int8 = ColumnType<number, bigint | number | string, bigint | number | string>;')
}
