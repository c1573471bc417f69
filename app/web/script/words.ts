import en from '../roll.en.json' with { type: 'json' }
import vi from '../roll.vi.json' with { type: 'json' }

type Key = keyof typeof vi

/** The words of the roll in the language of the page; i18next is too large to send for these few. */
export function say(key: Key, values: Record<string, string | number> = {}): string {
  const text: string = (document.documentElement.lang === 'en' ? en : vi)[key]
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** Clock time of now, `19:12`. */
export function clock(at = new Date()): string {
  return `${at.getHours()}:${String(at.getMinutes()).padStart(2, '0')}`
}
