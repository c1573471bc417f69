import { showDay, type Day } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { unitWords } from '../units/units.messages.ts'
import { dutyWords } from './duties.messages.ts'
import type { Duty } from './duties.server.ts'
import type { Rule } from './rules.server.ts'
import { whoOf } from './rules.server.ts'

/**
 * "Quá hạn 3 ngày", "Hôm nay", "Còn 5 ngày", with the day short where it is of this year. In a campaign that has ended (`toldOn` before
 * today) nothing is today or ahead any more: "Hạn 30/6/2021".
 */
export function whenDue({ dueOn, toldOn }: Pick<Duty, 'dueOn' | 'toldOn'>, today: Day, language: Language): { when: string; day?: string; isOverdue: boolean } {
  const t = dutyWords.in(language)
  if (!dueOn) return { when: t('when.unknown'), isOverdue: false }
  const left = Math.round((Date.parse(dueOn) - Date.parse(toldOn)) / 86_400_000)
  const day = dueOn.startsWith(today.slice(0, 4)) ? showDay(dueOn).replace(/\/\d{4}$/, '') : showDay(dueOn)
  return { when: left < 0 ? t('when.late', { count: -left }) : toldOn < today ? t('when.due') : left === 0 ? t('when.today') : t('when.ahead', { count: left }), day, isOverdue: left < 0 }
}

/** The title of a duty, with the month of one that comes every month. */
export function titleOf({ title, period }: Pick<Duty, 'title' | 'period'>, language: Language): string {
  if (!period) return title
  const [year, month] = period.split('-') as [string, string]
  return dutyWords.in(language)('ofMonth', { title, month: `${Number(month)}/${year}` })
}

/** Whom a rule asks, in words. */
export function sayWho(rule: Pick<Rule, 'kinds' | 'depthFrom' | 'depthTo' | 'ownMembers' | 'kind'>, language: Language): string {
  const t = dutyWords.in(language)
  const who = whoOf(rule)
  const kindName = (key: string) => unitWords.in(language)(`kind.${key}` as 'kind.cell')
  const units = who === 'kinds' ? t(rule.depthTo === 1 ? 'who.saidKindsDirect' : 'who.saidKinds', { kinds: rule.kinds.map(kindName).join('; ') }) : t(`who.said.${who}`)
  return [rule.kind === 'personal_plan' ? t('who.saidHead', { units }) : units, rule.depthFrom === 0 ? t('who.saidSelf') : null].filter(Boolean).join(', ')
}

/** By when, in words. */
export function sayDue(rule: Pick<Rule, 'dueMode' | 'dueOn' | 'dueDays' | 'dueMonthday' | 'fromOn' | 'untilOn' | 'basisNumber'>, language: Language): string {
  const t = dutyWords.in(language)
  switch (rule.dueMode) {
    case 'day':
      return t('due.said.day', { day: showDay(rule.dueOn!) })
    case 'after_basis':
      return t('due.said.after_basis', { days: rule.dueDays!, basis: rule.basisNumber ?? t('basis.one') })
    case 'after_superior':
      return t('due.said.after_superior', { days: rule.dueDays! })
    case 'monthly':
      return t('due.said.monthly', { day: rule.dueMonthday!, from: showDay(rule.fromOn!), until: showDay(rule.untilOn!) })
  }
}
