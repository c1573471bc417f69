import Bowser from 'bowser'
import type { Language } from '../../platform/i18n.ts'
import { accountWords } from './accounts.messages.ts'

/** What somebody signed in with, in words: "Chrome trên Android (điện thoại)". The browser says it of itself. */
export function deviceOf(userAgent: string | null, language: Language): string {
  const t = accountWords.in(language)
  if (!userAgent) return t('deviceUnknown')
  const { browser, os, platform } = Bowser.parse(userAgent)
  if (!browser.name && !os.name) return t('deviceProgram')
  const name = browser.name ?? t('deviceBrowser')
  const place = os.name ? t('deviceOn', { browser: name, system: os.name }) : name
  return platform.type === 'mobile' ? t('devicePhone', { device: place }) : platform.type === 'tablet' ? t('deviceTablet', { device: place }) : place
}
