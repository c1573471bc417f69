import { canBeUsername, plainUsername } from '../../web/username.ts'

/**
 * User names for a person, the best first: the phone number, else the given name with the first letters of the others (Nguyễn Thị
 * Lan: `lan.nt`), then with a number behind. A family may share one phone.
 */
export function usernameCandidates({ name, phone }: { name: string; phone: string | null }, most: number): string[] {
  const words = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
  const given = words.at(-1) ?? 'thanh-vien'
  const initials = words.slice(0, -1).map((word) => word[0]).join('')
  const base = (initials ? `${given}.${initials}` : given).padEnd(3, '0').slice(0, 50)
  const fromPhone = phone ? plainUsername(phone) : ''
  return [...(/^0\d{9}$/.test(fromPhone) ? [fromPhone] : []), base, ...Array.from({ length: most }, (_, index) => `${base}${index + 2}`)].filter(canBeUsername)
}
