import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { access, glob, mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { constants, createBrotliCompress, createGzip } from 'node:zlib'

const root = join(import.meta.dirname, '..')
const builds = join(root, 'build')
const kept = 3
const unusedFor = 24 * 3600_000 // ms; a server that still runs on an earlier build goes on reading its files

/**
 * The folder of the pages built from the sources as they are; builds them when there is none. Each build has a folder named
 * after the hash of its sources, and appears whole, so that it never changes under a running server.
 */
export async function buildPages(tell: (sentence: string) => void): Promise<string> {
  const folder = join(builds, await hashOfSources())
  if (await exists(folder)) {
    await utimes(folder, new Date(), new Date())
    return folder
  }
  tell('Building the pages…')
  const draft = `${folder}.${process.pid}`
  await mkdir(builds, { recursive: true })
  try {
    await runVite(draft)
    await compressAssets(draft)
    await rename(draft, folder)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (!(await exists(folder))) throw error // else another process was quicker
  }
  await removeOldBuilds()
  return folder
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256')
  const files = ['package-lock.json', 'vite.config.ts', 'react-router.config.ts']
  for await (const file of glob('app/**/*.{ts,tsx,css,json,svg,woff2}', { cwd: root })) if (!/\.test\.tsx?$/.test(file)) files.push(file)
  for (const file of files.sort()) hash.update(`${file}\n`).update(await readFile(join(root, file)))
  return hash.digest('hex').slice(0, 16)
}

/** In a process of its own, so that what Vite takes is given back. */
function runVite(folder: string): Promise<void> {
  const command = join(root, 'node_modules/@react-router/dev/bin.cjs')
  const env = { ...process.env, NODE_ENV: 'production', BUILD_DIRECTORY: folder }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, 'build', '--logLevel', 'warn'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const said: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`The pages could not be built.\n${Buffer.concat(said).toString()}`))))
  })
}

/** Beside each file that gains by it: the server sends the smallest that the browser takes. */
async function compressAssets(folder: string): Promise<void> {
  for await (const file of glob('client/**/*.{js,css,svg}', { cwd: folder })) {
    const path = join(folder, file)
    await pipeline(createReadStream(path), createGzip({ level: 9 }), createWriteStream(`${path}.gz`))
    await pipeline(createReadStream(path), createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }), createWriteStream(`${path}.br`))
  }
}

async function removeOldBuilds(): Promise<void> {
  const whole = (await readdir(builds)).filter((name) => /^[0-9a-f]{16}$/.test(name))
  const used = await Promise.all(whole.map(async (name) => ({ name, at: (await stat(join(builds, name))).mtimeMs })))
  const old = used.sort((one, other) => other.at - one.at).slice(kept).filter(({ at }) => at < Date.now() - unusedFor)
  await Promise.all(old.map(({ name }) => rm(join(builds, name), { recursive: true, force: true })))
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

if (import.meta.main) console.log(await buildPages((sentence) => console.error(sentence)))
