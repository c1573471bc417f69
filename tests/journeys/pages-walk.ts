import { glob, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import routes from '../../app/routes.ts'
import { demoDatabase } from '../demo.ts'
import { violationsOf } from './axe.ts'
import { browserOfFile, serve, sessionOf, visitor, withSession } from './site.ts'

// Every page as each kind of person sees it, in files of their own so that two of them are walked at once. With PICTURES=yes each is left in screenshots/ for somebody to look at.

const database = await demoDatabase()
const { pool } = database
const served = await serve(database)
const browser = await browserOfFile()
const root = join(import.meta.dirname, '../..')
const pictures = join(import.meta.dirname, 'screenshots')
const takesPictures = process.env['PICTURES'] === 'yes'
if (takesPictures) await mkdir(pictures, { recursive: true })

/** What stands in the records themselves, which no language changes. */
const { rows: kept } = await pool.query<{ words: string }>(
  `select name as words from unit union select name from person union select name from study_session union select place from study_session union select name from topic
   union select name from campaign union select name from resolution union select name from category union select title from office union select exempt_reason from roster union select reason from mark
   union select abstract from document union select text from document union select issuer_name from document union select name from document_recipient union select name from committee_term union select text from document_clause
   union select title from duty_rule union select title from material union select unnest(string_to_array(text, E'\\n')) from material_version union select question from booklet_question union select unnest(string_to_array(answer, E'\\n')) from booklet_question union select part from booklet_question
   union select name from report_form union select name from report_round union select title from report_form_section union select name from indicator union select text from filing_text union select comment from filing_event`)
const records = new Set(kept.map((row) => row.words))

const campaign = 'nq-dai-hoi-xiii'
const cell = 'vinh-thanh-thanh-loc-ap-tan-an'
const { rows } = await pool.query<{ person: string; session: string; sitting: string; hall: string }>(
  `select (select person_id from account where username = 'lan.tanan') as person, (select sitting.session_id from sitting join unit on unit.id = unit_id where unit.code = $1 order by held_on limit 1) as session,
     (select sitting.id from sitting join unit on unit.id = unit_id where unit.code = $1 order by held_on desc limit 1) as sitting,
     (select id from study_session where kind = 'national_conference' and part_of is null) as hall`, [cell])
const { person, session, sitting, hall } = rows[0]!
const day = '2021-06-30'

const { rows: filed } = await pool.query<Record<'round' | 'form' | 'owed' | 'returned' | 'submitted' | 'consolidated', string>>(
  `select report_round.id as round, report_round.form_id as form, min(filing.id::text) filter (where state = 'draft' and not is_consolidated) as owed, min(filing.id::text) filter (where state = 'returned') as returned,
     min(filing.id::text) filter (where state = 'submitted') as submitted, min(filing.id::text) filter (where is_consolidated) as consolidated
   from report_round join filing on filing.round_id = report_round.id where as_of = $1 group by report_round.id`, [day])
const reports = filed[0]!

const { rows: issued } = await pool.query<Record<'plan' | 'below' | 'rule' | 'booklet' | 'outline', string>>(
  `select (select id from document where number = 17 and symbol = 'TU' and type = 'plan') as plan, (select document.id from document join unit on unit.id = issuer_id where unit.code = 'vinh-thanh') as below,
     (select id from duty_rule where kind = 'document' order by recorded_at limit 1) as rule, (select id from material where kind = 'booklet') as booklet, (select id from material where kind = 'outline') as outline`)
const { plan, below, rule, booklet, outline } = issued[0]!

/** One picture a page and person; `path` fits the pattern of a route. */
const pages: { name: string; who: string | null; path: string; status?: number; isGuess?: boolean }[] = [
  { name: 'sign-in', who: null, path: '/sign-in' },
  { name: 'home-city-officer', who: 'ha.city', path: '/' },
  { name: 'home-city-secretary', who: 'bithu.cantho', path: '/' },
  { name: 'home-district-clerk', who: 'solieu.vinhthanh', path: '/' },
  { name: 'home-commune-clerk', who: 'vanphong.thanhloc', path: '/' },
  { name: 'home-cell-secretary', who: 'ut.tanan', path: '/' },
  { name: 'home-member', who: 'lan.tanan', path: '/' },
  { name: 'home-inspector', who: 'kiemtra', path: '/' },
  { name: 'home-administrator', who: 'quantri', path: '/' },
  { name: 'report-city', who: 'ha.city', path: `/campaigns/${campaign}/report?unit=can-tho&asOf=${day}` },
  { name: 'report-commune', who: 'vanphong.thanhloc', path: `/campaigns/${campaign}/report?unit=vinh-thanh-thanh-loc&asOf=${day}` },
  { name: 'report-cell', who: 'ut.tanan', path: `/campaigns/${campaign}/report?unit=${cell}&asOf=${day}` },
  { name: 'report-member', who: 'lan.tanan', path: `/campaigns/${campaign}/report?unit=can-tho&asOf=${day}` },
  { name: 'report-administrator', who: 'quantri', path: `/campaigns/${campaign}/report?unit=ninh-kieu&asOf=${day}`, status: 404 },
  { name: 'figure-city', who: 'ha.city', path: `/campaigns/${campaign}/figures/studied?unit=can-tho&asOf=${day}` },
  { name: 'figure-cell', who: 'vanphong.thanhloc', path: `/campaigns/${campaign}/figures/studied?unit=${cell}&asOf=${day}` },
  { name: 'figure-exempt', who: 'ha.city', path: `/campaigns/${campaign}/figures/exempt?unit=vinh-thanh&asOf=${day}` },
  { name: 'units', who: 'ha.city', path: `/units?unit=can-tho&asOf=${day}` },
  { name: 'units-administrator', who: 'quantri', path: '/units' },
  { name: 'unit-city', who: 'ha.city', path: '/units/can-tho' },
  { name: 'unit-commune', who: 'vanphong.thanhloc', path: `/units/vinh-thanh-thanh-loc?asOf=${day}` },
  { name: 'unit-cell', who: 'ut.tanan', path: `/units/${cell}?asOf=${day}` },
  { name: 'unit-people', who: 'ut.tanan', path: `/units/${cell}/people` },
  { name: 'unit-people-administrator', who: 'quantri', path: '/units/vinh-thanh-thanh-loc/people' },
  { name: 'unit-edit', who: 'quantri', path: '/units/vinh-thanh-thanh-loc/edit' },
  { name: 'people-found', who: 'vanphong.thanhloc', path: '/people?q=nguyen' },
  { name: 'person', who: 'ut.tanan', path: `/people/${person}` },
  { name: 'person-administrator', who: 'quantri', path: `/people/${person}` },
  { name: 'account', who: 'ut.tanan', path: `/accounts/${person}` },
  { name: 'me-cell-secretary', who: 'ut.tanan', path: '/me' },
  { name: 'me-member', who: 'lan.tanan', path: '/me' },
  { name: 'me-administrator', who: 'quantri', path: '/me' },
  { name: 'rights-cell-secretary', who: 'ut.tanan', path: '/rights?q=tan+an' },
  { name: 'rights-member', who: 'lan.tanan', path: '/rights' },
  { name: 'rights-inspector', who: 'kiemtra', path: '/rights' },
  { name: 'rights-administrator', who: 'quantri', path: '/rights' },
  { name: 'held', who: 'ut.tanan', path: '/me/held' },
  { name: 'amendment-new', who: 'lan.tanan', path: '/me/held/amend?item=card' },
  { name: 'amendments', who: 'vanphong.thanhloc', path: '/amendments' },
  { name: 'sessions-city', who: 'ha.city', path: `/sessions?unit=can-tho` },
  { name: 'sessions-cell', who: 'ut.tanan', path: '/sessions' },
  { name: 'session-new', who: 'ut.tanan', path: `/sessions/new?campaign=${campaign}&unit=${cell}&kind=make_up_class` },
  { name: 'session', who: 'ut.tanan', path: `/sessions/${session}` },
  { name: 'session-conference', who: 'ha.city', path: `/sessions/${hall}` },
  { name: 'roll', who: 'ut.tanan', path: `/sittings/${sitting}/roll` },
  { name: 'roll-print', who: 'ut.tanan', path: `/sittings/${sitting}/roll?print=1` },
  { name: 'roll-member', who: 'lan.tanan', path: `/sittings/${sitting}/roll` },
  { name: 'declarations', who: 'ut.tanan', path: `/declarations?campaign=${campaign}&unit=${cell}` },
  { name: 'rounds-city', who: 'ha.city', path: '/rounds' },
  { name: 'rounds-district', who: 'solieu.vinhthanh', path: '/rounds' },
  { name: 'rounds-member', who: 'lan.tanan', path: '/rounds' },
  { name: 'round', who: 'ha.city', path: `/rounds/${reports.round}?extend=${reports.owed}` },
  { name: 'round-district', who: 'solieu.vinhthanh', path: `/rounds/${reports.round}` },
  { name: 'round-new', who: 'ha.city', path: '/rounds/new' },
  { name: 'form', who: 'ha.city', path: `/forms/${reports.form}` },
  { name: 'form-new', who: 'ha.city', path: '/forms/new' },
  { name: 'indicators', who: 'ha.city', path: '/indicators' },
  { name: 'indicators-cell', who: 'ut.tanan', path: '/indicators' },
  { name: 'filing-returned', who: 'solieu.vinhthanh', path: `/filings/${reports.returned}` },
  { name: 'filing-to-read', who: 'ha.city', path: `/filings/${reports.submitted}` },
  { name: 'filing-not-sent', who: 'ha.city', path: `/filings/${reports.owed}` },
  { name: 'filing-of-others', who: 'solieu.vinhthanh', path: `/filings/${reports.submitted}`, status: 404 },
  { name: 'filing-consolidated', who: 'ha.city', path: `/filings/${reports.consolidated}` },
  { name: 'filing-sum-opened', who: 'ha.city', path: `/filings/${reports.consolidated}?figure=luot-nguoi-nghe` },
  { name: 'campaigns', who: 'ha.city', path: '/campaigns' },
  { name: 'campaign-new', who: 'ha.city', path: '/campaigns/new' },
  { name: 'campaign', who: 'ha.city', path: `/campaigns/${campaign}` },
  { name: 'roster-city', who: 'ha.city', path: `/campaigns/${campaign}/roster?unit=can-tho` },
  { name: 'roster-cell', who: 'vanphong.thanhloc', path: `/campaigns/${campaign}/roster?unit=${cell}` },
  { name: 'narrative', who: 'ha.city', path: `/campaigns/${campaign}/narrative?unit=can-tho&asOf=${day}` },
  { name: 'narrative-wording', who: 'ha.city', path: `/campaigns/${campaign}/narrative/wording?unit=can-tho` },
  { name: 'imports-clerk', who: 'solieu.vinhthanh', path: '/imports' },
  { name: 'accounts-administrator', who: 'quantri', path: '/accounts' },
  { name: 'accounts-cell', who: 'ut.tanan', path: '/accounts' },
  { name: 'member-new', who: 'vanphong.thanhloc', path: `/people/new?unit=${cell}` },
  { name: 'person-exempt', who: 'ut.tanan', path: `/people/${person}?change=exempt` },
  { name: 'person-transfer', who: 'vanphong.thanhloc', path: `/people/${person}?change=transfer` },
  { name: 'units-found', who: 'ha.city', path: '/units?q=tan+an' },
  { name: 'guide-city-officer', who: 'ha.city', path: '/guide' },
  { name: 'guide-clerk', who: 'solieu.vinhthanh', path: '/guide' },
  { name: 'guide-cell-secretary', who: 'ut.tanan', path: '/guide' },
  { name: 'guide-member', who: 'lan.tanan', path: '/guide' },
  { name: 'guide-inspector', who: 'kiemtra', path: '/guide' },
  { name: 'guide-administrator', who: 'quantri', path: '/guide' },
  { name: 'matrix-city', who: 'ha.city', path: `/campaigns/${campaign}/documents?unit=can-tho&asOf=${day}` },
  { name: 'matrix-district', who: 'bithu.vinhthanh', path: `/campaigns/${campaign}/documents?unit=vinh-thanh&asOf=${day}` },
  { name: 'chain', who: 'ha.city', path: `/campaigns/${campaign}/documents/chain?unit=can-tho` },
  { name: 'documents-city', who: 'ha.city', path: '/documents?unit=can-tho' },
  { name: 'documents-member', who: 'lan.tanan', path: '/documents' },
  { name: 'document', who: 'ha.city', path: `/documents/${plan}` },
  { name: 'document-district', who: 'solieu.vinhthanh', path: `/documents/${plan}` },
  { name: 'clauses', who: 'ha.city', path: `/documents/${plan}/clauses` },
  { name: 'clauses-answering', who: 'solieu.vinhthanh', path: `/documents/${below}/clauses` },
  { name: 'answers', who: 'ha.city', path: `/documents/${plan}/answers` },
  { name: 'document-edit', who: 'ha.city', path: `/documents/${plan}/edit`, isGuess: true },
  { name: 'draft-new', who: 'solieu.vinhthanh', path: `/drafts/new?from=${plan}` },
  { name: 'duties-district', who: 'solieu.vinhthanh', path: '/duties' },
  { name: 'rule', who: 'ha.city', path: `/duties/rules/${rule}` },
  { name: 'rule-new', who: 'ha.city', path: '/duties/rules/new?unit=can-tho' },
  { name: 'material', who: 'lan.tanan', path: `/materials/${booklet}` },
  { name: 'material-city', who: 'ha.city', path: `/materials/${outline}` },
  { name: 'material-edit', who: 'ha.city', path: `/materials/${outline}/edit` },
  { name: 'material-new', who: 'ha.city', path: `/materials/new?campaign=${campaign}&unit=can-tho` },
  { name: 'copies-city', who: 'ha.city', path: `/materials/${booklet}/copies?unit=can-tho` },
  { name: 'copies-cell', who: 'ut.tanan', path: `/materials/${booklet}/copies` },
  { name: 'booklet-questions', who: 'lan.tanan', path: '/materials/questions?q=bai+thu+hoach' },
  { name: 'acknowledgement-new', who: 'ha.city', path: `/acknowledgements/new?material=${outline}` },
  { name: 'acknowledgements', who: 'lan.tanan', path: '/acknowledgements' },
  { name: 'notices', who: 'ut.tanan', path: '/notices' },
  { name: 'not-found', who: 'ut.tanan', path: '/khong-co', status: 404 },
]


const fits = (pattern: string, path: string) => new RegExp(`^${pattern.replaceAll(/:\w+/g, '(?!new$)[^/]+')}$`).test(path.replace(/\?.*/, '').slice(1))
const patterns = routes.filter((route) => route.file.endsWith('.page.tsx') && !['setup', '*'].includes(route.path ?? '')).map((route) => route.path ?? '')
// A page that nobody has listed is seen as the city officer sees it, where its address needs nothing filled in.
for (const pattern of patterns) {
  if (!pattern.includes(':') && !pages.some(({ path }) => fits(pattern, path))) pages.push({ name: pattern.replaceAll('/', '-'), who: 'ha.city', path: `/${pattern}`, isGuess: true })
}

const cookies = new Map<string, string>()
const profiles = new Map<string | null, Page>() // of each person one, which keeps fonts, style and script from page to page as a browser does

async function openAs(who: string | null, screen: Parameters<typeof visitor>[2]): Promise<Page> {
  const page = await visitor(browser, served, screen)
  if (who) {
    if (!cookies.has(who)) cookies.set(who, await sessionOf(served, who))
    await withSession(page.context(), served, cookies.get(who)!)
  }
  return page
}

async function nextPageOf(who: string | null): Promise<Page> {
  if (!profiles.has(who)) profiles.set(who, await openAs(who, { width: 1280 }))
  return profiles.get(who)!.context().newPage()
}

/** What is wrong with the page as it stands, in words; nothing when it is as it must be. `axe` is what to look at: only colours change in the dark. */
async function faultsOf(page: Page, language: 'vi' | 'en', axe: 'everything' | 'colours' | 'nothing'): Promise<string[]> {
  const faults = await page.evaluate((wanted) => {
    const found: string[] = []
    const { documentElement: html } = document
    if (html.lang !== wanted) found.push(`lang is ${html.lang}`)
    const headings = [...document.querySelectorAll('h1')].filter((one) => one.checkVisibility())
    if (headings.length !== 1) found.push(`${headings.length} headings of the first level`)
    const wide = html.scrollWidth - html.clientWidth
    if (wide > 0) {
      const isOut = (one: Element) => one.getBoundingClientRect().right > html.clientWidth + 1
      const out = [...document.body.querySelectorAll('*')].filter((one) => isOut(one) && ![...one.children].some(isOut))
      found.push(`scrolls sideways by ${wide} px: ${out.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(' … ')}`)
    }
    return found
  }, language)
  if (axe === 'nothing') return faults
  return [...faults, ...(await violationsOf(page, axe === 'colours' ? { rules: ['color-contrast'] } : {}))]
}

/** Every page is laid out on all of them. Axe looks twice: at one page narrow and in the dark when wide, at the next wide and in the dark when narrow. */
const screens: { width: number; isDark?: boolean; isLarge?: boolean; axe?: 'everything' | 'colours'; turn?: 0 | 1 }[] = [
  { width: 320, axe: 'everything', turn: 0 },
  { width: 360 },
  { width: 768 },
  { width: 1280, axe: 'everything', turn: 1 },
  { width: 320, isLarge: true },
  { width: 1280, isDark: true, axe: 'colours', turn: 0 },
  { width: 360, isDark: true, axe: 'colours', turn: 1 },
]

/** Looks at one half of the pages, every other one. */
export function walkPages(half: 0 | 1): void {
  for (const [nth, { name, who, path, status = 200, isGuess = false }] of pages.filter((_, nth) => nth % 2 === half).entries()) {
  test(`${name}: one heading, no sideways scroll at every width, light and dark, and axe finds nothing`, async () => {
    const faults: string[] = []
    const page = await nextPageOf(who)
    const answer = await page.goto(path)
    if (!isGuess || answer!.status() >= 500) expect(answer!.status()).toBe(status) // without what it is asked for, a page may well not be there
    for (const { width, isDark = false, isLarge = false, axe, turn } of screens) {
      await page.setViewportSize({ width, height: width < 720 ? 740 : 900 })
      if (isDark) await page.emulateMedia({ colorScheme: 'dark' })
      await page.evaluate((type) => (document.documentElement.dataset['type'] = type), isLarge ? 'large' : '')
      const scene = `${name}-${width}${isDark ? '-dark' : ''}${isLarge ? '-large' : ''}`
      faults.push(...(await faultsOf(page, 'vi', axe && turn === nth % 2 ? axe : 'nothing')).map((fault) => `${scene}: ${fault}`))
      if (takesPictures && (width !== 320 || isLarge)) await page.screenshot({ path: join(pictures, `${scene}.png`), fullPage: true })
    }
    await page.close() // else its stream of notices holds one of the six connections
    expect(faults).toEqual([])
  }, 60_000)
}
}

/** What holds of all pages together. */
export function walkAllPages(): void {
test('every page about campaigns, study, figures, units, documents, duties and materials has a picture here', () => {
  const own = /^(campaigns\/:code|campaigns\/:campaign\/(report|figures)|units|sessions|sittings|documents|duties|materials)(\/|$)/
  expect(patterns.filter((pattern) => own.test(pattern) && !pages.some(({ path }) => fits(pattern, path)))).toEqual([])
})

test('every first step of every guide opens for the person it is for', async () => {
  for (const { name, who, path } of pages.filter((one) => one.name.startsWith('guide-'))) {
    const page = await openAs(who, { width: 360 })
    await page.goto(path)
    const steps = await page.locator('main a.btn').evaluateAll((links) => links.map((link) => link.getAttribute('href')!))
    expect(steps.length, name).toBeGreaterThanOrEqual(3)
    for (const step of steps) {
      const answer = await page.goto(step)
      expect([name, step, answer!.status()]).toEqual([name, step, 200])
    }
    await page.context().close()
  }
}, 60_000)

test('without script every page says the same', async () => {
  const differing: string[] = []
  for (const who of new Set(pages.map((one) => one.who))) {
    const [plain, enhanced] = [await openAs(who, { width: 360, hasScript: false }), await openAs(who, { width: 360 })]
    const words = async (page: Page, path: string) => {
      await page.goto(path)
      return (await page.locator('main').innerText()).replaceAll(/\s+/g, ' ')
    }
    // every other page: each is of parts that stand on others too
    for (const { name, path } of pages.filter((one, nth) => one.who === who && one.name !== 'roll-print' && nth % 2 === 0)) {
      const said = [await words(plain, path), await words(enhanced, path)]
      const [shorter, longer] = said.toSorted((one, other) => one.length - other.length) as [string, string]
      // Script may add a search or a button; it is not needed for anything that is said.
      if (longer.length - shorter.length > 120) differing.push(`${name}: ${said[0]!.length} and ${said[1]!.length} letters`)
    }
    await plain.context().close()
    await enhanced.context().close()
  }
  expect(differing).toEqual([])
}, 120_000)

test('in English the page says so, and nothing that it says itself is left in Vietnamese', async () => {
  const faults: string[] = []
  const sentences = new RegExp(`^(?:${(await vietnameseWords()).join('|')})$`)
  for (const who of new Set(pages.map((one) => one.who))) {
    const page = await openAs(who, { width: 1280, language: 'en' })
    for (const { name, path } of pages.filter((one) => one.who === who && one.name !== 'roll-print')) {
      await page.goto(path)
      if ((await page.locator('html').getAttribute('lang')) !== 'en') faults.push(`${name}: lang`)
      const said = await page.evaluate(() => {
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
        const texts = document.title.split(' · ')
        while (walker.nextNode()) if (!walker.currentNode.parentElement?.closest('[lang="vi"], script, style')) texts.push(walker.currentNode.textContent ?? '')
        for (const one of document.querySelectorAll('[aria-label], [placeholder], [title]')) texts.push(...['aria-label', 'placeholder', 'title'].map((attribute) => one.getAttribute(attribute) ?? ''))
        return texts.map((text) => text.trim()).filter(Boolean)
      })
      faults.push(...[...new Set(said)].filter((text) => sentences.test(text) && !records.has(text) && !records.has(text.replace(/, (?:Chi bộ|Đảng ủy|Huyện ủy|Thành ủy).*$/, ''))).map((text) => `${name}: ${text.slice(0, 100)}`))
    }
    await page.context().close()
  }
  expect(faults).toEqual([])
}, 120_000)
}

/** Every Vietnamese sentence of the catalogues that has another in English; what is filled in may be anything. */
async function vietnameseWords(): Promise<string[]> {
  const patterns = new Set<string>()
  for await (const file of glob('app/**/*.vi.json', { cwd: root })) {
    const [vi, en] = await Promise.all([file, file.replace(/vi\.json$/, 'en.json')].map(async (path) => JSON.parse(await readFile(join(root, path), 'utf8')) as Record<string, string>))
    for (const [key, sentence] of Object.entries(vi!)) {
      // with something filled in, a word or two of its own would fit anything that is kept in the records
      const own = sentence.replaceAll(/\{\w+\}/g, '').trim()
      const isSaid = own.length >= (own === sentence.trim() ? 3 : 12) && sentence !== en![key]
      if (isSaid && /[^ -~–…“”·×≥]/.test(sentence)) patterns.add(sentence.replaceAll(/[.*+?^$()|[\]\\/]/g, '\\$&').replaceAll(/\{\w+\}/g, '.{0,120}'))
    }
  }
  return [...patterns]
}
