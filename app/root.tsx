import textVietnamese from '@fontsource/be-vietnam-pro/files/be-vietnam-pro-vietnamese-400-normal.woff2?url'
import textLatin from '@fontsource/be-vietnam-pro/files/be-vietnam-pro-latin-400-normal.woff2?url'
import headingVietnamese from '@fontsource/be-vietnam-pro/files/be-vietnam-pro-vietnamese-600-normal.woff2?url'
import headingLatin from '@fontsource/be-vietnam-pro/files/be-vietnam-pro-latin-600-normal.woff2?url'
import { useContext, type ReactNode } from 'react'
import { isRouteErrorResponse, Meta, Outlet, UNSAFE_FrameworkContext as FrameworkContext, type LoaderFunctionArgs, type MetaFunction } from 'react-router'
import { sectionsOf } from './navigation.ts'
import { visitContext } from './web/context.ts'
import { ErrorPage, titleOf } from './web/error-page.tsx'
import { useRoot, type ShellData } from './web/root-data.ts'
import { loadRoot } from './web/root.server.ts'
import theme from './web/theme.css?url'
import { webWords } from './web/web.messages.ts'

export async function loader(args: LoaderFunctionArgs): Promise<ShellData> {
  const root = await loadRoot(args)
  return { ...root, sections: sectionsOf(root.viewer, root.language), requestId: args.context.get(visitContext).requestId }
}

/** Pages name themselves; this is for those that do not, and for whatever was refused or failed. */
export const meta: MetaFunction<typeof loader> = ({ error, loaderData }) => {
  const language = loaderData?.language ?? 'vi'
  const name = webWords.in(language)('appName')
  return [{ title: error === undefined ? name : `${titleOf(statusOf(error), language)} · ${name}` }]
}

// What every page's first screen is set in. A font that comes too late is not swapped in under the reader: it serves from the next page on.
const fonts = [textVietnamese, textLatin, headingVietnamese, headingLatin]

/** The document around every page: one style sheet and one small script. React stays on the server (decision 0004). */
export function Layout({ children }: { children: ReactNode }) {
  const { language, type } = useRoot()
  const script = useContext(FrameworkContext)?.manifest.entry.module
  return (
    <html lang={language} data-type={type === 'large' ? 'large' : undefined}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <Meta />
        {fonts.map((font) => (
          <link key={font} rel="preload" as="font" type="font/woff2" href={font} crossOrigin="anonymous" />
        ))}
        <link rel="stylesheet" href={theme} />
        {script && <script type="module" src={script} />}
      </head>
      <body>{children}</body>
    </html>
  )
}

export default function Root() {
  return <Outlet />
}

export function ErrorBoundary({ error }: { error: unknown }) {
  return <ErrorPage refusal={{ status: statusOf(error), data: isRouteErrorResponse(error) ? (error.data as unknown) : null }} />
}

const statusOf = (error: unknown) => (isRouteErrorResponse(error) ? error.status : 500)
