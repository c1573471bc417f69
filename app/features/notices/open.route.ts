import { redirect } from 'react-router'
import type { Route } from './+types/open.route'
import { Id } from '../../web/inputs.ts'
import { NotFound } from '../../platform/errors.ts'
import { read } from '../../web/read.server.ts'
import { openNotice } from './reading.server.ts'

/** Following a notice reads it: one who came to its page has been told. Asked for twice, it does no more. */
export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params }) => {
    const id = Id.safeParse(params.id)
    if (!id.success) throw new NotFound()
    return openNotice(ctx, id.data)
  }).then((path) => redirect(path, 303))
