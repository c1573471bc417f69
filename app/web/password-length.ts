/** Shortest password that is taken. Length is what counts; no rules on kinds of characters. */
export const shortestPassword = 8
/** Longest, so that hashing is no way to keep the server busy. */
export const longestPassword = 128
