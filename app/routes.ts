import { index, route, type RouteConfig } from '@react-router/dev/routes'

export default [
  index('features/home/home.page.tsx'),

  route('sign-in', 'web/sign-in.page.tsx'),
  route('sign-out', 'web/sign-out.route.ts'),
  route('setup', 'web/setup.page.tsx'),
  route('preferences', 'web/preferences.route.ts'),
] satisfies RouteConfig
