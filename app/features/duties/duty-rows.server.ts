import type { Ctx } from '../../permissions/permissions.ts'
import { showDay } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import type { DutyButtons } from '../../web/duty-button.ts'
import { dutyWords } from './duties.messages.ts'
import type { Duty, DutyState } from './duties.server.ts'
import { titleOf, whenDue } from './duty-wording.server.ts'

/** A duty ready to be shown: when, what, for whom it is ordered, and the button that does it or the record that did. */
export type DutyRow = {
  id: string
  ruleId: string
  unitId: string
  ordererId: string
  kind: string
  state: DutyState
  title: string
  unitName: string
  ordererName: string
  when: string
  day?: string
  dueOn: string | null
  toldOn: string
  isOverdue: boolean
  detail: string
  path: string
  words: string
}

/** Duties as rows in the reader's language; `buttons` come from App. */
export function rowsOf({ viewer }: Pick<Ctx, 'viewer'>, duties: Duty[], buttons: DutyButtons, language: Language): DutyRow[] {
  const t = dutyWords.in(language)
  return duties.map((duty) => {
    const button = buttons[duty.kind]!
    const isDone = duty.state === 'done' || duty.state === 'done_late'
    const { path, words } = button.do(duty)
    const detail = isDone
      ? t(duty.state === 'done_late' ? 'doneLateOn' : 'doneOn', { day: showDay(duty.doneOn!) })
      : duty.state === 'waived'
        ? t('waivedFor', { reason: duty.waivedReason ?? '' })
        : t(duty.dueOn ? 'ordered' : 'orderedNoDay', { orderer: duty.ordererName })
    return {
      id: duty.id,
      ruleId: duty.ruleId,
      unitId: duty.unitId,
      ordererId: duty.ordererId,
      kind: duty.kind,
      state: duty.state,
      title: titleOf(duty, language),
      unitName: duty.unitName,
      ordererName: duty.ordererName,
      dueOn: duty.dueOn,
      toldOn: duty.toldOn,
      ...whenDue(duty, viewer.today, language),
      detail,
      path: isDone ? (button.done(duty) ?? path) : path,
      words: isDone ? t('toRecord') : words(language),
    }
  })
}
