import type { SealedFiling } from './seal-content.ts'

/** What a unit wrote, part by part, as its lines stand. */
export function Texts({ texts }: Pick<SealedFiling, 'texts'>) {
  return (
    <>
      {texts.map(({ title, text }) => (
        <section key={title}>
          <h3>{title}</h3>
          {text
            .split('\n')
            .filter((line) => line.trim() !== '')
            .map((line, index) => (
              <p key={index}>{line}</p>
            ))}
        </section>
      ))}
    </>
  )
}
