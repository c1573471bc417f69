/**
 * What may be told. `isRequired`: duty asks for it, so its e-mail can be put into the daily letter but not switched off.
 * `isUrgent`: by e-mail at once, unless its reader chose the daily letter. The words of each stand in notices.vi.json and
 * notices.en.json: `kind.KEY` names it among the choices, `said.KEY` says it with its facts, `bare.KEY` without.
 */
export const kinds = {
  urge: { isRequired: true, isUrgent: true },
  'duty-late': { isRequired: true, isUrgent: true },
  'duty-made': { isRequired: false, isUrgent: false },
  'duty-changed': { isRequired: true, isUrgent: false },
  'document-received': { isRequired: true, isUrgent: false },
  'document-corrected': { isRequired: false, isUrgent: false },
  'document-withdrawn': { isRequired: true, isUrgent: false },
  'acknowledgement-asked': { isRequired: true, isUrgent: false },
  'filing-returned': { isRequired: true, isUrgent: false },
  'question-asked': { isRequired: true, isUrgent: false },
  'question-answered': { isRequired: false, isUrgent: false },
  'material-new': { isRequired: false, isUrgent: false },
} as const satisfies Record<string, { isRequired: boolean; isUrgent: boolean }>

export type NoticeKind = keyof typeof kinds

export const noticeKinds = Object.keys(kinds) as NoticeKind[]

/** Whether a kind of an earlier or later version is known to this one. */
export const isKind = (kind: string): kind is NoticeKind => Object.hasOwn(kinds, kind)

/**
 * What a notice may be about, with the table whose rows say who still sees it: when the reader does not, nothing of the notice is
 * said but that. Every table here is under row-level security.
 */
export const subjects = {
  document: 'document',
  duty: 'duty',
  duty_rule: 'duty_rule',
  material: 'material',
  acknowledgement_request: 'acknowledgement_request',
  filing: 'filing',
  question: 'question',
  session: 'study_session',
  campaign: 'campaign',
  unit: 'unit',
} as const

export type Subject = keyof typeof subjects
