/** A text of this many UTF-16 units or bytes is checked within some hundredths of a second. */
export const shortText = 50_000
/** Sums that came out right are told in words up to so many. */
export const mostProofs = 300
