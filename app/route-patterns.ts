import type { ServerBuild } from 'react-router'

/** Says by which pattern of the maps a path is answered, such as `/units/:code`; null for one that none of them knows. */
export type PatternOf = (path: string) => string | null

/** Logs and metrics name patterns, never paths: a path may hold a person's id or user name, a code or what somebody mistyped. */
export function openPatterns(pages: ServerBuild['routes'], others: string[]): PatternOf {
  const ofPages = Object.values(pages).map((route) => fullPath(pages, route?.id ?? ''))
  const known = [...new Set([...ofPages, ...others])]
    .filter((pattern) => pattern.startsWith('/') && !/[*{]/.test(pattern))
    .map((pattern) => ({ pattern, isPath: new RegExp(`^${pattern.replace(/[.+?^$()|[\]\\]/g, '\\$&').replace(/:[a-zA-Z]+/g, '[^/]+')}/?$`) }))
    .sort((one, other) => count(one.pattern) - count(other.pattern)) // a name before a variable
  return (path) => known.find(({ isPath }) => isPath.test(path))?.pattern ?? (path.startsWith('/assets/') ? '/assets/*' : null)
}

function fullPath(pages: ServerBuild['routes'], id: string): string {
  const steps: string[] = []
  for (let route = pages[id]; route; route = route.parentId ? pages[route.parentId] : undefined) if (route.path) steps.unshift(route.path)
  return `/${steps.join('/')}`
}

const count = (pattern: string) => pattern.split(':').length
