import { open } from 'node:fs/promises'
import { Refused } from '../../platform/errors.ts'
import { largestFile } from '../../platform/reading/limits.ts'
import { tooLarge } from '../../platform/reading/read-text.server.ts'
import { checksWords } from './checks.messages.ts'
import { checkDocument, type Checked } from './checks.server.ts'

/** Checks a file on this machine, or standard input for `-`. Throws Refused('file'). */
export async function checkFile(path: string): Promise<Checked> {
  return checkDocument(path === '-' ? await readUpTo(process.stdin) : await readFile(path))
}

async function readFile(path: string): Promise<Uint8Array> {
  const file = await open(path).catch(() => null)
  const about = await file?.stat()
  try {
    if (!file || !about || about.isDirectory()) throw new Refused('file', checksWords.say('fileNotThere', { name: path }))
    if (about.size > largestFile) throw tooLarge()
    return await readUpTo(file.createReadStream({ autoClose: false }))
  } finally {
    await file?.close()
  }
}

async function readUpTo(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const kept: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.byteLength
    if (size > largestFile) throw tooLarge()
    kept.push(chunk)
  }
  return new Uint8Array(Buffer.concat(kept))
}
