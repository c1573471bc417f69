import type { Tx } from '../../db/open.ts'
import type { Day } from '../../platform/clock.ts'
import { openCampaignByCode, type Campaign } from '../campaigns/campaigns.server.ts'
import { countsOf, leadsOneOf } from '../indicators/figures.server.ts'
import { studiedSubject } from '../reports/report-document.server.ts'
import { reportAt } from '../reports/reports.server.ts'
import { placeAt, type Place } from '../units/place.server.ts'
import { unitByCode } from '../units/units.server.ts'
import { factsOf } from './facts.server.ts'
import { nothingSaid, saidInFilings, type Said } from './filing-texts.server.ts'
import type { Narrative, Paragraph, Part, Told, Values } from './narrative.ts'
import { parts, type PartKey, type SentenceKey } from './sentences.ts'
import { readTemplate } from './template.ts'
import { wordingOf, type Wording } from './wording.server.ts'

type Asked = { campaignCode: string; unitCode: string; asOf: Day }

/** The narrative report of a unit. Throws NotFound, and Refused('campaignCode') for a campaign that is not open. */
export async function buildNarrative(tx: Tx, asked: Asked): Promise<Narrative> {
  const campaign = await openCampaignByCode(tx, asked.campaignCode)
  const place = await placeAt(tx, await unitByCode(tx, asked.unitCode), asked.asOf)
  return narrativeAt(tx, { campaign, place, asOf: asked.asOf })
}

/** The same where campaign and place are known already, as on a page. */
export async function narrativeAt(tx: Tx, { campaign, place, asOf }: { campaign: Campaign & { openedOn: Day }; place: Place; asOf: Day }): Promise<Narrative> {
  const report = await reportAt(tx, { campaign, place, asOf })
  const counts = (await countsOf(tx, { campaignId: campaign.id, asOf }, [place.unit.id])).get(place.unit.id)!
  const subject = studiedSubject(report)
  const facts = factsOf(report, { subject, runner: campaign.unitName, nationalOf: (category) => counts.whole('studied-at-national-conference', `category:${category}`) })
  // whoever leads nothing of it would read the words of some units and take them for all
  const leads = await leadsOneOf(tx, [place.unit.id, ...place.trail.map((one) => one.id)])
  const said = leads ? await saidInFilings(tx, { campaignId: campaign.id, unitId: place.unit.id, asOf }) : nothingSaid
  return { report, subject, asOf, parts: partsOf(facts, said, await wordingOf(tx, place.unit.id)) }
}

type Facts = ReturnType<typeof factsOf>

function partsOf({ always, groups }: Facts, said: Said, wording: Record<SentenceKey, Wording>): Part[] {
  const tell = (key: SentenceKey, values: Values): Told => ({ key, pieces: piecesOf(wording[key].text, { ...always, ...values }), values: { ...always, ...values } })
  const told = parts.map(({ key, heading, level }): Part => {
    const own = groups.filter((group) => group.part === key)
    return { key, heading: key === 'difficulties' && said.difficulties.length === 0 ? headingWithoutDifficulties : heading, level, paragraphs: [...own.flatMap((group) => paragraphsOf(group, tell)), ...saidParagraphs(key, said, tell)] }
  })
  // a part without a word is left out, and with it a heading over nothing
  return told.filter((part, index) => part.paragraphs.length > 0 || (part.level === 1 && hasMore(told, index)))
}

const hasMore = (told: Part[], index: number): boolean => {
  const rest = told.slice(index + 1)
  const end = rest.findIndex((part) => part.level !== 2)
  return rest.slice(0, end === -1 ? undefined : end).some((part) => part.paragraphs.length > 0)
}

const headingWithoutDifficulties = 'Đảng viên chưa học'

type Tell = (key: SentenceKey, values: Values) => Told

function paragraphsOf({ told, lines }: Facts['groups'][number], tell: Tell): Paragraph[] {
  const sentence = (key: SentenceKey, values: Values) => tell(key, values)
  return [
    ...(told.length > 0 ? [{ told: told.map(([key, values]) => sentence(key, values)), isLine: false, isLast: false, said: null }] : []),
    ...lines.map(([key, values], index) => ({ told: [sentence(key, values)], isLine: true, isLast: index === lines.length - 1, said: null })),
  ]
}

const introductions: Partial<Record<PartKey, { own: SentenceKey | null; beneath: SentenceKey }>> = {
  difficulties: { own: 'difficulties', beneath: 'difficultiesBeneath' },
  lessons: { own: null, beneath: 'lessonsBeneath' },
  proposals: { own: null, beneath: 'proposalsBeneath' },
}

function saidParagraphs(part: PartKey, said: Said, tell: Tell): Paragraph[] {
  const introduction = introductions[part]
  const texts = said[part as keyof Said] ?? []
  if (!introduction || texts.length === 0) return []
  const key = texts[0]!.unitName === null ? introduction.own : introduction.beneath
  const lead: Paragraph[] = key ? [{ told: [tell(key, {})], isLine: false, isLast: false, said: null }] : []
  return [...lead, ...texts.map((text, index) => ({ told: [], isLine: text.unitName !== null, isLast: index === texts.length - 1, said: text }))]
}

/** A template in words: each value in its place, with its figure. */
export function piecesOf(template: string, values: Values): Told['pieces'] {
  return readTemplate(template).map((piece) => (piece.is === 'text' ? { text: piece.text, figure: null } : (values[piece.name] ?? { text: `{${piece.name}}`, figure: null })))
}

/** A paragraph as it stands in the document, with the dash and stop of a list. */
export function textOf({ told, isLine, isLast, said }: Paragraph): string {
  const text = said ? [said.unitName, said.text].filter(Boolean).join(': ') : told.map(({ pieces }) => pieces.map((piece) => piece.text).join('')).join(' ')
  if (!isLine) return text
  return said ? `- ${text}` : `- ${text}${isLast ? '.' : ';'}`
}
