import { createContext, useContext } from 'react'
import { useRouteLoaderData } from 'react-router'
import type { RootData } from './root.server.ts'

/** One section; `key` is what a page gives to the shell as `section`. `isInBar` false: it stands at the foot alone. */
export type Section = { key: string; href: string; label: string; isInBar: boolean }

/** The root's data with what the map of the product adds: the sections this person may open; and the number to report a failure by. */
export type ShellData = RootData & { sections: Section[]; requestId: string | null }

/** The number of the request, where even the root has failed and a reader still has to have something to tell the administrator. */
export const RequestNumber = createContext<string | null>(null)

const withoutRoot: Partial<ShellData> = { language: 'vi', type: 'normal', viewer: null, unread: 0, toast: null, isDemo: false, sections: [], requestId: null, path: '/' }

/** The root's data in a page; an error page may have none, then it reads as nobody signed in. */
export function useRoot(): ShellData {
  const requestId = useContext(RequestNumber)
  return { ...withoutRoot, requestId, ...(useRouteLoaderData('root') as Partial<ShellData> | undefined) } as ShellData
}
