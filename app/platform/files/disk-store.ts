import { constants } from 'node:fs'
import { access, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { NoContent, type Store } from './store.ts'

/** Contents in a folder, `ab/abcdef…`, each for its owner alone and never executable. */
export function diskStore(folder: string): Store {
  const pathOf = (hash: string) => join(folder, hash.slice(0, 2), hash)
  return {
    prepare: async () => {},
    place: async (hash, draft) => {
      const path = pathOf(hash)
      if (!(await isThere(path))) {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        await rename(draft, path)
      }
      // Also where it was there: whoever put it there a moment ago may not have come so far.
      await syncFolder(dirname(path))
      await syncFolder(folder)
    },
    open: async (hash, range) => {
      const handle = await open(pathOf(hash)).catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'ENOENT' ? new NoContent(hash) : error
      })
      return handle.createReadStream({ ...range, highWaterMark: 256 * 1024 })
    },
    look: async (hash) => {
      const found = await stat(pathOf(hash)).catch(nothing)
      return found && { size: found.size, at: found.mtime }
    },
    remove: async (hash) => {
      await unlink(pathOf(hash)).catch(nothing)
    },
    list: async function* () {
      for (const part of (await readdir(folder).catch(nothing)) ?? []) {
        if (!/^[0-9a-f]{2}$/.test(part)) continue
        for (const hash of await readdir(join(folder, part))) {
          const found = /^[0-9a-f]{64}$/.test(hash) ? await stat(pathOf(hash)).catch(nothing) : null
          if (found) yield { hash, at: found.mtime }
        }
      }
    },
  }
}

const isThere = (path: string) => access(path, constants.F_OK).then(() => true, () => false)

function nothing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}

/** A new name is durable once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
