import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

type Catalogue = Record<string, string>

// Words of Vietnamese screens that are no Vietnamese syllables.
const borrowed = new Set(['zalo', 'https', 'powerpoint', 'english', 'menu', 'email', 'cookie', 'excel', 'unicode', 'word', 'internet', 'web', 'online', 'video', 'clip', 'wifi', 'json', 'docx', 'pdf', 'xlsx', 'macro', 'api', 'openapi', 'postgresql'])

/** What is wrong between the two languages of one catalogue, a sentence each. */
export function faultsOf(vi: Catalogue, en: Catalogue): string[] {
  const keys = new Set([...Object.keys(vi), ...Object.keys(en)])
  return [...keys].flatMap((key) => {
    const vietnamese = vi[key]
    const english = en[key]
    if (vietnamese === undefined) return [`"${key}" is missing in Vietnamese`]
    if (english === undefined) return [`"${key}" is missing in English`]
    return [...faultsOfKey(key, vietnamese, english), ...faultsOfPlural(key, keys)].map((fault) => `"${key}" ${fault}`)
  })
}

function faultsOfKey(key: string, vietnamese: string, english: string): string[] {
  if (vietnamese.trim() === '' || english.trim() === '') return ['is empty']
  const isOne = key.endsWith('_one') // "one person" need not say {count}
  const [wanted, given] = [vietnamese, english].map((text) => placeholdersOf(text).filter((name) => !(isOne && name === 'count')).join(' '))
  const foreign = foreignWordsOf(vietnamese)
  return [
    ...(wanted === given ? [] : [`has other placeholders in Vietnamese (${wanted}) than in English (${given})`]),
    ...(vietnamese === vietnamese.normalize('NFC') ? [] : ['is not NFC in Vietnamese']),
    ...(foreign.length === 0 ? [] : [`has words in Vietnamese that are none: ${foreign.join(', ')}`]),
  ]
}

function faultsOfPlural(key: string, keys: Set<string>): string[] {
  const [, stem, form] = /^(.*)_(one|other)$/.exec(key) ?? []
  const twin = `${stem}_${form === 'one' ? 'other' : 'one'}`
  return form && !keys.has(twin) ? [`lacks its twin "${twin}"`] : []
}

function placeholdersOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)[^}]*\}/g)].map((found) => found[1]!))].sort()
}

/** A Vietnamese syllable is an onset, up to three vowels and one of eight endings; most English words are no such thing. */
function foreignWordsOf(text: string): string[] {
  const syllable = /^(b|ch?|d|gh?|gi|h|kh?|l|m|nh?|ngh?|ph?|qu?|r|s|th?|tr|v|x)?[aeiouy]{1,3}(ch?|m|nh?|ng|p|t)?$/
  const words = text.replace(/\{[^}]*\}/g, ' ').match(/(?<![\p{L}\p{N}/.@_-])\p{L}+(?![\p{L}\p{N}/@_-]|\.\p{L})/gu) ?? []
  return words.filter((word) => {
    const isSymbol = word === word.toUpperCase() // KH, TU, II
    const bare = word.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd')
    return !isSymbol && !borrowed.has(bare) && !syllable.test(bare)
  })
}

/** Keys that no source names, neither whole, as an object's key, nor as what a template like `status_${status}` can make. */
export function unusedKeys(catalogue: Catalogue, sources: string): string[] {
  const templates = [...sources.matchAll(/`([\w .:-]*\$\{[^`\n]*)`/g)].map((found) => patternOf(found[1]!)).filter((pattern) => pattern !== null)
  return Object.keys(catalogue).filter((key) => {
    const stem = key.replace(/_(one|other)$/, '')
    const isNamed = [`'${stem}'`, `"${stem}"`, `\`${stem}\``].some((literal) => sources.includes(literal)) || new RegExp(`[{,\\s]${escape(stem)}:`).test(sources)
    return !isNamed && !templates.some((pattern) => pattern.test(stem))
  })
}

function patternOf(template: string): RegExp | null {
  const fixed = template.split(/\$\{[^}]*\}/)
  const isTelling = fixed.join('').replace(/\W/g, '').length >= 3 && fixed.every((part) => /^[\w .:-]*$/.test(part))
  return isTelling ? new RegExp(`^${fixed.map(escape).join('.+')}$`) : null
}

function escape(text: string): string {
  return text.replace(/\W/g, '\\$&')
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..')
  const read = (file: string) => readFileSync(join(root, file), 'utf8')
  const find = (pattern: string) => globSync(pattern, { cwd: root }).sort()
  const sources = [...find('{app,demo,scripts}/**/*.{ts,tsx}').filter((file) => !file.includes('.test.')), ...find('app/db/migrations/*.sql')].map(read).join('\n')
  const names = new Set(find('{app,demo}/**/*.{vi,en}.json').map((file) => file.replace(/\.(vi|en)\.json$/, '')))

  const faults = [...names].flatMap((name) => {
    const [vi, en] = ['vi', 'en'].map((language) => find(`${name}.${language}.json`).map((file) => JSON.parse(read(file)) as Catalogue)[0] ?? {})
    return [...faultsOf(vi!, en!), ...unusedKeys(vi!, sources).map((key) => `"${key}" is used nowhere`)].map((fault) => `${name}: ${fault}`)
  })
  for (const fault of faults) console.error(fault)
  if (faults.length > 0) process.exitCode = 1
}
