import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openFiles, type Files } from '../app/platform/files/files.ts'

/** A store of files in a folder of this test's own, gone when it has ended. */
export async function testFiles(): Promise<Files> {
  return openFiles({ kind: 'disk', folder: await filesFolder() })
}

/** Such a folder. */
export async function filesFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'thong-suot-files-'))
  afterAll(() => rm(folder, { recursive: true, force: true }))
  return folder
}
