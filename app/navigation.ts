import type { Role, Viewer } from './permissions/permissions.ts'
import type { Language } from './platform/i18n.ts'
import { navigationWords } from './navigation.messages.ts'
import type { Section } from './web/root-data.ts'

type SectionKey = Parameters<ReturnType<typeof navigationWords.in>>[0]

/** The sections of the product in the order of the top bar, and whose offices open them; "all" is everybody signed in. */
const sections: { key: SectionKey; href: string; roles: readonly Role[] | 'all' }[] = [
  { key: 'home', href: '/', roles: 'all' },
  { key: 'campaign', href: '/campaigns', roles: ['city_officer', 'secretary', 'deputy', 'clerk', 'inspector'] },
  { key: 'sessions', href: '/sessions', roles: ['city_officer', 'secretary', 'deputy', 'clerk'] },
  { key: 'report', href: '/report', roles: ['city_officer', 'secretary', 'deputy', 'clerk', 'inspector'] },
  { key: 'check', href: '/check', roles: ['city_officer', 'secretary', 'deputy', 'clerk', 'inspector'] },
  { key: 'units', href: '/units', roles: 'all' },
  { key: 'imports', href: '/imports', roles: ['administrator', 'secretary', 'deputy', 'clerk'] },
  { key: 'accounts', href: '/accounts', roles: ['administrator', 'secretary', 'deputy', 'clerk'] },
  { key: 'me', href: '/me', roles: 'all' },
]

/** The sections this person may open; none for nobody. */
export function sectionsOf(viewer: Viewer | null, language: Language): Section[] {
  if (!viewer) return []
  const t = navigationWords.in(language)
  return sections
    .filter(({ roles }) => roles === 'all' || viewer.offices.some((office) => roles.includes(office.role)))
    .map(({ key, href }) => ({ key, href, label: t(key) }))
}
