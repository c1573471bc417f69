import type { z } from 'zod'
import type { Language, Sentence } from '../platform/i18n.ts'
import { writeWords } from './write.messages.ts'

/** A sentence for each field that cannot be taken as it is, by its dotted name; `form` for the whole. */
export type Problems = Record<string, string>

/**
 * Runs the schema; its complaints come out as sentences that say what to do. A rule of one's own says its sentence by
 * `.refine(isSo, { params: { sentence: words.say('...') } })`.
 */
export function problemsOf(schema: z.ZodType, fields: unknown, language: Language): { problems: Problems; input?: undefined } | { problems: null; input: unknown } {
  const parsed = schema.safeParse(fields, { error: (issue) => sentenceOf(issue, language) })
  if (parsed.success) return { problems: null, input: parsed.data }
  const problems: Problems = {}
  for (const issue of parsed.error.issues) problems[issue.path.join('.') || 'form'] ??= issue.message
  return { problems }
}

/** The sentence for one complaint of a schema. */
export function sentenceOf(issue: z.core.$ZodRawIssue, language: Language): string {
  const t = writeWords.in(language)
  const isMissing = issue.input === undefined || issue.input === null || issue.input === ''
  switch (issue.code) {
    case 'custom': {
      const sentence = issue.params?.['sentence'] as Sentence | undefined
      return sentence ? sentence(language) : t('not_valid')
    }
    case 'invalid_type':
      if (isMissing) return t('missing')
      return issue.expected === 'number' || issue.expected === 'int' || issue.expected === 'bigint' ? t('not_a_number') : t('not_valid')
    case 'too_small':
      if (issue.origin === 'string') return isMissing ? t('missing') : t('too_short', { least: Number(issue.minimum) })
      if (issue.origin === 'array' || issue.origin === 'set') return t('too_few', { count: Number(issue.minimum) })
      return issue.inclusive === false ? t('not_above', { least: Number(issue.minimum) }) : t('below', { least: Number(issue.minimum) })
    case 'too_big':
      if (issue.origin === 'string') return t('too_long', { most: Number(issue.maximum) })
      if (issue.origin === 'array' || issue.origin === 'set') return t('too_many', { count: Number(issue.maximum) })
      return issue.inclusive === false ? t('not_below', { most: Number(issue.maximum) }) : t('above', { most: Number(issue.maximum) })
    case 'invalid_value':
      return isMissing ? t('missing') : t('not_a_choice')
    case 'invalid_format':
      if (isMissing) return t('missing')
      if (issue.format === 'date') return t('not_a_day')
      if (issue.format === 'datetime') return t('not_an_instant')
      return issue.format === 'email' ? t('not_an_email') : t('not_valid')
    case 'unrecognized_keys':
      return t('unknown_field', { names: issue.keys.join(', ') })
    default:
      return t('not_valid')
  }
}
