import { addressOf } from '../../web/addresses.ts'
import { useLanguage } from '../../web/language.ts'
import { cascadeWords } from './cascade.messages.ts'

type Part = 'matrix' | 'chain'

/** The pages about the documents of a campaign, one beside the other. */
export function CascadeParts({ current, campaign, unit, asOf }: { current: Part; campaign: string; unit: string; asOf: string }) {
  const t = cascadeWords.in(useLanguage())
  const here = (path: string) => addressOf(`/campaigns/${campaign}/${path}`, { unit, asOf })
  const parts: { key: Part | null; href: string; label: string }[] = [
    { key: 'matrix', href: here('documents'), label: t('toMatrix') },
    { key: 'chain', href: here('documents/chain'), label: t('toChain') },
    { key: null, href: addressOf('/documents', { campaign, unit }), label: t('toRegister') },
    { key: null, href: addressOf('/materials', { campaign }), label: t('toMaterials') },
  ]
  return (
    <nav className="parts" aria-label={t('parts')}>
      {parts.map((part) => (
        <a key={part.href} href={part.href} aria-current={part.key === current ? 'page' : undefined}>
          {part.label}
        </a>
      ))}
    </nav>
  )
}
