import { existsSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'

/**
 * A real browser that comes inside an npm package, with the system libraries it needs; nothing has to be installed.
 * Whoever opens it closes it. `port` lets another program drive it as well.
 */
export async function openBrowser(port?: number): Promise<Browser> {
  const place = await unpacked()
  const executablePath = join(place, 'chromium')
  try {
    return await launch(executablePath, {}, port)
  } catch (error) {
    if (!/shared libraries|libnss3/.test(String(error))) throw error
    return launch(executablePath, { LD_LIBRARY_PATH: [join(place, 'al2023', 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':') }, port)
  }
}

function launch(executablePath: string, environment: Record<string, string>, port: number | undefined): Promise<Browser> {
  const env = { ...process.env, ...environment } as Record<string, string>
  if (!existsSync('/etc/fonts')) env['FONTCONFIG_PATH'] = join(dirname(executablePath), 'fonts')
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', ...(port ? [`--remote-debugging-port=${port}`] : [])], env })
}

// The package unpacks into the temporary folder and takes a half-written browser for a whole one, so each user has a
// folder that appears by renaming only when all of it is there.
async function unpacked(): Promise<string> {
  const place = join(tmpdir(), `thong-suot-browser-153-${userInfo().uid}`)
  if (existsSync(place)) return place
  const { default: packed, inflate } = await import('@sparticuz/chromium')
  const before = process.env['TMPDIR']
  const fresh = await mkdtemp(`${place}-`)
  try {
    process.env['TMPDIR'] = fresh
    packed.setGraphicsMode = false
    const bin = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..', 'bin')
    await packed.executablePath(bin)
    await inflate(join(bin, 'al2023.tar.br'))
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
  await rename(fresh, place).catch(() => rm(fresh, { recursive: true, force: true })) // another process was first
  return place
}
