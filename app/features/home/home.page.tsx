import { Shell } from '../../web/shell.tsx'
import { read } from '../../web/read.server.ts'
import type { Route } from './+types/home.page'

export const loader = (args: Route.LoaderArgs) => read(args, async ({ viewer }) => ({ name: viewer.name, offices: viewer.offices }))

export default function Home({ loaderData }: Route.ComponentProps) {
  return (
    <Shell section="home">
      <h1>{loaderData.name}</h1>
      <ul>
        {loaderData.offices.map((office) => (
          <li key={office.unitId + office.role}>{office.unitName}</li>
        ))}
      </ul>
    </Shell>
  )
}
