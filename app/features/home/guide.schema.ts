import { z } from 'zod'

export const GuideHiding = z.object({ hidden: z.enum(['yes', 'no']) })

export type GuideHiding = z.infer<typeof GuideHiding>
