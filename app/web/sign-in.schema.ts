import { z } from 'zod'

/** What is typed at the door; whether it is right says the password alone. */
export const SignInForm = z.object({ username: z.string().trim().min(1).max(200), password: z.string().min(1).max(1000) })

/** Setting `demo_accounts`, written by the loader of the demonstration: who can be tried. */
export const DemoAccounts = z.array(z.object({ username: z.string(), password: z.string(), who_vi: z.string(), who_en: z.string() }))
