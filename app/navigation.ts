import type { Role, Viewer } from './permissions/permissions.ts'
import type { Language } from './platform/i18n.ts'
import { navigationWords } from './navigation.messages.ts'
import type { Section } from './web/root-data.ts'

type SectionKey = Parameters<ReturnType<typeof navigationWords.in>>[0]

/**
 * The sections of the product in order, and whose offices open them; "all" is everybody signed in. For those of `foot` a section
 * stands at the foot of the page and in the menu of a phone: the bar holds what is used every day.
 */
const sections: { key: SectionKey; href: string; roles: readonly Role[] | 'all'; foot?: readonly Role[] }[] = [
  { key: 'home', href: '/', roles: 'all' },
  { key: 'campaign', href: '/campaigns', roles: ['city_officer', 'secretary', 'deputy', 'clerk', 'inspector'] },
  { key: 'sessions', href: '/sessions', roles: ['city_officer', 'secretary', 'deputy', 'clerk'] },
  { key: 'duties', href: '/duties', roles: [], foot: ['city_officer', 'secretary', 'deputy', 'clerk', 'inspector'] },
  { key: 'documents', href: '/documents', roles: 'all' },
  { key: 'materials', href: '/materials', roles: 'all', foot: ['city_officer', 'secretary', 'deputy', 'clerk', 'inspector', 'administrator'] },
  { key: 'acknowledgements', href: '/acknowledgements', roles: [], foot: ['city_officer', 'secretary', 'deputy', 'clerk', 'inspector'] },
  { key: 'report', href: '/report', roles: ['city_officer', 'secretary', 'deputy', 'clerk', 'inspector'] },
  { key: 'check', href: '/check', roles: ['city_officer', 'secretary', 'deputy', 'clerk', 'inspector'] },
  { key: 'people', href: '/people', roles: ['secretary', 'deputy', 'clerk', 'administrator', 'city_officer'] },
  { key: 'units', href: '/units', roles: 'all' },
  { key: 'imports', href: '/imports', roles: ['administrator'], foot: ['secretary', 'deputy', 'clerk'] },
  { key: 'accounts', href: '/accounts', roles: ['administrator'], foot: ['secretary', 'deputy', 'clerk'] },
  { key: 'acting', href: '/acting', roles: [], foot: ['secretary', 'deputy', 'clerk'] },
  { key: 'me', href: '/me', roles: 'all', foot: ['city_officer', 'secretary', 'deputy', 'clerk'] }, // their name in the bar leads there too
]

/** The sections this person may open; none for nobody. */
export function sectionsOf(viewer: Viewer | null, language: Language): Section[] {
  if (!viewer) return []
  const t = navigationWords.in(language)
  const holds = (roles: readonly Role[]) => viewer.offices.some((office) => roles.includes(office.role))
  return sections.flatMap(({ key, href, roles, foot = [] }) => {
    const isInBar = roles === 'all' ? !holds(foot) : holds(roles)
    return isInBar || roles === 'all' || holds(foot) ? [{ key, href, label: t(key), isInBar }] : []
  })
}
