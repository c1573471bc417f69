import { addDays, showDay } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { permissionWords } from '../../permissions/permissions.messages.ts'
import type { Action } from '../../permissions/permissions.ts'
import { holderShown } from '../../permissions/who-could.server.ts'
import type { May, MayNot } from './doing.server.ts'
import { rightsWords } from './rights.messages.ts'
import { openings, type Found, type Ground, type Reach, type Rights } from './rights.server.ts'

export type Right = { what: string; why: string[] }

/** The first line of the page: how far this person sees. */
export function answerOf({ isOwn, name, totals, people }: Rights, language: Language): string {
  const t = rightsWords.in(language)
  // an administrator has the figures of the own place too, which is not what the office is for
  if (totals.listed > totals.figures) return t(isOwn ? 'answerListed' : 'answerOfListed', { who: name, listed: totals.listed })
  if (!isOwn) return t(totals.figures > 0 ? 'answerOf' : 'answerOfNothing', { who: name, figures: totals.figures, people: totals.people })
  if (totals.figures > 0 && totals.people > 0 && people === 0) return t('answerFew', { people: totals.people, figures: totals.figures })
  if (totals.figures > 0) return t(people ? 'answer' : 'answerFigures', { people: people ?? 0, figures: totals.figures })
  return t(totals.name > 0 ? 'answerNames' : 'answerNothing', { name: totals.name })
}

/** Each ground in a sentence, with what it opens and when it ends. */
export function groundsShown({ grounds, reach, isOwn }: Rights, language: Language): Right[] {
  const t = rightsWords.in(language)
  const shown = grounds.map((ground) => {
    const opened = reach.filter((one) => one.ground === ground.ground)
    return { what: capital(groundShown(ground, language)), why: [...opensShown(opened, language), lastingOf(ground, language)] }
  })
  return isOwn ? [...shown, { what: t('ground.own'), why: [t('ownWhy')] }] : shown
}

/** "Bí thư Chi bộ ấp Tân An". */
function groundShown({ kind, role, title, unit, via }: Ground, language: Language): string {
  const t = rightsWords.in(language)
  const words = { role: kind === 'membership' || kind === 'assignment' ? '' : roleShown(role, language), unit: unit ?? t('elsewhere'), via: via ?? t('elsewhere'), title: title ?? '' }
  return t(kind === 'office' && title ? 'ground.officeTitled' : `ground.${kind}`, words)
}

const roleShown = (role: string | null, language: Language) => permissionWords.in(language)(`role.${role}` as 'role.clerk')

function opensShown(opened: Reach[], language: Language): string[] {
  const t = rightsWords.in(language)
  const most = Math.max(...opened.filter((one) => one.opens !== 'name').map((one) => one.units))
  const lines = openings.flatMap((opens) => {
    const one = opened.find((each) => each.opens === opens)
    // whoever sees more of all those units has no use for a line about their names
    if (!one || (opens === 'name' && most >= one.units)) return []
    const rest = one.units - one.first.length
    const first = one.first.join(', ') || t('elsewhere')
    return [t(`opens.${opens}`, { units: rest > 0 ? t('units.more', { first, count: rest }) : first })]
  })
  return lines.length > 0 ? lines : [t('opens.nothing')]
}

function lastingOf({ kind, since, until, via }: Ground, language: Language): string {
  const t = rightsWords.in(language)
  const end = until ? t('end.day', { day: showDay(addDays(until, -1)) }) : t(`end.${kind}`, { via: via ?? t('elsewhere') })
  return [since && t('since', { day: showDay(since) }), end].filter(Boolean).join(' ')
}

/** What is done to units beneath: a unit without any has no use for a word about it. */
const ofUnitsBeneath: readonly Action[] = ['open a round', 'accept reports', 'ask about figures', 'close questions', 'keep units', 'appoint to offices']

/** What the offices let their holder do, one line an office and reach; of a unit with none beneath in one line. */
export function mayShown(may: May[], language: Language): Right[] {
  const t = rightsWords.in(language)
  const shown = may.flatMap((one, index) => {
    if (!one.isLowest) return [one]
    const same = may.filter((other) => other.unitId === one.unitId && other.role === one.role)
    return may.indexOf(same[0]!) === index ? [{ ...one, levels: 0, actions: same.flatMap((other) => other.actions).filter((action) => !ofUnitsBeneath.includes(action)) }] : []
  })
  return shown.map(({ role, unit, levels, actions }) => ({
    what: t(`may.${levels > 1 ? 'all' : levels}` as 'may.all', { unit: unit ?? t('elsewhere'), role: roleShown(role, language) }),
    why: [`${capital(actions.map((action) => actionShown(action, language)).join(', '))}.`],
  }))
}

/** What may not be done in the own unit, by who could. */
export function mayNotShown(mayNot: MayNot[], isLowest: boolean, language: Language): Right[] {
  const t = rightsWords.in(language)
  const asked = mayNot.filter(({ action }) => !isLowest || !ofUnitsBeneath.includes(action))
  const byHolders = Map.groupBy(asked, ({ holders }) => holders.map((one) => holderShown(one, language)).join('; '))
  return [...byHolders].map(([holders, all]) => ({
    what: holders || t('mayNot.nobody'),
    why: [`${capital(all.map(({ action }) => actionShown(action, language)).join(', '))}.`],
  }))
}

/** What the action is called; where a new one has no short name yet, the sentence that refuses it. */
function actionShown(action: Action, language: Language): string {
  const key = `action.${action}`
  return key in rightsWords.catalogues.vi ? rightsWords.in(language)(key as 'action.take the roll') : permissionWords.in(language)(action)
}

/** Why a unit or a person that was looked for is seen. */
export function foundShown({ name, reasons }: Found, grounds: Ground[], language: Language): Right {
  const t = rightsWords.in(language)
  const groundOf = (number: number | null) => {
    const ground = grounds.find((one) => one.ground === number)
    return ground ? lower(groundShown(ground, language)) : ''
  }
  if (reasons.length === 0) return { what: name, why: [t('askNot')] }
  if (reasons.some((one) => one.how)) return { what: name, why: reasons.map((one) => capital(t(`because.${one.how}` as 'because.roster', { ground: groundOf(one.ground) }))) }
  const why = openings.flatMap((opens) => {
    const by = reasons.filter((one) => one.opens === opens).map((one) => groundOf(one.ground))
    return by.length > 0 ? [capital(t('because', { what: t(`opensPart.${opens}`), ground: [...new Set(by)].join('; ') }))] : []
  })
  return { what: name, why }
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
const lower = (words: string) => words.charAt(0).toLowerCase() + words.slice(1)
