import type { SealedFiling } from './seal-content.ts'

/** What a unit wrote, part by part, as its lines stand. */
export function Texts({ texts }: Pick<SealedFiling, 'texts'>) {
  return (
    <>
      {texts.map(({ title, text }, index) => (
        <section key={title} className={index > 0 ? 'after-lede' : undefined}>
          <h3>{title}</h3>
          {text
            .split('\n')
            .filter((line) => line.trim() !== '')
            .map((line, at) => (
              <p key={at}>{line}</p>
            ))}
        </section>
      ))}
    </>
  )
}
