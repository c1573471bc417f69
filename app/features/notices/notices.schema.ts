import { z } from 'zod'
import { Code, Id, Line, listOf, Version } from '../../web/inputs.ts'
import { noticeKinds, type NoticeKind } from './kinds.ts'
import { choiceWords } from './choices.messages.ts'
import { pageWords } from './pages.messages.ts'

/** Which notices are read: those named, or all. */
export const Reading = z
  .object({ noticeIds: listOf(Id), isAll: z.preprocess((value) => value === true || value === 'true' || value === 'on', z.boolean()) })
  .refine(({ noticeIds, isAll }) => isAll || noticeIds.length > 0, { path: ['noticeIds'], params: { sentence: pageWords.say('none_named') } })

const Hour = z.coerce.number().int().min(0).max(23)

/** How one kind comes by e-mail: at once, in the daily letter, or not. */
const Mode = z.enum(['now', 'digest', 'none'])

const Kinds = z.preprocess((value) => value ?? {}, z.partialRecord(z.enum(noticeKinds as [NoticeKind, ...NoticeKind[]]), Mode))

/** What a person chooses about letters. */
export const Choices = z.object({
  scope: z.enum(['all', 'required']),
  digestHour: Hour,
  quietFrom: Hour,
  quietTo: Hour,
  kinds: Kinds,
  version: Version.optional(),
})

/** Where a person wants letters sent. */
export const Address = z.object({
  id: Id,
  address: z
    .string()
    .trim()
    .max(254)
    .refine((text) => /^[^\s@<>",;]+@[^\s@<>",;]+\.[^\s@<>",;]+$/.test(text), { params: { sentence: choiceWords.say('address_form') } }),
})

/** A button that needs nothing else says that it was pressed. */
export const Pressed = z.object({ isPressed: z.literal('yes') })

/** A webhook as an administrator gives it; no kind is all of them. */
export const NewWebhook = z.object({
  id: Id,
  unitCode: Code,
  name: Line.pipe(z.string().max(100)),
  url: z.string().trim().min(8).max(500),
  kinds: listOf(z.enum(noticeKinds as [NoticeKind, ...NoticeKind[]])),
})

/** Whoever removes one types its name: its secret is gone with it. */
export const WebhookRemoval = z.object({ webhookId: Id, name: Line })
export const WebhookSwitch = z.object({ webhookId: Id, isOn: z.preprocess((value) => value === true || value === 'true', z.boolean()) })
export const WebhookRotation = z.object({ webhookId: Id })
export const Resending = z.object({ deliveryIds: listOf(Id, 500) })
