import { index, route, type RouteConfig } from '@react-router/dev/routes'

export default [
  index('features/home/home.page.tsx'),

  route('report', 'features/reports/report-door.route.ts'),
  route('campaigns/:campaign/report', 'features/reports/report.page.tsx'),
  route('campaigns/:campaign/report.docx', 'features/reports/report-file.route.ts', { id: 'report.docx' }),
  route('campaigns/:campaign/report.xlsx', 'features/reports/report-file.route.ts', { id: 'report.xlsx' }),
  route('campaigns/:campaign/report.json', 'features/reports/report-file.route.ts', { id: 'report.json' }),
  route('campaigns/:campaign/figures/:key', 'features/indicators/figure.page.tsx'),
  route('units', 'features/units/units.page.tsx'),
  route('units/:code', 'features/reports/unit.page.tsx'),
  route('me', 'features/people/me.page.tsx'),

  route('sign-in', 'web/sign-in.page.tsx'),
  route('sign-out', 'web/sign-out.route.ts'),
  route('setup', 'web/setup.page.tsx'),
  route('preferences', 'web/preferences.route.ts'),
] satisfies RouteConfig
