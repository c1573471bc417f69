import { showCount, showPercent } from '../../figures/figure.ts'
import type { Language } from '../../platform/i18n.ts'
import { nameOf } from '../indicators/register.server.ts'
import { indicatorWords } from '../indicators/indicators.messages.ts'
import type { FrozenFigure } from './questions.schema.ts'

/** A figure's value as people say it: `98,79%`, or a plain count where it is no rate or is narrowed to a kind. */
function valueOf({ numerator, denominator, partKind }: FrozenFigure, language: Language): string {
  return denominator !== null && !partKind ? showPercent(numerator, denominator, language) : showCount(numerator, language)
}

/** `49.901 / 50.424`; null for a plain count. */
function fractionOf({ numerator, denominator }: FrozenFigure, language: Language): string | null {
  return denominator === null ? null : `${showCount(numerator, language)} / ${showCount(denominator, language)}`
}

/** "đảng viên đã học", with the part it is narrowed to. */
function figureNamed({ key, name }: { key: string; name: string | null }, { partName, partKind }: Pick<FrozenFigure, 'partName' | 'partKind'>, language: Language): string {
  const kind = partKind && indicatorWords.in(language)(`part.kind.${partKind}` as 'part.kind.class')
  const part = [kind, partName].filter(Boolean).join(', ')
  return part ? `${nameOf({ key, name })(language)} (${part})` : nameOf({ key, name })(language)
}

/** A figure ready to be shown in one language. */
export type FigureShown = { value: string; fraction: string | null; name: string }

export function figureShown({ key, name, figure }: { key: string; name: string | null; figure: FrozenFigure }, language: Language): FigureShown {
  return { value: valueOf(figure, language), fraction: fractionOf(figure, language), name: figureNamed({ key, name }, figure, language) }
}
