import type { Ctx } from '../../permissions/permissions.ts'
import { showWeekday, type Day } from '../../platform/clock.ts'
import { Refused } from '../../platform/errors.ts'
import { campaignByCode } from '../campaigns/campaigns.server.ts'
import { committeeKept, signatureOf, superiorBodyOf } from '../documents/typesetting/document-issuer.server.ts'
import { dayInText } from '../documents/typesetting/document-number.server.ts'
import type { Block, OfficialDocument } from '../documents/typesetting/official-document.ts'
import { officeHolders, trailOf, unitByCode } from '../units/units.server.ts'
import { sittingsOf } from './rolls.server.ts'
import { sessionById, topicsOf } from './session-views.server.ts'
import { studyWords } from './study.messages.ts'

/**
 * The invitation to a session as an official document of the unit that holds it, signed by its secretary: what, when, where
 * and for whom; number and day are written in when it goes out. Throws NotFound, Refused('sessionId') for a cancelled one.
 */
export async function invitationTo({ tx, viewer }: Ctx, sessionId: string): Promise<{ document: OfficialDocument; fileName: string }> {
  const session = await sessionById(tx, sessionId)
  if (session.isCancelled) throw new Refused('sessionId', studyWords.say('invitationCancelled'))
  const sittings = await sittingsOf(tx, session.id)
  const topics = await topicsOf(tx, sittings.map((sitting) => sitting.id))
  const firstDay = sittings[0]?.heldOn ?? viewer.today
  const trail = await trailOf(tx, session.unitId, firstDay)
  const unit = await unitByCode(tx, session.unitCode)
  const superior = trail.at(-2)
  const campaign = await campaignByCode(tx, session.campaignCode)
  const secretary = (await officeHolders(tx, unit.id, viewer.today)).find((holder) => holder.role === 'secretary')

  const matters = [
    t('invitationWhen', { when: sittings.map((sitting) => (sittings.length === 1 ? whenOf(sitting) : t('invitationSitting', { position: sitting.position, when: whenOf(sitting) }))).join('; ') }),
    session.place && t('invitationWhere', { place: session.place }),
    t('invitationTopics', { topics: [...new Set([...topics.values()].flat().map((topic) => topic.name))].join('; ') }),
  ].filter((matter) => matter !== null)
  const kept = committeeKept(unit)
  return {
    fileName: `invitation-${unit.code}-${firstDay}`,
    document: {
      issuedBy: 'party',
      type: 'invitation',
      number: null,
      issuerSymbol: unit.symbol,
      superiorBody: superiorBodyOf(unit, superior),
      issuingBody: unit.name,
      place: unit.place ?? superior?.place ?? null,
      day: null,
      abstract: t('invitationTo', { session: session.name }),
      addressees: session.categories.length > 0 ? session.categories.map((category) => t('invitationComrades', { category: lowerFirst(category) })) : [t('invitationMembers', { organisation: unit.organisationName ?? unit.name })],
      body: [
        paragraph(t('invitationPurpose', { unit: unit.name, campaign: campaign.name })),
        ...matters.map((matter, index) => paragraph(`${index + 1}. ${matter}`)),
        { ...paragraph(t('invitationClosing')), leadsTo: true },
      ],
      recipients: [t('invitationAsAbove'), kept ? t('invitationKeptAt', { committee: kept }) : t('invitationKept')],
      signature: { ...signatureOf(unit), name: secretary?.name ?? null },
    },
  }
}

// Official documents are written in Vietnamese only.
const t = studyWords.in('vi')

const paragraph = (text: string) => ({ is: 'paragraph', text }) satisfies Block
const lowerFirst = (text: string) => text.charAt(0).toLocaleLowerCase('vi') + text.slice(1)

function whenOf({ heldOn, startsAt, endsAt }: { heldOn: Day; startsAt: string | null; endsAt: string | null }): string {
  const day = `${showWeekday(heldOn, 'vi')}, ngày ${dayInText(heldOn)}`
  if (!startsAt) return day
  return endsAt ? `từ ${clock(startsAt)} đến ${clock(endsAt)}, ${day}` : `${clock(startsAt)}, ${day}`
}

const clock = (time: string) => `${Number(time.slice(0, 2))} giờ ${time.slice(3)}`
