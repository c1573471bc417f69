import { z } from 'zod'

/** Shortest password that is taken. Length is what counts; no rules on kinds of characters. */
export const shortestPassword = 12
/** Longest, so that hashing is no way to keep the server busy. */
export const longestPassword = 128

/** A password as it is chosen, composed first: keyboards differ in how many characters they write ế with. Signing in asks for no length. */
export const NewPassword = z.string().normalize('NFC').min(shortestPassword).max(longestPassword)
