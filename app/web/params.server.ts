import { z } from 'zod'
import { NotFound } from '../platform/errors.ts'

const Id = z.uuid()

/** An id out of the address; what is none names nothing, so NotFound. */
export function idOf(param: string | undefined): string {
  const parsed = Id.safeParse(param)
  if (!parsed.success) throw new NotFound()
  return parsed.data
}

/** The ids among the values of a query; others are left out. */
export function idsOf(params: string[]): string[] {
  return params.filter((param) => Id.safeParse(param).success)
}
