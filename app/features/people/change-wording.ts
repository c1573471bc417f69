import { showDay } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { peopleWords } from './people.messages.ts'
import type { MemberChange } from './people.server.ts'

/** What was done to somebody's memberships, in a sentence; `isOfPerson` on the person's own page, where the name need not be said. */
export function changeSentence(change: MemberChange, language: Language, isOfPerson = false): string {
  const t = peopleWords.in(language)
  const said = t(`changed.${change.kind}`, {
    who: change.isOwn ? t('you') : (change.actor ?? t('somebody')),
    name: isOfPerson ? t('thisPerson') : (change.name ?? t('someMember')),
    unit: change.unitName ?? t('otherUnit'),
    receiver: change.receiverName ?? t('otherUnit'),
    day: showDay(change.fromDay),
  })
  return [said, change.reason && t('changedReason', { reason: change.reason }), change.isUndone && t('changedUndone')].filter(Boolean).join(' ')
}
