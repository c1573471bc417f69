/** Says beside a new password, while it is typed, how hard it is to guess: by its length and by whether it repeats itself or counts. */
export function enhanceStrength(): void {
  for (const line of document.querySelectorAll<HTMLElement>('[data-strength]')) {
    const field = document.getElementById(line.dataset['strength']!) as HTMLInputElement | null
    field?.addEventListener('input', () => {
      const typed = field.value.normalize('NFC')
      const found = strengthOf(typed, Number(line.dataset['least']))
      line.hidden = typed === ''
      line.querySelector('meter')!.value = levels.indexOf(found)
      line.querySelector('span')!.textContent = line.dataset[found]!.replace('{count}', String(Number(line.dataset['least']) - typed.length))
    })
  }
}

const levels = ['short', 'weak', 'fair', 'good'] as const

/** What follows another by one, repeats it or was there just before adds nothing to guess. */
export function strengthOf(typed: string, least: number): (typeof levels)[number] {
  if (typed.length < least) return 'short'
  const letters = Array.from(typed.toLowerCase())
  const telling = letters.filter((letter, index) => {
    const step = letter.codePointAt(0)! - (letters[index - 1]?.codePointAt(0) ?? 0)
    return Math.abs(step) > 1 && ![2, 3, 4].some((back) => letters[index - back] === letter && letters[index - back - 1] === letters[index - 1])
  }).length
  return telling < least * 0.6 || new Set(letters).size < 6 ? 'weak' : telling >= least + 3 ? 'good' : 'fair'
}
