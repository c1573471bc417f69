import { parseArgs } from 'node:util'
import { AlreadyServed } from '../app/db/embedded.ts'
import { readConfig, type Config } from '../app/platform/config.ts'
import type { Served } from '../app/server.ts'
import type { App } from '../app/web/context.ts'
import { DemoAccounts } from '../app/web/sign-in.schema.ts'
import { buildPages } from './build.ts'

const help = `Starts Thông Suốt.

  npm start                      on embedded PostgreSQL in data/main, or on DATABASE_URL
  npm run demo                   with the demonstration city, in data/demo

Options, after --:
  --data DIR    where embedded PostgreSQL keeps its data
  --port N      port to answer at (3000; 0 for any that is free)
  --host H      address to answer at (127.0.0.1; 0.0.0.0 for every network)
  --demo        with the demonstration city; not while DATABASE_URL is set
  --help        this text

Environment: DATABASE_URL, PUBLIC_URL, TRUSTED_PROXIES, PORT, HOST, DATA_DIR, TIME_ZONE, LOG_LEVEL, SECRET, METRICS_TOKEN,
COSTLY_PER_MINUTE; a secret also as NAME_FILE. docs/operations.md tells of each.
Exit codes: 0 stopped, 1 failed, 2 wrong usage, 3 these data are already served.`

// React is several times slower without; it is read when React is loaded, so the server is imported below.
process.env['NODE_ENV'] = 'production'

const options = readOptions()
if (options.help) {
  console.log(help)
} else {
  const over = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => over.abort())
  over.signal.addEventListener('abort', () => tell('Stopping…'))
  const served = await start(configOf(options), over.signal)
  const stop = () => void served.stop().then(() => process.exit(0))
  over.signal.addEventListener('abort', stop)
  console.log(await greeting(served))
}

function readOptions() {
  try {
    return parseArgs({
      options: { data: { type: 'string' }, port: { type: 'string' }, host: { type: 'string' }, demo: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    }).values
  } catch (error) {
    return fail(2, `${(error as Error).message}\n\n${help}`)
  }
}

function configOf({ data, port, host, demo }: ReturnType<typeof readOptions>): Config {
  try {
    const config = readConfig({ data, port, host, isDemo: demo ?? false })
    return { ...config, logLevel: process.env['LOG_LEVEL'] ?? (demo ? 'warn' : 'info') }
  } catch (error) {
    return fail(2, (error as Error).message)
  }
}

async function start(config: Config, signal: AbortSignal): Promise<Served> {
  const pages = buildPages(tell)
  pages.catch(() => {}) // awaited by startServer, perhaps after something else has failed first
  try {
    const { startServer } = await import('../app/server.ts')
    return await startServer(config, { pages, tell, signal, ...(config.isDemo ? { prepare: loadCity } : {}) })
  } catch (error) {
    if (signal.aborted) return process.exit(0)
    if (error instanceof AlreadyServed) return fail(3, error.message)
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') return fail(1, `Port ${config.port} is in use by another program. Stop that one, or choose another port: --port ${config.port + 1}`)
    if (code === 'EACCES') return fail(1, `This user may not answer at port ${config.port}. Choose one above 1023: --port 3000`)
    return fail(1, message)
  }
}

async function loadCity({ pool, log }: App): Promise<void> {
  const { isLoaded, loadDemo } = await import('../demo/load.ts')
  if (await isLoaded(pool)) return
  tell('Loading the demonstration city…')
  await loadDemo({ pool, log })
}

async function greeting({ url, app }: Served): Promise<string> {
  const lines = [`Thông Suốt: ${url}`]
  if (app.config.isDemo) {
    const kept = await app.db.selectFrom('setting').select('value').where('key', '=', 'demo_accounts').executeTakeFirst()
    lines.push(`The finished report: ${url}/campaigns/nq-dai-hoi-xiii/report?unit=can-tho&asOf=2021-06-30`, 'Accounts to try:')
    for (const account of DemoAccounts.catch([]).parse(kept?.value)) lines.push(`  ${account.username} / ${account.password}  ${account.who_vi} (${account.who_en})`)
  }
  return lines.join('\n')
}

function tell(sentence: string): void {
  console.error(sentence)
}

function fail(code: number, sentence: string): never {
  console.error(sentence)
  process.exit(code)
}
