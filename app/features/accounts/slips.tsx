import { showDay } from '../../platform/clock.ts'
import { Button, ButtonLink } from '../../web/button.tsx'
import { useLanguage } from '../../web/language.ts'
import { Qr } from '../../web/qr.tsx'
import { shortestPassword } from '../../web/password-length.ts'
import { accountWords } from './accounts.messages.ts'
import type { Slip } from './codes.server.ts'

const onSheet = 8

/**
 * Slips to be cut out and handed over, eight an A4 sheet. What is handed over is in Vietnamese whatever the reader's language; the
 * codes are shown this once.
 */
export function Slips({ slips, left, origin, backHref }: { slips: Slip[]; left: number; origin: string; backHref: string }) {
  const t = accountWords.in(useLanguage())
  const sheets = Array.from({ length: Math.ceil(slips.length / onSheet) }, (_, index) => slips.slice(index * onSheet, (index + 1) * onSheet))
  return (
    // A4 is wider than a phone, so keys must be able to move it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <main className="signin slips" tabIndex={0}>
      <title>{t('slipsTitle')}</title>
      <div className="told noprint">
        <h1>{t('slipsHeading', { count: slips.length })}</h1>
        <p>{t('slipsOnce')}</p>
        {left > 0 && <p className="attn">{t('slipsLeft', { count: left })}</p>}
        <div className="btns">
          <span hidden data-needs-script data-print>
            <Button type="button" kind="primary">
              {t('printSlips')}
            </Button>
          </span>
          <ButtonLink href={backHref}>{t('slipsBack')}</ButtonLink>
        </div>
      </div>
      {sheets.map((sheet) => (
        <section className="a4" key={sheet[0]!.personId} lang="vi">
          {sheet.map((slip) => (
            <SlipCard key={slip.personId} slip={slip} origin={origin} />
          ))}
        </section>
      ))}
    </main>
  )
}

function SlipCard({ slip: { name, bornYear, unitName, username, code, expiresOn }, origin }: { slip: Slip; origin: string }) {
  const t = accountWords.in('vi')
  return (
    <article className="slip">
      <header>
        <b>{name}</b>
        <span>{bornYear ? t('slipBorn', { year: String(bornYear), unit: unitName }) : unitName}</span>
      </header>
      <Qr text={`${origin}/activate?code=${code}`} label={t('slipQr', { name })} />
      <p>{t('slipOpen')}</p>
      <p className="where">{new URL(origin).host}/activate</p>
      <p>{t('slipCode')}</p>
      <p className="code">{grouped(code)}</p>
      <p className="choose">
        {t('slipChoose', { least: shortestPassword })} <b>{username}</b>
      </p>
      <footer>{t('slipUntil', { day: showDay(expiresOn) })}</footer>
    </article>
  )
}

/** Twelve digits as they are read aloud. */
export const grouped = (code: string): string => code.replace(/(\d{4})(?=\d)/g, '$1 ')
