import { redirect, type LoaderFunctionArgs } from 'react-router'
import { NotFound } from '../../platform/errors.ts'
import { addressOf } from '../../web/addresses.ts'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'

/** One duty has no page of its own: it stands among those of its unit. */
export const loader = (args: LoaderFunctionArgs) =>
  read(args, async ({ tx }, { params }) => {
    const duty = await tx.selectFrom('duty').innerJoin('unit', 'unit.id', 'duty.unit_id').select(['duty.id', 'unit.code']).where('duty.id', '=', idOf(params['id'])).executeTakeFirst()
    if (!duty) throw new NotFound()
    throw redirect(addressOf('/duties', { unit: duty.code, duty: duty.id }))
  })
