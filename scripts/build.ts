import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { constants, createBrotliCompress, createGzip } from 'node:zlib'

const root = join(import.meta.dirname, '..')
const stamp = join(root, 'build', 'stamp')

/** Whether build/ was made from the sources as they are. */
export async function isBuilt(): Promise<boolean> {
  return (await readFile(stamp, 'utf8').catch(() => '')) === (await hashOfSources())
}

/** Builds the pages in processes of their own, so that what Vite takes is freed; the stamp comes last. */
export async function build(tell: (sentence: string) => void): Promise<void> {
  const hash = await hashOfSources()
  tell('Building the pages…')
  await rm(stamp, { force: true })
  await runVite()
  await compressAssets()
  await mkdir(join(root, 'build'), { recursive: true })
  await writeFile(stamp, hash)
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256')
  const files = ['package-lock.json', 'vite.config.ts', 'react-router.config.ts']
  for await (const file of glob('app/**/*.{ts,tsx,css,json,svg,woff2}', { cwd: root })) if (!/\.test\.tsx?$/.test(file)) files.push(file)
  for (const file of files.sort()) hash.update(file).update(await readFile(join(root, file)))
  return hash.digest('hex')
}

function runVite(): Promise<void> {
  const command = join(root, 'node_modules/@react-router/dev/bin.cjs')
  const env = { ...process.env, NODE_ENV: 'production' }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, 'build', '--logLevel', 'warn'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const said: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`The pages could not be built.\n${Buffer.concat(said).toString()}`))))
  })
}

/** Beside each file that gains by it: the server sends the smallest the browser takes. */
async function compressAssets(): Promise<void> {
  for await (const file of glob('build/client/**/*.{js,css,svg,json}', { cwd: root })) {
    const path = join(root, file)
    await pipeline(createReadStream(path), createGzip({ level: 9 }), createWriteStream(`${path}.gz`))
    await pipeline(createReadStream(path), createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }), createWriteStream(`${path}.br`))
  }
}

if (import.meta.main && !(await isBuilt())) await build((sentence) => console.error(sentence))
