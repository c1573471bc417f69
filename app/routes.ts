import { index, route, type RouteConfig } from '@react-router/dev/routes'

export default [
  index('features/home/home.page.tsx'),

  route('report', 'features/reports/report-door.route.ts'),
  route('campaigns/:campaign/report', 'features/reports/report.page.tsx'),
  route('campaigns/:campaign/report.docx', 'features/reports/report-file.route.ts', { id: 'report.docx' }),
  route('campaigns/:campaign/report.pdf', 'features/reports/report-file.route.ts', { id: 'report.pdf' }),
  route('campaigns/:campaign/report.xlsx', 'features/reports/report-file.route.ts', { id: 'report.xlsx' }),
  route('campaigns/:campaign/report.json', 'features/reports/report-file.route.ts', { id: 'report.json' }),
  route('campaigns/:campaign/figures/:key', 'features/indicators/figure.page.tsx'),
  route('units', 'features/units/units.page.tsx'),
  route('units/:code', 'features/reports/unit.page.tsx'),
  route('me', 'features/people/me.page.tsx'),

  route('indicators', 'features/filings/indicators.page.tsx'),
  route('forms', 'features/filings/forms.page.tsx'),
  route('forms/new', 'features/filings/form-new.page.tsx'),
  route('forms/:id', 'features/filings/form.page.tsx'),
  route('rounds', 'features/filings/rounds.page.tsx'),
  route('rounds/new', 'features/filings/round-new.page.tsx'),
  route('rounds/:id', 'features/filings/round.page.tsx'),
  route('filings/:id', 'features/filings/filing.page.tsx'),
  route('filings/:id/evidence/:evidenceId', 'features/filings/evidence-file.route.ts'),
  route('filings/:id/seal', 'features/seals/seal-new.page.tsx', { id: 'filing-seal' }),

  route('seals', 'features/seals/seals.page.tsx'),
  route('seals/new', 'features/seals/seal-new.page.tsx'),
  route('seals/:code', 'features/seals/seal.page.tsx'),
  route('seals/:code/report.docx', 'features/seals/seal-file.route.ts', { id: 'seal.docx' }),
  route('seals/:code/report.pdf', 'features/seals/seal-file.route.ts', { id: 'seal.pdf' }),
  route('seals/:code/report.xlsx', 'features/seals/seal-file.route.ts', { id: 'seal.xlsx' }),
  route('seals/:code/report.json', 'features/seals/seal-file.route.ts', { id: 'seal.json' }),
  route('seals/:code/archive.zip', 'features/seals/seal-archive.route.ts'),

  route('questions', 'features/questions/questions.page.tsx'),
  route('questions/new', 'features/questions/question-new.page.tsx'),
  route('questions/:id', 'features/questions/question.page.tsx'),

  route('sessions', 'features/study/sessions.page.tsx'),
  route('sessions/new', 'features/study/session-new.page.tsx'),
  route('sessions/:id', 'features/study/session.page.tsx'),
  route('sittings/:id/roll', 'features/study/roll.page.tsx'),
  route('declarations', 'features/study/declaration.page.tsx'),
  route('campaigns', 'features/campaigns/campaigns.page.tsx'),
  route('campaigns/new', 'features/campaigns/campaign-new.page.tsx'),
  route('campaigns/:code', 'features/campaigns/campaign.page.tsx'),
  route('campaigns/:code/roster', 'features/campaigns/roster.page.tsx'),

  route('sign-in', 'web/sign-in.page.tsx'),
  route('sign-out', 'web/sign-out.route.ts'),
  route('setup', 'web/setup.page.tsx'),
  route('preferences', 'web/preferences.route.ts'),

  route('*', 'web/not-found.page.tsx'),
] satisfies RouteConfig
