/**
 * A user name as it is kept and compared: a phone number without spaces, dots and hyphens and with 0 for +84, a name in lower
 * case without spaces around it. "0901 234 218" and "+84901234218" are one account.
 */
export function plainUsername(typed: string): string {
  const phone = typed.replace(/[\s.()-]/g, '')
  if (/^\+?\d{8,15}$/.test(phone)) return phone.replace(/^(\+84|0084)/, '0')
  return typed.normalize('NFC').trim().toLowerCase()
}

/** Whether a plain user name can be given to an account: a phone number, or letters, digits and `. _ - @`, 3 to 60 of them. */
export function canBeUsername(plain: string): boolean {
  return /^[\p{L}\p{M}\d._@+-]{3,60}$/u.test(plain)
}
