/**
 * Numerator over denominator as one thin bar; the figure stands beside it in words, so screen readers skip the bar.
 * While somebody is missing the missing end is at least 2 px. `isLow` colours it: write the rule beside it (LowRule).
 */
export function ShareBar({ numerator, denominator, isLow, className }: ShareBarProps) {
  const percent = denominator > 0 ? Math.min(100, (numerator / denominator) * 100) : 0
  return (
    <span className={['sb', isLow && 'low', className].filter(Boolean).join(' ')} aria-hidden="true">
      <i style={{ width: `${percent.toFixed(2)}%` }} />
      {numerator < denominator && <i />}
    </span>
  )
}

type ShareBarProps = { numerator: number; denominator: number; isLow?: boolean | undefined; className?: string }

/** The rule that explains the ochre end of share bars, such as "dưới mức chung 98,96%". */
export function LowRule({ children }: { children: React.ReactNode }) {
  return <span className="rule">{children}</span>
}
