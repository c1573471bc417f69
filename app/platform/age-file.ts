import { createReadStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'

/** Whom a file is encrypted for: everybody who knows the passphrase, or who holds the identity that belongs to the recipient. */
export type Lock = { passphrase: string } | { recipient: string }

/** What opens it. */
export type Key = { passphrase: string } | { identity: string }

/** The file cannot be written or opened, or is not what was written; the message is a sentence for the person at the keyboard. */
export class FileTrouble extends Error {}

/** A new key: the identity opens what is written for the recipient. */
export async function newKey(): Promise<{ identity: string; recipient: string }> {
  const identity = await generateX25519Identity()
  return { identity, recipient: await identityToRecipient(identity) }
}

/**
 * Writes a text, packed by zstd and encrypted by age, into a new file that its owner alone can read. It has its name only when
 * it is whole and on the disk. Returns its size in bytes.
 */
export async function writeAgeFile(file: string, content: AsyncIterable<Uint8Array>, lock: Lock): Promise<number> {
  const encrypter = new Encrypter()
  try {
    if ('passphrase' in lock) encrypter.setPassphrase(lock.passphrase)
    else encrypter.addRecipient(lock.recipient)
  } catch {
    throw new FileTrouble('The recipient is not an age key; it begins with age1, as "thong-suot backup --new-key FILE" prints.')
  }
  const draft = `${file}.part`
  const handle = await open(draft, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw new FileTrouble(error.code === 'EEXIST' ? `${draft} is there: another backup is being written, or one was broken off. Remove it, or name another file.` : `${file} cannot be written: ${error.message}`)
  })
  try {
    const encrypt = async function* (packed: AsyncIterable<Uint8Array>) {
      yield* (await encrypter.encrypt(Readable.toWeb(Readable.from(packed)) as never)) as unknown as AsyncIterable<Uint8Array>
    }
    await pipeline(Readable.from(content), createZstdCompress(), encrypt, handle.createWriteStream({ flush: true }))
    const { size } = await stat(draft)
    await rename(draft, file)
    await syncFolder(dirname(file))
    return size
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

/** What `writeAgeFile` was given. Throws FileTrouble at once for a wrong key, and while it is read for a file that was cut or changed. */
export async function readAgeFile(file: string, key: Key): Promise<AsyncIterable<Uint8Array>> {
  await stat(file).catch((error: Error) => {
    throw new FileTrouble(`${file} cannot be read: ${error.message}`)
  })
  const decrypter = new Decrypter()
  try {
    if ('passphrase' in key) decrypter.addPassphrase(key.passphrase)
    else decrypter.addIdentity(key.identity)
  } catch {
    throw new FileTrouble('The key file holds no age key; its key begins with AGE-SECRET-KEY-1.')
  }
  const encrypted = createReadStream(file)
  const clear = await decrypter.decrypt(Readable.toWeb(encrypted) as never).catch((error: Error) => {
    encrypted.destroy()
    throw new FileTrouble(/no identity matched/.test(error.message) ? `${file} does not open with this ${'passphrase' in key ? 'passphrase' : 'key'}.` : `${file} is no encrypted backup, or its beginning is damaged.`)
  })
  return unpacked(file, clear as unknown as AsyncIterable<Uint8Array>)
}

async function* unpacked(file: string, clear: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const out = createZstdDecompress()
  const piping = pipeline(Readable.from(clear), out)
  piping.catch(() => {}) // `out` ends with the same error
  try {
    yield* out as AsyncIterable<Uint8Array>
  } catch (cause) {
    throw new FileTrouble(`${file} is damaged or was cut off: it is not what was written.`, { cause })
  } finally {
    out.destroy()
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  await handle.sync()
  await handle.close()
}
