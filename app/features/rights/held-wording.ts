import { addDays, showDay, showInstant } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { permissionWords } from '../../permissions/permissions.messages.ts'
import { noticeWords } from '../notices/notices.messages.ts'
import type { HeldFact } from './held.server.ts'
import { rightsWords } from './rights.messages.ts'

type Say = ReturnType<typeof rightsWords.in>
type Key = Parameters<Say>[0]

/** Where the facts of one kind stand on the page, in this order. */
export const groups = {
  self: ['name', 'born', 'gender', 'phone', 'card'],
  organisation: ['membership', 'change', 'merge', 'office', 'assignment', 'helping', 'helped'],
  study: ['roster', 'mark'],
  documents: ['plan', 'acknowledgement'],
  requests: ['amendment'],
  notices: ['address', 'choice', 'calendar', 'notice'],
  account: ['account', 'session', 'browser', 'factor', 'code', 'token', 'import'],
} as const

/** What a person may ask to have put right. */
export const amendable: readonly string[] = [...groups.self, 'membership', 'office', 'assignment', 'roster', 'mark', 'missing']

/** A fact as words: what it says, when it holds, who entered it. */
export type FactShown = { item: string; label: string; value: string; when: string; entered: string }

export function factShown(fact: HeldFact, language: Language, timeZone: string): FactShown {
  const t = rightsWords.in(language)
  return { item: fact.item, label: labelOf(fact.item, language), value: valueOf(fact, language), when: whenOf(fact, t), entered: enteredOf(fact, t, timeZone) }
}

/** "Số điện thoại". */
export function labelOf(item: string, language: Language): string {
  return said(`item.${item}`, rightsWords.in(language)) ?? item
}

/** What a fact says, in a line. */
export function valueOf({ item, unit, detail }: HeldFact, language: Language): string {
  const t = rightsWords.in(language)
  const text = (key: string) => (typeof detail[key] === 'string' ? detail[key] : null)
  const replaced = [detail['replacedAt'] ? t('held.replaced') : null, detail['cancelledAt'] ? t('held.cancelled') : null]
  switch (item) {
    case 'born':
      return showDay(text('value') ?? '')
    case 'gender':
      return said(`gender.${text('value')}`, t) ?? ''
    case 'membership':
      return joined([unit, said(`status.${text('status')}`, t), text('reason')])
    case 'office':
      return joined([said(`role.${text('role')}`, permissionWords.in(language) as Say), unit, text('title')])
    case 'assignment':
      return unit ?? t('elsewhere')
    case 'helping':
    case 'helped':
      return joined([text('with') ?? t('held.somebody'), text('reason'), detail['endedAt'] ? t('acting.ended') : null])
    case 'change':
      return joined([unit, t(`change.${text('kind')}` as 'change.transferred', { to: text('to') ?? t('elsewhere') }), text('reason'), detail['undoneAt'] ? t('change.undone') : null])
    case 'merge':
      return joined([text('name'), unit, text('reason'), detail['undoneAt'] ? t('change.undone') : null])
    case 'roster':
      return joined([text('campaign'), unit, text('category'), detail['mustStudy'] ? t('roster.must') : t('roster.exempt', { reason: text('reason') ?? '' }), detail['mustWrite'] ? t('roster.write') : null, ...replaced])
    case 'mark':
      return joined([text('session'), unit, said(`mark.${text('status')}`, t), text('reason'), ...replaced])
    case 'amendment':
      return joined([labelOf(text('item') ?? '', language), text('wanted'), outcomeOf({ outcome: text('outcome'), answer: text('answer') }, t)])
    case 'account':
      return joined([text('username'), detail['disabled'] ? t('account.disabled') : null])
    case 'session':
      return joined([browserShown(text('browser')), text('address')])
    case 'browser':
      return t(detail['trustedUntil'] ? 'browser.trusted' : 'browser.known')
    case 'factor':
      return t('factor.on')
    case 'code':
      return t(detail['usedAt'] ? 'code.used' : 'code.unused')
    case 'plan':
      return joined([text('abstract'), unit, said(`plan.${text('state')}`, t)])
    case 'acknowledgement':
      return joined([text('title'), unit, said(`acknowledgement.${text('depth')}`, t), text('sentence'), ...replaced])
    case 'address':
      return joined([text('value'), t(detail['confirmedAt'] ? 'address.confirmed' : 'address.asked')])
    case 'choice':
      return t('choice.hours', { hour: String(detail['hour']), from: String(detail['from']), to: String(detail['to']) })
    case 'calendar':
      return t('calendar.link')
    case 'notice':
      return joined([said(`kind.${text('kind')}`, noticeWords.in(language) as unknown as Say), unit, t(detail['readAt'] ? 'notice.read' : 'notice.unread')])
    case 'import':
      return joined([text('file'), unit])
    case 'token':
      return joined([text('name'), said(`token.${text('scope')}`, t), detail['revokedAt'] ? t('token.revoked') : null])
    default:
      return text('value') ?? ''
  }
}

/** What became of a request; null while it waits. */
export function outcomeOf({ outcome, answer }: { outcome: string | null; answer: string | null }, t: Say): string | null {
  if (!outcome) return null
  return outcome === 'corrected' && answer ? `${t('state.corrected')}: ${answer}` : t(`state.${outcome}` as 'state.refused', { answer: answer ?? '' })
}

function whenOf({ item, since, until }: HeldFact, t: Say): string {
  const last = until && showDay(addDays(until, item === 'token' || item === 'amendment' ? 0 : -1))
  if (item === 'mark') return since ? showDay(since) : ''
  if (since) return last ? t('held.fromUntil', { from: showDay(since), until: last }) : t('held.from', { from: showDay(since) })
  return last ? t('held.until', { until: last }) : ''
}

function enteredOf({ recordedAt, recordedBy, source }: HeldFact, t: Say, timeZone: string): string {
  if (!recordedAt) return t('held.unknown')
  const at = showInstant(recordedAt, timeZone)
  const entered = recordedBy === null ? t('held.enteredAt', { at }) : t('held.enteredBy', { who: recordedBy || t('held.somebody'), at })
  return joined([entered, source && said(`held.source.${source}`, t)])
}

/** "Chrome, Linux": what a browser says of itself is long and tells nobody anything. */
function browserShown(agent: string | null): string | null {
  const name = /(Edg|OPR|Firefox|Chrome|Safari)/.exec(agent ?? '')?.[1]
  const system = /(Android|iPhone|iPad|Windows|Mac OS|Linux)/.exec(agent ?? '')?.[1]
  return joined([name?.replace('Edg', 'Edge').replace('OPR', 'Opera'), system]) || agent
}

/** The word for a key that comes out of the data; null where there is none. */
function said(key: string, t: Say): string | null {
  const words = t(key as Key)
  return words === key ? null : words
}

const joined = (parts: (string | null | undefined)[]) => parts.filter(Boolean).join(', ')
