import { ButtonLink } from '../../web/button.tsx'
import { useLanguage } from '../../web/language.ts'
import { Duties } from '../../web/trail.tsx'
import { guideWords } from './guide.messages.ts'
import type { Guide } from './guide.server.ts'

/** The steps in order, each with the link that does it; what is done already says so. */
export function GuideSteps({ steps }: Pick<Guide, 'steps'>) {
  const t = guideWords.in(useLanguage())
  return (
    <Duties
      duties={steps.map(({ key, href, isDone }, index) => ({
        when: isDone ? t('done') : t('step', { number: index + 1 }),
        what: t(`step.${key}`),
        detail: t(`body.${key}`),
        href,
        action: (
          <ButtonLink href={href} label={`${t(`action.${key}`)}: ${t(`step.${key}`)}`}>
            {t(`action.${key}`)}
          </ButtonLink>
        ),
      }))}
    />
  )
}
