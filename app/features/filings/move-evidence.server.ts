import { sql } from 'kysely'
import { asSystem } from '../../db/open.ts'
import { keepOwn, useFile } from '../../platform/files/files.ts'
import { kindOfType } from '../../platform/files/media-types.ts'
import type { App } from '../../web/context.ts'

/**
 * Evidence that an earlier version kept in its table goes to where files are kept; run before anybody is served. One row is moved at a
 * time, whole or not at all, so that it goes on where it was broken off. Returns how many were moved.
 */
export async function moveEvidence({ db, log, files }: Pick<App, 'db' | 'log' | 'files'>): Promise<number> {
  for (let moved = 0; ; moved++) {
    const next = await asSystem(db, log, 'evidence in its table is looked for', (tx) => tx.selectFrom('evidence').select('id').where('file_sha256', 'is', null).orderBy('id').limit(1).executeTakeFirst())
    if (!next) return moved
    await asSystem(db, log, 'evidence goes to where files are kept', async (tx) => {
      const row = await tx.selectFrom('evidence').select(['content', 'content_type']).where('id', '=', next.id).where('file_sha256', 'is', null).forUpdate().executeTakeFirst()
      if (!row?.content) return // another process was quicker
      const kept = await keepOwn(files, row.content, kindOfType(row.content_type)!)
      try {
        await useFile(tx, kept)
        await sql`update evidence set file_sha256 = ${kept.sha256}, content = null where id = ${next.id}`.execute(tx)
      } finally {
        await kept.drop()
      }
    })
  }
}
