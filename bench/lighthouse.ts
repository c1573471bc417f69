import lighthouse, { type Flags } from 'lighthouse'
import { openBrowser } from '../scripts/browser.ts'
import { line } from './shared/measure.ts'
import { serveCity } from './shared/served-city.ts'

const day = 'asOf=2021-06-30'
const pages: { what: string; who: string | null; path: string }[] = [
  { what: 'sign-in', who: null, path: '/sign-in' },
  { what: 'home of a city officer', who: 'ha.city', path: '/' },
  { what: 'report of the city', who: 'ha.city', path: `/campaigns/nq-dai-hoi-xiii/report?unit=can-tho&${day}` },
  { what: 'behind a figure', who: 'ha.city', path: `/campaigns/nq-dai-hoi-xiii/figures/studied?unit=can-tho&${day}` },
  { what: 'a unit', who: 'ha.city', path: `/units/vinh-thanh?${day}` },
  { what: 'home of a cell secretary', who: 'ut.tanan', path: '/' },
  { what: 'home of a member', who: 'lan.tanan', path: '/' },
]
const budgets = { performance: 95, accessibility: 100, 'best-practices': 100 } as const

// Scores of the main pages, as a phone and as a desk, by Lighthouse.
const port = 9333
const served = await serveCity()
const browser = await openBrowser(port)
try {
  const cookies = new Map<string, string>()
  for (const { who } of pages) if (who && !cookies.has(who)) cookies.set(who, await served.signIn(who))
  for (const screen of ['mobile', 'desktop'] as const) {
    for (const { what, who, path } of pages) {
      const answer = await lighthouse(served.url + path, flagsOf(screen, who === null ? null : cookies.get(who)!))
      if (!answer) throw new Error(`${path} could not be judged.`)
      const { categories, audits } = answer.lhr
      for (const [key, budget] of Object.entries(budgets)) {
        const value = Math.round((categories[key]?.score ?? 0) * 100)
        const lost = (categories[key]?.auditRefs ?? []).filter(({ id, weight }) => weight > 0 && (audits[id]?.score ?? 1) < 0.9).map(({ id }) => id)
        line({ bench: 'lighthouse', what: `${what}: ${key}`, screen, atLeast: budget, reached: value, within: value >= budget, ...(lost.length > 0 ? { lost } : {}) })
      }
    }
  }
} finally {
  await browser.close()
  await served.stop()
}

function flagsOf(screen: 'mobile' | 'desktop', cookie: string | null): Flags {
  return {
    port,
    onlyCategories: Object.keys(budgets),
    logLevel: 'error',
    disableStorageReset: true,
    ...(cookie ? { extraHeaders: { Cookie: cookie } } : {}),
    formFactor: screen,
    ...(screen === 'desktop'
      ? {
          screenEmulation: { mobile: false, width: 1280, height: 900, deviceScaleFactor: 1, disabled: false },
          throttling: { rttMs: 40, throughputKbps: 10_240, cpuSlowdownMultiplier: 1, requestLatencyMs: 0, downloadThroughputKbps: 0, uploadThroughputKbps: 0 },
        }
      : {}),
  }
}
